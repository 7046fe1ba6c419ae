"""The shared parts of openapi.yaml: the problem, the headers, the parameters, the refusals, the ways to sign in."""

from typing import Any

from api.http.errors import PROBLEM
from api.http.promises import Promise

Json = dict[str, Any]
KEY = "key"
SESSION = "session"

SECURITY_SCHEMES: Json = {
    KEY: {
        "type": "http",
        "scheme": "bearer",
        "description": "A key, `sd_…`. Reading what is public needs none; a key raises the limit.",
    },
    SESSION: {
        "type": "apiKey",
        "in": "cookie",
        "name": "sessionid",
        "description": "The portal's session; in production the cookie is called `__Host-sessionid`. Writing needs "
        "its CSRF token in the `X-CSRFToken` header.",
    },
}
_TEXT: Json = {"type": "string"}
_TAGS: Json = {"type": "string", "pattern": r'^(\*|(W/)?"[!#-~]*"(, *(W/)?"[!#-~]*")*)$'}
ROW: Json = {
    "type": "object",
    "description": "One thing to mend, at a part of the body or at a query parameter.",
    "properties": {
        "pointer": {"type": "string", "description": "JSON Pointer into the body; blank is the whole of it."},
        "parameter": _TEXT,
        "code": _TEXT,
        "detail": _TEXT,
    },
    "required": ["code", "detail"],
}
SCHEMAS: Json = {
    "Problem": {
        "type": "object",
        "description": "An error as RFC 9457 says. `code` is stable; `detail` says who can mend it.",
        "properties": {
            "type": {"type": "string", "format": "uri"},
            "title": _TEXT,
            "status": {"type": "integer"},
            "detail": _TEXT,
            "code": _TEXT,
            "errors": {"type": "array", "items": {"$ref": "#/components/schemas/ProblemRow"}},
        },
        "required": ["type", "title", "status", "detail", "code"],
        "additionalProperties": True,
    },
    "ProblemRow": ROW,
}


def _header(description: str, schema: Json | None = None, *, always: bool = True) -> Json:
    return {"description": description, "schema": schema or _TEXT, "required": always}


HEADERS: Json = {
    "ETag": _header(
        'Strong: `"{version}.{position}.{day}.{revision}-{representation}"`. If-Match compares the version alone.'
    ),
    "RecordPosition": _header("How many entries the record has.", {"type": "integer", "minimum": 0}),
    "LastModified": _header("The later of the last entry and London midnight."),
    "CacheControl": _header("Whether and how an answer may be kept."),
    "RateLimit": _header("What is left of your limit, and seconds until it is full again.", always=False),
    "RateLimitPolicy": _header("Your limit: so many requests in so many seconds.", always=False),
    "RetryAfter": _header("Seconds to wait.", {"type": "integer", "minimum": 0}),
    "WWWAuthenticate": _header("How to sign in."),
    "Link": _header("Where the list's Atom feed is.", always=False),
    "Location": _header("The address of what was made.", always=False),
    "IdempotentReplayed": _header("`true`: an earlier answer, given again.", always=False),
}
NAMES = {
    "RecordPosition": "Record-Position",
    "LastModified": "Last-Modified",
    "CacheControl": "Cache-Control",
    "RateLimitPolicy": "RateLimit-Policy",
    "RetryAfter": "Retry-After",
    "WWWAuthenticate": "WWW-Authenticate",
    "IdempotentReplayed": "Idempotent-Replayed",
}
PARAMETERS: Json = {
    "cursor": {
        "name": "cursor",
        "in": "query",
        "description": "The place of a page, from `next` or `previous`. Opaque; belongs to one list and order.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 2000, "pattern": "^[A-Za-z0-9_-]+$"},
    },
    "page_size": {
        "name": "page_size",
        "in": "query",
        "description": "Rows on a page.",
        "schema": {"type": "integer", "minimum": 1, "maximum": 100, "default": 50},
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "description": "ETags that you hold; 304 if one is present.",
        "schema": _TEXT,
    },
    "IfModifiedSince": {
        "name": "If-Modified-Since",
        "in": "header",
        "description": "The Last-Modified that you hold; If-None-Match is more exact.",
        "schema": _TEXT,
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "description": "The ETag of what you read; 412 if the object has changed since.",
        "schema": _TAGS,
    },
    "IfMatchRequired": {
        "name": "If-Match",
        "in": "header",
        "required": True,
        "description": "The ETag of what you read; 428 if it is missing, 412 if the object has changed since.",
        "schema": _TAGS,
    },
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "Your name for this request: repeated within 24 hours it has one effect and the same answer.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    },
}
WORDS = {
    400: "Something in the request needs mending.",
    401: "Not signed in, or a bad key.",
    403: "You may not; the sentence says who may.",
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    406: "Not to be had in that form.",
    409: "Not in the present state.",
    410: "It was here, and is not given any more.",
    412: "It has changed since it was read.",
    413: "The body is too large.",
    415: "Send application/json.",
    422: "The Idempotency-Key was used for another request.",
    428: "If-Match is missing.",
    429: "Too many requests.",
    500: "Something broke on our side.",
    503: "Busy; nothing was changed.",
}


def _refs(names: list[str]) -> Json:
    return {NAMES.get(name, name): {"$ref": f"#/components/headers/{name}"} for name in names}


def headers_of(promise: Promise, method: str) -> Json:
    """The headers of a success."""
    names = ["CacheControl", "RateLimit", "RateLimitPolicy"]
    if promise.public:
        names += ["ETag", "LastModified", "RecordPosition"]
    if promise.public and promise.listed:
        names.append("Link")
    if method == "POST":
        names += ["Location", "IdempotentReplayed"]
    found = _refs(names)
    if promise.versioned and not promise.public:
        found["ETag"] = _header(HEADERS["ETag"]["description"], always=False)
    return dict(sorted(found.items()))


def refusals_of(promise: Promise, method: str, named: bool) -> Json:
    """The problem answers that this method can give."""
    found = {400, 401, 429, 500, 503}
    if promise.public:
        found.add(406)
    else:
        found.add(403)
    if named or promise.absent:
        found.add(404)
    if promise.withheld:
        found.add(403)
    if promise.withdrawn:
        found.add(410)
    if method != "GET":
        found |= {404, 409, 413, 415}
    if promise.if_match:
        found |= {412, 428} if promise.if_match == "required" else {412}
    if method == "POST":
        found.add(422)
    return {str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in sorted(found)}


def responses() -> Json:
    """The shared problem answers."""
    return {f"Problem{status}": _problem(status, words) for status, words in WORDS.items()}


def _problem(status: int, words: str) -> Json:
    names = ["CacheControl", "RateLimit", "RateLimitPolicy"]
    names += {401: ["WWWAuthenticate"], 429: ["RetryAfter"], 503: ["RetryAfter"]}.get(status, [])
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": words, "headers": _refs(names), "content": {PROBLEM: {"schema": schema}}}
