"""How often something may be tried: counted in the cache, by person, by network and overall, in fixed windows.

Neither addresses nor accounts are kept there: only a keyed digest, for one window.
"""

import contextlib
import hashlib
import ipaddress
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.core.cache import cache as counters
from django.http import HttpRequest, HttpResponseBase

from accounts.models import User

LONG = 3600
"""From such windows on a count is told again how long it lives: most caches forget that when they count one more."""
SECONDS = {"s": 1, "sec": 1, "min": 60, "m": 60, "hour": 3600, "h": 3600, "day": 86400, "d": 86400}


@dataclass(frozen=True, slots=True)
class Limit:
    """A policy: so many tries in so many seconds."""

    name: str
    quota: int
    window: int


@dataclass(frozen=True, slots=True)
class Count:
    """Where somebody stands within a limit."""

    limit: Limit
    used: int
    resets_in: int

    @property
    def is_over(self) -> bool:
        """Whether this try is one too many."""
        return self.used > self.limit.quota

    def stamp(self, answer: HttpResponseBase) -> None:
        """Tell the client where it stands."""
        limit = self.limit
        answer["RateLimit-Policy"] = f'"{limit.name}";q={limit.quota};w={limit.window}'
        answer["RateLimit"] = f'"{limit.name}";r={max(0, limit.quota - self.used)};t={self.resets_in}'


@dataclass(frozen=True, slots=True)
class Tries:
    """How often something may be tried, by a person and from a network.

    What succeeds does not count against the network.
    """

    name: str
    person: int
    network: int
    window: int

    def one_more(self, request: HttpRequest, user: User) -> Count | None:
        """Count a try; the count that it is too many for, or None."""
        for quota, who in ((self.person, f"user:{user.pk}"), (self.network, network(request))):
            count = count_within(self._limit(quota), who)
            if count.is_over:
                return count
        return None

    def succeeded(self, request: HttpRequest) -> None:
        """Give the network its try back, so that a hall full of neighbours is no crowd of guessers."""
        give_back(self._limit(self.network), network(request))

    def _limit(self, quota: int) -> Limit:
        return Limit(self.name, quota, self.window)


@cache
def limit(name: str, words: str) -> Limit | None:
    """A limit from words such as `600/min` or `600/60`; blank is none."""
    if not words:
        return None
    quota, _, per = words.partition("/")
    window = int(per) if per.isdigit() else SECONDS[per]
    return Limit(name, int(quota), window)


@cache
def limits(name: str, words: str) -> tuple[Limit, ...]:
    """Several limits from words such as `60/hour,200/day`; blank is none."""
    found = (limit(name, part.strip()) for part in words.split(","))
    return tuple(one for one in found if one)


def count_all(of: Iterable[Limit], who: str) -> list[Count]:
    """Count one more of somebody within each of these; those for which it is one too many."""
    return [count for one in of if (count := count_within(one, who)).is_over]


def count_within(of: Limit, who: str) -> Count:
    """Count one more of somebody within a limit."""
    now = time.time()
    window, into = divmod(int(now), of.window)
    place = _place(of, who, window)
    used = _one_more(place)
    if used is None:  # the first in this window, or two of them at once, or one whose window just ended
        first = counters.add(place, 1, of.window + 1)
        used = 1 if first else _one_more(place) or 1
    elif of.window >= LONG:
        counters.touch(place, of.window + 1)
    return Count(of, used, of.window - into)


def count_file(user: User) -> list[Count]:
    """Count a file that somebody sends to be opened; those limits for which it is one too many."""
    return count_all(limits("evidence", settings.EVIDENCE_PER_ACCOUNT), f"user:{user.pk}")


def count_stranger(request: HttpRequest) -> Count | None:
    """Count a request of nobody known, for the network that it comes from. None where no limit is set."""
    of = limit("anonymous", settings.THROTTLE_ANONYMOUS)
    return count_within(of, network(request)) if of else None


def give_back(of: Limit, who: str) -> None:
    """Count one less of somebody in the present window."""
    with contextlib.suppress(ValueError):
        counters.decr(_place(of, who, int(time.time()) // of.window))


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


def _place(of: Limit, who: str, window: int) -> str:
    """Where the cache counts somebody in one window: it names no account, and no window is linked with the next."""
    said = f"{of.name}\0{who}\0{of.window}\0{window}".encode()
    mark = hashlib.blake2b(said, key=settings.SECRET_KEY.encode()[:64], digest_size=16)
    return f"limit:{of.name}:{mark.hexdigest()}"


def _one_more(place: str) -> int | None:
    """Count one more; None where nothing is counted there yet."""
    try:
        return counters.incr(place)
    except ValueError:
        return None
