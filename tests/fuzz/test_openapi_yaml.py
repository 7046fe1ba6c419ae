"""Requests invented from openapi.yaml, right and wrong, to every operation: what comes back is what is promised."""

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from record import clock
from record.shelf import SHELF
from tests import make
from tests.api.stages import staged
from tests.api.world import World
from tests.fuzz import promises
from tests.fuzz.exceptions import TOO_SMALL
from tests.fuzz.references import References

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not settings.ON_SQLITE and "FUZZ_EXAMPLES" not in os.environ,
        reason="on PostgreSQL when asked for: python -m tests.fuzz --postgres",
    ),
]
MOST_FAULTS_SHOWN = 5
FAMILIES = promises.families()


@pytest.fixture(scope="module")
def references(django_db_setup: None, django_db_blocker: Any) -> Iterator[References]:
    """The world, and what is in it, made once for all operations."""
    with staged(django_db_blocker), clock.at(make.noon(make.TODAY)), promises.one_connection():
        SHELF.clear()
        yield References(World())


class Judge:
    """Sends cases, undoes what they did, and keeps what was not as promised."""

    def __init__(self, references: References) -> None:
        self.references = references
        self.faults: dict[str, str] = {}
        self.answers: dict[str, Counter[str]] = {}

    def __call__(self, case: Any) -> None:
        """Send one case."""
        headers = self.references.dress(case)
        with transaction.atomic():
            answer = case.call(headers=headers)
            mode = case.meta.generation.mode.value
            self.answers.setdefault(case.operation.label, Counter())[f"{mode} {answer.status_code}"] += 1
            for fault in promises.faults(case, answer, headers):
                self.faults.setdefault(fault[:120], fault)
            transaction.set_rollback(True)
        if case.method not in ("GET", "HEAD"):
            SHELF.clear()


@pytest.mark.parametrize("family", FAMILIES, ids=[" and ".join(family) for family in FAMILIES])
def test_operations_keep_their_promises(family: tuple[str, ...], references: References) -> None:
    judge = Judge(references)
    promises.each_case(family, judge)
    _tell(judge)
    assert not judge.faults, "\n\n".join(list(judge.faults.values())[:MOST_FAULTS_SHOWN])
    # What is only ever refused has not been tried.
    for label in (name for name in family if not TOO_SMALL.search(name)):
        assert any(name.startswith("positive 2") for name in judge.answers[label]), judge.answers[label]


def _tell(judge: Judge) -> None:
    """Write down how often each operation answered what, for `python -m tests.fuzz` to show."""
    if folder := os.environ.get("FUZZ_REPORT"):
        for label, counts in judge.answers.items():
            name = label.replace("/", "_").replace(" ", "_")
            told = [label, counts, list(judge.faults.values())]
            (Path(folder) / f"{name}.json").write_text(json.dumps(told))
