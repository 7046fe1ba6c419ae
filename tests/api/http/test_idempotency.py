"""A POST that is repeated has one effect, whoever is first and whatever breaks."""

import threading
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections

from accounts.models import Organisation, User
from api.http import idempotency
from api.models import IdempotentAnswer
from record import clock
from tests.api.http import toy
from tests.api.http.conftest import BODIES, NEW, body, issue
from tests.contract import CheckingClient


@pytest.mark.django_db
def test_a_repeat_gets_the_same_answer_and_has_no_effect(api: CheckingClient, key: str) -> None:
    first = api.send("POST", BODIES, NEW, key=key, Idempotency_Key="k1")
    again = api.send("POST", BODIES, dict(reversed(NEW.items())), key=key, Idempotency_Key="k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again["Location"] == first["Location"]
    assert again["ETag"] == first["ETag"]
    assert again["Content-Type"] == first["Content-Type"]
    assert again["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    assert Organisation.objects.count() == 1


@pytest.mark.django_db
def test_without_a_key_nothing_is_kept(api: CheckingClient, key: str) -> None:
    api.send("POST", BODIES, NEW, key=key)
    assert not IdempotentAnswer.objects.exists()


@pytest.mark.django_db
def test_other_content_under_the_same_key_is_a_422(api: CheckingClient, key: str) -> None:
    body("a")
    api.send("POST", BODIES, NEW, key=key, Idempotency_Key="k1")
    other = api.send("POST", BODIES, {**NEW, "slug": "b"}, key=key, Idempotency_Key="k1")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert api.send("POST", f"{BODIES}a/close/", key=key, Idempotency_Key="k1").status_code == 422
    assert not Organisation.objects.filter(slug="b").exists()


@pytest.mark.django_db
def test_another_person_may_use_the_same_key(api: CheckingClient, key: str) -> None:
    other = issue(User.objects.create_user("other@example.org"), "all")
    api.send("POST", BODIES, NEW, key=key, Idempotency_Key="k1")
    answer = api.send("POST", BODIES, {**NEW, "slug": "b"}, key=other, Idempotency_Key="k1")
    assert answer.status_code == 201
    assert "Idempotent-Replayed" not in answer


@pytest.mark.django_db
def test_a_refused_request_releases_the_key(api: CheckingClient, key: str) -> None:
    assert api.send("POST", BODIES, {**NEW, "name": "taken"}, key=key, Idempotency_Key="k").status_code == 409
    assert api.send("POST", BODIES, {"name": "x"}, key=key, Idempotency_Key="k").status_code == 400
    assert api.send("POST", BODIES, NEW, key=key, Idempotency_Key="k").status_code == 201


@pytest.mark.django_db
def test_a_crash_leaves_neither_effect_nor_key(
    api: CheckingClient, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr(idempotency, "_without", lambda *_: 1 / 0)
        assert api.send("POST", BODIES, NEW, key=key, Idempotency_Key="k").status_code == 500
    assert not Organisation.objects.exists()
    assert not IdempotentAnswer.objects.exists()
    assert api.send("POST", BODIES, NEW, key=key, Idempotency_Key="k").status_code == 201


@pytest.mark.django_db
def test_secrets_are_shown_once_and_never_stored(api: CheckingClient, key: str) -> None:
    body("a")
    first = api.send("POST", f"{BODIES}a/close/", key=key, Idempotency_Key="k").json()
    again = api.send("POST", f"{BODIES}a/close/", key=key, Idempotency_Key="k").json()
    assert first == {"slug": "a", "token": "once"}
    assert again == {"slug": "a", "token": None}
    assert b"once" not in bytes(IdempotentAnswer.objects.get().body)


@pytest.mark.django_db
def test_an_empty_answer_is_replayed_empty(api: CheckingClient, key: str) -> None:
    answers = [api.send("POST", "/api/v1/silence/", key=key, Idempotency_Key="k") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [204, 204]
    assert answers[1]["Idempotent-Replayed"] == "true"
    assert "Content-Type" not in answers[1]


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "  ", "a" * 256, "\u00e9", "a b", "a\tb"])
def test_a_malformed_key_is_a_400(api: CheckingClient, key: str, text: str) -> None:
    answer = api.send("POST", BODIES, NEW, key=key, Idempotency_Key=text)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_idempotency_key")


@pytest.mark.django_db
def test_a_key_must_still_be_allowed_to_ask_for_a_replay(api: CheckingClient, user: User) -> None:
    api.send("POST", BODIES, NEW, key=issue(user, "all"), Idempotency_Key="k")
    narrow = issue(user, "updates:write")
    assert api.send("POST", BODIES, NEW, key=narrow, Idempotency_Key="k").status_code == 403


@pytest.mark.django_db
def test_after_a_day_the_key_is_free_and_the_answer_goes(api: CheckingClient, key: str) -> None:
    api.send("POST", BODIES, NEW, key=key, Idempotency_Key="k")
    assert idempotency.purge() == 0
    with clock.at(clock.now() + timedelta(hours=25)):
        answer = api.send("POST", BODIES, {**NEW, "slug": "b"}, key=key, Idempotency_Key="k")
        assert answer.status_code == 201
    with clock.at(clock.now() + timedelta(hours=50)):
        assert idempotency.purge() == 1


@pytest.mark.django_db
def test_operators_purge_from_the_command_line(api: CheckingClient, key: str, capsys: Any) -> None:
    api.send("POST", BODIES, NEW, key=key, Idempotency_Key="k")
    with clock.at(clock.now() + timedelta(hours=25)):
        call_command("purge_answers")
    assert capsys.readouterr().out == "1 kept answers deleted.\n"
    assert not IdempotentAnswer.objects.exists()


@pytest.mark.django_db
def test_while_the_first_still_runs_unseen_the_second_is_told(
    api: CheckingClient, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.send("POST", BODIES, NEW, key=key, Idempotency_Key="k")
    monkeypatch.setattr(idempotency, "_stored", lambda *_: None)
    answer = api.send("POST", BODIES, NEW, key=key, Idempotency_Key="k")
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_in_use")


def test_sixteen_at_once_have_one_effect(
    committed_db: None, client: CheckingClient, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = issue(user, "all")
    effects: list[str] = []
    monkeypatch.setattr(toy, "refuse", effects.append)
    gate = threading.Barrier(16)
    answers: list[Any] = []

    def ask() -> None:
        own = CheckingClient()
        own.contract = client.contract
        gate.wait()
        try:
            answers.append(own.send("POST", BODIES, NEW, key=token, Idempotency_Key="k"))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(answer.status_code for answer in answers) == {201: 16}
    assert sum("Idempotent-Replayed" not in answer for answer in answers) == 1
    assert len({answer.content for answer in answers}) == 1
    assert Organisation.objects.count() == 1
    assert effects == ["New"]
