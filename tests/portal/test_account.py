"""One's account: all of it shown and copied, each sign-in ended, and everything erased at once."""

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import actions as accounts
from accounts.models import Session, User
from commitments.models import Challenge
from notifications import post
from notifications.models import Follower, Reader
from ratings import actions
from tests import make
from tests.notifications.following import follower
from tests.portal.people import Form, fill, signed_in

pytestmark = pytest.mark.django_db
OWN = ("/account/", "/account/copy/", "/account/erase/", "/account/sessions/")


@pytest.fixture(autouse=True)
def _counted_anew() -> None:
    cache.clear()


@pytest.fixture
def busy(settings: Any, tmp_path: Any) -> Client:
    """Somebody who did everything that one can do."""
    settings.DATA_DIR = tmp_path
    client = signed_in()
    user = User.objects.get(email="ana@example.org")
    commitment = make.commitment(make.assembly(prefix="AT25"))
    claim = make.claim(commitment)
    make.challenge(claim, by=user)
    _, [code] = actions.issue_codes(commitment.assembly, by=make.convenor(), number=1)
    actions.redeem(commitment.assembly, by=user, code=code)
    accounts.issue_key(user, scopes=["all"], name="mine")
    follower("ana@example.org", commitment.record_subject)
    return client


def test_a_stranger_is_asked_to_sign_in_and_comes_back() -> None:
    for path in OWN:
        answer = Client().get(path)
        assert answer["Location"].startswith("/sign-in/?next=%2Faccount%2F"), path


def test_everything_is_shown_and_in_the_copy(busy: Client) -> None:
    page = busy.get("/account/").content.decode()
    for said in ("ana@example.org", "a local resident", "We see nobody.", "See and change it"):
        assert said in page, said
    answer = busy.get("/account/copy/")
    assert "attachment" in answer["Content-Disposition"]
    found = json.loads(answer.content)
    assert found["email"] == "ana@example.org"
    assert [one["reason"] for one in found["challenges"]] == ["We see nobody."]
    assert (len(found["keys"]), len(found["signed_in"]), len(found["follows"])) == (1, 1, 1)
    assert found["rates_as"] == [{"assembly": make.SLUG, "stratum": "local"}]
    assert "digest" not in answer.content.decode()


def test_the_page_asks_as_much_for_many_challenges_as_for_one(busy: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            busy.get("/account/")
        return len(queries)

    before, user = asked(), User.objects.get(email="ana@example.org")
    for _ in range(3):
        make.challenge(
            make.claim(
                make.commitment(
                    Challenge.objects.get(
                        proposer=user, commitment__reference="AT25-C001"
                    ).commitment.assembly
                )
            ),
            by=user,
        )
    assert asked() == before


def test_one_sign_in_is_ended_or_all_of_them(busy: Client) -> None:
    other, third = signed_in(), signed_in()
    stranger = signed_in("bea@example.org")
    ending = Form(busy.get("/account/sessions/").content.decode(), "csrfmiddlewaretoken").fields
    theirs = Session.objects.get(user__email="bea@example.org").pk
    assert busy.post("/account/sessions/", {**ending, "end": theirs}).status_code == 302
    assert stranger.get("/account/").status_code == 200
    newest = Session.objects.filter(user__email="ana@example.org").order_by("-began_at")[0].pk
    busy.post("/account/sessions/", {**ending, "end": newest})
    assert [one.get("/account/").status_code for one in (busy, other, third)] == [200, 200, 302]
    busy.post("/account/sessions/", {**ending, "end": "all"})
    assert [one.get("/account/").status_code for one in (busy, other, stranger)] == [302, 302, 200]


def test_an_account_is_erased_everywhere_at_once(busy: Client) -> None:
    other = signed_in()
    post.readers([User.objects.get(email="ana@example.org").pk])
    path = "/account/erase/"
    answer = fill(busy, busy.get(path), path, needing="csrfmiddlewaretoken")
    assert b"Nothing here leads to you" in answer.content
    assert not User.objects.filter(email="ana@example.org").exists()
    assert not Follower.objects.exists()
    assert not Reader.objects.exists()
    assert not Session.objects.exists()
    assert [one.get("/account/").status_code for one in (busy, other)] == [302, 302]
    assert Challenge.objects.count() == 1


def test_one_page_lists_nothing_of_anybody_else(busy: Client) -> None:
    other = signed_in("bea@example.org")
    page = other.get("/account/").content.decode() + other.get("/account/copy/").content.decode()
    assert "ana@" not in page
    assert "We see nobody." not in page
