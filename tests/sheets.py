"""A small assembly in spreadsheets, as an officer fills them, for the tests of importing and exporting."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from commitments import importing
from tests import make

HEADERS: Mapping[str, str] = {
    "organisations": "slug,name,kind,area",
    "teams": "slug,name,organisation,area",
    "assembly": "slug,prefix,title,question,area,held,held_from,held_to,"
    "source_url,source_date,source_reliability,source_note",
    "recommendations": "number,title,body,theme,theme_assigned_by,"
    "source_url,source_date,source_reliability,source_note,reason",
    "commitments": "slug,title,body,recommendations,owners,due_on,due_precision,due_text,measure,baseline,target,"
    "proof,reported_state,areas,source_url,source_date,source_reliability,source_note,reason",
    "corrections": "kind,of,field,old,new,reason",
    "responses": "recommendation,organisation,version,position,body,reason,"
    "source_url,source_date,source_reliability,source_note",
}
SOURCE = {"source_url": "https://example.org/plan", "source_date": "2025-05", "source_reliability": "primary"}


def sheet(kind: str, *rows: Mapping[str, Any], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """The bytes of a CSV with these rows."""
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, HEADERS[kind].split(","), restval="", delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue().encode(encoding)


def commitment(slug: str, **more: str) -> dict[str, str]:
    """A row of commitments."""
    return {"slug": slug, "title": f"Promise {slug}", **SOURCE, **more}


def recommendation(number: int, **more: str) -> dict[str, str]:
    """A row of recommendations."""
    return {"number": str(number), "title": f"Recommendation {number}", **SOURCE, **more}


def base() -> dict[str, bytes]:
    """Bodies, an assembly and three recommendations."""
    return {
        "organisations.csv": sheet(
            "organisations",
            {"slug": "police", "name": "Police", "kind": "police_force"},
            {"slug": "council", "name": "Council", "kind": "council"},
        ),
        "teams.csv": sheet(
            "teams",
            {"slug": "beat", "name": "Beat Team", "organisation": "police"},
            {"slug": "foot", "name": "Foot Team", "organisation": "police"},
        ),
        "assembly.csv": sheet(
            "assembly", {"slug": make.SLUG, "prefix": "AN25", "title": "Anytown Assembly", **SOURCE}
        ),
        "recommendations.csv": sheet("recommendations", *(recommendation(number) for number in (1, 2, 3))),
    }


def with_commitments(*rows: Mapping[str, str]) -> dict[str, bytes]:
    """The same with commitments."""
    return {**base(), "commitments.csv": sheet("commitments", *rows)}


def imported(files: Mapping[str, bytes], **more: Any) -> importing.Report:
    """Import files by a new convenor of the assembly."""
    return importing.import_files(files, today=make.TODAY, by=make.convenor(), **more)


def faults(files: Mapping[str, bytes], **more: Any) -> Sequence[str]:
    """What a refused import says, a sentence for each fault."""
    try:
        imported(files, **more)
    except importing.FileRefused as refused:
        return [str(problem) for problem in refused.problems]
    return []
