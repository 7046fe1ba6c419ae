"""What residents say, beside what owners claim, and the gap between the two: set side by side, never blended.

Pure functions of what stands with a commitment or theme in the columns of RESIDENTS, all of it published.
"""

from collections.abc import Mapping
from typing import Any

from commitments.models.residents import CLAIMED, FORTIETHS, LEAST, TENTHS

Shape = dict[str, Any]
WITHHELD: Shape = {"period": None, "n": None, "mean": None, "low": None, "high": None, "withheld": "few"}
SET_ASIDE: Shape = WITHHELD | {"withheld": "set_aside"}
GAP, MEAN_GAP, MEAN_OF_MEANS = "gap/1", "gap-mean/1", "mean-of-means/1"
RESIDENTS = ("residents_period", "residents_n", "residents_mean", "residents_low", "residents_high")
_WORTH: dict[str | None, int] = {status.value: worth for status, worth in CLAIMED.items()}


def residents_of(row: Mapping[str, Any]) -> Shape:
    """What residents say of what a row is about; withheld where nothing is published."""
    period, n, mean, low, high = (row[name] for name in RESIDENTS)
    if mean is None:
        return WITHHELD if period is None else SET_ASIDE
    return {
        "period": period,
        "n": n,
        "mean": mean / TENTHS,
        "low": low / TENTHS,
        "high": high / TENTHS,
        "withheld": None,
    }


def gap_of(status: str | None, mean: int | None) -> Shape:
    """gap/1: the claim (0 to 1) less the published mean on the same scale, (mean - 1) / 4; null without either.

    `mean` is in tenths; so the gap is a whole number of fortieths, and exact.
    """
    worth = _WORTH.get(status)
    value = None if worth is None or mean is None else (worth - (mean - LEAST)) / FORTIETHS
    return {"value": value, "method": GAP}


def gap_to(claims: float | None, mean: int | None) -> Shape:
    """The same for the mean of several claims (three decimals), to three decimals."""
    value = None if claims is None or mean is None else (round(1000 * claims) - 25 * (mean - LEAST)) / 1000
    return {"value": value, "method": GAP}


def of_body(counted: Mapping[str, Any]) -> Shape:
    """Three voices on a body's commitments, from `commitments.summaries`."""
    heard, gap = dict(counted["residents"]), counted["gap"]
    withheld = "set_aside" if heard.pop("set_aside") else "few"
    return {
        "owner": counted["owner"],
        "residents": {
            **heard,
            "withheld": None if heard["commitments"] else withheld,
            "method": MEAN_OF_MEANS,
        },
        "panel": counted["panel"],
        "gap": {"value": gap["value"], "method": MEAN_GAP, "n": gap["n"]},
    }
