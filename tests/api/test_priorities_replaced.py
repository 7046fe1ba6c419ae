"""Priorities whose commitment was replaced: nobody committed to them any more, and what replaced it is named."""

import pytest

from commitments import actions
from commitments.models import Commitment, Priority
from tests import make
from tests.api.scene import Scene, queries
from tests.contract import CheckingClient
from tests.make import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(api: CheckingClient) -> Scene:
    """A promise with everybody around it."""
    return Scene(api)


def tied(scene: Scene, commitment: Commitment, priority: Priority) -> None:
    """The convenor says that it answers it."""
    actions.tie(priority, by=make.convenor(), today=TODAY, commitment=commitment)


def shown(scene: Scene) -> list[tuple[bool, list[str], list[str]]]:
    """Of each priority whether it is committed, what is tied to it and what replaced that."""
    rows = scene.results("priorities/")
    return [(row["committed"], row["commitments"], row["replaced_by"]) for row in rows]


def split(scene: Scene, commitment: Commitment) -> list[Commitment]:
    """Make two of one."""
    parts = [make.promise(scene.lead), make.promise(scene.lead)]
    by = make.responder(scene.lead.organisation)
    return actions.split(commitment, by=by, today=TODAY, parts=parts, reason="Two things")


def test_what_replaced_a_tied_commitment_is_named_until_it_is_tied_itself(scene: Scene) -> None:
    [priority] = make.look("Burglary").priorities.all()
    old, new = (make.commitment(scene.assembly, lead=scene.lead) for _ in range(2))
    tied(scene, old, priority)
    assert shown(scene) == [(True, [old.reference], [])]
    by = make.responder(scene.lead.organisation)
    actions.supersede(old, by=by, today=TODAY, successor=new, reason="Better")
    assert shown(scene) == [(False, [old.reference], [new.reference])]
    first, second = split(scene, new)
    assert shown(scene) == [(False, [old.reference], [first.reference, second.reference])]
    tied(scene, first, priority)
    assert shown(scene) == [(True, [old.reference, first.reference], [second.reference])]
    assert scene.get(f"priorities/{priority.pk}/")["replaced_by"] == [second.reference]


def test_a_hand_over_leaves_the_tie_as_it_is(scene: Scene) -> None:
    [priority] = make.look("Burglary").priorities.all()
    promise, heir = make.commitment(scene.assembly, lead=scene.lead), make.team(scene.lead.organisation)
    tied(scene, promise, priority)
    by = make.responder(scene.lead.organisation)
    owners = make.promise(heir).owners
    actions.hand_over(promise, by=by, today=TODAY, owners=owners, reason="The team was renamed")
    assert shown(scene) == [(True, [promise.reference], [])]


def test_many_replaced_ones_are_asked_for_at_once(scene: Scene) -> None:
    counts = []
    for number in range(3):
        [priority] = make.look("Burglary", code=f"N{number}").priorities.all()
        commitment = make.commitment(scene.assembly, lead=scene.lead)
        tied(scene, commitment, priority)
        split(scene, commitment)
        counts.append(queries(scene.api, "/api/v1/priorities/"))
    assert counts[1] == counts[2]
