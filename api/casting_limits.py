"""How often ratings may be cast, changed or taken back: by one account, and from one network.

Counted is every try, whatever comes of it, so that no limit tells whether somebody has rated. Who tries is known by a
digest under a key of the day alone: neither an address nor an account, nor what is rated, is kept. Where the account
stands is told in `RateLimit`; how much its network did is told to nobody, since that would tell of the neighbours.
"""

import hashlib
import hmac
import ipaddress
import time
from typing import Any

from django.conf import settings
from django.http import HttpResponseBase
from rest_framework.request import Request

from accounts.models import User
from api.http import throttling
from api.http.errors import Problem
from api.http.throttling import Count, Limit
from api.http.views import Machine

CASTING = frozenset({"PUT", "DELETE"})
DAY = 86400
WIDTHS = {4: 24, 6: 56}
"""How much of an address is a network; the rest is a household, a room or a telephone in it."""


class LimitedCasting(Machine):
    """A view by which one rates; stands first among the bases."""

    _casts: tuple[Count, ...] = ()

    def _limit(self, request: Request, user: object, auth: object) -> None:
        super()._limit(request, user, auth)
        if request.method not in CASTING or not isinstance(user, User):
            return
        self._casts = _counts("ratings", settings.RATINGS_PER_ACCOUNT, f"account:{user.pk}")
        _check(self._casts, "Your account has cast or changed as many ratings as one may for now")
        around = _counts("ratings-around", settings.RATINGS_PER_NETWORK, f"network:{network_of(request)}")
        _check(
            around,
            "As many ratings as may came from where you are; at a meeting ask who runs this service to allow more",
        )

    def finalize_response(
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> Any:
        """Tell where the account stands, beside what every answer tells."""
        response = super().finalize_response(request, response, *args, **kwargs)
        for count in self._casts:
            _stamp(response, count)
        return response


def network_of(request: Request) -> str:
    """The network that a request comes from, as wide as one organisation may be."""
    try:
        address = ipaddress.ip_address(throttling.client_address(request._request))
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((address, WIDTHS[address.version]), strict=False))


def _counts(name: str, words: str, who: str) -> tuple[Count, ...]:
    mark = _mark(who)
    return tuple(throttling.count_within(limit, mark) for limit in throttling.limits(name, words))


def _mark(who: str) -> str:
    """A digest of who tries, under a key that nobody can make again once the day is over and the secret is gone."""
    today = hmac.digest(
        settings.SECRET_KEY.encode(), f"casting\0{int(time.time()) // DAY}".encode(), "sha256"
    )
    return hashlib.blake2b(who.encode(), key=today, digest_size=16).hexdigest()


def _check(counts: tuple[Count, ...], words: str) -> None:
    over = [count for count in counts if count.is_over]
    if over:
        wait = max(count.resets_in for count in over)
        detail = f"{words}. Wait {wait} seconds."
        raise Problem(429, "too_many_ratings", detail, headers={"Retry-After": str(wait)})


def _stamp(answer: HttpResponseBase, count: Count) -> None:
    """Add one policy to those that the answer tells already."""
    limit: Limit = count.limit
    name = f"{limit.name}-{limit.window}"
    left = max(0, limit.quota - count.used)
    for header, said in (
        ("RateLimit-Policy", f'"{name}";q={limit.quota};w={limit.window}'),
        ("RateLimit", f'"{name}";r={left};t={count.resets_in}'),
    ):
        answer[header] = f"{answer[header]}, {said}" if header in answer else said
