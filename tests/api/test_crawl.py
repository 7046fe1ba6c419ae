"""Everything that the public API shows names its place in the record, is proved there offline, and says the same."""

import json
from pathlib import Path
from typing import Any

import pytest

from record import shown, verify
from tests import signed
from tests.api.test_archiving import crawled
from tests.api.world import World
from tests.contract import CheckingClient

VKEY = str(signed.KEY.verifier)


def state_of(note: str) -> Any:
    """A state, as somebody with the key alone reads it."""
    return verify.checkpoint(note, VKEY, [])


@pytest.mark.django_db
def test_each_object_shown_is_proved_offline_and_its_leaf_says_what_is_shown(
    api: CheckingClient, tmp_path: Path
) -> None:
    World()
    signed.now()
    answers = {path: json.loads(content) for path, content in crawled(api).items()}
    events = [api.get(f"/api/v1/events/{number}/").json() for number in range(1, state_of(_note(api))[0] + 1)]
    subjects, said = [event["subject"] for event in events], shown.told(events)
    proved: set[int] = set()
    for path, answer in answers.items():
        assert list(shown.differences(answer, subjects, said)) == [], path
        if "next" not in answer and not path.startswith("/api/v1/record/"):
            assert shown.positions(answer), f"{path} names no place in the record"
        proved |= set(shown.positions(answer))
    for position in proved:
        proof = api.get(f"/api/v1/record/proof/{position}").content.decode()
        verify.check_proof(proof, events[position - 1], state_of)
    assert len(proved) > 40


def _note(api: CheckingClient) -> str:
    note: str = api.get("/api/v1/record/checkpoint").content.decode()
    return note
