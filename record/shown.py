"""Does what is shown say what the record says? Objects of the API, held against the entries that made and changed them.

Python 3.9 or newer, nothing to install. `told` reads the change feed, whose words verify.py has held against leaves;
`differences` walks through any JSON that the service shows, and looks at everything in it that names its position.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

Told = dict[str, dict[str, Any]]
NAMES = ("reference", "id", "slug", "code")
LISTS = (
    "assemblies",
    "themes",
    "areas",
    "organisations",
    "teams",
    "recommendations",
    "commitments",
    "updates",
    "challenges",
    "neighbourhoods",
    "priorities",
)
FACTS = ("name", "finding")
CHANGES = ("commitment.corrected", "recommendation.corrected", "update.corrected", "theme.corrected")
LATER = {  # words of later entries, and the field that shows them
    "challenge.answered": {"reply": "reply"},
    "challenge.resolved": {"reason": "outcome_reason"},
    "priority.changed": {"new_issue": "issue", "new_action": "action"},
    "neighbourhood.changed": {"new_name": "name"},
}
EMPTY = {  # words that a leaf leaves out where nobody typed any: then none may be shown
    "commitment": ("title", "body", "measure", "baseline", "target", "proof"),
    "recommendation": ("title", "body"),
    "theme": ("title", "summary"),
    "update": ("body", "reason"),
    "response": ("body", "reason"),
    "verification": ("reason",),
}
FIRST = (".published", ".entered", ".posted", ".added", ".proposed", ".opened", ".requested")


def told(events: Iterable[dict[str, Any]]) -> Told:
    """What the record says of each thing, by field, as the events tell it in order; nothing of hidden words."""
    said: Told = {}
    for event in events:
        _tell(said, event["type"], event["subject"], event)
    return said


def _tell(said: Told, kind: str, subject: str, event: dict[str, Any]) -> None:
    words, facts = event["words"], event["body"]["facts"]
    if subject not in said and kind.endswith(FIRST):
        nothing = dict.fromkeys(EMPTY.get(subject.partition(":")[0], ()), "")
        said[subject] = {**nothing, **words, **{name: facts[name] for name in FACTS if name in facts}}
    if kind in CHANGES and facts["field"] not in ("owners", "milestone"):
        of = subject if kind == "theme.corrected" else event["root"]
        said.setdefault(of, {})[facts["field"]] = words.get("new", "")
    elif kind.endswith(".corrected") and "new" in facts:
        said.setdefault(subject, {}).update(
            {name: facts["new"].get(name) for name in FACTS if name in facts["new"]}
        )
    for word, field in LATER.get(kind, {}).items():
        said.setdefault(subject, {})[field] = words.get(word)
    if kind == "update.posted" and facts["lead"]:
        said.setdefault(event["root"], {})["status"] = facts["status"]
    if kind in ("commitment.published", "commitment.entered", "due_date.approved"):
        said.setdefault(event["root"], {})["due"] = (facts.get("due") or facts.get("new") or {}).get("on")


def differences(shown: Any, subjects: list[str], said: Told) -> Iterator[str]:
    """Where a shown JSON value differs from the record, in words; `subjects` are those of the entries in order."""
    for thing in _things(shown):
        position = _position(thing)
        if not 0 < position <= len(subjects) or isinstance(thing.get("body"), dict):
            continue  # an event is held against its leaf, by verify.py
        subject = subjects[position - 1]
        names = [str(thing[name]) for name in NAMES if thing.get(name)]
        if not names:
            continue  # an earlier wording, beside the present one
        if not any(subject.endswith((":" + name, "/" + name)) for name in names):
            yield f"{names[0]} says that entry {position} made it, which made {subject}."
            continue
        for field, text in said.get(subject, {}).items():
            if text is not None and field in thing and _value(thing, field) != text:
                yield f"{subject}: {field} is shown as {_value(thing, field)!r}, and the record has {text!r}."


def positions(shown: Any) -> list[int]:
    """The positions that a shown JSON value names."""
    return [_position(thing) for thing in _things(shown)]


def _things(shown: Any) -> Iterator[dict[str, Any]]:
    if isinstance(shown, dict):
        if _position(shown):
            yield shown
        shown = list(shown.values())
    if isinstance(shown, list):
        for part in shown:
            yield from _things(part)


def _position(thing: dict[str, Any]) -> int:
    found = thing.get("record_position", thing.get("position"))
    return found if isinstance(found, int) else 0


def _value(thing: dict[str, Any], field: str) -> Any:
    value = thing[field]
    if field == "due" and isinstance(value, dict):
        return value.get("on")
    if isinstance(value, list) and all(isinstance(part, dict) and "text" in part for part in value):
        return "\n".join(part["text"] for part in value)  # findings and notes stand in the record as lines
    return value if value is not None or field in ("due", "status") else ""
