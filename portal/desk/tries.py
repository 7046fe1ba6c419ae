"""How often a password or a second factor may be wrong: for one account, from one network, and all together."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts import limits
from accounts.limits import Count
from portal.private import refused


class Tries:
    """Of one kind of secret. What was right does not count."""

    def __init__(self, name: str) -> None:
        self.name = name

    def one_more(self, request: HttpRequest, who: str) -> list[Count]:
        """Count a try; those limits for which it is one too many. Who is over their own takes nothing from the rest."""
        for words, whose in self._limits(request, who):
            over = limits.count_all(limits.limits(self.name, words), whose)
            if over:
                return over
        return []

    def right(self, request: HttpRequest, who: str) -> None:
        """Give the try back."""
        for words, whose in self._limits(request, who):
            for limit in limits.limits(self.name, words):
                limits.give_back(limit, whose)

    def _limits(self, request: HttpRequest, who: str) -> list[tuple[str, str]]:
        return [
            (settings.WRONG_PER_ACCOUNT, f"account:{who}"),
            (settings.SIGN_IN_PER_NETWORK, limits.network(request)),
            (settings.SIGN_IN_OVERALL, "overall"),
        ]


def too_often(request: HttpRequest, over: list[Count]) -> HttpResponse:
    """429, with how long to wait and what else there is."""
    words = _(
        "That was wrong too often, for this account or from where you are. Nobody is locked out for good; whoever runs "
        "this service can help at once."
    )
    return refused(request, words, status=429, wait=max(count.resets_in for count in over))
