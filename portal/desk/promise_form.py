"""A promise as it is typed at the desk: its parts read as the API reads them, and what can be chosen for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import Organisation, Team
from commitments.actions.commitments import check_due
from commitments.actions.corrections import LONGEST_TITLE
from commitments.actions.owners import check_owners
from commitments.choices import Precision
from commitments.models import Area, Asked, Assembly, Owner, Recommendation
from commitments.models.commitments import LONGEST_DEADLINE
from commitments.promises import Due, Ownership, Promise
from portal.desk.reading import day_of, fault_of_line, line
from portal.private import Fault, said
from portal.promised import NEEDED
from portal.typed import fault_of_prose, prose
from record.refusals import Invalid

TEXTS = ("body", "measure", "baseline", "target", "proof")
MOST = 300
"""So many recommendations, teams and areas stand in a form; an assembly has some dozens."""


@dataclass(frozen=True)
class Typed:
    """One promise of a form, whose fields begin with `prefix`."""

    prefix: str
    title: str
    texts: dict[str, str]
    due_on: str
    precision: str
    due_text: str
    lead: str
    others: tuple[str, ...]
    recommendations: tuple[str, ...]
    areas: tuple[str, ...]

    @classmethod
    def of(cls, data: QueryDict, prefix: str = "") -> "Typed":
        """As it was sent."""

        def several(name: str) -> tuple[str, ...]:
            return tuple(dict.fromkeys(one for one in data.getlist(prefix + name) if one))[:MOST]

        return cls(
            prefix=prefix,
            title=line(data.get(f"{prefix}title", "")),
            texts={name: prose(data.get(prefix + name, "")) for name in TEXTS},
            due_on=line(data.get(f"{prefix}due_on", "")),
            precision=data.get(f"{prefix}due_precision", ""),
            due_text=line(data.get(f"{prefix}due_text", "")),
            lead=data.get(f"{prefix}lead", ""),
            others=several("others"),
            recommendations=several("recommendations"),
            areas=several("areas"),
        )

    def faults(self) -> list[Fault]:
        """What is to be mended before anything can be looked up."""
        found = [
            self._title(),
            *(fault_of_prose(self.prefix + name, text) for name, text in self.texts.items()),
            self._due(),
            fault_of_line(f"{self.prefix}due_text", self.due_text, LONGEST_DEADLINE),
        ]
        return [one for one in found if one]

    @property
    def due(self) -> Due | None:
        """When it is promised; None where nothing is said."""
        if not (self.due_on or self.precision or self.due_text):
            return None
        on = None if self.precision == Precision.ONGOING else day_of(self.due_on)
        return Due(on, self.precision or Precision.DAY, self.due_text)

    @property
    def missing(self) -> list[str]:
        """The names of what it lacks for anybody to judge it, of `portal.promised.NEEDED`."""
        due = self.due
        has = {**self.texts, "due_on": due and due.ends_on}
        return [name for name in NEEDED if not has[name]]

    def _title(self) -> Fault | None:
        if not self.title:
            return Fault(f"{self.prefix}title", _("Say in one line what you promise."))
        return fault_of_line(f"{self.prefix}title", self.title, LONGEST_TITLE)

    def _due(self) -> Fault | None:
        field = f"{self.prefix}due_on"
        if self.precision and self.precision not in Precision.values:
            return Fault(f"{self.prefix}due_precision", _("Choose one of the answers."))
        if self.due_on and day_of(self.due_on) is None:
            return Fault(field, _("Write a day such as 30/9/2027."))
        due = self.due
        if due and due.on is None and due.precision != Precision.ONGOING:
            return Fault(
                field, _("Give a day in the promised period too, or choose that it goes on without an end.")
            )
        try:
            check_due(due, field)
        except Invalid as no:
            return Fault(field, said(no))
        return None


@dataclass(frozen=True)
class Offer:
    """What can be chosen in a form: recommendations of the assembly, teams that can own, and places."""

    assembly: Assembly
    recommendations: list[Recommendation]
    own: list[Team]
    partners: list[Team]
    areas: list[Area]

    @classmethod
    def of(cls, assembly: Assembly, body: Organisation) -> "Offer":
        """For a promise that one of the body's teams will lead. Five questions."""
        teams = list(teams_for(assembly, body))
        asked = Asked.objects.filter(organisation=body, recommendation__assembly=assembly)
        first = set(asked.values_list("recommendation_id", flat=True))
        listed = assembly.recommendations.select_related("assembly").order_by("number")[:MOST]
        return cls(
            assembly=assembly,
            recommendations=sorted(listed, key=lambda one: one.pk not in first),
            own=[team for team in teams if team.organisation_id == body.pk],
            partners=[team for team in teams if team.organisation_id != body.pk],
            areas=list(places_of(assembly)),
        )

    def promise(self, typed: Typed) -> tuple[Promise, list[Fault]]:
        """The promise that was typed; and what of it is not on offer, or does not go together."""
        faults: list[Fault] = []
        own, known = by_slug(self.own), by_slug([*self.own, *self.partners])
        lead = typed.lead if typed.lead in own else ""
        owners = owners_of(known, lead, typed.others, typed.prefix, faults)
        made = Promise(
            title=typed.title,
            recommendations=_chosen(
                {one.reference: one for one in self.recommendations},
                typed.recommendations,
                f"{typed.prefix}recommendations",
                faults,
            ),
            owners=owners,
            due=typed.due,
            areas=_chosen({one.code: one for one in self.areas}, typed.areas, f"{typed.prefix}areas", faults),
            **typed.texts,
        )
        return made, faults


def owners_of(
    known: dict[str, Team], lead: str, others: Iterable[str], prefix: str, faults: list[Fault]
) -> list[Ownership]:
    """Who will own it, the lead first; what is wrong with it is added to `faults`."""
    field = f"{prefix}lead"
    if lead not in known:
        faults.append(Fault(field, _("Choose the team that leads.")))
        return []
    partners = [slug for slug in others if slug != lead]
    teams = _chosen(known, partners, f"{prefix}others", faults)
    owners = [Ownership(team=known[lead], lead=True), *(Ownership(team=team) for team in teams)]
    try:
        check_owners(owners)
    except Invalid as no:
        faults.append(Fault(field, said(no)))
    return owners


def by_slug(teams: Iterable[Team]) -> dict[str, Team]:
    """Teams by their names in addresses."""
    return {team.slug: team for team in teams}


def teams_for(assembly: Assembly, body: Organisation) -> Any:
    """Teams of the body, and of the others that were asked or own something in the assembly; none that has ended."""
    asked = Asked.objects.filter(recommendation__assembly=assembly).values("organisation_id")
    owning = Owner.objects.filter(commitment__assembly=assembly, ended_on=None).values("organisation_id")
    listed = Team.objects.filter(ended_on=None).select_related("organisation")
    own = listed.filter(organisation=body)
    others = listed.filter(organisation__in=asked) | listed.filter(organisation__in=owning)
    return (own | others).order_by("organisation__name", "name", "pk")[:MOST]


def places_of(assembly: Assembly) -> Any:
    """The assembly's area and those directly in it."""
    if assembly.area_id is None:
        return Area.objects.none()
    listed = Area.objects.filter(pk=assembly.area_id) | Area.objects.filter(parent=assembly.area_id)
    return listed.order_by("kind", "name", "pk")[:MOST]


def _chosen(known: dict[str, Any], names: Iterable[str], field: str, faults: list[Fault]) -> list[Any]:
    found = [known[name] for name in names if name in known]
    if len(found) < len(list(names)):
        faults.append(Fault(field, _("One of these cannot be chosen here; choose again.")))
    return found


def is_past(due: Due | None, today: date) -> bool:
    """Whether a promise is late on the day on which it is made."""
    return bool(due and due.ends_on and due.ends_on < today)
