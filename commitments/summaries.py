"""Reads across models: how the commitments of a theme stand, and what each organisation and team has kept.

Each function answers for many themes or bodies at once, in a constant number of queries; the counting is
in `commitments/tallies.py`.
What was counted is remembered until an entry is written on which it could rest (for a theme: one of its assembly, or of
none; for a body: any), or the London day ends.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from commitments import tallies
from commitments.choices import Finding, Standing
from commitments.models.residents import CLAIMED, FORTIETHS, TENTHS
from record.remembering import Remembered

Row = dict[str, Any]
THEMES = Remembered()
OWNERS = {"organisation": Remembered(), "team": Remembered()}
EVERYTHING = Remembered()


def of_themes(themes: Collection[int], today: date) -> dict[int, Row]:
    """For each theme (by key) its commitments, counted once each, as they stand on `today`. At most four queries.

    What is answered is shared: read it, and change nothing in it.
    """
    marks = {
        row["pk"]: (today, row["mark"], row["shared"], row["revision"])
        for row in tallies.LAST_OF_THEMES.rows(keys=themes)
    }
    return THEMES.get(marks, lambda missing: _of_themes(missing, today))


def _of_themes(themes: Collection[int], today: date) -> dict[int, Row]:
    rows: dict[int, list[Row]] = {theme: [] for theme in themes}
    for row in tallies.UNDER_THEMES.rows(keys=themes, today=today):
        rows[row["theme"]].append(row)
    asked = _by("recommendation__theme", tallies.ASKED_UNDER_THEMES.rows(keys=themes, today=today))
    challenged = _by("theme", tallies.CHALLENGED_UNDER_THEMES.rows(keys=themes, today=today))
    return {
        theme: _summary(own, asked.get(theme, 0), challenged.get(theme, 0)) for theme, own in rows.items()
    }


def _by(name: str, rows: Iterable[Row]) -> dict[int, int]:
    return {row[name]: row["n"] for row in rows}


def _summary(rows: list[Row], asked: int, challenged: int) -> Row:
    """A theme's rows (one for each standing) as one."""
    commitments, measurable = _sum(rows, "commitments"), _sum(rows, "measurable")
    return {
        "commitments": commitments,
        "standings": dict.fromkeys(Standing.values, 0)
        | {row["standing"]: row["commitments"] for row in rows},
        "measurability": {"measurable": measurable, "not_measurable": commitments - measurable},
        "overdue": _sum(rows, "late"),
        "silent": _sum(rows, "silent"),
        "contested": _sum(rows, "contested"),
        "lateness": {name: _lateness(rows, name) for name in ("present", "first")},
        "claims": _claims(rows),
        "findings": {finding: _sum(rows, f"found_{finding}") for finding in Finding.values},
        "scorecard": _card({name: _sum(rows, name) for name in tallies.CARD}, asked, challenged),
    }


def _sum(rows: Iterable[Row], name: str) -> int:
    return sum(row[name] or 0 for row in rows)


def _lateness(rows: list[Row], name: str) -> Row:
    """Among those with a date: how many are late, and by how many days on average and at most."""
    late = _sum(rows, f"{name}_late")
    return {
        "dated": _sum(rows, f"{name}_dated"),
        "late": late,
        "mean_days": round(_sum(rows, f"{name}_sum") / late, 1) if late else None,
        "most_days": max(row[f"{name}_most"] or 0 for row in rows) if late else None,
    }


def _claims(rows: list[Row]) -> Row:
    """The mean of what owners claim, over the commitments of which they say how far they are; thousandths, half up."""
    said = {status: _sum(rows, f"says_{status}") for status in CLAIMED}
    n = sum(said.values())
    return {
        "mean": _mean(sum(CLAIMED[status] * count for status, count in said.items()), n * FORTIETHS),
        "n": n,
    }


def _card(counted: Row, asked: int, challenged: int) -> Row:
    return {
        **{name: counted.get(name, 0) for name in tallies.CARD},
        "unanswered": asked + challenged,
        "unanswered_recommendations": asked,
        "unanswered_challenges": challenged,
    }


def of_everything(today: date) -> Row:
    """All commitments by standing: how many, and of these how many are promised here, or invented; and for each theme
    how many recommendations (`asked`) and commitments (`answered`) it has. Four queries; one where it is remembered.
    """
    head = tallies.HEAD.row() or {}
    found: Row = EVERYTHING.get({0: (today, *head.values())}, lambda _missing: {0: _of_everything(today)})[0]
    return found


def _of_everything(today: date) -> Row:
    return {
        "standings": {row.pop("standing"): row for row in tallies.by_standing(today)},
        "asked": tallies.asked_by_theme(),
        "answered": tallies.answered_by_theme(),
    }


def of_organisations(bodies: Collection[int], today: date) -> dict[int, Row]:
    """The scorecard of each organisation (by key): what it promised itself, and what became of it."""
    return {key: row["scorecard"] for key, row in of_owners("organisation", bodies, today).items()}


def of_teams(teams: Collection[int], today: date) -> dict[int, Row]:
    """The scorecard of each team (by key). Teams are not asked about recommendations, their bodies are."""
    return {key: row["scorecard"] for key, row in of_owners("team", teams, today).items()}


def of_owners(owner: str, keys: Collection[int], today: date) -> dict[int, Row]:
    """For each team or organisation its `scorecard` and, on the same commitments, the three `voices`."""
    head = tallies.HEAD.row() or {}
    mark = (today, *head.values())
    return OWNERS[owner].get(dict.fromkeys(keys, mark), lambda missing: _of_owners(owner, missing, today))


def _of_owners(owner: str, keys: Collection[int], today: date) -> dict[int, Row]:
    owned: dict[int, Row] = defaultdict(dict)
    for row in tallies.OWNED[owner].rows(keys=keys, today=today):
        owned[row["owner"]] = row
    challenged = _by("owner", tallies.CHALLENGED[owner].rows(keys=keys, today=today))
    asked = {}
    if owner == "organisation":
        asked = _by("organisation", tallies.ASKED.rows(keys=keys, today=today))
    return {
        key: {
            "scorecard": _card(owned[key], asked.get(key, 0), challenged.get(key, 0)),
            "voices": _voices([owned[key]] if owned[key] else []),
        }
        for key in keys
    }


def _voices(rows: list[Row]) -> Row:
    """What is claimed, heard and found on a body's commitments, each counted alike."""
    heard, gaps = _sum(rows, "heard"), _sum(rows, "gaps")
    return {
        "owner": _claims(rows),
        "residents": {"commitments": heard, "set_aside": _sum(rows, "aside")}
        | {name: _mean(_sum(rows, f"sum_{name}"), heard * TENTHS) for name in ("mean", "low", "high")},
        "panel": {finding: _sum(rows, f"found_{finding}") for finding in Finding.values},
        "gap": {"value": _mean(_sum(rows, "sum_gap"), gaps * FORTIETHS), "n": gaps},
    }


def _mean(total: int, n: int) -> float | None:
    """Three decimals, half up."""
    return (2000 * total + n) // (2 * n) / 1000 if n else None


def forget() -> None:
    """Forget everything that is remembered (tests, whose databases go back in time)."""
    for remembered in (THEMES, EVERYTHING, *OWNERS.values()):
        remembered.clear()
