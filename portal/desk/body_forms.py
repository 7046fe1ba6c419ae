"""The forms in which organisations and teams are entered, corrected and reorganised; everybody reads why."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import actions
from accounts.models import LONGEST_NAME, Organisation, OrganisationKind, Team
from accounts.permissions import check_keeps_registers
from commitments import permissions
from commitments.actions import reorganise
from commitments.models import Commitment
from portal.desk.guard import Typed
from portal.desk.reading import fault_of_line, line
from portal.desk.sending import Sending
from portal.private import Fault
from portal.templatetags.desk_forms import Option
from portal.typed import fault_of_prose
from record.values import AREA_CODE, SLUG, Malformed, Pattern

LONGEST_SLUG, MOST = 80, 300
Check = Callable[[str, str], Fault | None]


class Field(NamedTuple):
    """One field of a form: `kind` is a tag of desk_forms."""

    kind: str
    name: str
    label: str
    value: Any = ""
    hint: str = ""
    options: Sequence[Option] = ()


class Keeping(Sending):
    """A form about a body or a team: its fields, and what everybody will read of them."""

    form, preview = "portal/desk/body_form.html", "portal/desk/body_preview.html"
    title, goes_to = "", "desk_bodies"

    @abstractmethod
    def asked(self) -> list[Field]:
        """The fields, with what stands in them."""

    def fault(self, no: Any) -> Fault:
        """At the field that the verb names, where the form has it."""
        names = {one.name for one in self.asked()}
        found = super().fault(no)
        return Fault(no.field, found.said) if no.field in names else found

    def faults(self) -> list[Fault]:
        """Slugs, names and reasons as the API takes them."""
        checks: dict[str, Check] = {"prose": fault_of_prose, "line": _fault_of_line}
        found = [
            checks[one.kind](one.name, self.value(one.name)) for one in self.asked() if one.kind in checks
        ]
        return [one for one in (*found, self._without_reason()) if one]

    def context(self) -> dict[str, Any]:
        """The form."""
        return {"title": self.title, "fields": self.asked()}

    def shown(self) -> dict[str, Any]:
        """What was typed, as it will stand there."""
        return {"title": self.title, "facts": [(one.label, _said(one)) for one in self.asked() if _said(one)]}

    def words(self) -> list[Typed]:
        """All that was typed."""
        typed = [one for one in self.asked() if one.kind in ("prose", "line") and one.name != "ended_on"]
        return [Typed(one.name, one.label, self.value(one.name)) for one in typed]

    def value(self, name: str, before: str = "") -> str:
        """What stands in a field; at first what is there."""
        if self.request.method != "POST":
            return before
        typed = self.typed(name)
        return typed if name == "reason" else line(typed)

    def reason(self) -> Field:
        """Why."""
        return Field("prose", "reason", _("Why"), self.value("reason"), _("Everybody can read it."))

    def _without_reason(self) -> Fault | None:
        is_asked = any(one.name == "reason" for one in self.asked())
        return (
            Fault("reason", _("Say why; everybody can read it."))
            if is_asked and not self.value("reason")
            else None
        )


class EnterOrganisation(Keeping):
    """A body that can be asked and promise."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        check_keeps_registers(self.by)
        self.title = _("Enter an organisation")

    def asked(self) -> list[Field]:
        """Its slug, name, kind and area."""
        kinds = [Option(value, label) for value, label in OrganisationKind.choices]
        return [
            *_named(self),
            Field("picks", "kind", _("What it is"), self.value("kind"), "", kinds),
            _area(self),
        ]

    def faults(self) -> list[Fault]:
        """Also whether the kind is one."""
        is_kind = self.value("kind") in OrganisationKind.values
        return super().faults() + ([] if is_kind else [Fault("kind", _("Choose what it is."))])

    def send(self) -> str:
        """Enter it."""
        typed = {name: self.value(name) for name in ("name", "kind", "area")}
        actions.publish_organisation(self.value("slug"), by=self.by, today=self.today, **typed)
        return reverse(self.goes_to)


class EnterTeam(Keeping):
    """A team of a body."""

    def __init__(self, request: HttpRequest, organisation: Organisation) -> None:
        super().__init__(request)
        check_keeps_registers(self.by, organisation)
        self.organisation = organisation
        self.title = _("Enter a team of %(name)s") % {"name": organisation.name}

    def asked(self) -> list[Field]:
        """Its slug, name and area."""
        return [*_named(self), _area(self)]

    def send(self) -> str:
        """Enter it."""
        typed = {name: self.value(name) for name in ("name", "area")}
        actions.publish_team(
            self.value("slug"), by=self.by, today=self.today, organisation=self.organisation, **typed
        )
        return reverse(self.goes_to)


class CorrectOrganisation(Keeping):
    """A body's name."""

    def __init__(self, request: HttpRequest, organisation: Organisation) -> None:
        super().__init__(request)
        check_keeps_registers(self.by, organisation)
        self.organisation = organisation
        self.title = _("Correct the name of %(name)s") % {"name": organisation.name}

    def asked(self) -> list[Field]:
        """The name, and why."""
        return [Field("line", "name", _("Name"), self.value("name", self.organisation.name)), self.reason()]

    def send(self) -> str:
        """Correct it; both stay readable."""
        actions.correct_organisation(
            self.organisation,
            by=self.by,
            today=self.today,
            name=self.value("name"),
            reason=self.value("reason"),
        )
        return reverse(self.goes_to)


class CorrectTeam(Keeping):
    """A team's name."""

    def __init__(self, request: HttpRequest, team: Team) -> None:
        super().__init__(request)
        check_keeps_registers(self.by, team.organisation)
        self.team = team
        self.title = _("Correct the name of %(name)s") % {"name": team.name}

    def asked(self) -> list[Field]:
        """The name, and why."""
        return [Field("line", "name", _("Name"), self.value("name", self.team.name)), self.reason()]

    def send(self) -> str:
        """Correct it; both stay readable."""
        actions.correct_team(
            self.team, by=self.by, today=self.today, name=self.value("name"), reason=self.value("reason")
        )
        return reverse(self.goes_to)


class Reorganise(Keeping):
    """A team ends, and others take over what it owns."""

    def __init__(self, request: HttpRequest, team: Team) -> None:
        super().__init__(request)
        present = Q(owners__team=team, owners__ended_on=None)
        self.owned = list(Commitment.objects.filter(present).select_related("assembly").order_by("reference"))
        permissions.check_reorganiser(self.by, team, self.owned)
        self.team = team
        self.title = _("Reorganise %(name)s") % {"name": team.name}
        others = Team.objects.filter(ended_on=None).exclude(pk=team.pk).select_related("organisation")
        at_home = Q(organisation=team.organisation)
        self.others = {one.slug: one for one in [*others.filter(at_home), *others.exclude(at_home)][:MOST]}

    def asked(self) -> list[Field]:
        """Who takes over what, and why."""
        teams = [Option(one.slug, one.name, "", one.organisation.name) for one in self.others.values()]
        first = Field(
            "picks",
            "successor",
            _("The team that takes over"),
            self.value("successor"),
            _("Leave it empty if the team owns nothing any more."),
            teams,
        )
        each = [
            Field("picks", f"to-{one.reference}", f"{one.reference}: {one.title}", self.value(f"to-{one.reference}"),
                  _("Only if another team takes this one."), teams)
            for one in self.owned
        ]  # fmt: skip
        return [first, *each, self.reason()]

    def faults(self) -> list[Fault]:
        """Also whether each team is one of those on offer."""
        chosen = [(one.name, self.value(one.name)) for one in self.asked() if one.kind == "picks"]
        wrong = [name for name, slug in chosen if slug and slug not in self.others]
        return super().faults() + [Fault(name, _("Choose one of the list.")) for name in wrong]

    def send(self) -> str:
        """End it, and pass on what it owns; to another body it is offered first."""
        passing = {
            one.reference: self.others[slug]
            for one in self.owned
            if (slug := self.value(f"to-{one.reference}"))
        }
        first = self.others.get(self.value("successor"))
        heirs = dict.fromkeys([*([first] if first else []), *passing.values()])
        reorganise(
            self.team,
            by=self.by,
            today=self.today,
            reason=self.value("reason"),
            successors=list(heirs),
            passing=passing,
        )
        return reverse(self.goes_to)


def _named(form: Keeping) -> list[Field]:
    hint = _("Small letters, digits and single hyphens; it stays.")
    return [
        Field("line", "slug", _("A short name for addresses"), form.value("slug"), hint),
        Field("line", "name", _("Name"), form.value("name")),
    ]


def _area(form: Keeping) -> Field:
    return Field("line", "area", _("The ONS code of its area, if it has one"), form.value("area"))


def _said(one: Field) -> str:
    """What a field says, in words."""
    return next((str(option.label) for option in one.options if option.value == one.value), str(one.value))


def _fault_of_line(name: str, text: str) -> Fault | None:
    if name == "slug" and (len(text) > LONGEST_SLUG or not _is(SLUG, text)):
        return Fault(name, _("Use small letters, digits and single hyphens, such as beat-team."))
    if name == "area" and text and not _is(AREA_CODE, text):
        return Fault(name, _("Write the code as E09000031, or leave it empty."))
    if name == "name" and not text:
        return Fault(name, _("Write the name."))
    return fault_of_line(name, text, longest=LONGEST_NAME)


def _is(pattern: Pattern, text: str) -> bool:
    try:
        pattern.read(text)
    except Malformed:
        return False
    return True
