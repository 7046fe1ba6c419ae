"""Action plans in three levels: headings become themes, their milestones what is asked, their indicators commitments.

An indicator is what one department promises by one deadline, which is a commitment here; what they call a milestone has
neither, and groups indicators as a recommendation does. Nobody was asked through this service, so no clock starts.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.text import slugify

from commitments.promises import Due
from tests.foreign import vague
from tests.foreign.shaping import Bodies, Item, commitment, note, owners, record, source, titled
from tests.foreign.sources import Row
from tests.foreign.vague import Deadline

URL = "https://github.com/open-data/ckanext-canada"
BY = "the plan's own numbering"


@dataclass(frozen=True)
class Plan:
    """A plan, and the last year that it covers."""

    slug: str
    prefix: str
    title: str
    last_year: int


FIFTH = Plan("plan-5", "NAP5", "An action plan for 2022 to 2024", 2024)
SIXTH = Plan("plan-6", "NAP6", "An action plan for 2025 to 2029", 2029)


def record_of(rows: Sequence[Row], plan: Plan) -> Item:
    """The whole plan as one assembly."""
    bodies = Bodies()
    headings = {row["commitment_code"]: row["commitment_en"] for row in rows}
    groups = {row["milestone_code"]: row for row in rows}
    numbers = {code: number for number, code in enumerate(groups, start=1)}
    return record(
        {"slug": plan.slug, "prefix": plan.prefix, "title": plan.title, "sources": [_source()]},
        bodies=bodies,
        commitments=[_commitment(row, numbers, plan, bodies) for row in rows],
        themes=[_theme(order, code, title) for order, (code, title) in enumerate(headings.items())],
        recommendations=[_recommendation(numbers[code], row) for code, row in groups.items()],
    )


def departments(row: Row) -> list[str]:
    """The codes of the departments in a row; some cells hold a list."""
    return re.findall(r"[a-z][a-z-]*[a-z]", row["lead_department"])


def deadline(row: Row, plan: Plan) -> Deadline:
    """The deadline of a row."""
    return vague.read(row["deadline_text_en"], plan.last_year)


def due_item(due: Due) -> Item:
    """A due date as the record format writes it, by the last day of its period."""
    return {
        "on": due.ends_on.isoformat() if due.ends_on else None,
        "precision": str(due.precision),
        "text": due.text,
    }


def _source(said: str = "") -> Item:
    return source(URL, "primary", said=said)


def _theme(order: int, code: str, title: str) -> Item:
    origin = {"by": BY, "url": URL, "reliability": "primary"}
    return {
        "slug": slugify(code),
        "order": order,
        "title": title,
        "summary": "",
        "origin": origin,
        "findings": [],
    }


def _recommendation(number: int, row: Row) -> Item:
    title, body = titled(row["milestone_en"].strip())
    return {
        "number": number,
        "title": title,
        "body": body,
        "theme": slugify(row["commitment_code"]),
        "theme_assigned_by": BY,
        "sources": [_source(f"milestone {row['milestone_code']}")],
    }


def _commitment(row: Row, numbers: dict[str, int], plan: Plan, bodies: Bodies) -> Item:
    named = departments(row)
    lead = named[0] if len(named) == 1 else None
    found = deadline(row, plan)
    notes = [note("deadline", f"{found.rule}: {found.reading}", kind="reading")] if found.reading else []
    if row["due_date"]:
        notes.append(note("due_date", "The source's own column beside the words.", row["due_date"]))
    return commitment(
        row["indicator_code"].replace(".", "-"),
        row["indicator_en"],
        [_source(f"indicator {row['indicator_code']}")],
        owners=owners(bodies, lead, named),
        recommendations=[numbers[row["milestone_code"]]],
        due=due_item(found.due),
        notes=notes,
    )
