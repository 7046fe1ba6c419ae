"""The twin of the summaries in plain Python: slow, easy to read, and held against the SQL by a property test."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from math import floor
from statistics import fmean
from typing import Any

from commitments import standing
from commitments.choices import Finding, Standing, Status
from commitments.models import Commitment

WORTH = {Status.NOT_STARTED: 0.0, Status.IN_PROGRESS: 0.5, Status.COMPLETED: 1.0}


def summary(commitments: Iterable[Commitment], today: date) -> dict[str, Any]:
    """What a theme's summary says of these commitments."""
    rows = list(commitments)
    facts = [standing.facts_of(row) for row in rows]
    measurable = sum(row.is_measurable for row in rows)
    return {
        "commitments": len(rows),
        "standings": counts((standing.standing(one, today) for one in facts), Standing.values),
        "measurability": {"measurable": measurable, "not_measurable": len(rows) - measurable},
        "overdue": sum(standing.is_overdue(one, today) for one in facts),
        "silent": sum(standing.is_silent(one, today) for one in facts),
        "contested": sum(standing.is_contested(one) for one in facts),
        "lateness": {
            "present": lateness([standing.days_late(standing.facts_of(r), r.due_on, today) for r in rows]),
            "first": lateness(
                [standing.days_late(standing.facts_of(r), r.first_due_on, today) for r in rows]
            ),
        },
        "claims": claims(rows),
        "findings": counts((row.finding for row in rows), Finding.values),
        "scorecard": card(rows, today),
    }


def card(rows: Iterable[Commitment], today: date) -> dict[str, int]:
    """A scorecard without what waits for an answer."""
    promised = [(row, standing.facts_of(row)) for row in rows if row.accepted_on]
    running = [row for row, one in promised if not standing.has_standing_claim(one)]
    return {
        "promised": len(promised),
        "verified": sum(
            row.status == Status.COMPLETED and row.finding == Finding.VERIFIED and not row.disputed
            for row, _ in promised
        ),
        "claimed": sum(row.status == Status.COMPLETED for row, _ in promised),
        "late": sum(standing.is_overdue(one, today) for _, one in promised),
        "late_first": sum(row.first_due_on is not None and row.first_due_on < today for row in running),
        "silent": sum(standing.is_silent(one, today) for _, one in promised),
        "contested": sum(standing.is_contested(one) for _, one in promised),
        "not_measurable": sum(not row.is_measurable for row, _ in promised),
        "unanswered": 0,
        "unanswered_recommendations": 0,
        "unanswered_challenges": 0,
    }


def counts(words: Iterable[str | None], known: Iterable[str]) -> dict[str, int]:
    """How often each is said."""
    said = list(words)
    return {word: said.count(word) for word in known}


def lateness(given: list[int | None]) -> dict[str, Any]:
    """Among those with a date."""
    dated = [days for days in given if days is not None]
    late = [days for days in dated if days > 0]
    mean = round(fmean(late), 1) if late else None
    return {"dated": len(dated), "late": len(late), "mean_days": mean, "most_days": max(late, default=None)}


def claims(rows: list[Commitment]) -> dict[str, Any]:
    """The mean of what owners claim."""
    said = [WORTH[Status(row.status)] for row in rows if row.status in WORTH]
    mean = floor(Fraction(sum(said)) / len(said) * 1000 + Fraction(1, 2)) / 1000 if said else None
    return {"mean": mean, "n": len(said)}
