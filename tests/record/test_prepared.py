"""Prepared questions: they answer what the queryset would, on both databases, and are compiled once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import CharField, DateTimeField, F, IntegerField, QuerySet

from commitments.cards import CARDS, COLUMNS, cards
from commitments.models import Assembly, Commitment, ProgressUpdate
from ratings.models import FreshBallot, HourlyCount, RatingPeriod
from record.guarded import OutsideAction, opened
from record.prepared import Among, Blank, Change, Prepared, Upsert
from tests import make

pytestmark = pytest.mark.django_db


def by_key(rows: Any) -> list[Any]:
    """In the order of their keys."""
    return sorted(rows, key=lambda row: row["id"])


def test_a_prepared_question_answers_as_the_queryset_does() -> None:
    assembly = make.assembly()
    for share in (None, "100 %"):
        made = make.commitment(assembly, due=make.DUE, body=share or "Patrols.", **make.MEASURABLE)
        make.claim(made)
    keys = list(Commitment.objects.values_list("pk", flat=True))
    for days in (0, 1, 100, 400):
        today = make.TODAY + timedelta(days=days)
        asked = cards(today).filter(pk__in=keys).values(*COLUMNS)
        assert by_key(CARDS.rows(today=today, keys=keys)) == by_key(asked)


def test_a_list_may_have_any_length_and_hold_numbers_texts_or_uuids() -> None:
    made = [make.commitment(make.assembly(name)) for name in ("one", "two", "three")]
    claim = make.claim(made[0])
    numbers = Prepared(lambda: Commitment.objects.filter(Among("pk", "keys")).order_by("pk").values("pk"))
    texts = Prepared(lambda: Commitment.objects.filter(Among("reference", "keys")).values("pk"))
    uuids = Prepared(lambda: ProgressUpdate.objects.filter(Among("pk", "keys")).values("pk"))
    assert [row["pk"] for row in numbers.rows(keys=[made[0].pk, made[2].pk])] == [made[0].pk, made[2].pk]
    assert numbers.rows(keys=[]) == []
    assert texts.rows(keys=[made[1].reference]) == [{"pk": made[1].pk}]
    assert uuids.row(keys=[claim.pk]) == {"pk": claim.pk}


def test_signs_that_mean_something_to_a_driver_are_only_text() -> None:
    make.commitment(body="100 %s of '%%' it")
    found = Prepared(
        lambda: (
            Commitment.objects.filter(body__contains="100 %s of '%%'", reference=Blank("name", CharField()))
            .order_by()
            .values("body")
        )
    )
    reference = Commitment.objects.get().reference
    assert found.row(name=reference) == {"body": "100 %s of '%%' it"}
    assert found.row(name="' OR 1=1 --") is None


def test_it_is_compiled_once() -> None:
    built = []

    def build() -> QuerySet[Any]:
        built.append(1)
        return Commitment.objects.filter(due_on__lt=Blank.day("today") - timedelta(days=1)).values("pk")

    asked = Prepared(build)
    made = make.commitment(due=make.DUE)
    due = made.due_on
    assert due is not None
    assert asked.rows(today=due + timedelta(days=1)) == []
    assert asked.rows(today=due + timedelta(days=2)) == [{"pk": made.pk}]
    assert built == [1]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps what it compiled by itself.")
def test_a_connection_keeps_the_plan_of_what_it_was_asked_before() -> None:
    connection.ensure_connection()
    kept: Any = connection.connection
    before, kept.prepare_threshold = kept.prepare_threshold, 0
    try:
        asked = Prepared(lambda: Commitment.objects.filter(Among("pk", "keys")).values("pk", "reference"))
        for keys in ([1], [2, 3], [4, 5, 6]):
            asked.rows(keys=keys)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", ["%reference%ANY($1)%"]
            )
            assert cursor.fetchone() == (1,)
    finally:
        kept.prepare_threshold = before


def rows_of(assembly: Assembly) -> dict[int, int]:
    return dict(HourlyCount.objects.filter(assembly=assembly).values_list("drawer", "people"))


def test_a_prepared_change_does_what_the_queryset_would_and_says_how_many_rows() -> None:
    assembly, hour = make.assembly(), datetime(2026, 4, 1, 12, tzinfo=UTC)
    drawer: Any = Blank("drawer", IntegerField())
    at: Any = Blank("hour", DateTimeField())
    more = Change(lambda: HourlyCount.objects.filter(drawer=drawer, hour=at), people=F("people") + 2)
    with opened():
        HourlyCount.objects.bulk_create(HourlyCount(assembly=assembly, hour=hour, drawer=n) for n in (1, 2))
        assert [more.write(drawer=n, hour=hour) for n in (1, 1, 3)] == [1, 1, 0]
        assert more.write(drawer=1, hour=hour + timedelta(hours=1)) == 0
    assert rows_of(assembly) == {1: 4, 2: 0}


def a_ballot() -> Upsert:
    """Puts a fresh ballot, and asks whether there is a promise with these words for its title."""
    titled = Commitment.objects.filter(title=Blank("title", CharField())).order_by().values("pk")
    return Upsert(FreshBallot, key="token", columns=("period_id", "sealed"), asking=lambda: titled)


def test_an_upsert_puts_one_row_over_what_its_key_has_and_answers_what_it_was_asked() -> None:
    period = RatingPeriod(assembly=make.assembly(), name="2026-Q2")
    promise = make.commitment(make.assembly("other"))
    put, answers = a_ballot(), []
    with opened():
        period.save()
        for sealed, title in ((b"\x00first", "no such title"), (b"\xffsecond", promise.title)):
            answers.append(put.write(token="a token", period_id=period.pk, sealed=sealed, title=title))
    assert answers == [False, True]
    [row] = FreshBallot.objects.all()
    assert (row.token, row.period_id, bytes(row.sealed)) == ("a token", period.pk, b"\xffsecond")


def test_prepared_writes_are_shut_outside_an_action() -> None:
    with pytest.raises(OutsideAction):
        a_ballot().write(token="a token", period_id=1, sealed=b"", title="")
    with pytest.raises(OutsideAction):
        Change(HourlyCount.objects.all, people=0).write()
