"""The one caching rule as the API applies it (`record/editions.py`), and If-Match."""

import re
from typing import Any

from django.http import HttpRequest

from api.http.errors import Problem
from record.editions import ANY as ANY
from record.editions import BEFORE_THE_RECORD as BEFORE_THE_RECORD
from record.editions import PUBLIC as PUBLIC
from record.editions import TAG as TAG
from record.editions import address_of as address_of
from record.editions import edition as edition
from record.editions import edition_for as edition_for
from record.editions import keep_private as keep_private
from record.editions import kept_answer as kept_answer
from record.editions import known_answer as known_answer
from record.editions import not_modified as not_modified
from record.editions import published as published
from record.editions import stamp as stamp
from record.refusals import Stale

TAGS = re.compile(r'\s*(W/)?"[\x21\x23-\x7e\x80-\xff]*"\s*(,\s*(W/)?"[\x21\x23-\x7e\x80-\xff]*"\s*)*')


def version_of(row: Any) -> int:
    """The own version of an object: a model's or a dictionary's `version`."""
    return int(row["version"] if isinstance(row, dict) else getattr(row, "version", 0))


def check_if_match(request: HttpRequest, row: Any, *, required: bool = True) -> None:
    """Compare `If-Match` with the object's version alone, so that neither others' writes nor midnight break an edit.

    A weak tag counts, because compressing proxies weaken tags in passing. 428 where it is missing and
    required, 400 where it is not a list of tags, 412 where none names the present version.
    """
    header = request.META.get("HTTP_IF_MATCH", "").strip()
    if not header:
        if required:
            raise missing_if_match()
        return
    if header == "*":
        return
    if not TAGS.fullmatch(header):
        raise Problem(400, "malformed_if_match", 'If-Match takes `*`, or ETags in quotation marks: "…", "…".')
    versions = {opaque.partition(".")[0] for _, opaque in TAG.findall(header)}
    if str(version_of(row)) not in versions:
        raise Stale


def missing_if_match() -> Problem:
    """428: changing a shared thing needs to say which version was read."""
    detail = "Send the ETag of what you read in If-Match, so that nobody's change is overwritten unseen."
    return Problem(428, "if_match_missing", detail)
