"""What requests that fit openapi.yaml may still be refused for: a table of codes, each with its reason.

Every check of Schemathesis runs on every operation. One of them, `positive_data_acceptance`, would call each of these
refusals a fault; where a code is not here and is no rule of the domain's own, it is one.
"""

import re
from importlib import import_module
from typing import Any

from django.conf import settings

from record.refusals import Invalid

TEXTS = {
    "not_a_list": "which addresses are lists, with which filters, is the whole contract and no pattern",
    "control_characters": "said in words once; as a pattern it would stand on every text and help nobody",
    "invisible_mark": "as control characters",
    "blank": "texts are trimmed before they are looked at, and JSON Schema does not trim",
    "html": "which text is HTML is not to be said in a pattern that anybody could read",
    "required": "an update says something, or that there is nothing to report; a schema of both helps no generator",
    "nothing_to_report": "as required: beside nothing, nothing else is said",
    "not_an_address": "the pattern says the form; that there is a host and a real port is beyond it",
}
OPAQUE = {"cursor": "a cursor is made by a page and belongs to its list; invented ones are no cursors"}
STATES = {
    "410": "a link from a mail, or an archive, that was good and is no more; which are, no schema knows",
    "412": "If-Match names a version that is not the present one; which is present, no schema knows",
}
"""Statuses beyond those that Schemathesis itself expects of right requests."""


TOO_SMALL = re.compile(
    r"/record/tile/.*(\{thousands\}|\{number\}$)|/exports/\{name\}\.zip|^POST /api/v1/evidence/$"
)
"""Whole tiles and archives: the record of these tests has none; test_record.py and test_exports.py read them.
Files of evidence: bytes that are invented are no picture; test_evidence.py sends some that are."""


def rules() -> set[str]:
    """What the domain's own rules say to a well-formed request: a name that nobody has, a day that cannot be."""
    import_module(settings.ROOT_URLCONF)  # with the routes come all refusals
    found, more = set(), [Invalid]
    while more:
        kinds = more.pop().__subclasses__()
        more += kinds
        found |= {kind.code for kind in kinds}
    return found - {Invalid.code}


def unexplained(problem: dict[str, Any]) -> list[str]:
    """The rows of a 400 that neither a rule of the domain nor this table explains."""
    known = TEXTS.keys() | rules()
    if problem.get("code") in known:
        return []
    rows = problem.get("errors") or [problem]
    return [str(row) for row in rows if row.get("parameter") not in OPAQUE and row.get("code") not in known]
