"""How values look in JSON and in a spreadsheet."""

import csv
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from accounts import limits
from api.http import answers, caching, errors, tables
from tests.api.http import toy

SUMMER = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime(2026, 7, 1, 12, tzinfo=SUMMER), '"2026-07-01T11:00:00Z"'),
        (datetime(2026, 7, 1, 12, 0, 0, 5, tzinfo=UTC), '"2026-07-01T12:00:00.000005Z"'),
        (date(2026, 7, 1), '"2026-07-01"'),
        (UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
        (gettext_lazy("Name"), '"Name"'),
        (Decimal("1.5"), "1.5"),
        ({"b", "a"}, '["a","b"]'),
        ("Ä", '"Ä"'),
    ],
)
def test_values_have_one_form_in_json(value: Any, text: str) -> None:
    assert answers.encoded(value).decode() == text


@pytest.mark.parametrize("value", [object(), b"bytes"])
def test_what_has_no_form_is_a_fault_of_ours(value: Any) -> None:
    with pytest.raises(TypeError, match="no form in JSON"):
        answers.encoded(value)


def test_no_answer_holds_a_number_that_is_none() -> None:
    with pytest.raises(ValueError, match="JSON"):
        answers.encoded(float("nan"))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (-5, "-5"),
        (1.5, "1.5"),
        ("plain", "plain"),
        ("=1+1", "'=1+1"),
        ("+44", "'+44"),
        ("-x", "'-x"),
        ("@me", "'@me"),
        ("\tx", "'\tx"),
        (["a", "b"], "a; b"),
        (["=a", "b"], "'=a; b"),
        ([], ""),
        ([{"slug": "a"}], '[{"slug":"a"}]'),
        (date(2026, 7, 1), "2026-07-01"),
    ],
)
def test_a_cell_is_safe_to_open(value: Any, text: str) -> None:
    assert tables.cell(value) == text


def test_columns_open_up_objects_and_lists_of_objects() -> None:
    class Link(toy.SecretOut):
        in_tables = "slug"
        picked = ("first", ("token",))
        first = serializers.BooleanField()
        notes = serializers.ListField(child=serializers.DictField())

    class Outer(serializers.Serializer[Any]):
        inner = toy.SecretOut()
        links = Link(many=True, allow_null=True)
        plain = toy.SecretOut(many=True)

    found = tables.columns(Outer())
    names = (
        "inner.slug,inner.token,links,links.token,links.first,links.notes,first_token,plain.slug,plain.token"
    )
    assert ",".join(column.name for column in found) == names
    links = [
        {"slug": "=a", "token": None, "first": False, "notes": [{"n": 1}]},
        {"slug": "b", "token": "t", "first": True, "notes": []},
    ]
    shapes: list[dict[str, Any]] = [{"links": links, "plain": []}, {"inner": None, "links": None}]
    (piece,) = tables._csv(iter(shapes), found)
    assert list(csv.reader(piece.decode().splitlines()))[1:] == [
        ["", "", "'=a; b", "; t", "false; true", '[{"n":1}]; ', "t", "", ""],
        [""] * 9,
    ]


def test_a_long_table_leaves_in_pieces() -> None:
    pieces = list(tables._csv(iter([{"a": "x" * 1000}] * 50), [tables.Column("a", lambda shape: shape["a"])]))
    assert len(pieces) > 2


@pytest.mark.parametrize(("exc", "status"), [(Http404(), 404), (PermissionDenied(), 403)])
def test_djangos_own_refusals_are_problems(exc: Exception, status: int) -> None:
    answer = errors.handle(exc, {})
    assert answer is not None
    assert answer.status_code == status


def test_a_private_answer_keeps_its_own_rule() -> None:
    answer = answers.json_answer({}, headers={"Cache-Control": "no-store"})
    caching.keep_private(answer)
    assert answer["Cache-Control"] == "no-store"


def test_a_counter_that_runs_out_meanwhile_begins_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(place: str) -> int:
        raise ValueError(place)

    monkeypatch.setattr(cache, "add", lambda *_: False)
    monkeypatch.setattr(cache, "incr", gone)
    assert limits.count_within(limits.Limit("x", 5, 60), "somebody").used == 1
