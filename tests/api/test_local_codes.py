"""Local codes over HTTP: shown once, redeemed without a trace of which, and not to be guessed."""

import json
from typing import Any

import pytest
from django.core.cache import cache

from api import local_codes
from api.http.throttling import Tries
from api.models import IdempotentAnswer
from ratings.models import Belonging
from tests import make
from tests.api.scene import V1, Scene, key_of
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db
BATCH = {"assembly": make.SLUG, "number": 4}


@pytest.fixture
def scene(api: CheckingClient) -> Scene:
    cache.clear()
    return Scene(api)


def redeem(scene: Scene, code: str, *, key: str, **headers: str) -> Any:
    said = {"assembly": make.SLUG, "code": code}
    return scene.api.send("POST", f"{V1}/local-codes/redeem/", said, key=key, **headers)


def test_a_convenor_is_shown_the_codes_once_and_nothing_keeps_them(scene: Scene) -> None:
    answer = scene.api.send("POST", f"{V1}/local-codes/", BATCH, key=scene.convenor, Idempotency_Key="once")
    made = answer.json()
    assert (answer.status_code, answer["Cache-Control"]) == (201, "private, no-store")
    assert (len(set(made["codes"])), made["number"], made["redeemed"]) == (4, 4, None)
    again = scene.api.send("POST", f"{V1}/local-codes/", BATCH, key=scene.convenor, Idempotency_Key="once")
    assert again.json() == {**made, "codes": None}
    for path in (answer["Location"].removeprefix("http://testserver"), f"{V1}/local-codes/"):
        shown = scene.api.send("GET", path, key=scene.convenor)
        assert shown.status_code == 200
        assert not any(code.encode() in shown.content for code in made["codes"])
    kept = bytes(IdempotentAnswer.objects.get().body).decode()
    assert not any(code in kept for code in made["codes"])


def test_a_batch_is_its_own_convenors_alone(scene: Scene) -> None:
    made = scene.post("local-codes/", BATCH, key=scene.convenor)
    other = key_of(make.convenor("othertown-2025"))
    for key in (other, scene.responder, scene.panel, scene.resident):
        assert scene.api.send("GET", f"{V1}/local-codes/", key=key).json()["results"] == []
        assert scene.api.send("GET", f"{V1}/local-codes/{made['id']}/", key=key).status_code == 404
        assert scene.api.send("DELETE", f"{V1}/local-codes/{made['id']}/", key=key).status_code == 404
    assert scene.refused("local-codes/", BATCH, key=other, status=403) == "not_the_convenor"


def test_a_code_is_redeemed_and_a_repetition_says_so(scene: Scene) -> None:
    [code, other, *_] = scene.post("local-codes/", BATCH, key=scene.convenor)["codes"]
    first = redeem(scene, code, key=scene.resident, Idempotency_Key="mine")
    assert first.json() == {"assembly": make.SLUG, "stratum": "local", "counted_before": False}
    assert first["Cache-Control"] == "private, no-store"
    again = redeem(scene, code, key=scene.resident, Idempotency_Key="mine")
    assert again.json() == {**first.json(), "counted_before": True}
    assert redeem(scene, other, key=scene.member).json()["counted_before"] is False
    # A kept answer would tie its sender to the fingerprint of a body that holds the code.
    assert not IdempotentAnswer.objects.exists()


def test_a_used_code_and_a_wrong_one_get_the_same_answer(scene: Scene) -> None:
    [code, *_] = scene.post("local-codes/", BATCH, key=scene.convenor)["codes"]
    redeem(scene, code, key=scene.resident)
    used, wrong = redeem(scene, code, key=scene.member), redeem(scene, "BCDF-GHJK-LMNP", key=scene.member)
    assert used.status_code == 400
    assert used.content == wrong.content
    assert code.encode() not in used.content


def test_a_withdrawn_batch_opens_nothing(scene: Scene) -> None:
    made = scene.post("local-codes/", BATCH, key=scene.convenor)
    path = f"{V1}/local-codes/{made['id']}/"
    assert scene.api.send("DELETE", path, key=scene.convenor).status_code == 204
    assert redeem(scene, made["codes"][0], key=scene.resident).json()["code"] == "code_unknown"
    assert scene.api.send("GET", path, key=scene.convenor).json()["withdrawn_on"]


def test_a_person_guesses_ten_times_an_hour(scene: Scene) -> None:
    [code, *_] = scene.post("local-codes/", BATCH, key=scene.convenor)["codes"]
    answers = [redeem(scene, "BCDF-GHJK-LMNP", key=scene.resident).status_code for _ in range(11)]
    assert answers == [400] * 10 + [429]
    late = redeem(scene, code, key=scene.resident)
    assert (late.status_code, late.json()["code"]) == (429, "too_many_requests")
    assert int(late["Retry-After"]) <= 3600
    assert not Belonging.objects.exists()


def test_a_network_guesses_together_and_success_costs_it_nothing(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local_codes, "GUESSES", Tries("local-codes", person=10, network=3, window=3600))
    codes = scene.post("local-codes/", {**BATCH, "number": 9}, key=scene.convenor)["codes"]
    neighbours = [redeem(scene, code, key=key_of(make.person())).status_code for code in codes[:6]]
    assert neighbours == [200] * 6
    guessers = [redeem(scene, "WRONG", key=key_of(make.person())).status_code for _ in range(4)]
    assert guessers == [400] * 3 + [429]
    elsewhere = scene.api.post(
        f"{V1}/local-codes/redeem/",
        json.dumps({"assembly": make.SLUG, "code": codes[7]}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {key_of(make.person())}"},
        REMOTE_ADDR="203.0.113.9",
    )
    assert elsewhere.status_code == 200


def test_the_copy_of_ones_data_says_as_whom_one_rates_and_erasure_forgets_it(scene: Scene) -> None:
    [code, *_] = scene.post("local-codes/", BATCH, key=scene.convenor)["codes"]
    redeem(scene, code, key=scene.resident)
    mine = scene.api.send("GET", f"{V1}/me/", key=scene.resident).json()
    assert mine["rates_as"] == [{"assembly": make.SLUG, "stratum": "local"}]
    assert "cannot be looked up" in mine["ratings"]
    assert scene.api.send("DELETE", f"{V1}/me/", key=scene.resident).status_code == 204
    assert not Belonging.objects.exists()
    assert redeem(scene, code, key=scene.member).status_code == 400
