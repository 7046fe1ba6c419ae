"""A checked file becomes record: each new thing by the action that publishes it, each known one left as it is."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import rfc8785
from django.db import transaction

from accounts import roles
from accounts.actions import publish_organisation, publish_team
from accounts.models import Organisation, Team, User
from commitments import actions
from commitments.actions.imports import remember_import
from commitments.importing.checking import problems
from commitments.importing.reading import FileRefused, NobodyConvenes, Problem
from commitments.models import Area, Assembly, ImportedItem, Recommendation, Theme
from commitments.promises import Due, Ownership, Promise
from record.guarded import Recorded
from record.refusals import Refusal

Item = Mapping[str, Any]
TOP_DOWN = ("force", "borough", "ward")
CHANGED = (
    "{name} differs from what was imported before, and was left as it is: nothing published is edited. "
    "Correct it with a reason through the API's corrections/, so that both wordings stay."
)


@dataclass
class Report:
    """What an import did: external ids that are new, known and the same, there already by another way, or changed."""

    added: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{len(self.added)} entered, {len(self.unchanged)} known and unchanged, "
            f"{len(self.found)} there already, {len(self.changed)} changed."
        )

    def warnings(self) -> list[str]:
        """A sentence for each thing that the file says differently than before."""
        return [CHANGED.format(name=name) for name in self.changed]


@dataclass(frozen=True)
class Pen:
    """Who writes, on which day, for which assembly."""

    by: User
    today: date
    assembly: str

    def the_assembly(self) -> Assembly:
        """The assembly of the file, which is written before what belongs to it."""
        return Assembly.objects.get(slug=self.assembly)


def import_record(data: Any, *, today: date, by: User | None = None) -> Report:
    """Import a file's content in one transaction; `by` is a convenor of its assembly (the first, if none is named).

    Raises FileRefused where anything is wrong with it, NobodyConvenes without a convenor; nothing is written then.
    """
    found = problems(data)
    if found:
        raise FileRefused(found)
    slug = data["assembly"]["slug"]
    pen = Pen(by or _first_convenor(slug), today, slug)
    with transaction.atomic():
        return _write(data, pen)


def _first_convenor(assembly: str) -> User:
    convenor = roles.convenors(assembly).first()
    if convenor is None:
        raise NobodyConvenes(assembly=assembly)
    return convenor


def _write(data: Item, pen: Pen) -> Report:
    report = Report()
    known = dict(ImportedItem.objects.values_list("external_id", "digest"))
    for external_id, pointer, item, kind in _items(data):
        digest = hashlib.sha256(rfc8785.dumps(dict(item))).hexdigest()
        if external_id in known:
            same = known[external_id] == digest
            (report.unchanged if same else report.changed).append(external_id)
            continue
        there = kind.find(item)
        try:
            subject = there or kind.publish(item, pen)
        except Refusal as refusal:
            raise FileRefused([Problem(pointer, refusal.detail)]) from refusal
        remember_import(external_id, subject, digest)
        (report.found if there else report.added).append(external_id)
    return report


def _nowhere(item: Item) -> Recorded | None:
    return None


@dataclass(frozen=True)
class Kind:
    """How one kind of thing is published, and how it is found when somebody entered it before by another way."""

    publish: Callable[[Item, Pen], Recorded]
    find: Callable[[Item], Recorded | None] = _nowhere


def _items(data: Item) -> Iterator[tuple[str, str, Item, Kind]]:
    """Each thing with its stable name, its place in the file and its kind; what others refer to comes first."""
    slug = data["assembly"]["slug"]
    areas = sorted(enumerate(data["areas"]), key=lambda pair: TOP_DOWN.index(pair[1]["kind"]))
    for index, area in areas:
        yield f"area:{area['code']}", f"/areas/{index}", area, AREA
    for index, body in enumerate(data["organisations"]):
        yield f"organisation:{body['slug']}", f"/organisations/{index}", body, ORGANISATION
    for index, team in enumerate(data["teams"]):
        yield f"team:{team['slug']}", f"/teams/{index}", team, TEAM
    yield f"assembly:{slug}", "/assembly", data["assembly"], ASSEMBLY
    for index, theme in enumerate(data["themes"]):
        yield f"theme:{slug}/{theme['slug']}", f"/themes/{index}", theme, THEME
    for index, item in enumerate(data["recommendations"]):
        yield f"recommendation:{slug}/{item['number']}", f"/recommendations/{index}", item, RECOMMENDATION
    for index, item in enumerate(data["commitments"]):
        yield f"commitment:{slug}/{item['slug']}", f"/commitments/{index}", item, COMMITMENT


def _area(code: str | None) -> Area | None:
    return Area.objects.get(code=code) if code else None


def _publish_area(item: Item, pen: Pen) -> Recorded:
    return actions.publish_area(
        item["code"],
        by=pen.by,
        today=pen.today,
        name=item["name"],
        kind=item["kind"],
        vintage=item["vintage"],
        parent=_area(item["parent"]),
        latitude=item["latitude"],
        longitude=item["longitude"],
        source=item["sources"],
    )


def _publish_organisation(item: Item, pen: Pen) -> Recorded:
    return publish_organisation(
        item["slug"],
        by=pen.by,
        today=pen.today,
        name=item["name"],
        kind=item["kind"],
        area=item["area"] or "",
    )


def _publish_team(item: Item, pen: Pen) -> Recorded:
    return publish_team(
        item["slug"],
        by=pen.by,
        today=pen.today,
        name=item["name"],
        organisation=Organisation.objects.get(slug=item["organisation"]),
        area=item["area"] or "",
    )


def _publish_assembly(item: Item, pen: Pen) -> Recorded:
    return actions.publish_assembly(
        item["slug"],
        by=pen.by,
        today=pen.today,
        prefix=item["prefix"],
        title=item["title"],
        question=item["question"],
        area=_area(item["area"]),
        held=item["held"]["text"],
        held_from=item["held"]["from"],
        held_to=item["held"]["to"],
        facts=item["facts"],
        source=item["sources"],
        clocks=item.get("clocks"),
    )


def _publish_theme(item: Item, pen: Pen) -> Recorded:
    return actions.publish_theme(
        pen.the_assembly(),
        by=pen.by,
        today=pen.today,
        slug=item["slug"],
        title=item["title"],
        summary=item["summary"],
        order=item["order"],
        findings=item["findings"],
        origin=item["origin"],
    )


def _publish_recommendation(item: Item, pen: Pen) -> Recorded:
    assembly = pen.the_assembly()
    theme = Theme.objects.get(assembly=assembly, slug=item["theme"]) if item["theme"] else None
    return actions.publish_recommendation(
        assembly,
        by=pen.by,
        today=pen.today,
        title=item["title"],
        body=item["body"],
        theme=theme,
        theme_assigned_by=item["theme_assigned_by"],
        number=item["number"],
        source=item["sources"],
    )


def _enter_commitment(item: Item, pen: Pen) -> Recorded:
    return actions.enter_commitment(
        pen.the_assembly(),
        by=pen.by,
        today=pen.today,
        promise=_promise(item, pen.assembly),
        source=item["sources"],
        reported_state=item["reported_state"],
        notes=item["notes"],
    )


def _promise(item: Item, assembly: str) -> Promise:
    numbers = item["recommendations"]
    measures = {name: item.get(name, "") for name in ("measure", "baseline", "target", "proof")}
    return Promise(
        title=item["title"],
        body=item["body"],
        recommendations=list(Recommendation.objects.filter(assembly__slug=assembly, number__in=numbers)),
        owners=[_ownership(owner) for owner in item["owners"]],
        due=_due(item["due"]),
        areas=list(Area.objects.filter(code__in=item["areas"])),
        **measures,
    )


def _ownership(owner: Item) -> Ownership:
    lead = owner.get("lead", False)
    if "team" in owner:
        return Ownership(team=Team.objects.select_related("organisation").get(slug=owner["team"]), lead=lead)
    return Ownership(organisation=Organisation.objects.get(slug=owner["organisation"]), lead=lead)


def _due(due: Item | None) -> Due | None:
    if due is None:
        return None
    on = date.fromisoformat(due["on"]) if due["on"] else None
    return Due(on=on, precision=due["precision"], text=due["text"])


AREA = Kind(_publish_area, lambda item: Area.objects.filter(code=item["code"]).first())
ORGANISATION = Kind(
    _publish_organisation, lambda item: Organisation.objects.filter(slug=item["slug"]).first()
)
TEAM = Kind(_publish_team, lambda item: Team.objects.filter(slug=item["slug"]).first())
ASSEMBLY = Kind(_publish_assembly)
THEME = Kind(_publish_theme)
RECOMMENDATION = Kind(_publish_recommendation)
COMMITMENT = Kind(_enter_commitment)
