"""What entries of the record are about, as people call it, and the page that shows it."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Team
from commitments.models import Area, Assembly, Commitment, ProgressUpdate, Recommendation, Theme
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


def things(subjects: Iterable[str]) -> dict[str, Thing]:
    """What these subjects (`commitment:WF24-C001`) are, in a question for each kind and one for updates."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for subject in subjects:
        kind, _colon, key = subject.partition(":")
        wanted[kind].add(key)
    found = {f"update:{key}": thing for key, thing in _of_updates(wanted.pop("update", set())).items()}
    themes = wanted.pop("theme", set())
    others = {kind: keys for kind, keys in wanted.items() if kind not in NAMED}
    found |= _of_themes(themes) | _of_assemblies(others)
    for kind in wanted.keys() & NAMED.keys():
        found |= {f"{kind}:{key}": thing for key, thing in _of_kind(kind, wanted[kind]).items()}
    return found


def _of_themes(keys: set[str]) -> dict[str, Thing]:
    """Themes are named by their assembly and themselves."""
    slugs = {key.partition("/")[2] for key in keys}
    rows = Theme.objects.filter(slug__in=slugs).values_list("assembly__slug", "slug", "title") if keys else []
    found = {f"{assembly}/{slug}": title for assembly, slug, title in rows}
    return {f"theme:{key}": _thing("theme", key, found.get(key, key)) for key in keys}


def _of_assemblies(others: dict[str, set[str]]) -> dict[str, Thing]:
    """What has no page of its own (a key, a period) is shown with the assembly that its name begins with."""
    names = {f"{kind}:{key}": key.partition("/")[0] for kind, keys in others.items() for key in keys}
    slugs = set(names.values())
    titles = dict(Assembly.objects.filter(slug__in=slugs).values_list("slug", "title")) if slugs else {}
    return {name: _thing("assembly", slug, titles[slug]) for name, slug in names.items() if slug in titles}


def _of_kind(kind: str, keys: set[str]) -> dict[str, Thing]:
    model, key, name = NAMED[kind]
    names = dict(model.objects.filter(**{f"{key}__in": keys}).values_list(key, name))
    return {key: _thing(kind, key, names.get(key, key)) for key in keys}


def _thing(kind: str, key: str, name: str) -> Thing:
    return Thing(KINDS.get(kind, ""), key if kind in REFERENCED else "", name, page_of(kind, key))


def _of_updates(keys: set[str]) -> dict[str, Thing]:
    """An update is shown with its commitment."""
    if not keys:
        return {}
    rows = ProgressUpdate.objects.filter(pk__in=keys).values_list(
        "pk", "commitment__reference", "commitment__title"
    )
    return {str(pk): _thing("commitment", reference, title) for pk, reference, title in rows}


def page_of(kind: str, key: str) -> str:
    """The page of a thing; where none shows it, its address in the API."""
    try:
        if kind == "theme":
            return reverse("theme", args=key.split("/"))
        return reverse(kind, args=[key])
    except NoReverseMatch:
        return path_to(f"{kind}:{key}", "", 0)
