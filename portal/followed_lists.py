"""Lists that are followed by mail, with what they are narrowed by: saved searches, asked for on a page."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications import following
from portal import asking, filters, lists, narrowings
from record import values
from record.refusals import Missing

LISTS: dict[str, dict[str, values.Value]] = {"commitments": filters.VALUES, "search": lists.SEARCHED}
LONGEST = 1000
WHAT = gettext_lazy("The list")


class WantedList(NamedTuple):
    """A list of the API, its filters in one order, and what they say."""

    path: str
    query: str
    name: str

    @property
    def what(self) -> Promise:
        """What sort of thing it is."""
        return WHAT

    @property
    def followed(self) -> following.Wanted:
        """As a follow has it; kept from then on."""
        return following.search_of(self.path, self.query)

    @property
    def feed(self) -> str:
        """Where a feed reader finds it."""
        return f"{self.path}feed.atom?{self.query}".rstrip("?")


def wanted(text: str) -> WantedList:
    """What `commitments?standing=late` names. Raises Missing for no such list, or nothing that it could show."""
    name, _mark, query = text.partition("?")
    if name not in LISTS or len(query) > LONGEST:
        raise Missing
    try:
        asked = asking.read(QueryDict(query), LISTS[name])
    except asking.NotUnderstood:
        raise Missing from None
    if name == "search" and "q" not in asked.found:
        raise Missing
    return WantedList(f"/api/v1/{name}/", urlencode(sorted(asked.words.items())), _said(asked, name))


def _said(asked: asking.Asked, name: str) -> str:
    if name == "search":
        return f"“{asked.words['q']}”"
    return ", ".join(one.said for one in narrowings.said(asked, lists.names())) or _("Commitments")
