"""What was seen at data.police.uk, kept: what appeared, was edited, went and came back, each an entry of its own.

Only a whole answer comes here: what could not be asked or read is not known, and so is no disappearance.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from commitments import events
from commitments.choices import PlacedBy
from commitments.models import Area, Neighbourhood, Priority, PriorityWording
from commitments.policeuk import reading
from commitments.policeuk.matching import match
from commitments.search import plain
from commitments.withholding import vault
from record.event_types import EventType
from record.guarded import Recorded
from record.ledger import action, append, revise

ACTOR = "operator"
OF_A_NEIGHBOURHOOD = ("name", *events.FACTS_OF_A_NEIGHBOURHOOD)
TEXTS, DATES = ("issue", "action"), ("issue_date", "action_date")
OF_A_PRIORITY = (*TEXTS, *DATES)
Told = Counter[str]
"""How many entries of each type were written."""


@dataclass(frozen=True)
class Place:
    """In which area a neighbourhood certainly lies, and why that is certain."""

    area: Area
    by: PlacedBy


@dataclass(frozen=True)
class Look:
    """One neighbourhood and all its priorities as they were read at `source`, its address."""

    force: str
    neighbourhood: reading.Neighbourhood
    priorities: Sequence[reading.Priority]
    source: str
    place: Place | None = None


@action
def keep_look(look: Look, *, today: date) -> Told:
    """Keep what was seen today, and record what is not as it was; the same answer again records nothing."""
    told: Told = Counter()
    neighbourhood = _locked(look)
    if neighbourhood is None:
        neighbourhood = _publish(look, today, told)
    else:
        _compare(neighbourhood, look, today, told)
    _match(neighbourhood, look.priorities, today, told)
    if neighbourhood.looked_on != today:
        neighbourhood.looked_on = today
        neighbourhood.save(update_fields=["looked_on"])
        if not told:
            revise()
    return told


@action
def lose_neighbourhood(neighbourhood: Neighbourhood, *, today: date) -> Told:
    """Record that a force no longer lists a neighbourhood, and so none of its priorities."""
    told: Told = Counter()
    neighbourhood = Neighbourhood.objects.select_for_update(of=("self",)).get(pk=neighbourhood.pk)
    if neighbourhood.gone_on is not None:
        return told
    neighbourhood.gone_on = today
    neighbourhood.save(update_fields=["gone_on"])
    for priority in neighbourhood.priorities.current():
        _withdraw(priority, neighbourhood, today, told)
    seen = {**_seen(neighbourhood, today), "last_seen_on": neighbourhood.looked_on.isoformat()}
    _tell(events.NEIGHBOURHOOD_WITHDRAWN, neighbourhood, today, told, seen)
    return told


def _locked(look: Look) -> Neighbourhood | None:
    """The neighbourhood as it is known, and what is hidden of it open: it is compared with what is seen."""
    rows = Neighbourhood.objects.select_for_update(of=("self",))
    known = rows.filter(force=look.force, code=look.neighbourhood.id).first()
    return rows.get(pk=known.pk) if known and vault.opened(known) else known


def _publish(look: Look, today: date, told: Told) -> Neighbourhood:
    seen = look.neighbourhood
    made = Neighbourhood.objects.create(
        force=look.force,
        code=seen.id,
        source=look.source,
        area=look.place.area if look.place else None,
        placed_by=look.place.by if look.place else "",
        first_seen_on=today,
        looked_on=today,
        **_of_neighbourhood(seen),
    )
    facts = {
        **_seen(made, today),
        **{name: getattr(made, name) for name in events.FACTS_OF_A_NEIGHBOURHOOD},
        "area": made.area.code if made.area else None,
        "placed_by": made.placed_by or None,
    }
    _tell(events.NEIGHBOURHOOD_PUBLISHED, made, today, told, facts, {"name": made.name})
    return made


def _compare(known: Neighbourhood, look: Look, today: date, told: Told) -> None:
    """Whether a known neighbourhood came back, is called otherwise, or can be placed now."""
    if known.gone_on is not None:
        facts = {**_seen(known, today), "gone_on": known.gone_on.isoformat()}
        known.gone_on = None
        known.save(update_fields=["gone_on"])
        _tell(events.NEIGHBOURHOOD_RETURNED, known, today, told, facts)
    old, new = _differences(known, _of_neighbourhood(look.neighbourhood), OF_A_NEIGHBOURHOOD)
    if new:
        _set(known, new)
        words = {"old_name": old.pop("name", ""), "new_name": new.pop("name", "")}
        facts = {**_seen(known, today), "old": old, "new": new}
        _tell(events.NEIGHBOURHOOD_CHANGED, known, today, told, facts, words)
    if look.place is not None and known.area is None and known.placed_by != PlacedBy.CONVENOR:
        _place(known, look.place, today, told)


def _place(known: Neighbourhood, place: Place, today: date, told: Told) -> None:
    known.area, known.placed_by = place.area, place.by
    known.save(update_fields=["area", "placed_by"])
    facts = {
        "force": known.force,
        "neighbourhood": known.code,
        "old": None,
        "area": place.area.code,
        "placed_by": place.by.value,
    }
    _tell(events.NEIGHBOURHOOD_PLACED, known, today, told, facts)


def _match(neighbourhood: Neighbourhood, seen: Sequence[reading.Priority], today: date, told: Told) -> None:
    known = list(neighbourhood.priorities.select_for_update().order_by("position"))
    current = [one for one in known if one.gone_on is None]
    withdrawn = [one for one in known if one.gone_on is not None]
    found = match(current, withdrawn[::-1], seen)
    for priority, now in found.same:
        _edit(priority, now, neighbourhood, today, told)
    for priority in found.gone:
        _withdraw(priority, neighbourhood, today, told)
    for priority, now in found.returned:
        _return(priority, neighbourhood, today, told)
        _edit(priority, now, neighbourhood, today, told)
    for now in found.new:
        _begin(now, neighbourhood, today, told)


def _begin(now: reading.Priority, neighbourhood: Neighbourhood, today: date, told: Told) -> None:
    said = _of_priority(now)
    made = Priority.objects.create(
        neighbourhood=neighbourhood, first_seen_on=today, words=_words_of(said), **said
    )
    facts = {**_seen(neighbourhood, today), **{name: _iso(said[name]) for name in DATES}}
    _tell(events.PRIORITY_PUBLISHED, made, today, told, facts, {name: said[name] for name in TEXTS})
    _keep_wording(made, today)


def _edit(
    priority: Priority, now: reading.Priority, neighbourhood: Neighbourhood, today: date, told: Told
) -> None:
    """Both wordings of what is not as it was."""
    old, new = _differences(priority, _of_priority(now), OF_A_PRIORITY)
    if not new:
        return
    priority.edits += 1
    _set(priority, {**new, "edits": priority.edits, "words": _words_of(_of_priority(now))})
    words = {f"old_{name}": old[name] for name in TEXTS if name in old}
    words |= {f"new_{name}": new[name] for name in TEXTS if name in new}
    facts = {
        **_seen(neighbourhood, today),
        "old": {name: _iso(old[name]) for name in DATES if name in old},
        "new": {name: _iso(new[name]) for name in DATES if name in new},
    }
    _tell(events.PRIORITY_CHANGED, priority, today, told, facts, words)
    _keep_wording(priority, today)


def _withdraw(priority: Priority, neighbourhood: Neighbourhood, today: date, told: Told) -> None:
    _set(priority, {"gone_on": today, "last_seen_on": min(neighbourhood.looked_on, today)})
    facts = {**_seen(neighbourhood, today), "last_seen_on": _iso(priority.last_seen_on)}
    _tell(events.PRIORITY_WITHDRAWN, priority, today, told, facts)


def _return(priority: Priority, neighbourhood: Neighbourhood, today: date, told: Told) -> None:
    facts = {**_seen(neighbourhood, today), "gone_on": _iso(priority.gone_on)}
    _set(priority, {"gone_on": None, "last_seen_on": None})
    _tell(events.PRIORITY_RETURNED, priority, today, told, facts)


def _keep_wording(priority: Priority, today: date) -> None:
    said = {name: getattr(priority, name) for name in OF_A_PRIORITY}
    PriorityWording.objects.create(
        priority=priority, seen_on=today, position=priority.updated_position or 0, **said
    )


def _tell(
    event: EventType,
    subject: Recorded,
    today: date,
    told: Told,
    facts: dict[str, Any],
    words: dict[str, str] | None = None,
) -> None:
    append(event, subject, actor=ACTOR, today=today, facts=facts, words=words)
    told[event.name] += 1


def _seen(neighbourhood: Neighbourhood, today: date) -> dict[str, Any]:
    return {
        "force": neighbourhood.force,
        "neighbourhood": neighbourhood.code,
        "seen_on": today.isoformat(),
        "source": {"url": neighbourhood.source, "licence": reading.LICENCE},
    }


def _differences(
    known: Recorded, now: dict[str, Any], names: Sequence[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What was said, and what is said now, where the two differ."""
    other = [name for name in names if getattr(known, name) != now[name]]
    return {name: getattr(known, name) for name in other}, {name: now[name] for name in other}


def _set(thing: Recorded, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(thing, name, value)
    thing.save(update_fields=list(values))


def _of_neighbourhood(seen: reading.Neighbourhood) -> dict[str, Any]:
    return {
        "name": seen.name or "",
        "population": seen.population,
        "latitude": seen.latitude,
        "longitude": seen.longitude,
    }


def _of_priority(seen: reading.Priority) -> dict[str, Any]:
    return {
        "issue": seen.issue or "",
        "action": seen.action or "",
        "issue_date": seen.issue_date,
        "action_date": seen.action_date,
    }


def _words_of(said: dict[str, Any]) -> str:
    return plain(f"{said['issue']} {said['action']}")


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
