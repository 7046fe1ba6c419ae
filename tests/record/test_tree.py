"""The tree in the database: grown with each entry, the same for whoever hashes the entries, and locked."""

from importlib import import_module
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from record import ledger, tree
from record.event_types import EventType
from record.guarded import OutsideAction, opened
from record.models import Entry, Node
from record.proofs import (
    EMPTY,
    check_consistency,
    check_inclusion,
    folded,
    leaf_hash,
    node_hash,
    subtrees,
)
from tests import make
from tests.make import TODAY

pytestmark = pytest.mark.django_db

LARGEST = 130
TRIED = EventType("test.tried", frozenset({"n"}), frozenset())
"""A type for these tests alone, so not declared."""
MIGRATION: Any = import_module("record.migrations.0006_tree")


@ledger.action
def tell(subject: Any, *numbers: Any) -> None:
    """Record as many entries in one action."""
    for number in numbers:
        ledger.append(TRIED, subject, actor="operator", today=TODAY, facts={"n": number})


def record_of(size: int) -> list[bytes]:
    """A record of as many entries; their bodies."""
    tell(make.organisation(), *range(size - 1))
    return [bytes(body) for body in Entry.objects.order_by("position").values_list("body", flat=True)]


def roots(bodies: list[bytes]) -> list[bytes]:
    """The root of every size, by hashing all leaves again and again."""

    def perfect(level: int, index: int) -> bytes:
        if level == 0:
            return leaf_hash(bodies[index])
        key = level, index
        if key not in known:
            known[key] = node_hash(perfect(level - 1, 2 * index), perfect(level - 1, 2 * index + 1))
        return known[key]

    known: dict[tuple[int, int], bytes] = {}
    return [
        folded([perfect(*one) for one in subtrees(0, size)]) if size else EMPTY
        for size in range(len(bodies) + 1)
    ]


def test_the_tree_kept_has_the_roots_of_the_entries_at_every_size() -> None:
    expected = roots(record_of(LARGEST))
    assert tree.size() == LARGEST
    assert [tree.root(size) for size in range(LARGEST + 1)] == expected


def test_every_entry_is_proved_in_every_tree_and_every_tree_in_every_later_one() -> None:
    bodies = record_of(LARGEST)
    expected = roots(bodies)
    for new in range(1, LARGEST + 1):
        for old in range(1, new + 1):
            check_consistency(old, new, tree.consistency(old, new), expected[old], expected[new])
            proof = tree.inclusion(old - 1, new)
            check_inclusion(old - 1, new, leaf_hash(bodies[old - 1]), proof, expected[new])


def test_there_are_fewer_nodes_than_entries_and_none_is_missing() -> None:
    record_of(100)
    places = list(Node.objects.order_by("place").values_list("place", flat=True))
    assert places == [*range(1, tree.count_of(100) + 1)]
    assert len(places) == 97


def test_an_append_costs_at_most_two_questions_more_and_half_of_them_none() -> None:
    body = make.organisation()
    tell(body, 2, 3)
    counts = []
    for number in range(4, 12):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            tell(body, number)
        counts.append(sum("record_node" in query["sql"] for query in asked.captured_queries))
    assert counts == [2, 0] * 4


def test_a_proof_is_one_question() -> None:
    record_of(117)
    for ask in (
        lambda: tree.root(117),
        lambda: tree.inclusion(77, 117),
        lambda: tree.consistency(77, 117),
    ):
        with CaptureQueriesContext(connection) as asked:
            ask()
        assert len(asked) == 1


def test_what_an_older_release_appended_without_the_tree_is_caught_up(monkeypatch: Any) -> None:
    body = make.organisation()
    tell(body, *range(4))
    with monkeypatch.context() as older:
        older.setattr(tree, "grow", lambda position, body: None)
        tell(body, *range(6))
    tell(body, 1)
    tell(body, 2)
    bodies = [bytes(one) for one in Entry.objects.order_by("position").values_list("body", flat=True)]
    assert [tree.root(size) for size in range(len(bodies) + 1)] == roots(bodies)


@pytest.mark.parametrize("known", range(20))
def test_a_tree_is_completed_from_wherever_it_ends(known: int, monkeypatch: Any) -> None:
    body = make.organisation()
    tell(body, *range(known))
    with monkeypatch.context() as older:
        older.setattr(tree, "grow", lambda position, body: None)
        tell(body, *range(9))
    bodies = [bytes(one) for one in Entry.objects.order_by("position").values_list("body", flat=True)]
    with opened():
        assert tree.complete(len(bodies)) == tree.count_of(len(bodies)) - tree.count_of(known + 1)
        assert tree.complete(len(bodies)) == 0
    assert [tree.root(size) for size in range(len(bodies) + 1)] == roots(bodies)


def test_a_tree_with_a_hole_says_so() -> None:
    record_of(5)
    with pytest.raises(tree.IncompleteTree, match="no node 0 at level 3"):
        tree.root(8)


def test_what_is_taken_back_leaves_no_node() -> None:
    record_of(3)
    with transaction.atomic():
        tell(make.organisation(), 1, 2, 3)
        transaction.set_rollback(True)
    assert Node.objects.count() == tree.count_of(3)


def test_a_frontier_grows_as_the_tree_does() -> None:
    bodies = record_of(70)
    edge, expected = tree.frontier(29), roots(bodies)
    for size in range(30, 71):
        edge.add(bodies[size - 1])
        assert (edge.size, edge.root) == (size, expected[size])


def test_nodes_are_written_in_actions_alone() -> None:
    with pytest.raises(OutsideAction):
        Node.objects.create(place=1, hash=bytes(32))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE record_node SET hash = hash",
        "DELETE FROM record_node",
        "INSERT INTO record_node (place, hash) SELECT place + 2, hash FROM record_node WHERE place = 3",
        "INSERT INTO record_node (place, hash) SELECT place - 3, hash FROM record_node WHERE place = 3",
    ],
)
def test_the_database_refuses_to_change_drop_or_insert_nodes(statement: str) -> None:
    record_of(4)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Node.objects.count() == 3


def test_sqlite_refuses_another_node_in_the_place_of_the_first() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite knows INSERT OR REPLACE")
    record_of(4)
    with pytest.raises(DatabaseError, match="next place"), connection.cursor() as cursor:
        cursor.execute("INSERT OR REPLACE INTO record_node (place, hash) SELECT place, hash FROM record_node")


def test_postgresql_refuses_to_empty_the_tree() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite knows no TRUNCATE; DELETE is refused there")
    with pytest.raises(DatabaseError, match="never go"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE record_node")


def test_the_migration_makes_the_nodes_of_a_record_that_was_there(monkeypatch: Any) -> None:
    monkeypatch.setattr(MIGRATION, "BATCH", 7)
    made: list[Any] = []

    class Table:
        """Stands for a model of the migration's time."""

        objects: Any = None

        def __init__(self, **row: Any) -> None:
            self.row = row["place"], row["hash"]

    class Kept:
        """Keeps what is made."""

        def bulk_create(self, rows: list[Any]) -> None:
            made.extend(row.row for row in rows)

        def __getattr__(self, name: str) -> Any:
            return getattr(Entry.objects, name)

    class Apps:
        """The models of that time."""

        def get_model(self, app: str, name: str) -> Any:
            return Table

    record_of(45)
    monkeypatch.setattr(Table, "objects", Kept())
    MIGRATION.build(Apps(), None)
    assert made == [(place, bytes(found)) for place, found in Node.objects.order_by("place").values_list()]


def test_an_entry_that_could_not_be_copied_is_refused() -> None:
    body = make.organisation()
    with pytest.raises(ledger.TooLong, match="several smaller steps"):
        tell(body, "x" * ledger.LONGEST_ENTRY)
    room = ledger.LONGEST_ENTRY - len(bytes(Entry.objects.get(position=1).body)) - 200
    tell(body, "x" * room)
    assert Entry.objects.count() == 2
