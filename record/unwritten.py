#!/usr/bin/env python3
"""Which deadlines passed in silence? Recomputed from the dates in the entries, so that a stopped clock shows.

    unwritten.py KEY FOLDER|ZIP [YYYY-MM-DD]      by that day, else by today; verify.py must lie beside this file

Python 3.9 or newer, nothing to install. What is due and when it is missed: docs/lifecycle.md of Said & Done. A deadline
is missed on the day after; the record has two days to say so (`commitment.overdue` and the like).
"""

from __future__ import annotations

import pathlib
import sys
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from record import verify
else:
    verify = import_module("record.verify" if __package__ else "verify")

Missed = tuple[str, str, str]  # the type of the entry that must say so, its subject, the deadline
Story = dict[str, Any]
GRACE = timedelta(days=2)
VERY_LATE = {"commitment.very_late": timedelta(days=90)}
BEGINS = {  # what starts a clock, and what must be written when it runs out
    "recommendation.asked": "recommendation.no_response",
    "challenge.opened": "challenge.unanswered",
    "milestone.added": "milestone.overdue",
}
ENDS = ("response.published", "challenge.answered", "challenge.resolved", "milestone.done")
DEADLINES = ("due_on", "reply_due_on", "update_due_on")


def unwritten(entries: Iterable[dict[str, Any]], today: date) -> list[Missed]:
    """The deadlines that had passed by `today` with nothing done, and that no entry says were missed.

    An action that moves a clock writes first what the clock had decided; what stands still is the scheduler's.
    """
    stories: dict[str, Story] = {}
    owed: set[Missed] = set()
    told: set[Missed] = set()
    for entry in entries:
        story, facts = stories.setdefault(entry["root"], begun()), entry["facts"]
        now = day(facts.get("answered_on") or entry["at"])
        before = passed(story, now)
        move(story, entry["root"], entry["type"], entry["subject"], facts)
        after = passed(story, now)
        owed |= before - after
        story["since"].update(
            dict.fromkeys(after - before, now)
        )  # by a refutation, say, long after the deadline
        told |= {(entry["type"], entry["subject"], facts[name]) for name in DEADLINES if facts.get(name)}
    for story in stories.values():
        found = passed(story, today - GRACE)
        owed |= {one for one in found if story["since"].get(one, date.min) < today - GRACE}
    return sorted(owed - told)


def written_late(entries: Iterable[dict[str, Any]]) -> list[tuple[int, int]]:
    """Positions of missed deadlines that were written after the two days, and how many days after they passed."""
    late = []
    for entry in entries:
        days = (day(entry["at"]) - day(entry["occurred_on"])).days
        if entry["actor"] == "clock" and days > GRACE.days:
            late.append((entry["position"], days))
    return late


def day(text: str) -> date:
    """The day of a date or a moment. A moment in UTC may be a day behind London; then the deadline waits a day more."""
    return date.fromisoformat(text[:10])


def begun() -> Story:
    """A recommendation or a commitment of which nothing is known yet."""
    return {
        "accepted": False,
        "status": None,
        "claim": None,
        "refuted": {},
        "due": {},
        "asked": {},
        "since": {},
    }


def passed(story: Story, today: date) -> set[Missed]:
    """What of a story is missed on `today`, as its entries so far tell it."""
    late = story["accepted"] and (story["status"] != "completed" or any(story["refuted"].values()))
    silent = late and story["status"] not in ("abandoned", "superseded")
    runs = {"commitment.overdue": late, "commitment.very_late": late}
    runs.update({"commitment.silent": silent, "milestone.overdue": silent})
    due = [(kind, of, on) for (kind, of), on in story["due"].items() if on and runs.get(kind, True)]
    return {one for one in due if day(one[2]) + VERY_LATE.get(one[0], timedelta(0)) < today}


def move(story: Story, root: str, kind: str, subject: str, facts: dict[str, Any]) -> None:
    """Let an entry change what the deadlines of its story depend on."""
    promised(story, root, kind, facts)
    judged(story, kind, subject, facts)
    due, name = story["due"], facts.get("organisation", subject)
    if kind in BEGINS:
        story["asked"][name] = subject
        due[BEGINS[kind], subject] = facts.get("due_on") or facts["reply_due_on"]
    if kind in ENDS:
        due.update({one: None for one in due if one[1] == story["asked"].get(name)})


def promised(story: Story, root: str, kind: str, facts: dict[str, Any]) -> None:
    """The dates of a promise: until when, how often it is to be reported on, and by which steps."""
    due = story["due"]
    story["accepted"] |= kind in ("commitment.published", "commitment.accepted")
    if kind in ("commitment.published", "commitment.entered", "due_date.approved"):
        on = (facts.get("due") or facts.get("new") or {}).get("on")
        due.update({("commitment.overdue", root): on, ("commitment.very_late", root): on})
    if facts.get("update_due_on"):
        due["commitment.silent", root] = facts["update_due_on"]
    if kind == "commitment.corrected" and facts["milestone"]:
        due["milestone.overdue", "milestone:" + facts["milestone"]] = facts["new_value"]


def judged(story: Story, kind: str, subject: str, facts: dict[str, Any]) -> None:
    """What the lead says, and whether panel or challenge refuted its present claim; a new word of its ends the old."""
    if kind == "update.posted" and facts["lead"]:
        story.update(status=facts["status"], claim=subject.partition(":")[2], refuted={})
    found = facts.get("finding") or facts.get("outcome")
    if found and facts["claim"] == story["claim"]:
        story["refuted"][facts.get("outcome") and subject] = found not in ("verified", "not_upheld")


def main(key: str, place: str, by: str = "") -> str:
    """What the command line asks, in words; raises ValueError where something is amiss."""
    copy = pathlib.Path(place) if pathlib.Path(place).is_dir() else zipfile.Path(place)
    state = verify.checkpoint(copy.joinpath("checkpoint").read_bytes().decode(), key, [])
    leaves = verify.leaves_of(lambda name: copy.joinpath(name).read_bytes(), state[0])
    entries = verify.check_entries(leaves, [state])
    today = day(by) if by else datetime.now(timezone.utc).date()
    missing = [
        f"{subject} was missed on {on}, and no {kind} says so."
        for kind, subject, on in unwritten(entries, today)
    ]
    verify.check(not missing, "\n".join(["Deadlines passed in silence:", *missing]))
    late = [
        f"Entry {position} was written {days} days after what it tells."
        for position, days in written_late(entries)
    ]
    return "\n".join([f"By {today} every deadline that passed is in the record.", *late])


if __name__ == "__main__":
    try:
        sys.stdout.write(main(*sys.argv[1:]) + "\n")
    except (ValueError, LookupError, TypeError, OSError) as error:
        sys.exit(f"DOES NOT HOLD: {error}")
