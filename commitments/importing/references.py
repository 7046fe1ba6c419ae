"""Whether what a file names exists, in it or in the record, and whether it contradicts itself."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from accounts.models import Organisation, Team
from commitments import deadlines
from commitments.actions.registers import CLOCKS
from commitments.importing.pointers import item_of, pointer
from commitments.importing.reading import Problem
from commitments.models import Area, Commitment, ImportedItem, Recommendation, Response, Theme

Item = Mapping[str, Any]
KEYS = {
    "areas": "code",
    "organisations": "slug",
    "teams": "slug",
    "themes": "slug",
    "recommendations": "number",
    "commitments": "slug",
}
OPTIONAL = ("responses", "corrections")
PARTS = (*KEYS, *OPTIONAL)
TEXTS = ("title", "body", "measure", "baseline", "target", "proof")
CORRECTABLE: Mapping[str, tuple[str, ...]] = {
    "area": ("name", "vintage"),
    "organisation": ("name",),
    "team": ("name", "ended_on"),
    "assembly": CLOCKS,
    "theme": ("title", "summary"),
    "recommendation": ("title", "body"),
    "commitment": (*TEXTS, "owners"),
}
ABOVE = {"ward": ("borough", "force"), "borough": ("force",), "force": ()}


def problems(data: Item, faulty: Iterable[str]) -> Iterator[Problem]:
    """What is wrong between the parts of `data`; those with a fault of their own (`faulty`) are known by name only."""
    broken = {item_of(one) for one in faulty}
    sound = {
        part: [
            (index, item)
            for index, item in enumerate(data.get(part, []))
            if pointer(part, index) not in broken and isinstance(item, dict)
        ]
        for part in PARTS
    }
    yield from _doubles(data)
    yield from _strangers(data, sound, "/assembly" not in broken)
    yield from _contradictions(data, sound)
    yield from _answers(data, sound)


def _keys(data: Item, part: str, name: str = "") -> Iterator[tuple[int, Any]]:
    """The names under which the things of a part stand (or another field of theirs), faulty ones too."""
    for index, item in enumerate(data[part]):
        key = item.get(name or KEYS[part]) if isinstance(item, dict) else None
        if isinstance(key, str | int):
            yield index, key


def _doubles(data: Item) -> Iterator[Problem]:
    for part, name in (*KEYS.items(), ("commitments", "number")):
        seen: set[Any] = set()
        for index, key in _keys(data, part, name):
            if key in seen and key != "":
                words = f"{_shown(key)} stands twice among the {part}; each is named once."
                yield Problem(pointer(part, index, name), words)
            seen.add(key)


def _strangers(data: Item, sound: Mapping[str, Any], with_assembly: bool) -> Iterator[Problem]:
    """What is named, but stands neither in the file nor in the record."""
    known = known_names(data)
    named = [*_named(sound), *_corrected(sound)]
    if with_assembly:
        named.append(("area", data["assembly"]["area"], "/assembly/area"))
    for kind, value, place in named:
        if value is not None and value not in known[kind]:
            words = f"There is no {kind} {_shown(value)}, in this file or in the record; add it to the file."
            yield Problem(place, words)


def known_names(data: Item) -> dict[str, set[Any]]:
    """For each kind the names in the file and in the record."""
    slug = data["assembly"].get("slug")
    mine = {"assembly__slug": slug if isinstance(slug, str) else ""}
    recorded: dict[str, tuple[str, Iterable[Any]]] = {
        "area": ("areas", Area.objects.values_list("code", flat=True)),
        "organisation": ("organisations", Organisation.objects.values_list("slug", flat=True)),
        "team": ("teams", Team.objects.values_list("slug", flat=True)),
        "theme": ("themes", Theme.objects.filter(**mine).values_list("slug", flat=True)),
        "recommendation": (
            "recommendations",
            Recommendation.objects.filter(**mine).values_list("number", flat=True),
        ),
        "commitment": ("commitments", _slugs_of_commitments(mine["assembly__slug"])),
    }
    found = {
        kind: {key for _, key in _keys(data, part)} | set(there) for kind, (part, there) in recorded.items()
    }
    return {**found, "assembly": {slug}}


def _slugs_of_commitments(assembly: str) -> Iterator[str]:
    begin = f"commitment:{assembly}/"
    for name in ImportedItem.objects.filter(external_id__startswith=begin).values_list(
        "external_id", flat=True
    ):
        yield name.removeprefix(begin)
    for reference in Commitment.objects.filter(assembly__slug=assembly).values_list("reference", flat=True):
        yield reference.lower()


def _named(sound: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
    plain = [("areas", "parent", "area"), ("organisations", "area", "area"), ("teams", "area", "area")]
    plain += [("teams", "organisation", "organisation"), ("recommendations", "theme", "theme")]
    plain += [("responses", name, name) for name in ("recommendation", "organisation")]
    for part, field, kind in plain:
        for index, item in sound[part]:
            yield kind, item[field], pointer(part, index, field)
    for index, item in sound["commitments"]:
        for place, code in enumerate(item["areas"]):
            yield "area", code, pointer("commitments", index, "areas", place)
        for place, number in enumerate(item["recommendations"]):
            yield "recommendation", number, pointer("commitments", index, "recommendations", place)
        for place, owner in enumerate(item["owners"]):
            for kind in ("organisation", "team"):
                yield kind, owner.get(kind), pointer("commitments", index, "owners", place, kind)


def _corrected(sound: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
    for index, item in sound["corrections"]:
        yield item["kind"], key_of(item), pointer("corrections", index, "of")


def key_of(correction: Item) -> Any:
    """What a correction corrects, as others name it: a number for a recommendation."""
    of = correction["of"]
    return int(of) if correction["kind"] == "recommendation" and of.isdecimal() else of


def _contradictions(data: Item, sound: Mapping[str, Any]) -> Iterator[Problem]:
    # Where a code stands twice, the first counts.
    kinds = {item["code"]: item["kind"] for _, item in reversed(sound["areas"])}
    for index, area in sound["areas"]:
        kind = kinds.get(area["parent"])
        if kind and kind not in ABOVE[area["kind"]]:
            own = " or ".join(ABOVE[area["kind"]]) or "own level, none"
            words = f"A {area['kind']} cannot lie in a {kind}; name its {own}."
            yield Problem(pointer("areas", index, "parent"), words)
    for index, item in sound["recommendations"]:
        reference = f"{data['assembly'].get('prefix')}-R{item['number']:02d}"
        if item.get("reference", reference) != reference:
            words = f"Number {item['number']} makes this {reference}; mend the number or the reference."
            yield Problem(pointer("recommendations", index, "reference"), words)
    for index, item in sound["commitments"]:
        yield from _contradictions_of(item, pointer("commitments", index))
    for index, item in sound["corrections"]:
        if item["field"] not in CORRECTABLE[item["kind"]]:
            fields = ", ".join(CORRECTABLE[item["kind"]])
            words = f"{_shown(item['field'])} is not corrected; of this kind one can correct {fields}."
            yield Problem(pointer("corrections", index, "field"), words)


def _contradictions_of(commitment: Item, place: str) -> Iterator[Problem]:
    owners = commitment["owners"]
    if sum(owner.get("lead", False) for owner in owners) > 1:
        yield Problem(f"{place}/owners", "Two owners lead; one can, the source says which.")
    elif len({(owner.get("organisation"), owner.get("team")) for owner in owners}) < len(owners):
        yield Problem(f"{place}/owners", "An owner stands here twice; once is enough.")
    due = commitment["due"]
    if due is None:
        return
    if (due["on"] is None) != (due["precision"] == "ongoing"):
        words = (
            "A due date names a day inside its period, unless it is ongoing; write null for no date at all."
        )
        yield Problem(f"{place}/due/on", words)
    elif due["on"] and not deadlines.is_plausible(date.fromisoformat(due["on"])):
        yield Problem(f"{place}/due/on", f"{due['on']} is not between 1900 and 2199; mend the year.")


def _answers(data: Item, sound: Mapping[str, Any]) -> Iterator[Problem]:
    """Versions of an answer follow each other, and each stands once."""
    known = _recorded_answers(data["assembly"].get("slug")) if sound["responses"] else set()
    listed = Counter(map(_version_of, (item for _, item in sound["responses"])))
    for index, item in sound["responses"]:
        recommendation, organisation, version = _version_of(item)
        before = (recommendation, organisation, version - 1)
        if listed[_version_of(item)] > 1:
            words = (
                "This version of the answer stands twice; number the answers of a body 1, 2, 3 as they came."
            )
            yield Problem(pointer("responses", index, "version"), words)
        elif version > 1 and before not in listed and before not in known:
            words = f"There is no version {version - 1} of this answer; number the answers of a body 1, 2, 3."
            yield Problem(pointer("responses", index, "version"), words)


def _version_of(response: Item) -> tuple[int, str, int]:
    return response["recommendation"], response["organisation"], response["version"]


def _recorded_answers(assembly: Any) -> set[tuple[int, str, int]]:
    rows = Response.objects.filter(recommendation__assembly__slug=str(assembly), entered_from__isnull=False)
    count: Counter[tuple[int, str]] = Counter()
    found = set()
    for number, slug in rows.order_by("position").values_list("recommendation__number", "organisation__slug"):
        count[number, slug] += 1
        found.add((number, slug, count[number, slug]))
    return found


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}…"
