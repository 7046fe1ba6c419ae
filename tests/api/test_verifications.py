"""The panel's findings over HTTP."""

from typing import Any

import pytest

from tests import make
from tests.api.scene import Scene, on
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(api: CheckingClient) -> Any:
    with on(make.TODAY):
        yield Scene(api)


def found(claim: Any, finding: str = "not_verified") -> dict[str, str]:
    return {"claim": claim["id"], "finding": finding, "reason": "We walked there for a week."}


def test_the_panels_latest_finding_on_the_present_claim_is_its_voice(scene: Scene) -> None:
    claim, path = scene.claimed(), f"{scene.path}verifications/"
    scene.post(path, found(claim), key=scene.panel)
    assert scene.get(scene.path)["standing"] == "contested"
    made = scene.post(path, found(claim, "verified"), key=scene.panel)
    assert made["present"] is True
    row = scene.get(scene.path)
    assert row["standing"] == "verified"
    assert row["voices"]["panel"] == {
        "id": made["id"],
        "claim": claim["id"],
        "finding": "verified",
        "reason": "We walked there for a week.",
        "at": made["published_at"],
    }
    assert [one["finding"] for one in scene.results(path)] == ["verified", "not_verified"]
    assert len(scene.results(f"{path}?finding=verified&claim={claim['id']}")) == 1


def test_a_new_claim_has_no_finding_yet(scene: Scene) -> None:
    scene.post(f"{scene.path}verifications/", found(scene.claimed()), key=scene.panel)
    scene.claimed()
    row = scene.get(scene.path)
    assert row["voices"]["panel"] is None
    assert row["standing"] == "claimed"
    assert scene.results(f"{scene.path}verifications/")[0]["present"] is False


def test_an_older_claim_is_judged_no_more(scene: Scene) -> None:
    older = scene.claimed()
    scene.claimed()
    path = f"{scene.path}verifications/"
    assert scene.refused(path, found(older), key=scene.panel, status=409) == "not_the_present_claim"


def test_only_the_panel_verifies(scene: Scene) -> None:
    claim, path = scene.claimed(), f"{scene.path}verifications/"
    for key in (scene.convenor, scene.member, scene.responder, scene.resident):
        assert scene.refused(path, found(claim), key=key, status=403) == "not_on_the_panel"


def test_a_claim_of_another_commitment_is_pointed_at(scene: Scene) -> None:
    other = make.claim(make.commitment(scene.assembly, lead=scene.lead))
    path = f"{scene.path}verifications/"
    assert scene.pointer(path, found({"id": str(other.pk)}), key=scene.panel) == "/claim"
    assert scene.pointer(path, found({"id": "seven"}), key=scene.panel) == "/claim"
    assert scene.pointer(path, found({"id": str(other.pk)}, "true"), key=scene.panel) == "/finding"


def test_nothing_claimed_is_nothing_to_judge(scene: Scene) -> None:
    update = make.update(scene.commitment)
    answer = scene.refused(
        f"{scene.path}verifications/", found({"id": str(update.pk)}), key=scene.panel, status=409
    )
    assert answer == "nothing_claimed"
