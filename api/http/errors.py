"""Every error as RFC 9457 `application/problem+json`: a stable code, and a sentence that helps."""

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from rest_framework import exceptions

from api.http.answers import encoded
from ratings.keystore import KeysUnavailable
from record import refusals

PROBLEM = "application/problem+json"
PREFIX = "/api/"
STATUS_OF_REFUSAL: dict[type[refusals.Refusal], int] = {
    refusals.Invalid: 400,
    refusals.Forbidden: 403,
    refusals.Missing: 404,
    refusals.NotNow: 409,
    refusals.Gone: 410,
    refusals.Stale: 412,
}
SENTENCES: dict[int, tuple[str, str]] = {
    400: ("malformed", "The request could not be understood; compare it with the API's reference."),
    401: ("not_signed_in", "Send a key as `Authorization: Bearer <key>`, or sign in to the portal."),
    403: ("forbidden", "You may not do this."),
    404: ("not_found", "There is nothing at this address; check the reference or slug."),
    405: (
        "method_not_allowed",
        "This address does not take that method; the Allow header lists those it takes.",
    ),
    406: ("not_acceptable", "This is not to be had in that form; the API speaks application/json."),
    413: ("too_large", "The body is too large; send less at once."),
    415: ("unsupported_media_type", "Send the body as application/json."),
    500: ("broken", "Something broke on our side. Nothing was changed; the operator can look into it."),
    503: ("busy", "The service is busy; nothing was changed. Try again in a moment."),
}
CONSTRAINTS: dict[str, tuple[str, str]] = {}
"""Database constraint → (code, sentence): what to say when two requests at once slip past a check."""

log = logging.getLogger(__name__)


class Problem(exceptions.APIException):
    """An error that the HTTP layer itself finds. `errors` are rows of `pointer` or `parameter`, `code`, `detail`."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        title: str = "",
        errors: list[dict[str, str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail, code)
        self.status_code = status
        self.title = title
        self.errors = errors or []
        self.headers = dict(headers or {})


def at_parameter(name: str, code: str, detail: str) -> dict[str, str]:
    """One row of `errors` about a query parameter."""
    return {"parameter": name, "code": code, "detail": detail}


def at_pointer(pointer: str, code: str, detail: str) -> dict[str, str]:
    """One row of `errors` about a part of the body, named by a JSON pointer."""
    return {"pointer": pointer, "code": code, "detail": detail}


def bad_parameters(rows: list[dict[str, str]]) -> Problem:
    """400 for query parameters that are unknown or malformed; the sentence names the first."""
    return Problem(400, "invalid_parameter", f"{rows[0]['parameter']}: {rows[0]['detail']}", errors=rows)


def problem(
    status: int,
    code: str = "",
    detail: str = "",
    *,
    title: str = "",
    errors: list[dict[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
    **members: Any,
) -> HttpResponse:
    """The problem+json answer itself. `members` are further, documented facts about the refusal."""
    usual_code, usual_detail = SENTENCES.get(status, ("refused", HTTPStatus(status).phrase + "."))
    body: dict[str, Any] = {
        "type": f"urn:said-and-done:problem:{code or usual_code}",
        "title": title or HTTPStatus(status).phrase,
        "status": status,
        "detail": detail or usual_detail,
        "code": code or usual_code,
    }
    if errors:
        body["errors"] = errors
    body.update({name: value for name, value in members.items() if name not in body})
    answer = HttpResponse(encoded(body), status=status, content_type=PROBLEM, headers=dict(headers or {}))
    answer["Cache-Control"] = "no-store"
    answer["Content-Length"] = str(len(answer.content))
    return answer


def handle(exc: Exception, context: Mapping[str, Any]) -> HttpResponseBase | None:
    """REST framework's exception handler. None lets an error of our own surface as a 500."""
    for kinds, answer in _HANDLERS:
        if isinstance(exc, kinds):
            return answer(exc)
    return None


def _refusal(exc: Any) -> HttpResponse:
    status = next(status for kind, status in STATUS_OF_REFUSAL.items() if isinstance(exc, kind))
    rows = []
    if exc.field is not None:
        rows.append(at_pointer(pointer_to(str(exc.field)), exc.code, exc.detail))
    return problem(status, exc.code, exc.detail, title=exc.title, errors=rows)


def pointer_to(field: str) -> str:
    """`due.on`, `due/on` or `/due/on` as the JSON pointer `/due/on`; the empty name is the whole body."""
    return "/" + field.lstrip("/").replace(".", "/") if field else ""


def _validation(exc: Any) -> HttpResponse:
    rows = list(_rows(exc.detail, ""))
    detail = f"{rows[0]['pointer'] or 'The body'}: {rows[0]['detail']}" if rows else ""
    return problem(400, "invalid", detail, title="Something in the request needs mending", errors=rows)


def _rows(detail: Any, pointer: str) -> Iterator[dict[str, str]]:
    """Flatten REST framework's nested details into rows with JSON pointers."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            own = pointer if name == "non_field_errors" else f"{pointer}/{_escaped(str(name))}"
            yield from _rows(inner, own)
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, dict | list)
            yield from _rows(inner, f"{pointer}/{index}" if nested else pointer)
    else:
        yield at_pointer(pointer, getattr(detail, "code", "") or "invalid", str(detail))


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _api_exception(exc: Any) -> HttpResponse:
    headers = dict(getattr(exc, "headers", {}))
    if getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = exc.auth_header
    if isinstance(exc, Problem):
        code = str(exc.get_codes())
        return problem(
            exc.status_code, code, str(exc.detail), title=exc.title, errors=exc.errors, headers=headers
        )
    own_words = isinstance(exc, exceptions.ParseError | exceptions.AuthenticationFailed)
    if isinstance(exc, exceptions.PermissionDenied) and "CSRF" in str(exc.detail):
        return _csrf()
    return problem(exc.status_code, detail=str(exc.detail) if own_words else "", headers=headers)


def _csrf() -> HttpResponse:
    detail = "Writing with the portal's session needs its CSRF token in the X-CSRFToken header; or use a key."
    return problem(403, "csrf_failed", detail)


def _not_found(exc: Any) -> HttpResponse:
    return problem(404)


def _denied(exc: Any) -> HttpResponse:
    return problem(403)


def _too_large(exc: Any) -> HttpResponse:
    return problem(413)


def _conflict(exc: Any) -> HttpResponse:
    """A constraint stopped what two requests tried at once; the database's words stay in the log."""
    name = constraint_of(exc)
    if name not in CONSTRAINTS:
        log.warning("A constraint without a sentence of its own refused a write.", exc_info=exc)
    usual = "conflict", "This clashes with something that is already there; read it again and repeat."
    code, sentence = CONSTRAINTS.get(name, usual)
    return problem(409, code, sentence)


def constraint_of(exc: Exception) -> str:
    """The name of the constraint that was violated; on SQLite a unique one is named by its columns."""
    diag = getattr(exc.__cause__, "diag", None)
    if diag is not None and getattr(diag, "constraint_name", None):
        return str(diag.constraint_name)
    found = re.search(r"constraint failed: (.+)", str(exc))
    return found[1].strip() if found else ""


def _out_of_range(exc: Any) -> HttpResponse:
    log.info("The database could not hold a value that was sent.", exc_info=exc)
    return problem(400, "out_of_range", "A value is longer or larger than this service can hold.")


def _busy(exc: Any) -> HttpResponse:
    log.error("The database did not answer in time.", exc_info=exc)
    return problem(503, headers={"Retry-After": "2"})


def _keys(exc: Any) -> HttpResponse:
    log.error("%s", exc)
    detail = "Ratings cannot be taken or read just now; nothing was changed. The operator has been told."
    return problem(503, "keys_unavailable", detail, headers={"Retry-After": "60"})


_HANDLERS: list[tuple[Any, Callable[[Any], HttpResponse]]] = [
    (refusals.Refusal, _refusal),
    (exceptions.ValidationError, _validation),
    (exceptions.APIException, _api_exception),
    (Http404, _not_found),
    (PermissionDenied, _denied),
    (RequestDataTooBig, _too_large),
    (KeysUnavailable, _keys),
    (IntegrityError, _conflict),
    ((DataError, OverflowError), _out_of_range),
    ((OperationalError, InterfaceError), _busy),
]


class ProblemMiddleware:
    """Under /api/, turns an error that is not yet problem+json (a page of Django's, say) into one. Stands outermost."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on; replace the body of a foreign error and keep the headers that matter."""
        answer = self.get_response(request)
        if answer.status_code == HTTPStatus.MOVED_PERMANENTLY and request.method not in ("GET", "HEAD"):
            answer.status_code = HTTPStatus.PERMANENT_REDIRECT  # a write without the slash stays a write
        if answer.status_code < 400 or not request.path_info.startswith(PREFIX):
            return answer
        if answer.headers.get("Content-Type", "").startswith(PROBLEM):
            return answer
        kept = {n: answer[n] for n in ("Allow", "WWW-Authenticate", "Retry-After", "Vary") if n in answer}
        return problem(answer.status_code, headers=kept)
