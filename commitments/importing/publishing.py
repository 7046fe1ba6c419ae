"""How each kind of thing in a file is published, and how it is found where it stands already."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from accounts.actions import publish_organisation, publish_team
from accounts.models import Organisation, Team, User
from commitments import actions
from commitments.models import Area, Assembly, Commitment, Recommendation, Response, Theme
from commitments.promises import Due, Ownership, Promise
from record.guarded import Recorded

Item = Mapping[str, Any]
M = TypeVar("M", bound=Model)
A_REFERENCE = re.compile(r"-c[0-9]{3,}$")
TOP_DOWN = ("force", "borough", "ward")


@dataclass(frozen=True)
class Pen:
    """Who writes, on which day, for which assembly, and why what is said differently is corrected."""

    by: User
    today: date
    assembly: str
    reason: str = ""
    _met: dict[Any, Any] = field(default_factory=dict, compare=False)

    def the_assembly(self) -> Assembly:
        """The assembly of the file, which is written before what belongs to it."""
        return self.named(Assembly.objects.select_related("area"), slug=self.assembly)

    def named(self, rows: QuerySet[M], **name: Any) -> M:
        """What others refer to, looked up once. Raises DoesNotExist."""
        key = (rows.model, *name.items())
        if key not in self._met:
            self._met[key] = rows.get(**name)
        found: M = self._met[key]
        return found


@dataclass(frozen=True)
class Kind:
    """How one kind of thing is published, and how it is found when it stands here already."""

    publish: Callable[[Item, Pen], Recorded]
    find: Callable[[Item, Pen], Recorded | None]


@dataclass(frozen=True)
class Thing:
    """A thing of a file: its kind, its stable name, its place and what is said of it."""

    kind: str
    external_id: str
    pointer: str
    item: Item


def things(data: Item) -> Iterator[Thing]:
    """Each thing of a file; what others refer to comes first."""
    slug = data["assembly"]["slug"]
    for index, item in sorted(enumerate(data["areas"]), key=_from_the_top):
        yield Thing("area", f"area:{item.get('code')}", f"/areas/{index}", item)
    for index, item in enumerate(data["organisations"]):
        yield Thing("organisation", f"organisation:{item.get('slug')}", f"/organisations/{index}", item)
    for index, item in enumerate(data["teams"]):
        yield Thing("team", f"team:{item.get('slug')}", f"/teams/{index}", item)
    yield Thing("assembly", f"assembly:{slug}", "/assembly", data["assembly"])
    for index, item in enumerate(data["themes"]):
        yield Thing("theme", f"theme:{slug}/{item.get('slug')}", f"/themes/{index}", item)
    for index, item in enumerate(data["recommendations"]):
        name = f"recommendation:{slug}/{item.get('number')}"
        yield Thing("recommendation", name, f"/recommendations/{index}", item)
    for index, item in enumerate(data.get("responses", [])):
        name = "/".join(str(item.get(part)) for part in ("recommendation", "organisation", "version"))
        yield Thing("response", f"response:{slug}/{name}", f"/responses/{index}", item)
    for index, item in enumerate(data["commitments"]):
        yield Thing("commitment", f"commitment:{slug}/{item.get('slug')}", f"/commitments/{index}", item)


def _from_the_top(pair: tuple[int, Item]) -> int:
    kind = pair[1].get("kind")
    return TOP_DOWN.index(kind) if kind in TOP_DOWN else len(TOP_DOWN)


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
        organisation=pen.named(Organisation.objects.all(), slug=item["organisation"]),
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
        promise=_promise(item, pen),
        source=item["sources"],
        reported_state=item["reported_state"],
        notes=item["notes"],
        number=item.get("number"),
    )


def _enter_response(item: Item, pen: Pen) -> Recorded:
    return actions.enter_response(
        Recommendation.objects.get(assembly__slug=pen.assembly, number=item["recommendation"]),
        by=pen.by,
        today=pen.today,
        organisation=pen.named(Organisation.objects.all(), slug=item["organisation"]),
        stance=item["position"],
        body=item["body"],
        reason=item["reason"],
        source=item["sources"],
    )


def _promise(item: Item, pen: Pen) -> Promise:
    own = Recommendation.objects.filter(assembly__slug=pen.assembly)
    measures = {name: item.get(name, "") for name in ("measure", "baseline", "target", "proof")}
    return Promise(
        title=item["title"],
        body=item["body"],
        recommendations=[pen.named(own, number=number) for number in sorted(item["recommendations"])],
        owners=[_ownership(owner, pen) for owner in item["owners"]],
        due=_due(item["due"]),
        areas=[pen.named(Area.objects.all(), code=code) for code in sorted(item["areas"])],
        **measures,
    )


def _ownership(owner: Item, pen: Pen) -> Ownership:
    lead = owner.get("lead", False)
    if "team" in owner:
        team = pen.named(Team.objects.select_related("organisation"), slug=owner["team"])
        return Ownership(team=team, lead=lead)
    body = pen.named(Organisation.objects.all(), slug=owner["organisation"])
    return Ownership(organisation=body, lead=lead)


def _due(due: Item | None) -> Due | None:
    if due is None:
        return None
    on = date.fromisoformat(due["on"]) if due["on"] else None
    return Due(on=on, precision=due["precision"], text=due["text"])


def _find_commitment(item: Item, pen: Pen) -> Recorded | None:
    """By its number, or by a slug that is a reference in small letters, as an export writes it."""
    own = Commitment.objects.filter(assembly__slug=pen.assembly)
    if item.get("number"):
        return own.filter(number=item["number"]).first()
    return own.filter(reference=item["slug"].upper()).first() if A_REFERENCE.search(item["slug"]) else None


def _find_response(item: Item, pen: Pen) -> Recorded | None:
    rows = Response.objects.filter(
        recommendation__assembly__slug=pen.assembly,
        recommendation__number=item["recommendation"],
        organisation__slug=item["organisation"],
        entered_from__isnull=False,
    )
    place = item["version"] - 1
    return next(iter(rows.order_by("position")[place : place + 1]), None)


def _first(rows: Any, **named: Any) -> Recorded | None:
    found: Recorded | None = rows.objects.filter(**named).first()
    return found


KINDS: Mapping[str, Kind] = {
    "area": Kind(_publish_area, lambda item, pen: _first(Area, code=item["code"])),
    "organisation": Kind(_publish_organisation, lambda item, pen: _first(Organisation, slug=item["slug"])),
    "team": Kind(_publish_team, lambda item, pen: _first(Team, slug=item["slug"])),
    "assembly": Kind(_publish_assembly, lambda item, pen: _first(Assembly, slug=item["slug"])),
    "theme": Kind(
        _publish_theme, lambda item, pen: _first(Theme, assembly__slug=pen.assembly, slug=item["slug"])
    ),
    "recommendation": Kind(
        _publish_recommendation,
        lambda item, pen: _first(Recommendation, assembly__slug=pen.assembly, number=item["number"]),
    ),
    "response": Kind(_enter_response, _find_response),
    "commitment": Kind(_enter_commitment, _find_commitment),
}
