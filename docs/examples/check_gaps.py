#!/usr/bin/env python3
"""Every gap between claim and residents, worked out again from the tables and held against what is published.

    python3 check_gaps.py http://127.0.0.1:8000

Needs Python 3.9 or newer and nothing else. The method is in docs/method.md. Ends with 1 where anything differs.
"""

import csv
import io
import sys
import urllib.request
from decimal import ROUND_HALF_UP, Decimal

USER_AGENT = "gap-check/1 (desk@example.org)"  # say who you are
WORTH = {"not_started": Decimal(0), "in_progress": Decimal("0.5"), "completed": Decimal(1)}
SHOWN = ("n", "mean", "low", "high")


def table(base, name):
    """The rows of a list."""
    request = urllib.request.Request(f"{base}/api/v1/{name}", headers={"User-Agent": USER_AGENT})
    with urllib.request.urlopen(request, timeout=300) as answer:
        return list(csv.DictReader(io.StringIO(answer.read().decode())))


def newest(figures):
    """Of each subject the figure of its newest quarter that is published and not set aside."""
    counted = [row for row in figures if not row["withheld"] and row["set_aside"] == "false"]
    return {row["subject"]: row for row in sorted(counted, key=lambda row: row["period"])}


def claim_on(theme, promises):
    """The mean claim of a theme's commitments, each counted once, to three decimals."""
    mine = [row for row in promises if row["assembly"] == theme["assembly"] and row["status"] in WORTH]
    said = [WORTH[row["status"]] for row in mine if theme["slug"] in row["themes"].split("; ")]
    return (sum(said) / len(said)).quantize(Decimal("0.001"), ROUND_HALF_UP) if said else None


def differences(subject, row, claim, figure):
    """What the row says otherwise than the figures, or than gap/1 = claim - (mean - 1) / 4."""
    wrong = [name for name in SHOWN if row[f"voices.residents.{name}"] != figure.get(name, "")]
    gap = claim - (Decimal(figure["mean"]) - 1) / 4 if figure and claim is not None else None
    said = Decimal(row["voices.gap.value"]) if row["voices.gap.value"] else None
    return [f"{subject}: {name} differs" for name in wrong] + (
        [f"{subject}: {gap}, not {said}"] if gap != said else []
    )


def main(base):
    """Fetch three tables and compare."""
    figures = newest(table(base, "ratings.csv?by=all&latest=true"))
    promises, themes = table(base, "commitments.csv"), table(base, "themes.csv")
    rows = [(f"commitment:{row['reference']}", row, WORTH.get(row["status"])) for row in promises]
    rows += [(f"theme:{row['assembly']}/{row['slug']}", row, claim_on(row, promises)) for row in themes]
    wrong = [
        line for name, row, claim in rows for line in differences(name, row, claim, figures.get(name, {}))
    ]
    gaps = sum(bool(row["voices.gap.value"]) for _, row, _ in rows)
    print("\n".join([*wrong, f"{gaps} gaps, {len(wrong)} differences."]))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1].rstrip("/"))
