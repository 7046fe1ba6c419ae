"""What came of it: what the owner claims, what the panel found, what residents say, and who disputes it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, F, Q, QuerySet
from django.utils.translation import gettext_lazy as later

from commitments import voices
from commitments.choices import ChallengeState
from commitments.evidence import telling
from commitments.models import Challenge, Evidence, ProgressUpdate, Verification
from portal import wording
from ratings import figures
from ratings.choices import Stratum
from ratings.counting import ALL, STRATUM
from ratings.models import Figure, words
from record.entries import shown_words
from record.prepared import Among, Blank, Prepared

Row = dict[str, Any]
CHALLENGES, RATING_WORDS, FINDINGS = 30, 12, 20
"""So many are shown; the rest is behind a link."""
STRATA = {
    Stratum.LOCAL: later("Local residents, by a code"),
    Stratum.OTHER: later("Other residents"),
    Stratum.MEMBER: later("Members of the assembly"),
}
EVERYONE = later("All who rated")
ENDED = frozenset({ChallengeState.RESOLVED, ChallengeState.WITHDRAWN, ChallengeState.REFUSED})
COLUMNS_OF_A_CHALLENGE = (
    "id", "position", "voice", "shown_state", "reason", "reason_shown", "support_count", "support_needed",
    "proposed_on", "opened_on", "reply_due_on", "reply", "answered_on", "late_by_days", "outcome",
    "outcome_reason", "resolved_on", "refused_ground", "refused_on", "held_on", "invented", "claim_id",
)  # fmt: skip


def reports(key: int, claim: Any) -> Row:
    """The owner's last update, its last words with their evidence, and the words with which it claims completion.

    The last update says nothing where there was nothing to report; then the words before it are its last.
    """
    last = _LAST.row(key=key)
    spoken = _SPOKEN.row(key=key) if last and last["nothing_to_report"] else last
    claimed = last if last and last["id"] == claim else _CLAIM.row(keys=[claim]) if claim else None
    return {
        "last": last,
        "spoken": spoken,
        "claim": claimed,
        "evidence": _evidence([one["id"] for one in (spoken, claimed) if one]),
    }


def _evidence(keys: Iterable[Any]) -> list[Row]:
    wanted = sorted(set(keys), key=str)
    return [_piece(row) for row in _EVIDENCE.rows(keys=wanted)] if wanted else []


def _piece(row: Row) -> Row:
    """A link, or a file with its kind and size."""
    key = row["file__id"]
    where = {"url": telling.path_to(key)} if key else {}
    return row | where | {"kind": telling.kind_of(row["file__media_type"]), "size": row["file__size"]}


def findings(key: int, claim: Any) -> Row:
    """What the panel found: of the present claim, and of earlier ones."""
    told = [row | {"word": wording.FINDINGS[row["finding"]]} for row in _FINDINGS.rows(key=key)]
    return {
        "present": next((row for row in told if row["claim_id"] == claim), None) if claim else None,
        "earlier": [row for row in told if row["claim_id"] != claim],
    }


def challenges(key: int, today: date) -> list[Row]:
    """Who disputes its claims, newest first: one more than are shown, where there are more."""
    return [told(row, today) for row in _CHALLENGES.rows(key=key, today=today)]


def told(row: Row, today: date) -> Row:
    """A challenge with its clock: how long there is for an answer, or how long there has been none."""
    due = row["reply_due_on"]
    runs = row["shown_state"] == ChallengeState.OPEN
    waits = row["shown_state"] == ChallengeState.UNANSWERED
    return row | {
        "days_left": (due - today).days if runs and due else None,
        "days_over": (today - due).days if waits and due else None,
        "is_over": row["shown_state"] in ENDED,
        "wants": max(0, row["support_needed"] - row["support_count"]),
    }


def residents(subject: str, row: Row) -> Row:
    """What residents say: the figure that speaks with its strata, the quarters before, and what was set aside."""
    listed = list(
        Figure.objects.filter(subject=subject, latest=True, by__in=(ALL.by, STRATUM)).select_related("period")
    )
    wholes = [one for one in listed if one.by == ALL.by and one.n is not None]
    wholes.sort(key=lambda one: one.period.name, reverse=True)
    said = voices.residents_of(row)
    reasons = figures.reasons_aside(wholes)
    return {
        "said": said,
        "why_withheld": wording.withheld(said["withheld"]) if said["withheld"] else "",
        "groups": _groups(listed, None if said["withheld"] else said["period"]),
        "quarters": [_quarter(one, reasons) for one in wholes],
        "gap": voices.gap_of(row.get("status"), row["residents_mean"])["value"],
    }


def _groups(listed: list[Figure], period: str | None) -> list[Row]:
    """All who rated in a quarter, and each stratum apart; a group that is withheld is there, and says so."""
    if period is None:
        return []
    found = {(one.by, one.group): one for one in listed if one.period.name == period}
    whole = found.get((ALL.by, ""))
    strata = [_group(label, found.get((STRATUM, name.value))) for name, label in STRATA.items()]
    return [_group(EVERYONE, whole), *strata] if whole else []


def _group(label: Any, figure: Figure | None) -> Row:
    if figure is None or figure.n is None:
        return {"label": label, "n": None, "mean": None, "low": None, "high": None}
    return {"label": label, "n": figure.n, "mean": figure.mean, "low": figure.low, "high": figure.high}


def _quarter(figure: Figure, reasons: dict[int, str]) -> Row:
    return {
        "period": figure.period.name,
        **_group(EVERYONE, figure),
        "set_aside": figure.set_aside,
        "why": reasons.get(figure.pk, ""),
    }


def spoken(**subject: Any) -> list[Row]:
    """Words that came with ratings and may be shown, the last published first. Two queries."""
    listed: QuerySet[Any] = words.shown().filter(**subject).select_related("period").order_by("-position")
    rows = list(listed[:RATING_WORDS])
    texts = shown_words([row.position for row in rows])
    return [
        {"text": text, "period": row.period.name, "position": row.position, "invented": row.invented}
        for row in rows
        if (text := texts[row.position].get("text"))
    ]


_KEY: Any = Blank("key", BigIntegerField())
_OF_AN_UPDATE = (
    *("id", "position", "posted_on", "status", "nothing_to_report", "body"),
    *("held_on", "invented"),
)


def _updates(*of: Any) -> QuerySet[Any]:
    rows: QuerySet[Any] = ProgressUpdate.objects.filter(*of).order_by("-position")
    return rows.values(*_OF_AN_UPDATE, team_name=F("team__name"))[:1]


_LAST = Prepared(lambda: _updates(Q(commitment=_KEY, lead=True)))
_SPOKEN = Prepared(lambda: _updates(Q(commitment=_KEY, lead=True, nothing_to_report=False)))
_CLAIM = Prepared(lambda: _updates(Among("pk", "keys")))
_EVIDENCE = Prepared(
    lambda: (
        Evidence.objects.filter(Among("update", "keys"))
        .order_by("order", "pk")
        .values("update_id", "title", "url", "dated", "file__id", "file__media_type", "file__size")
    )
)
_FINDINGS = Prepared(
    lambda: (
        Verification.objects.filter(commitment=_KEY)
        .order_by("-position")
        .values("id", "position", "claim_id", "finding", "reason", "found_on", "held_on", "invented")[
            :FINDINGS
        ]
    )
)


def _disputes() -> QuerySet[Any]:
    rows: QuerySet[Any] = Challenge.objects.with_state(Blank.day("today")).filter(commitment=_KEY)
    listed = rows.order_by("-position").values(*COLUMNS_OF_A_CHALLENGE, replier=F("replied_by__name"))
    return listed[: CHALLENGES + 1]


_CHALLENGES = Prepared(_disputes)
