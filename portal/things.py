"""What entries of the record are about, as people call it, and the page that shows it."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Team
from commitments.models import Area, Assembly, Commitment, ProgressUpdate, Recommendation
from commitments.subjects import path_to

Words = str | Promise
NAMED: dict[str, tuple[Any, str, str]] = {
    "area": (Area, "code", "name"),
    "assembly": (Assembly, "slug", "title"),
    "commitment": (Commitment, "reference", "title"),
    "organisation": (Organisation, "slug", "name"),
    "recommendation": (Recommendation, "reference", "title"),
    "team": (Team, "slug", "name"),
}
"""Where the names of things stand, and by which key entries name them."""
KINDS: dict[str, Words] = {
    "area": _("Areas"),
    "assembly": _("Assembly"),
    "commitment": _("Commitment"),
    "neighbourhood": _("Police neighbourhoods"),
    "organisation": _("Organisations"),
    "priority": _("Police priorities"),
    "recommendation": _("Recommendation"),
    "team": _("Teams"),
    "theme": _("Theme"),
}
REGISTERS = frozenset({"area", "organisation", "team", "neighbourhood", "priority"})
"""Kinds of which many change at once: their changes stand together."""
REFERENCED = frozenset({"commitment", "recommendation"})


class Thing(NamedTuple):
    """One thing, or one kind of them: what it is, its reference where it has one, its title, and its page."""

    kind: Words
    reference: str
    title: str
    address: str


def things(subjects: Iterable[str], position: int = 0) -> dict[str, Thing]:
    """What these subjects (`commitment:WF24-C001`) are, in a question for each kind and one for updates."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for subject in subjects:
        kind, _colon, key = subject.partition(":")
        wanted[kind].add(key)
    found = {f"update:{key}": thing for key, thing in _of_updates(wanted.pop("update", set())).items()}
    for kind, keys in wanted.items():
        found |= {f"{kind}:{key}": thing for key, thing in _of_kind(kind, keys, position).items()}
    return found


def _of_kind(kind: str, keys: set[str], position: int) -> dict[str, Thing]:
    names: dict[str, str] = {}
    if kind in NAMED:
        model, key, name = NAMED[kind]
        names = dict(model.objects.filter(**{f"{key}__in": keys}).values_list(key, name))
    return {key: _thing(kind, key, names.get(key, key), position) for key in keys}


def _thing(kind: str, key: str, name: str, position: int) -> Thing:
    return Thing(KINDS.get(kind, ""), key if kind in REFERENCED else "", name, page_of(kind, key, position))


def _of_updates(keys: set[str]) -> dict[str, Thing]:
    """An update is shown with its commitment."""
    if not keys:
        return {}
    rows = ProgressUpdate.objects.filter(pk__in=keys).values_list(
        "pk", "commitment__reference", "commitment__title"
    )
    return {str(pk): _thing("commitment", reference, title, 0) for pk, reference, title in rows}


def page_of(kind: str, key: str, position: int = 0) -> str:
    """The page of a thing; where none shows it, its address in the API."""
    try:
        if kind == "theme":
            return reverse("theme", args=key.split("/"))
        return reverse(kind, args=[key])
    except NoReverseMatch:
        return path_to(f"{kind}:{key}", "", position)
