"""Following something by mail or by a feed, without an account: one form for everything that can be followed."""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import limits
from accounts.models import canonical
from commitments.withholding.stories import thing_of
from notifications import following, kinds
from notifications.models import Cadence
from portal import followed_lists
from portal.followed_lists import WantedList
from portal.private import Fault, private, refused
from portal.typed import fault_of_address
from record import clock
from record.refusals import Missing

KINDS: dict[str, Promise] = {
    "promises": gettext_lazy("promises, and what becomes of them"),
    "answers": gettext_lazy("recommendations and answers"),
    "progress": gettext_lazy("progress"),
    "dates": gettext_lazy("due dates and lateness"),
    "silence": gettext_lazy("silence"),
    "disputes": gettext_lazy("findings and challenges"),
    "residents": gettext_lazy("what residents say"),
    kinds.UPKEEP: gettext_lazy("upkeep of the record"),
}
CADENCES: dict[str, Promise] = {
    Cadence.AT_ONCE: gettext_lazy("At once"),
    Cadence.DAILY: gettext_lazy("Once a day, in the morning"),
    Cadence.WEEKLY: gettext_lazy("Once a week, on Monday morning"),
}
NAMED: dict[str, Promise] = {
    "area": gettext_lazy("the area"),
    "assembly": gettext_lazy("the assembly"),
    "commitment": gettext_lazy("the commitment"),
    "organisation": gettext_lazy("the organisation"),
    "recommendation": gettext_lazy("the recommendation"),
    "team": gettext_lazy("the team"),
    "theme": gettext_lazy("the theme"),
}
LONGEST = 300


class Wanted(NamedTuple):
    """What is to be followed."""

    kind: str
    key: str
    name: str

    @property
    def topic(self) -> str:
        """As the record names it."""
        return f"{self.kind}:{self.key}"

    @property
    def followed(self) -> following.Wanted:
        """As a follow has it."""
        return self.topic

    @property
    def what(self) -> Promise:
        """What sort of thing it is."""
        return NAMED[self.kind]

    @property
    def feed(self) -> str:
        """Where a feed reader finds it: its own story, or the promises in it or of it."""
        key = self.key.partition("/")[2] or self.key
        told = ("assembly", "commitment", "recommendation")
        path = "events" if self.kind in told else "commitments"
        return f"/api/v1/{path}/feed.atom?{urlencode({self.kind: key})}"


@private
def follow(request: HttpRequest) -> HttpResponse:
    """The form; and asking for mails, which begin when the address said yes."""
    wanted = _wanted(request)
    if request.method != "POST":
        return _form(request, wanted)
    address, chosen = canonical(request.POST.get("address", "")), request.POST.getlist("kinds")
    fault = fault_of_address("address", address)
    cadence = request.POST.get("cadence", Cadence.DAILY)
    if fault or cadence not in CADENCES or not set(chosen) <= set(kinds.ALL):
        return _form(request, wanted, fault or Fault("cadence", _("Choose one of the answers.")))
    over = limits.count_all(
        limits.limits("subscriptions", settings.SUBSCRIPTIONS_PER_NETWORK), limits.network(request)
    )
    if over:
        words = _("Mails were asked for too often from where you are.")
        return refused(request, words, status=429, wait=max(count.resets_in for count in over))
    following.follow(address, wanted.followed, now=clock.now(), kinds=chosen, cadence=cadence)
    return render(request, "portal/people/follow_sent.html", {"wanted": wanted})


def _wanted(request: HttpRequest) -> Wanted | WantedList:
    """What the address of the page names. Raises Missing."""
    if "list" in request.GET:
        return followed_lists.wanted(request.GET["list"])
    for kind in following.FOLLOWED:
        key = request.GET.get(kind, "")
        if key and len(key) <= LONGEST and key.isprintable():
            thing: Any = thing_of(f"{kind}:{key}")
            if thing is not None:
                return Wanted(kind, key, getattr(thing, "title", "") or getattr(thing, "name", "") or key)
    raise Missing


def _form(request: HttpRequest, wanted: Wanted | WantedList, fault: Fault | None = None) -> HttpResponse:
    context = {
        "wanted": wanted,
        "kinds": KINDS.items(),
        "cadences": CADENCES.items(),
        "chosen": request.POST.getlist("kinds"),
        "cadence": request.POST.get("cadence", Cadence.DAILY),
        "address": request.POST.get("address", ""),
        "faults": [fault] if fault else [],
    }
    return render(request, "portal/people/follow.html", context, status=400 if fault else 200)
