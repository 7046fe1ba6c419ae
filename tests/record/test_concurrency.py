"""Many who write at once and one who reads after its cursor: what the reader copied is the record itself."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import pytest
from django.db import IntegrityError, close_old_connections, connection, connections

from accounts import actions as accounts
from accounts.errors import SlugTaken
from accounts.models import Organisation, Team, User
from commitments import actions
from commitments.models import Assembly, Commitment
from record.models import Entry, Head
from tests import make
from tests.make import TODAY

COLUMNS = ("position", "type", "at", "occurred_on", "actor", "subject", "root", "assembly", "body")
Row = tuple[Any, ...]


class Reader(threading.Thread):
    """Copies what lies after its cursor, again and again, until told to stop; then once more."""

    def __init__(self) -> None:
        super().__init__()
        self.copied: list[Row] = []
        self.polls = 0
        self.done = threading.Event()

    def run(self) -> None:
        """Poll."""
        try:
            while not self.done.is_set():
                self.poll()
            self.poll()
        finally:
            connection.close()

    def poll(self) -> None:
        """Take what is new since the last position that was seen."""
        cursor = self.copied[-1][0] if self.copied else 0
        found = Entry.objects.filter(position__gt=cursor).order_by("position")
        self.copied += [(*row[:-1], bytes(row[-1])) for row in found.values_list(*COLUMNS)]
        self.polls += 1


class Scene:
    """Who acts, and on what: an assembly with a convenor, and a team with commitments."""

    def __init__(self, commitments: int) -> None:
        self.assembly: Assembly = make.assembly(prefix="AT25")
        self.convenor: User = make.convenor()
        self.team: Team = make.team()
        self.officer: User = make.member(self.team)
        self.commitments: list[Commitment] = [
            make.commitment(self.assembly, lead=self.team) for _ in range(commitments)
        ]

    def write(self, number: int) -> None:
        """One of three different verbs, some on the same row, some on rows of their own."""
        verbs: list[Callable[[int], object]] = [self.report, self.ask_for, self.enter]
        verbs[number % len(verbs)](number)

    def report(self, number: int) -> None:
        """Post an update."""
        commitment = self.commitments[number % len(self.commitments)]
        make.update(commitment, by=self.officer, body=f"Update {number}")

    def ask_for(self, number: int) -> None:
        """Publish a recommendation, whose number comes from the assembly's counter."""
        actions.publish_recommendation(
            self.assembly, by=self.convenor, today=TODAY, title=f"Recommendation {number}"
        )

    def enter(self, number: int) -> None:
        """Publish an organisation."""
        accounts.publish_organisation(
            f"written-{number}", by=self.convenor, today=TODAY, name=f"Body {number}", kind="other"
        )


def together(writers: int, actions_each: int, write: Callable[[int], None]) -> None:
    """Let `writers` threads begin at the same moment, each with a connection of its own."""
    start = threading.Barrier(writers)

    def work(writer: int) -> None:
        close_old_connections()
        try:
            start.wait(timeout=60)
            for turn in range(actions_each):
                write(writer * actions_each + turn)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(writers) as pool:
        running = [pool.submit(work, writer) for writer in range(writers)]
        wait(running)
        for one in running:
            one.result()


def check_copy(writers: int, actions_each: int) -> None:
    """Write from many threads and read from one; compare the copy with the record."""
    scene, reader = Scene(commitments=5), Reader()
    before = Head.objects.get().position
    reader.start()
    try:
        together(writers, actions_each, scene.write)
    finally:
        reader.done.set()
        reader.join(timeout=60)
    total = before + writers * actions_each
    assert [row[0] for row in reader.copied] == [*range(1, total + 1)]
    record = [(*row[:-1], bytes(row[-1])) for row in Entry.objects.order_by("position").values_list(*COLUMNS)]
    assert reader.copied == record
    times = [row[2] for row in record]
    assert times == sorted(times)
    assert Head.objects.get().position == total
    assert reader.polls > 1


def test_fifty_writers_and_a_reader_on_postgresql(committed_db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("fifty at once are for PostgreSQL; SQLite takes one writer at a time")
    check_copy(writers=50, actions_each=6)


def test_a_few_writers_and_a_reader_on_any_database(committed_db: None) -> None:
    check_copy(writers=6, actions_each=5)


def test_one_name_is_given_once_however_many_ask_for_it(committed_db: None) -> None:
    convenor = make.convenor()
    outcomes: list[str] = []

    def publish(number: int) -> None:
        try:
            accounts.publish_organisation(
                "contested", by=convenor, today=TODAY, name=f"Body {number}", kind="other"
            )
        except (SlugTaken, IntegrityError):
            outcomes.append("refused")
        else:
            outcomes.append("published")

    together(6, 1, publish)
    assert sorted(outcomes) == ["published", *["refused"] * 5]
    assert Organisation.objects.filter(slug="contested").count() == 1
    assert Head.objects.get().position == Entry.objects.count() == 1


def test_numbers_are_given_without_gaps_or_doubles(committed_db: None) -> None:
    scene = Scene(commitments=0)
    together(8, 3, scene.ask_for)
    numbers = sorted(scene.assembly.recommendations.values_list("number", flat=True))
    assert numbers == [*range(1, 25)]
