"""What a file says differently becomes corrections, or a fault where nothing published can be corrected so."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.actions import correct_organisation, correct_team
from commitments import actions
from commitments.importing import owner_lists
from commitments.importing.canonical import digest, owners
from commitments.importing.publishing import Pen, Thing
from commitments.importing.reading import Problem
from commitments.importing.references import CORRECTABLE
from commitments.models import Commitment
from record.guarded import Recorded
from record.refusals import Invalid

# Where a field of the one form stands in a file.
PLACES = {"due": "due/on", **{name: f"clocks/{name}" for name in CORRECTABLE["assembly"]}}
NO_REASON = (
    "The record says “{old}”, and a correction says why: fill in `reason`, give one reason for all (--reason), or "
    "put that back."
)
MOVED = (
    "It was corrected here since it was imported, to “{old}”, and the file says a third thing. Put back that, "
    "or add a row to the corrections whose `old` it is."
)
THEIRS = (
    "{reference} is its owner's since {since}, and says “{old}”. Only they can ask for a correction "
    "(through the API's commitments/{reference}/corrections/); put this back."
)
FIXED: Mapping[str, str] = {
    "commitment": (
        "It was published differently ({old}), and this is not corrected: a changed promise is a new commitment. "
        "Put it back, or add a row with another slug."
    ),
    "response": (
        "The answer was published differently ({old}), and an answer is not corrected. Put it back; "
        "a later answer is a row with the next version."
    ),
}
USUAL = "It was published differently ({old}), and this is not corrected. Put it back."
ONLY_TEAMS = (
    "Owners are corrected to teams, one of which is marked (lead); write them so, or put back “{old}”."
)


class Uncorrected(Invalid):
    """A correction that no rule of the domain lets a file make."""

    code = "uncorrected"


@dataclass(frozen=True)
class Change:
    """One corrected field: whose, from what, to what, why."""

    external_id: str
    field: str
    old: str
    new: str
    reason: str

    def __str__(self) -> str:
        return f"{self.external_id} {self.field}: “{self.old}” becomes “{self.new}” ({self.reason})"


@dataclass(frozen=True)
class Standing:
    """A thing that stands here: its form in the record and in the file, and digests of how it was imported."""

    thing: Thing
    subject: Recorded
    here: Mapping[str, Any]
    said: Mapping[str, Any]
    before: Mapping[str, str]

    def differences(self) -> list[str]:
        """The fields that the file says differently from the record, and from itself the last time."""
        return [
            name
            for name, value in self.said.items()
            if value != self.here.get(name) and digest(value) != self.before.get(name)
        ]

    def fault(self, field: str, pen: Pen) -> Problem | None:
        """Why `field` cannot be corrected, if it cannot."""
        words = self._fault(field, pen)
        old = shown(field, self.here.get(field)) or "nothing"
        pointer = f"{self.thing.pointer}/{PLACES.get(field, field)}"
        return Problem(pointer, words.format(old=old, **self._owned())) if words else None

    def _fault(self, field: str, pen: Pen) -> str:
        kind = self.thing.kind
        if field not in CORRECTABLE.get(kind, ()):
            return FIXED.get(kind, USUAL)
        if self._owned():
            return THEIRS
        known = self.before.get(field)
        if known and digest(self.here.get(field)) != known:
            return MOVED
        if field == "owners" and not _are_led_teams(self.said[field]):
            return ONLY_TEAMS
        return "" if self.reason(pen) else NO_REASON

    def _owned(self) -> dict[str, str]:
        one = self.subject
        if isinstance(one, Commitment) and one.accepted_on:
            return {"reference": one.reference, "since": one.accepted_on.isoformat()}
        return {}

    def reason(self, pen: Pen) -> str:
        """Why it is corrected: its own reason, or the one for all."""
        own = "" if self.thing.kind == "response" else str(self.thing.item.get("reason") or "")
        return own.strip() or pen.reason.strip()

    def change(self, field: str, pen: Pen) -> Change:
        """The correction that makes the record say what the file says."""
        old, new = (shown(field, form.get(field)) for form in (self.here, self.said))
        return Change(self.thing.external_id, field, old, new, self.reason(pen))


def shown(field: str, value: Any) -> str:
    """A value of the one form as a text that people read, and as a correction in a file has it."""
    if field == "owners":
        return owner_lists.written(value or [])
    if field == "due" and isinstance(value, Mapping):
        return ", ".join(str(part) for part in (value["on"], value["precision"], value["text"]) if part)
    if field in ("sources", "facts", "findings", "notes") and isinstance(value, list):
        return f"{field}: {len(value)}"
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return "nothing" if value is None and field != "ended_on" else str(value or "")


def make(kind: str, subject: Recorded, change: Change, pen: Pen) -> None:
    """Correct one field of a thing through its verb. Raises what the verb raises."""
    said = {"by": pen.by, "today": pen.today, "reason": change.reason}
    _VERBS[kind](subject, change.field, change.new, said)


def owners_as_text(new: str) -> str:
    """Owners as the verb takes them: team slugs with commas, the lead first."""
    if ";" not in new and "(" not in new:
        return new
    return ", ".join(one["team"] for one in owners(owner_lists.parsed(new)))


def _are_led_teams(given: list[Mapping[str, Any]]) -> bool:
    return all("team" in one for one in given) and sum(one["lead"] for one in given) == 1


def _correct_area(subject: Any, field: str, new: str, said: dict[str, Any]) -> None:
    actions.correct_area(subject, **{**said, field: new})


def _correct_organisation(subject: Any, field: str, new: str, said: dict[str, Any]) -> None:
    correct_organisation(subject, name=new, **said)


def _correct_team(subject: Any, field: str, new: str, said: dict[str, Any]) -> None:
    if field == "name":
        correct_team(subject, name=new, **said)
    elif subject.ended_on:
        correct_team(subject, ended_on=_day(new), **said)
    else:
        # A team that owns something ends by passing it on, and the verb says so.
        actions.reorganise(subject, ended_on=_day(new), **said)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Uncorrected("A team ends on a day such as 2026-11-23, and does not begin again.") from None


def _correct_assembly(subject: Any, field: str, new: str, said: dict[str, Any]) -> None:
    actions.correct_assembly(subject, **{**said, field: int(new) if new.isdecimal() else new})


def _correct_theme(subject: Any, field: str, new: str, said: dict[str, Any]) -> None:
    actions.correct_theme(subject, field=field, text=new, **said)


def _correct_recommendation(subject: Any, field: str, new: str, said: dict[str, Any]) -> None:
    actions.correct_recommendation(subject, field=field, text=new, **said)


def _correct_commitment(subject: Any, field: str, new: str, said: dict[str, Any]) -> None:
    text = owners_as_text(new) if field == "owners" else new
    actions.correct_commitment(subject, field=field, text=text, **said)


_VERBS: Mapping[str, Callable[[Any, str, str, dict[str, Any]], None]] = {
    "area": _correct_area,
    "organisation": _correct_organisation,
    "team": _correct_team,
    "assembly": _correct_assembly,
    "theme": _correct_theme,
    "recommendation": _correct_recommendation,
    "commitment": _correct_commitment,
}
