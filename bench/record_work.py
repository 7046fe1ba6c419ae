"""What the processes of `bench.record` do: fill a record, write to it, prove entries, and see that all is well."""

import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import rfc8785
from django.db import connection, transaction
from django.test import Client

from accounts import actions
from accounts.models import Role, User
from bench.load import WrongAnswer
from record import checkpoints, clock, notes, tree
from record.checkpoints import State
from record.guarded import opened
from record.leaves import stamp
from record.models import Entry, Head
from record.notes import SigningKey

BATCH = 2000
KEY = SigningKey("bench/record", bytes(32))


def main(work: str, *given: str) -> None:
    """Do one of them: `python -m bench.door record_work WORK …`."""
    works: dict[str, Callable[..., None]] = {"fill": fill, "write": write, "prove": prove, "check": check}
    works[work](*given)


def fill(size: str) -> None:
    """Entries of the usual length, and the tree over them; and somebody who may publish bodies."""
    user = User.objects.create_user("bench@example.org")
    actions.grant_role(user, Role.CONVENOR, assembly="bench-2026")
    now, day = clock.now(), clock.today()
    first = Head.objects.get(pk=1).position + 1
    with transaction.atomic(), opened():
        for start in range(first, int(size) + 1, BATCH):
            end = min(start + BATCH, int(size) + 1)
            Entry.objects.bulk_create(_entry(position, now, day) for position in range(start, end))
        Head.objects.filter(pk=1).update(position=int(size), at=now)
        tree.complete(int(size))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _entry(position: int, at: datetime, day: date) -> Entry:
    subject = f"update:{uuid4()}"
    said = {
        "type": "update.posted",
        "actor": "team:bench",
        "subject": subject,
        "root": subject,
        "assembly": "bench-2026",
    }
    body: dict[str, Any] = {"v": 1, "position": position, "at": stamp(at), "occurred_on": day.isoformat(), **said,
            "facts": {"commitment": f"BN26-C{position}"}, "words": {"body": "0" * 64}}  # fmt: skip
    return Entry(position=position, at=at, occurred_on=day, body=rfc8785.dumps(body), **said)


def write(file: str, begin: str, seconds: str) -> None:
    """Publish bodies from a moment on, for so many seconds; how long each took."""
    user, day = User.objects.get(email="bench@example.org"), clock.today()
    _publish(user, day)
    time.sleep(max(0.0, float(begin) - time.time()))
    end, took = float(begin) + float(seconds), []
    while time.time() < end:
        before = time.perf_counter()
        _publish(user, day)
        took.append(time.perf_counter() - before)
    Path(file).write_text("\n".join(map(str, took)))


def _publish(user: User, day: date) -> None:
    actions.publish_organisation(f"b-{uuid4()}", by=user, today=day, name="A body", kind="other")


def prove(file: str, count: str, seed: str) -> None:
    """Ask for proofs of entries drawn at random, through the whole service; how long each took."""
    size = tree.size()
    state = State(KEY.name, size, tree.root(size))
    checkpoints.publish(state, notes.signed(state.text, [KEY]), KEY.verifier)
    client, random, took = Client(SERVER_NAME="localhost"), Random(seed), []
    for _ in range(int(count)):
        address = f"/api/v1/record/proof/{random.randint(1, size)}"
        before = time.perf_counter()
        answer = client.get(address)
        took.append(time.perf_counter() - before)
        if answer.status_code != 200:
            raise WrongAnswer(f"{address}: {answer.status_code}")
    Path(file).write_text("\n".join(map(str, took)))


def check() -> None:
    """The tree that the writers left is that of the entries."""
    edge = tree.Frontier()
    for _, body in tree.bodies_between(0, tree.size()):
        edge.add(body)
    if edge.root != tree.root(edge.size):
        raise WrongAnswer("The tree is not that of the entries.")
