"""Lists that people narrow: every commitment, and everything that says some words. The same questions as the API's."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import BigIntegerField, ExpressionWrapper, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import Truncator

from accounts.models import Organisation
from commitments.models import Area, Assembly, Commitment, SearchDocument, Theme
from commitments.search import matching
from portal import asking, filters, narrowings, wording
from portal.asking import Asked
from portal.cards import cards
from portal.kept import kept
from record import clock, values
from record.keyset import Order, page_of

Names = dict[str, dict[str, str]]
MOST_OFFERED = 200
"""Names that a field of the form offers; more are found by words, or through the pages of what has them."""
KINDS = ("recommendation", "commitment", "update")
SEARCHED: dict[str, values.Value] = {
    "q": values.Value(),
    "kind": values.Several(values.Choice(KINDS)),
    "assembly": values.Several(values.SLUG),
}
BEGINS = 300
"""Characters of a text that are shown."""


class Option(NamedTuple):
    """A word that a field of the form offers."""

    value: str
    label: Any
    is_chosen: bool


@kept
@asking.understood
def commitments(request: HttpRequest) -> HttpResponse:
    """Every commitment, narrowed by what the address asks for, a page at a time. Seven questions at most."""
    known = filters.VALUES | asking.paging(filters.ORDERS)
    asked, today = asking.read(request.GET, known), clock.today()
    usual = "-rank" if "q" in asked.found else "position"
    order = asking.order_of(asked, filters.ORDERS, usual, "/commitments/")
    rows = filters.narrowed(_keys(order, asked), asked, today)
    page = page_of(rows, order, asking.place_of(asked, order), asking.size_of(asked))
    named = names()
    context = {
        "cards": cards([row["id"] for row in page.rows], today),
        "pages": asking.pages(asked, page),
        "asked": asked,
        "narrowings": narrowings.said(asked, named),
        "form": _form(asked, named),
        "same": _same(asked, "commitments"),
    }
    return render(request, "portal/commitments.html", context)


def _keys(order: Order, asked: Asked) -> QuerySet[Any]:
    """Only keys, and what orders them: what is shown is fetched for one page."""
    columns = {"id", "position", order.by.column} - {"rank"}
    rows: QuerySet[Any] = Commitment.objects.values(*sorted(columns))
    if order.by.column == "rank" and "q" not in asked.found:
        rows = rows.annotate(rank=ExpressionWrapper(F("position") * 0, output_field=BigIntegerField()))
    return rows


def names() -> Names:
    """What the form offers, by slug or code; three questions."""
    return {
        "theme": dict(
            Theme.objects.order_by("assembly", "order").values_list("slug", "title")[:MOST_OFFERED]
        ),
        "organisation": dict(
            Organisation.objects.order_by("name").values_list("slug", "name")[:MOST_OFFERED]
        ),
        "area": dict(Area.objects.order_by("name").values_list("code", "name")[:MOST_OFFERED]),
    }


def _form(asked: Asked, names: Names) -> dict[str, Any]:
    """What the fields of the form offer and hold; what has no field goes along unseen."""
    chosen = asked.found.get("standing", ())
    return {
        **{name: _options(pairs, asked.found.get(name, ())) for name, pairs in names.items()},
        "standing": [Option(word.key, word.label, word.key in chosen) for word in wording.STANDINGS.values()],
        "order": [
            Option(word, label, word == asked.words.get("ordering")) for word, label in narrowings.ORDERS
        ],
        "facts": [
            Option(name, label, name in asked.found)
            for name, label in narrowings.FACTS.items()
            if not narrowings.is_unusual(asked, name)
        ],
        "beside": narrowings.not_in_form(asked),
    }


def _options(pairs: dict[str, str], chosen: Sequence[str]) -> list[Option]:
    """Several that are chosen stand beside the field, which offers one."""
    return [Option(value, label, [value] == list(chosen)) for value, label in pairs.items()]


def _same(asked: Asked, name: str) -> dict[str, str]:
    """Where the API has the same list: as JSON, as a table, and as a feed; and where it is followed by mail."""
    said = {one: word for one, word in asked.words.items() if one != asking.CURSOR}
    beside = {one: word for one, word in said.items() if one not in (asking.PAGE_SIZE, asking.ORDERING)}
    base = f"/api/v1/{name}/"
    return {
        "api": _with(base, said),
        "csv": _with(f"/api/v1/{name}.csv", {one: said[one] for one in said if one != asking.PAGE_SIZE}),
        "feed": _with(f"{base}feed.atom", beside),
        "follow": f"{reverse('follow')}?{urlencode({'list': _with(name, beside)})}",
    }


def _with(path: str, said: dict[str, str]) -> str:
    return f"{path}?{urlencode(said)}" if said else path


@kept
@asking.understood
def search(request: HttpRequest) -> HttpResponse:
    """Recommendations, commitments and updates that say all of the words, the best first."""
    asked = asking.read(request.GET, SEARCHED | asking.paging(["rank"]))
    order = asking.order_of(asked, {"rank": filters.ORDERS["rank"]}, "-rank", "/search/", tie="pk")
    is_asked = "q" in asked.found
    page = (
        page_of(_saying(asked), order, asking.place_of(asked, order), asking.size_of(asked))
        if is_asked
        else None
    )
    context = {
        "asked": asked,
        "found": [_found(row) for row in page.rows] if page else [],
        "pages": asking.pages(asked, page) if page else {},
        "kinds": [Option(one, narrowings.KINDS[one], one in asked.found.get("kind", ())) for one in KINDS],
        "assemblies": _options(_assemblies(), asked.found.get("assembly", ())),
        "same": _same(asked, "search"),
    }
    return render(request, "portal/search.html", context)


def _assemblies() -> dict[str, str]:
    return dict(Assembly.objects.order_by("position").values_list("slug", "title")[:MOST_OFFERED])


def _saying(asked: Asked) -> QuerySet[Any]:
    beside = ("assembly", "recommendation", "commitment", "update__commitment")
    rows = matching(SearchDocument.objects.select_related(*beside), asked.found["q"])
    if "kind" in asked.found:
        chosen = Q(pk__in=[])
        for kind in asked.found["kind"]:
            chosen |= Q(**{f"{kind}__isnull": False})
        rows = rows.filter(chosen)
    if "assembly" in asked.found:
        rows = rows.filter(assembly__slug__in=asked.found["assembly"])
    return rows


class Found(NamedTuple):
    """One thing that says the words; of an update, with the reference and title of its commitment."""

    kind: str
    label: Any
    reference: str
    title: str
    text: str
    on: date
    is_invented: bool


def _found(row: Any) -> Found:
    thing: Any = row.recommendation or row.commitment or row.update
    named: Any = row.recommendation or row.commitment or thing.commitment
    return Found(
        row.kind,
        narrowings.KINDS[row.kind],
        named.reference,
        named.title,
        Truncator(thing.body).chars(BEGINS),
        thing.published_at.astimezone(clock.LONDON).date(),
        thing.invented,
    )
