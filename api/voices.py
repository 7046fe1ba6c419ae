"""What residents say, beside what owners claim, and the gap between the two: set side by side, never blended."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from commitments.tallies import CLAIM_WORTH
from ratings.counting import ALL
from ratings.models import Figure
from record.nested import Nested
from record.prepared import Among, Prepared

Shape = dict[str, Any]
WITHHELD: Shape = {"period": None, "n": None, "mean": None, "low": None, "high": None, "withheld": "few"}
GAP = "gap/1"
_WORTH: dict[str | None, float] = {status.value: worth for status, worth in CLAIM_WORTH.items()}

_COLUMNS = ("period__name", "n", "mean", "low", "high")


def _published() -> QuerySet[Any]:
    """The latest figures that may be shown."""
    return Figure.objects.filter(by=ALL.by, latest=True, n__isnull=False)


_FIGURES = Prepared(
    lambda: (
        _published().filter(Among("subject", "keys")).order_by("period__name").values("subject", *_COLUMNS)
    )
)


def nested(subject: Any) -> Nested:
    """For `residents_of`: the figures on what another question is about, `subject` being an expression of it."""
    return Nested(_published().filter(subject=subject).order_by("-period__name")[:1], *_COLUMNS)


def residents(subjects: Iterable[str]) -> dict[str, Shape]:
    """The latest published figure on each of these subjects (`theme:…`) that has one. One query."""
    figures = _FIGURES.rows(keys=list(subjects))
    return {row["subject"]: residents_of([[row[name] for name in _COLUMNS]]) for row in figures}


def residents_of(figures: list[list[Any]]) -> Shape:
    """What residents say, from the first of these figures; withheld where there is none."""
    for period, n, mean, low, high in figures:
        return {
            "period": period,
            "n": n,
            "mean": float(mean),
            "low": float(low),
            "high": float(high),
            "withheld": None,
        }
    return WITHHELD


def gap(claim: float | None, voice: Shape) -> Shape:
    """gap/1: the claim (0 to 1) less the published mean on the same scale, (mean − 1) / 4; null without either."""
    mean = voice["mean"]
    value = None if claim is None or mean is None else round(claim - (mean - 1) / 4, 3)
    return {"value": value, "method": GAP}


def claim_of(status: str | None) -> float | None:
    """What an owner's word counts: not started 0, in progress 0.5, completed 1, otherwise nothing."""
    return _WORTH.get(status)
