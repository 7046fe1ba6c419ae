"""Versions: an edit is broken by another edit of the same thing, and by nothing else."""

import pytest

from commitments import actions
from commitments.models import Commitment
from tests import make

pytestmark = pytest.mark.django_db


def version(of: Commitment) -> int:
    return Commitment.objects.values_list("version", flat=True).get(pk=of.pk)


def test_an_update_raises_the_version_of_its_commitment() -> None:
    commitment = make.commitment()
    before = version(commitment)
    make.update(commitment)
    assert version(commitment) == before + 1


def test_what_the_clock_writes_leaves_versions_as_they_are() -> None:
    commitment = make.commitment(due=make.DUE)
    before = version(commitment)
    assert actions.tick(make.days(400)) > 0
    assert version(commitment) == before


def test_a_strangers_challenge_leaves_the_version_of_the_commitment_as_it_is() -> None:
    commitment = make.commitment()
    claim = make.claim(commitment)
    before = version(commitment)
    make.open_challenge(claim)
    assert version(commitment) == before
