"""Local codes on paper: a line each, a table for mail merge, or a page of slips to cut out."""

import csv
from collections.abc import Sequence
from io import StringIO

from django.utils.html import format_html, format_html_join

from commitments.models import Assembly
from ratings.choices import Stratum

WHAT_IT_MAKES = {
    Stratum.LOCAL.value: "a local resident",
    Stratum.MEMBER.value: "a member of the assembly",
}
STYLE = """
body { font: 11pt/1.4 sans-serif; margin: 0 }
section { border-bottom: 1px dashed; padding: 8mm 12mm; height: 58mm; box-sizing: border-box; break-inside: avoid }
b { font: bold 20pt monospace; letter-spacing: 1pt }
"""


def lines(codes: Sequence[str]) -> str:
    """A line each."""
    return "\n".join(codes) + "\n"


def table(assembly: Assembly, stratum: str, codes: Sequence[str]) -> str:
    """CSV with a heading, for letters of one's own."""
    written = StringIO()
    rows = csv.writer(written, lineterminator="\r\n")
    rows.writerow(["assembly", "rates_as", "code"])
    rows.writerows([assembly.slug, stratum, code] for code in codes)
    return written.getvalue()


def slips(assembly: Assembly, stratum: str, codes: Sequence[str], address: str) -> str:
    """A page in HTML that prints as slips with lines to cut along; it loads nothing from anywhere."""
    slip = (
        "<section><p>{}</p><p><b>{}</b></p><p>With this code your ratings at {} count as those of {}. It works once. "
        "Nobody learns who used it or what they said. Tell it to no one.</p></section>"
    )
    rows = ((assembly.title, code, address, WHAT_IT_MAKES[stratum]) for code in codes)
    page = (
        '<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>Codes</title>'
        "<style>{}</style></head><body>{}</body></html>\n"
    )
    return format_html(page, STYLE, format_html_join("\n", slip, rows))
