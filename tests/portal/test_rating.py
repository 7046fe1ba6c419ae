"""Rating: two taps, a code, and the ballot; what somebody chose is nowhere else, on no way."""

import io
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts.models import Session, SignInCode
from commitments.models import Commitment, Theme
from config import logs
from portal import scale
from ratings import actions, choices
from ratings.actions import casting
from ratings.models import Belonging
from record import clock
from tests import make
from tests.portal.people import Form, browser, confirm, fill, signed_in, user_of

pytestmark = pytest.mark.django_db
CANARY = "qzxkanariqz"
WORDS = f"The {CANARY} patrols come now."


@pytest.fixture(autouse=True)
def _apart(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path
    cache.clear()


@pytest.fixture
def promise() -> Commitment:
    assembly = make.assembly(prefix="AT25")
    asked = make.recommendation(assembly, theme=make.theme(assembly, "presence"))
    return make.commitment(assembly, recommendations=[asked])


@pytest.fixture
def theme(promise: Commitment) -> Theme:
    return Theme.objects.get()


def of_promise(promise: Commitment) -> str:
    return f"/commitments/{promise.reference}/rate/"


def of_theme(theme: Theme) -> str:
    return f"/assemblies/{theme.assembly.slug}/themes/{theme.slug}/rate/"


def own(client: Client, subject: Any) -> Any:
    by = user_of(client)
    today = clock.today()
    said = actions.own(subject, by=by, today=today)
    return said, actions.own_words(subject, by=by, today=today).said


def test_a_stranger_rates_with_two_taps_and_a_code(promise: Commitment) -> None:
    client, path = browser(), of_promise(promise)
    page = client.get(path)
    assert b"Who will see what" in page.content
    assert not Session.objects.exists()
    answer = fill(client, page, path, needing="choice", choice="4", words=WORDS)
    assert (answer.status_code, "Location" in answer) == (200, False)
    answer = confirm(client, answer, path, "ana@example.org")
    assert (answer.status_code, answer["Location"]) == (302, path)
    said, words = own(client, promise)
    assert (said.score, words) == (4, WORDS)
    text = client.get(path).content.decode()
    assert "Your rating is kept" in text
    assert 'value="4" checked' in text
    strangers = browser().get(path).content.decode()
    assert "Your rating is kept" not in strangers
    assert 'value="4" checked' not in strangers


def test_until_the_code_was_right_the_choice_is_in_the_form_alone(
    promise: Commitment, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[Any] = []
    monkeypatch.setattr(cache, "set", lambda *said, **_: kept.append(said))
    client, path = browser(), of_promise(promise)
    answer = fill(client, client.get(path), path, needing="choice", choice="4", words=WORDS)
    answer = fill(client, answer, path, needing="address", address="ana@example.org")
    assert Form(answer.content.decode(), "code").fields["words"] == WORDS
    stored = [list(model.objects.values()) for model in (Session, SignInCode)]
    everywhere = f"{stored}{kept}{client.cookies.output()}{mail.outbox[0].body}{answer.headers}"
    assert CANARY not in everywhere
    assert promise.reference not in str(mail.outbox[0].body)
    wrong = fill(client, answer, path, needing="code", code="BBBBBBBB")
    assert Form(wrong.content.decode(), "code").fields["words"] == WORDS


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    logs.configure(level="DEBUG", as_json=True)
    buffer = io.StringIO()
    (handler,) = (one for one in logging.getLogger().handlers if type(one) is logging.StreamHandler)
    handler.setStream(buffer)
    yield buffer
    logs.configure(level="WARNING", as_json=False)


def test_no_canary_sings_in_a_log_when_all_goes_well_or_breaks(
    promise: Commitment, theme: Theme, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, path = browser(), of_theme(theme)
    client.raise_request_exception = False
    answer = fill(client, client.get(path), path, needing="choice", choice="4", words=WORDS)
    confirm(client, answer, path, f"{CANARY}@example.org")
    question = f"{path}communities/religion/"
    fill(client, client.get(question), question, needing="answer", answer="sikh", consent="1")
    monkeypatch.setattr(casting, "_put", lambda *args, **said: 1 / 0)
    answer = fill(client, client.get(path), path, needing="choice", choice="1", words=WORDS)
    assert answer.status_code == 500
    log = written.getvalue()
    assert "ZeroDivisionError" in log
    assert log.count("rate/communities/<slug:name>/") >= 2
    for said in (CANARY, "sikh", theme.slug, promise.reference, "ana@"):
        assert said not in log, said


def test_it_is_changed_and_taken_back_while_the_quarter_runs(promise: Commitment) -> None:
    client, path = signed_in(), of_promise(promise)
    fill(client, client.get(path), path, needing="choice", choice="5", words=WORDS)
    fill(client, client.get(path), path, needing="choice", choice=scale.DONT_KNOW)
    said, words = own(client, promise)
    assert (said.score, said.dont_know, words) == (None, True, WORDS)
    fill(client, client.get(f"{path}words/"), f"{path}words/", needing="csrfmiddlewaretoken")
    assert own(client, promise)[1] == ""
    fill(client, client.get(f"{path}withdraw/"), f"{path}withdraw/", needing="csrfmiddlewaretoken")
    assert b"Your rating is kept" not in client.get(path).content
    again = fill(client, client.get(f"{path}withdraw/"), f"{path}withdraw/", needing="csrfmiddlewaretoken")
    assert again.status_code == 404


def test_questions_are_put_one_by_one_and_nothing_is_taken_without_consent(theme: Theme) -> None:
    client, path = signed_in(), of_theme(theme)
    answer = fill(client, client.get(path), path, needing="choice", choice="2", words=WORDS)
    assert answer["Location"] == f"{path}communities/"
    first = f"{path}communities/age_band/"
    assert first in client.get(answer["Location"]).content.decode()
    refused = fill(client, client.get(first), first, needing="answer", answer="25_34")
    assert (refused.status_code, own(client, theme)[0].communities) == (400, {})
    answer = fill(client, client.get(first), first, needing="answer", answer="25_34", consent="1")
    assert answer["Location"] == f"{path}communities/sex/"
    orientation = f"{path}communities/orientation/"
    fill(client, client.get(orientation), orientation, needing="answer", answer="bisexual", consent="1")
    said, words = own(client, theme)
    assert (said.score, words) == (2, WORDS)
    assert said.communities == {"age_band": "25_34", "orientation": "bisexual"}
    fill(client, client.get(path), path, needing="choice", choice="3")
    assert own(client, theme)[0].communities == {"age_band": "25_34", "orientation": "bisexual"}
    fill(client, client.get(first), first, needing="answer", answer="under_16", consent="1")
    assert own(client, theme)[0].communities == {"age_band": "under_16"}
    assert orientation not in client.get(f"{path}communities/religion/").content.decode()
    fill(client, client.get(first), first, needing="answer", remove="1")
    assert own(client, theme)[0].communities == {}


def test_every_answer_that_there_is_has_its_words() -> None:
    assert list(scale.QUESTIONS) == list(choices.COMMUNITIES)
    for question, answers in choices.COMMUNITIES.items():
        assert tuple(scale.ANSWERS[question]) == answers
    assert [one for one in scale.POINTS if one.isdigit()] == list("54321")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"choice": ""}, "choice"),
        ({"choice": "6"}, "choice"),
        ({"choice": "3", "words": "x" * 301}, "words"),
        ({"choice": "3", "words": "<b>x</b>"}, "words"),
        ({"choice": "3", "words": "a\x00b"}, "words"),
    ],
)
def test_what_is_to_be_mended_is_named_and_what_was_typed_stays(
    promise: Commitment, typed: dict[str, str], field: str
) -> None:
    client, path = browser(), of_promise(promise)
    answer = client.post(path, {**Form(client.get(path).content.decode(), "words").fields, **typed})
    assert answer.status_code == 400
    assert f'href="#{field}"' in answer.content.decode()
    assert not SignInCode.objects.exists()


def test_who_may_not_is_told_so_in_words(promise: Commitment) -> None:
    officer = make.member(make.lead_team(promise))
    client, path = signed_in(officer.email), of_promise(promise)
    answer = fill(client, client.get(path), path, needing="choice", choice="5")
    assert (answer.status_code, b"residents do" in answer.content) == (403, True)
    assert client.get("/commitments/NO-1/rate/").status_code == 404


def test_pages_and_api_count_casts_as_one(promise: Commitment, settings: Any) -> None:
    settings.RATINGS_PER_ACCOUNT = "2/hour"
    client, path = signed_in(), of_promise(promise)
    api: Any = {"content_type": "application/json"}
    headers = {"X-CSRFToken": client.cookies["csrftoken"].value}
    answer = client.put(f"/api/v1{path.replace('rate', 'rating')}", {"score": 2}, **api, headers=headers)
    assert answer.status_code == 200, answer.content
    statuses = [
        fill(client, client.get(path), path, needing="choice", choice="1").status_code for _ in range(2)
    ]
    assert statuses == [302, 429]


def test_a_lost_key_store_is_said_so_and_nothing_is_lost(promise: Commitment, settings: Any) -> None:
    client, path = signed_in(), of_promise(promise)
    page = client.get(path)
    settings.BALLOT_KEYS_COMMAND = "/bin/false"
    answer = fill(client, page, path, needing="choice", choice="1")
    assert (answer.status_code, b"cannot be taken just now" in answer.content) == (503, True)


def test_a_code_from_a_letter_makes_somebody_local(promise: Commitment) -> None:
    _, [code] = actions.issue_codes(promise.assembly, by=make.convenor(), number=1)
    client, path = browser(), f"/assemblies/{promise.assembly.slug}/local-code/"
    answer = fill(client, client.get(path), path, needing="local", local=code.lower())
    answer = confirm(client, answer, path, "ana@example.org")
    assert b"counted as a local resident" in answer.content
    assert Belonging.objects.count() == 1
    other = signed_in("bea@example.org")
    assert fill(other, other.get(path), path, needing="local", local=code).status_code == 400


def test_local_codes_are_guessed_as_seldom_as_over_the_api(promise: Commitment) -> None:
    actions.issue_codes(promise.assembly, by=make.convenor(), number=1)
    client, path = signed_in(), f"/assemblies/{promise.assembly.slug}/local-code/"
    page = client.get(path)
    statuses = [fill(client, page, path, needing="local", local="WRONG").status_code for _ in range(11)]
    assert statuses == [400] * 10 + [429]
