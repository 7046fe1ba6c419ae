"""What residents say, beside what owners claim, and the gap between the two: set side by side, never blended."""

from collections.abc import Iterable
from typing import Any

from commitments.tallies import CLAIM_WORTH
from ratings.counting import ALL
from ratings.models import Figure
from record.prepared import Among, Prepared

Shape = dict[str, Any]
WITHHELD: Shape = {"period": None, "n": None, "mean": None, "low": None, "high": None, "withheld": "few"}
GAP = "gap/1"
_WORTH: dict[str | None, float] = {status.value: worth for status, worth in CLAIM_WORTH.items()}

_FIGURES = Prepared(
    lambda: (
        Figure.objects.filter(Among("subject", "keys"), by=ALL.by, latest=True, n__isnull=False)
        .order_by("period__name")
        .values("subject", "period__name", "n", "mean", "low", "high")
    )
)


def residents(subjects: Iterable[str]) -> dict[str, Shape]:
    """The latest published figure on each of these subjects (`commitment:WF24-C012`) that has one. One query."""
    return {
        row["subject"]: {
            "period": row["period__name"],
            "n": row["n"],
            "mean": float(row["mean"]),
            "low": float(row["low"]),
            "high": float(row["high"]),
            "withheld": None,
        }
        for row in _FIGURES.rows(keys=list(subjects))
    }


def gap(claim: float | None, voice: Shape) -> Shape:
    """gap/1: the claim (0 to 1) less the published mean on the same scale, (mean − 1) / 4; null without either."""
    mean = voice["mean"]
    value = None if claim is None or mean is None else round(claim - (mean - 1) / 4, 3)
    return {"value": value, "method": GAP}


def claim_of(status: str | None) -> float | None:
    """What an owner's word counts: not started 0, in progress 0.5, completed 1, otherwise nothing."""
    return _WORTH.get(status)
