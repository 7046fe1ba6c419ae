"""How much anyone may ask: by key, by signed-in person or by network, told in `RateLimit` headers on every answer.

Fixed windows of a minute or so in the cache (two operations a request), counted by `accounts/limits.py`. Headers:
draft-ietf-httpapi-ratelimit-headers-10.
"""

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request

from accounts import limits as counting
from accounts.limits import Count as Count
from accounts.limits import client_address as client_address
from accounts.limits import count_stranger as count_stranger
from accounts.limits import count_within as count_within
from accounts.limits import limits as limits
from accounts.limits import network as network
from accounts.models import Key, User
from api.http.errors import Problem


class Tries(counting.Tries):
    """How often something may be tried over the API."""

    def check(self, request: HttpRequest, user: User) -> None:
        """Count a try. Raises a 429 where it is one too many."""
        over = self.one_more(request, user)
        if over is not None:
            raise refusal(over)


def refusal(count: Count) -> Problem:
    """429, with the time to wait."""
    quota, window = count.limit.quota, count.limit.window
    detail = f"{quota} requests in {window} seconds are allowed; wait {count.resets_in} seconds."
    if count.limit.name == "anonymous":
        detail += " A key raises the limit."
    return Problem(429, "too_many_requests", detail, headers={"Retry-After": str(count.resets_in)})


def count(request: Request, user: object, auth: object) -> Count | None:
    """Count this request for whoever makes it. None where no limit is set."""
    if isinstance(auth, Key):
        name, words, who = "key", settings.THROTTLE_KEY, f"key:{auth.pk}"
    elif isinstance(user, User):
        name, words, who = "key", settings.THROTTLE_KEY, f"user:{user.pk}"
    else:
        return count_stranger(request._request)
    limit = counting.limit(name, words)
    return count_within(limit, who) if limit else None
