"""What belongs to what: the thing that a subject of the record names, its root, and everything beneath it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from record.guarded import GuardedModel, Recorded

KEYS = {
    "area": "code",
    "assembly": "slug",
    "commitment": "reference",
    "organisation": "slug",
    "recommendation": "reference",
    "team": "slug",
}
"""By which column a subject names a thing; all others by their id, and a theme within its assembly."""

Link = tuple[type[GuardedModel], str]


def thing_of(subject: str) -> Recorded | None:
    """What a subject such as `commitment:WF24-C012` names; None where there is no such thing."""
    kind, _, key = subject.partition(":")
    model: Any = _kinds().get(kind)
    if model is None:
        return None
    column = KEYS.get(kind, "pk")
    if kind == "theme":
        assembly, _, slug = key.partition("/")
        rows = model.objects.filter(assembly__slug=assembly, slug=slug)
    elif column == "pk" and not _fits(model, key):
        return None
    else:
        rows = model.objects.filter(**{column: key})
    found: Recorded | None = rows.first()
    return found


def root_of(thing: GuardedModel) -> Recorded:
    """To whose story a thing belongs: a commitment, a recommendation, a theme; itself, where it is nobody's part."""
    while (whole := _whole(thing)) is not None:
        thing = whole
    if not isinstance(thing, Recorded):
        raise TypeError(f"{type(thing).__name__} belongs to nothing that is recorded.")
    return thing


def story(thing: GuardedModel) -> list[GuardedModel]:
    """The thing and everything that is a part of it, however far beneath."""
    return _beneath(thing, _parts())


def own(thing: GuardedModel) -> list[GuardedModel]:
    """The thing and what repeats or completes its own words: evidence, corrections, reasons of its hand-overs."""
    return _beneath(thing, _completions())


def subjects(things: Iterable[GuardedModel]) -> list[str]:
    """How the record names those of them that it names."""
    return [thing.record_subject for thing in things if isinstance(thing, Recorded)]


def name_of(thing: models.Model) -> tuple[str, Any]:
    """What tells it from every other row."""
    return thing._meta.label, thing.pk


def typed_models() -> list[type[GuardedModel]]:
    """Every model with a column of typed words."""
    return [model for model in _models() if model.typed]


def _whole(thing: GuardedModel) -> GuardedModel | None:
    wholes = (getattr(thing, name) for name in thing.part_of)
    return next((whole for whole in wholes if whole is not None), None)


def _beneath(thing: GuardedModel, links: dict[type[models.Model], list[Link]]) -> list[GuardedModel]:
    found: dict[tuple[str, Any], GuardedModel] = {name_of(thing): thing}
    level: list[GuardedModel] = [thing]
    while level:
        below = [row for row in _below(level, links) if name_of(row) not in found]
        found |= {name_of(row): row for row in below}
        level = [found[name] for name in dict.fromkeys(map(name_of, below))]
    return list(found.values())


def _below(level: list[GuardedModel], links: dict[type[models.Model], list[Link]]) -> Iterator[GuardedModel]:
    by_model: dict[type[models.Model], list[GuardedModel]] = defaultdict(list)
    for row in level:
        by_model[type(row)].append(row)
    for model, rows in by_model.items():
        for part, name in links.get(model, ()):
            yield from part.objects.filter(**{f"{name}__in": [row.pk for row in rows]}).order_by("pk")


@cache
def _models() -> list[type[GuardedModel]]:
    return [model for model in apps.get_models() if issubclass(model, GuardedModel)]


@cache
def _kinds() -> dict[str, type[Recorded]]:
    return {model.record_kind: model for model in _models() if issubclass(model, Recorded)}


@cache
def _parts() -> dict[type[models.Model], list[Link]]:
    return _links("part_of")


@cache
def _completions() -> dict[type[models.Model], list[Link]]:
    return _links("words_of")


def _links(said: str) -> dict[type[models.Model], list[Link]]:
    links: dict[type[models.Model], list[Link]] = defaultdict(list)
    for model in _models():
        for name in getattr(model, said):
            links[model._meta.get_field(name).related_model].append((model, name))  # type: ignore[index]
    return dict(links)


def _fits(model: type[models.Model], key: str) -> bool:
    if not isinstance(model._meta.pk, models.UUIDField):
        return key.isdecimal()
    try:
        return str(UUID(key)) == key
    except ValueError:
        return False
