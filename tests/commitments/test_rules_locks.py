"""Rows are locked before the record's head, and what is stamped is what the row says once it is locked."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.db.models import F

from accounts.models import Team
from commitments import actions, errors
from commitments.models import Assembly, Commitment, Recommendation
from commitments.promises import Due
from commitments.search import index
from record.guarded import Recorded, opened
from tests import make
from tests.make import TODAY, days
from tests.recording import refused

LONG_ENOUGH = 1.0


@pytest.mark.django_db
def test_a_theme_takes_no_version_of_its_assembly_back() -> None:
    read_early = make.assembly()
    actions.correct_assembly(
        read_early, by=make.convenor(), today=TODAY, reason="As agreed", support_needed=7
    )
    make.theme(Assembly.objects.get())
    make.theme(read_early)
    assert Assembly.objects.get().version == 2


@contextmanager
def edited_meanwhile(model: type[Recorded]) -> Iterator[None]:
    """Let somebody edit the row just before it is locked."""
    table = model._meta.db_table
    edited: list[str] = []

    def editing(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(f'SELECT "{table}"."id", ') and not edited:
            edited.append(sql)
            with opened():
                model._base_manager.update(version=F("version") + 1)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(editing):
        yield
    assert edited


@pytest.mark.django_db
def test_the_clock_takes_no_edit_of_a_commitment_back() -> None:
    commitment = make.commitment()
    challenge = make.open_challenge(make.claim(commitment))
    before = Commitment.objects.get().version
    with edited_meanwhile(Commitment):
        actions.tick(days(1, since=challenge.reply_due_on or TODAY))
    assert Commitment.objects.get().version == before + 1


@pytest.mark.django_db
def test_the_clock_takes_no_edit_of_a_recommendation_back() -> None:
    asked = actions.ask(
        make.recommendation(), by=make.convenor(), today=TODAY, organisation=make.organisation()
    )
    before = Recommendation.objects.get().version
    with edited_meanwhile(Recommendation):
        actions.tick(days(1, since=asked.due_on))
    assert Recommendation.objects.get().version == before + 1


@pytest.mark.django_db
def test_two_promises_never_replace_each_other() -> None:
    lead = make.team()
    first = make.commitment(lead=lead)
    second = make.commitment(first.assembly, lead=lead)
    read_early = Commitment.objects.get(pk=first.pk)
    by = make.responder(lead.organisation)
    actions.supersede(first, by=by, today=TODAY, successor=second, reason="Better")
    with refused(errors.Replaced):
        actions.supersede(second, by=by, today=TODAY, successor=read_early, reason="Worse")


@pytest.mark.django_db
def test_a_promise_is_not_replaced_by_one_that_nobody_accepted() -> None:
    lead = make.team()
    commitment = make.commitment(lead=lead)
    entered, by = make.entered(commitment.assembly), make.responder(lead.organisation)
    with refused(errors.NotAcceptedYet):
        actions.supersede(commitment, by=by, today=TODAY, successor=entered, reason="Theirs")


def splitting(commitment: Commitment, lead: Team) -> Callable[[], Any]:
    """Split an overdue promise."""
    by, parts = make.responder(lead.organisation), [make.promise(lead), make.promise(lead)]
    return lambda: actions.split(commitment, by=by, today=days(30), parts=parts, reason="Two steps")


def theming(commitment: Commitment, lead: Team) -> Callable[[], Any]:
    """Publish a theme."""
    by = make.convenor()
    return lambda: actions.publish_theme(commitment.assembly, by=by, today=TODAY, slug="patrols", title="P")


def apart(verb: Callable[[], Any]) -> None:
    """Do it on a connection of this thread's own."""
    try:
        verb()
    finally:
        connection.close()


@pytest.mark.parametrize("other", [splitting, theming])
def test_a_writer_of_the_same_assembly_waits_before_it_takes_the_head(
    committed_db: None, monkeypatch: pytest.MonkeyPatch, other: Callable[[Commitment, Team], Any]
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    lead = make.team()
    commitment = make.commitment(lead=lead, due=Due(days(5)))
    numbered, by, act = threading.Event(), make.responder(lead.organisation), other(commitment, lead)

    def slow_index(thing: Commitment) -> None:
        if not numbered.is_set():
            numbered.set()
            wait([second], LONG_ENOUGH)
        index(thing)

    def publish() -> None:
        actions.publish_commitment(commitment.assembly, by=by, today=TODAY, promise=make.promise(lead))

    monkeypatch.setattr("commitments.actions.commitments.index", slow_index)
    with ThreadPoolExecutor(2) as pool:
        second = pool.submit(apart, lambda: (numbered.wait(10), act()))
        pool.submit(apart, publish).result()
        second.result()
