"""Reads across models: how the commitments of a theme stand, and what each organisation and team has kept.

Each function answers for many themes or bodies at once, in a constant number of queries.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from statistics import fmean
from typing import Any

from django.db.models import Count, Q

from commitments import standing
from commitments.choices import ChallengeState, Finding, Standing, Status
from commitments.models import Asked, Challenge, Commitment
from commitments.models.commitments import IS_CONTESTED, is_overdue, is_silent

Row = dict[str, Any]
CLAIM_WORTH = {Status.NOT_STARTED: 0.0, Status.IN_PROGRESS: 0.5, Status.COMPLETED: 1.0}
"""What an owner's word counts in gap/1; any other counts for nothing."""
_VERIFIED = Q(status=Status.COMPLETED, finding=Finding.VERIFIED, disputed=False)
_FACTS = (
    "status", "claimed_on", "verify_by", "finding", "disputed", "refuted_on", "accepted_on", "due_on",
    "first_due_on", "update_due_on", "measure", "target", "proof", "standing",
)  # fmt: skip


def of_themes(themes: Collection[int], today: date) -> dict[int, Row]:
    """For each theme (by key) its commitments, counted once each, as they stand on `today`. One query."""
    through = "answering__recommendation__theme"
    found = Commitment.objects.with_standing(today).filter(**{f"{through}__in": themes})
    rows: dict[int, list[Row]] = {theme: [] for theme in themes}
    for row in found.values("pk", through, *_FACTS).distinct():
        rows[row[through]].append(row)
    return {theme: _summary(own, today) for theme, own in rows.items()}


def _summary(rows: list[Row], today: date) -> Row:
    facts = [_facts(row) for row in rows]
    measurable = sum(
        bool(row["measure"] and row["target"] and row["proof"] and row["due_on"]) for row in rows
    )
    return {
        "commitments": len(rows),
        "standings": _counts((row["standing"] for row in rows), Standing.values),
        "measurability": {"measurable": measurable, "not_measurable": len(rows) - measurable},
        "overdue": sum(standing.is_overdue(one, today) for one in facts),
        "silent": sum(standing.is_silent(one, today) for one in facts),
        "contested": sum(standing.is_contested(one) for one in facts),
        "lateness": {
            "present": _lateness(
                standing.days_late(one, row["due_on"], today) for one, row in zip(facts, rows, strict=True)
            ),
            "first": _lateness(
                standing.days_late(one, row["first_due_on"], today)
                for one, row in zip(facts, rows, strict=True)
            ),
        },
        "claims": _claims(rows),
        "findings": _counts((row["finding"] for row in rows), Finding.values),
    }


def _facts(row: Row) -> standing.Facts:
    return standing.Facts(
        status=row["status"],
        claimed_on=row["claimed_on"],
        verify_by=row["verify_by"],
        finding=row["finding"],
        disputed=row["disputed"],
        refuted=row["refuted_on"] is not None,
        accepted=row["accepted_on"] is not None,
        due_on=row["due_on"],
        update_due_on=row["update_due_on"],
    )


def _counts(words: Iterable[str | None], known: Iterable[str]) -> dict[str, int]:
    found = dict.fromkeys(known, 0)
    for word in words:
        if word is not None:
            found[word] += 1
    return found


def _lateness(given: Iterable[int | None]) -> Row:
    """Among those with a date: how many are late, and by how many days on average and at most."""
    dated = [days for days in given if days is not None]
    late = [days for days in dated if days > 0]
    return {
        "dated": len(dated),
        "late": len(late),
        "mean_days": round(fmean(late), 1) if late else None,
        "most_days": max(late) if late else None,
    }


def _claims(rows: list[Row]) -> Row:
    """The mean of what owners claim, over the commitments of which they say how far they are."""
    worth = [CLAIM_WORTH[row["status"]] for row in rows if row["status"] in CLAIM_WORTH]
    return {"mean": round(fmean(worth), 3) if worth else None, "n": len(worth)}


def of_organisations(bodies: Collection[int], today: date) -> dict[int, Row]:
    """The scorecard of each organisation (by key): what it promised itself, and what became of it. Three queries."""
    asked = Asked.objects.filter(organisation__in=bodies, answered_on=None, due_on__lt=today)
    unanswered = dict(asked.order_by().values_list("organisation").annotate(Count("pk")))
    return _scorecards("organisation", bodies, today, unanswered)


def of_teams(teams: Collection[int], today: date) -> dict[int, Row]:
    """The scorecard of each team (by key). Two queries: teams are not asked, their bodies are."""
    return _scorecards("team", teams, today, {})


def _scorecards(
    owner: str, keys: Collection[int], today: date, recommendations: dict[int, int]
) -> dict[int, Row]:
    owned: dict[int, Row] = defaultdict(dict)
    for row in _owned(owner, keys, today):
        owned[row.pop(f"owners__{owner}")] = row
    challenges = _unanswered_challenges(owner, keys, today)
    names = ("promised", "verified", "claimed", "late", "silent", "contested")
    return {
        key: {
            **{name: owned[key].get(name, 0) for name in names},
            "unanswered": recommendations.get(key, 0) + challenges.get(key, 0),
            "unanswered_recommendations": recommendations.get(key, 0),
            "unanswered_challenges": challenges.get(key, 0),
        }
        for key in keys
    }


def _owned(owner: str, keys: Collection[int], today: date) -> Iterable[Row]:
    def count(holds: Q | None = None) -> Count:
        return Count("pk", distinct=True, filter=holds)

    own = Q(owners__ended_on=None)
    if owner == "team":
        # What a team owned when it ended stays on its card: there one sees what became of it.
        own |= Q(owners__passed_to__isnull=False)
    named = {"owners__accepted_on__isnull": False, f"owners__{owner}__in": keys}
    rows: Iterable[Row] = (
        Commitment.objects.filter(own, **named)
        .order_by()
        .values(f"owners__{owner}")
        .annotate(
            promised=count(),
            verified=count(_VERIFIED),
            claimed=count(Q(status=Status.COMPLETED)),
            late=count(is_overdue(today)),
            silent=count(is_silent(today)),
            contested=count(IS_CONTESTED),
        )
    )
    return rows


def _unanswered_challenges(owner: str, keys: Collection[int], today: date) -> dict[int, int]:
    """Challenges that the lead owner has not answered in time."""
    through = f"commitment__owners__{owner}"
    leads = {"commitment__owners__ended_on": None, "commitment__owners__lead": True, f"{through}__in": keys}
    passed = Challenge.objects.filter(state=ChallengeState.OPEN, reply_due_on__lt=today, **leads)
    return dict(passed.order_by().values_list(through).annotate(Count("pk", distinct=True)))
