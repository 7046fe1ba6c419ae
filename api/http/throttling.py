"""How much anyone may ask: by key, by signed-in person or by network, told in `RateLimit` headers on every answer.

Fixed windows of a minute or so in the cache (two operations a request). Neither addresses nor accounts are kept: only
a keyed digest, for one window. Headers: draft-ietf-httpapi-ratelimit-headers-10.
"""

import contextlib
import hashlib
import ipaddress
import time
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.core.cache import cache as counters
from django.http import HttpRequest, HttpResponseBase
from rest_framework.request import Request

from accounts.models import Key, User
from api.http.errors import Problem

LONG = 3600
"""From such windows on a count is told again how long it lives: most caches forget that when they count one more."""
SECONDS = {"s": 1, "sec": 1, "min": 60, "m": 60, "hour": 3600, "h": 3600, "day": 86400, "d": 86400}


@dataclass(frozen=True, slots=True)
class Limit:
    """A policy: so many requests in so many seconds."""

    name: str
    quota: int
    window: int


@dataclass(frozen=True, slots=True)
class Count:
    """Where a client stands within its limit."""

    limit: Limit
    used: int
    resets_in: int

    @property
    def is_over(self) -> bool:
        """Whether this request is one too many."""
        return self.used > self.limit.quota

    def stamp(self, answer: HttpResponseBase) -> None:
        """Tell the client where it stands."""
        limit = self.limit
        answer["RateLimit-Policy"] = f'"{limit.name}";q={limit.quota};w={limit.window}'
        answer["RateLimit"] = f'"{limit.name}";r={max(0, limit.quota - self.used)};t={self.resets_in}'

    def refusal(self) -> Problem:
        """429, with the time to wait."""
        quota, window = self.limit.quota, self.limit.window
        detail = f"{quota} requests in {window} seconds are allowed; wait {self.resets_in} seconds."
        if self.limit.name == "anonymous":
            detail += " A key raises the limit."
        return Problem(429, "too_many_requests", detail, headers={"Retry-After": str(self.resets_in)})


@cache
def _limit(name: str, words: str) -> Limit | None:
    """A limit from words such as `600/min` or `600/60`; blank is none."""
    if not words:
        return None
    quota, _, per = words.partition("/")
    window = int(per) if per.isdigit() else SECONDS[per]
    return Limit(name, int(quota), window)


@cache
def limits(name: str, words: str) -> tuple[Limit, ...]:
    """Several limits from words such as `60/hour,200/day`; blank is none."""
    found = (_limit(name, part.strip()) for part in words.split(","))
    return tuple(limit for limit in found if limit)


def count(request: Request, user: object, auth: object) -> Count | None:
    """Count this request for whoever makes it. None where no limit is set."""
    if isinstance(auth, Key):
        name, words, who = "key", settings.THROTTLE_KEY, f"key:{auth.pk}"
    elif isinstance(user, User):
        name, words, who = "key", settings.THROTTLE_KEY, f"user:{user.pk}"
    else:
        return count_stranger(request._request)
    limit = _limit(name, words)
    return _counted(limit, who) if limit else None


def count_stranger(request: HttpRequest) -> Count | None:
    """Count a request of nobody known, for the network that it comes from."""
    limit = _limit("anonymous", settings.THROTTLE_ANONYMOUS)
    return _counted(limit, network(request)) if limit else None


@dataclass(frozen=True, slots=True)
class Tries:
    """How often something may be tried, by a person and from a network.

    What succeeds does not count against the network.
    """

    name: str
    person: int
    network: int
    window: int

    def check(self, request: HttpRequest, user: User) -> None:
        """Count a try. Raises a 429 where it is one too many."""
        for quota, who in ((self.person, f"user:{user.pk}"), (self.network, network(request))):
            count = _counted(self._limit(quota), who)
            if count.is_over:
                raise count.refusal()

    def succeeded(self, request: HttpRequest) -> None:
        """Give the network its try back, so that a hall full of neighbours is no crowd of guessers."""
        with contextlib.suppress(ValueError):
            window = int(time.time()) // self.window
            counters.decr(_place(self._limit(self.network), network(request), window))

    def _limit(self, quota: int) -> Limit:
        return Limit(self.name, quota, self.window)


def count_within(limit: Limit, who: str) -> Count:
    """Count one more of somebody within a limit of its own, as `limits` gives several of one name."""
    return _counted(limit, who)


def _counted(limit: Limit, who: str) -> Count:
    now = time.time()
    window, into = divmod(int(now), limit.window)
    place = _place(limit, who, window)
    used = _one_more(place)
    if used is None:  # the first in this window, or two of them at once, or one whose window just ended
        first = counters.add(place, 1, limit.window + 1)
        used = 1 if first else _one_more(place) or 1
    elif limit.window >= LONG:
        counters.touch(place, limit.window + 1)
    return Count(limit, used, limit.window - into)


def _place(limit: Limit, who: str, window: int) -> str:
    """Where the cache counts somebody in one window: it names no account, and no window is linked with the next."""
    said = f"{limit.name}\0{who}\0{limit.window}\0{window}".encode()
    mark = hashlib.blake2b(said, key=settings.SECRET_KEY.encode()[:64], digest_size=16)
    return f"limit:{limit.name}:{mark.hexdigest()}"


def _one_more(place: str) -> int | None:
    """Count one more; None where nothing is counted there yet."""
    try:
        return counters.incr(place)
    except ValueError:
        return None


def network(request: HttpRequest) -> str:
    """A digest of the network that asks: an IPv4 address, or the /64 that one IPv6 household has."""
    text = client_address(request)
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return "network:unknown"
    packed = address.packed[:8] if address.version == 6 else address.packed
    key = settings.SECRET_KEY.encode()[:64]
    return "network:" + hashlib.blake2b(packed, key=key, digest_size=12).hexdigest()


def client_address(request: HttpRequest) -> str:
    """Who connects; X-Forwarded-For is believed only as far as our own proxies wrote it (`settings.PROXIES`)."""
    proxies = settings.PROXIES
    forwarded = [
        part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()
    ]
    if proxies and forwarded:
        return str(forwarded[-min(proxies, len(forwarded))])
    return str(request.META.get("REMOTE_ADDR", ""))
