"""How often ratings may be cast, changed or taken back over the API: by one account, and from one network.

Where the account stands is told in `RateLimit`; how much its network did is told to nobody, since that would tell of
the neighbours. What is counted, and how, is `ratings/limits.py`.
"""

from typing import Any

from django.http import HttpResponseBase
from rest_framework.request import Request

from accounts.limits import Count
from accounts.models import User
from api.http.errors import Problem
from api.http.views import Machine
from ratings import limits

CASTING = frozenset({"PUT", "DELETE"})


class LimitedCasting(Machine):
    """A view by which one rates; stands first among the bases."""

    _casts: tuple[Count, ...] = ()

    def _limit(self, request: Request, user: object, auth: object) -> None:
        super()._limit(request, user, auth)
        if request.method not in CASTING or not isinstance(user, User):
            return
        self._casts = limits.of_account(user)
        _check(self._casts, limits.OF_ACCOUNT)
        _check(limits.of_network(request._request), limits.OF_NETWORK)

    def finalize_response(
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> Any:
        """Tell where the account stands, beside what every answer tells."""
        response = super().finalize_response(request, response, *args, **kwargs)
        for count in self._casts:
            _stamp(response, count)
        return response


def _check(counts: tuple[Count, ...], words: str) -> None:
    over = [count for count in counts if count.is_over]
    if over:
        wait = max(count.resets_in for count in over)
        detail = f"{words}. Wait {wait} seconds."
        raise Problem(429, "too_many_ratings", detail, headers={"Retry-After": str(wait)})


def _stamp(answer: HttpResponseBase, count: Count) -> None:
    """Add one policy to those that the answer tells already."""
    limit = count.limit
    name = f"{limit.name}-{limit.window}"
    left = max(0, limit.quota - count.used)
    for header, said in (
        ("RateLimit-Policy", f'"{name}";q={limit.quota};w={limit.window}'),
        ("RateLimit", f'"{name}";r={left};t={count.resets_in}'),
    ):
        answer[header] = f"{answer[header]}, {said}" if header in answer else said
