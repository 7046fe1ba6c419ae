"""Signing in by a mailed code: in one browser, once, soon, and as a resident whatever else one is."""

import re
import time
from datetime import timedelta
from smtplib import SMTPException
from typing import Any

import pytest
from django.conf import settings as configured
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts import codes
from accounts.models import Session, SignInCode, User
from accounts.sessions import digest
from portal import code_mail, signing_in
from portal.private import TICKET
from record import clock
from tests import make
from tests.portal.people import browser, code_in_mail, fill, signed_in

pytestmark = pytest.mark.django_db
WHERE, CODE = "/sign-in/", "/sign-in/code/"


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    cache.clear()


def ask(client: Client, address: str, **headers: str) -> Any:
    return client.post(WHERE, {"address": address}, headers=headers)


def wrong(code: str) -> str:
    return code.translate(str.maketrans("BCDFGH", "CDFGHJ")) if re.search("[BCDFGH]", code) else "BBBBBBBB"


def test_a_code_signs_in_and_the_account_is_the_address_alone() -> None:
    client = signed_in(" New.Person@Example.org ")
    user = User.objects.get()
    assert (user.email, user.has_usable_password(), user.is_staff) == ("new.person@example.org", False, False)
    assert user.confirmed_at is not None
    page = client.get("/account/")
    assert "new.person@example.org" in page.content.decode()
    cookie = client.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert int(cookie["max-age"]) == 2 * 60 * 60
    assert client.cookies[TICKET].value == ""


def test_pages_of_ones_own_are_kept_by_nobody_and_tell_no_other_site() -> None:
    client = signed_in()
    for path in ("/account/", "/account/sessions/", "/account/copy/", "/sign-out/", WHERE):
        answer = client.get(path)
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["X-Robots-Tag"] == "noindex"
    assert b"data-leave" in client.get("/account/").content


def test_known_and_unknown_addresses_get_the_same_page_mail_and_questions() -> None:
    make.person("known")
    told = []
    for address in ("known@example.org", "stranger@example.org"):
        client = Client()
        ask(client, "warm@example.org")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = ask(client, address)
        page = client.get(CODE).content.decode()
        page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
        said = str(mail.outbox[-1].body).replace(code_in_mail(), "")
        shapes = [re.sub(r"'[^']*'|\d+", "?", one["sql"]) for one in asked]
        told.append((answer.status_code, answer["Location"], page, said, mail.outbox[-1].subject, shapes))
    assert told[0] == told[1]
    assert not any("accounts_user" in one for one in told[0][5])
    assert "known@example.org" not in told[0][2]


def test_the_mail_says_nothing_of_what_it_is_for() -> None:
    ask(Client(), "ana@example.org")
    said = mail.outbox[0]
    assert (said.subject, said.to) == ("Your code", ["ana@example.org"])
    assert code_in_mail() not in said.subject
    assert not re.search(
        r"polic|rat(e|ing)|promise|\bsaid\b",
        f"{said.from_email.partition('<')[0]} {said.subject} {said.body}",
        re.I,
    )


def test_a_code_works_in_the_browser_that_asked_for_it_alone() -> None:
    mine, other = Client(), Client()
    ask(mine, "ana@example.org")
    code = code_in_mail()
    ask(other, "ana@example.org")
    assert b"not the code" in other.post(CODE, {"code": code}).content
    assert b"used up" in Client().post(CODE, {"code": code}).content
    assert mine.post(CODE, {"code": code.lower().replace("-", " ")}).status_code == 302


def test_a_code_works_once() -> None:
    client = Client()
    ask(client, "ana@example.org")
    ticket, code = client.cookies[TICKET].value, code_in_mail()
    client.post(CODE, {"code": code})
    thief = Client()
    thief.cookies[TICKET] = ticket
    assert b"used up" in thief.post(CODE, {"code": code}).content
    assert not SignInCode.objects.exists()


def test_five_wrong_tries_end_a_code() -> None:
    client = Client()
    ask(client, "ana@example.org")
    code = code_in_mail()
    told = [client.post(CODE, {"code": wrong(code)}).content for _ in range(codes.TRIES)]
    assert [b"not the code" in one for one in told] == [True] * 4 + [False]
    assert b"used up" in client.post(CODE, {"code": code}).content
    assert not Session.objects.exists()


def test_a_code_is_over_after_ten_minutes_and_what_is_over_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    client, begun = Client(), clock.now()
    ask(client, "ana@example.org")
    code = code_in_mail()
    with clock.at(begun + timedelta(minutes=10, seconds=1)):
        assert b"used up" in client.post(CODE, {"code": code}).content
        ask(Client(), "bea@example.org")
        assert SignInCode.objects.count() == 1
    real = time.time()
    monkeypatch.setattr(time, "time", lambda: real + 601)
    assert codes.confirmed(client.cookies[TICKET].value, code) is None


def test_what_is_kept_of_a_code_names_nobody_and_opens_nothing() -> None:
    client = Client()
    ask(client, "ana@example.org")
    row = SignInCode.objects.values().get()
    assert set(row) == {"id", "digest", "tries", "expires_at"}
    kept = str(row) + client.cookies[TICKET].value
    assert code_in_mail().replace("-", "") not in kept
    assert "ana@example.org" not in str(row)


def test_a_session_has_a_fresh_key_of_which_the_table_holds_a_digest() -> None:
    client = Client()
    planted = Client()
    planted.force_login(make.person("attacker"))
    client.cookies["sessionid"] = planted.cookies["sessionid"].value
    before = client.cookies["sessionid"].value
    token = client.get(WHERE).cookies.get("csrftoken")
    ask_anew = client.post("/sign-out/")
    assert ask_anew.status_code == 200
    ask(client, "ana@example.org")
    client.post(CODE, {"code": code_in_mail()})
    key = client.cookies["sessionid"].value
    assert key not in ("", before)
    assert token is None or client.cookies["csrftoken"].value != token.value
    assert set(Session.objects.values_list("pk", flat=True)) == {digest(key)}
    assert key not in str(list(Session.objects.values()))


def test_signing_out_ends_the_session_everywhere_it_is_known() -> None:
    client = signed_in()
    copied = Client()
    copied.cookies["sessionid"] = client.cookies["sessionid"].value
    fill(client, client.get("/sign-out/"), "/sign-out/", needing="csrfmiddlewaretoken")
    assert not Session.objects.exists()
    assert copied.get("/account/").status_code == 302


def test_a_closed_account_is_shut_within_the_request() -> None:
    client = signed_in()
    User.objects.update(is_active=False)
    assert client.get("/account/").status_code == 302
    ask(client, "ana@example.org")
    assert client.post(CODE, {"code": code_in_mail()}).status_code == 403


def test_an_address_gets_so_many_mails_and_nobody_is_told(settings: Any) -> None:
    settings.SIGN_IN_PER_ADDRESS = "2/hour"
    pages = []
    for spelling in ("ana@example.org", "Ana@example.org", "ana+3@example.org"):
        client = Client()
        assert ask(client, spelling).status_code == 302
        pages.append(re.sub(r'value="\w+"', "", client.get(CODE).content.decode()))
        wrong_one = client.post(CODE, {"code": "BBBBBBBB"}).content
        assert b"not the code" in wrong_one
    assert len(set(pages)) == 1
    assert len(mail.outbox) == 2


@pytest.mark.parametrize("proxies", [0, 1])
def test_a_thousand_forged_headers_lift_no_limit(settings: Any, rf: RequestFactory, proxies: int) -> None:
    settings.SIGN_IN_PER_NETWORK, settings.PROXIES = "3/hour", proxies
    forged = [f"10.{number // 250}.{number % 250}.7" + ", 192.0.2.1" * proxies for number in range(1000)]
    for one in forged[:3]:
        assert ask(Client(), "ana@example.org", X_Forwarded_For=one).status_code == 302
    asking = (rf.post(WHERE, headers={"X-Forwarded-For": one}) for one in forged[3:])
    assert all(signing_in.asked_too_often(request) for request in asking)
    refused = ask(Client(), "bea@example.org", X_Forwarded_For=forged[-1])
    assert (refused.status_code, 0 < int(refused["Retry-After"]) <= 3600) == (429, True)
    assert len(mail.outbox) == 3


def test_wrong_codes_are_counted_by_network_and_right_ones_are_not(settings: Any) -> None:
    settings.SIGN_IN_PER_NETWORK = "4/hour"
    for number in range(4):
        client = Client()
        ask(client, f"ana{number}@example.org")
        assert client.post(CODE, {"code": code_in_mail()}).status_code == 302
    thief = Client()
    thief.cookies[TICKET] = codes.ask("ana@example.org").ticket
    assert [thief.post(CODE, {"code": "BBBBBBBB"}).status_code for _ in range(5)] == [400] * 4 + [429]


def test_all_together_ask_so_often_and_a_network_over_its_limit_takes_nothing_of_it(settings: Any) -> None:
    settings.SIGN_IN_PER_NETWORK, settings.SIGN_IN_OVERALL, settings.PROXIES = "2/hour", "3/hour", 1
    told = [
        ask(Client(), "a@example.org", X_Forwarded_For=f"192.0.2.{last}").status_code
        for last in (1, 1, 1, 1, 2, 3)
    ]
    assert told == [302, 302, 429, 429, 302, 429]


def test_expected_take_overs_stay_below_one_in_a_thousand_a_day() -> None:
    """The numbers of docs/threat-model.md, from the constants themselves."""
    assert len(set(codes.ALPHABET)) == 20
    assert not set(codes.ALPHABET) & set("AEIOUY0123456789")
    expected = codes.expected_take_overs_a_day(10_000, configured.SIGN_IN_PER_ADDRESS)
    assert expected == 10_000 * 20 * 5 / 20**8
    assert expected <= 1e-3
    page = (configured.BASE_DIR / "docs" / "threat-model.md").read_text()
    assert "10,000 × 20 × 5 / 20⁸ = 3.9 × 10⁻⁵" in page


@pytest.mark.parametrize("failure", [SMTPException("ana@example.org"), ConnectionRefusedError()])
def test_mail_that_cannot_be_sent_is_said_so_and_not_logged_with_the_address(
    failure: Exception, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: str) -> None:
        raise failure

    monkeypatch.setattr(code_mail, "send", fails)
    assert ask(Client(), "ana@example.org").status_code == 503
    assert "could not be mailed" in caplog.text
    assert "ana@" not in caplog.text


@pytest.mark.parametrize(
    "typed", ["", "ana", "ana@example", "a" * 250 + "@example.org", "ana@example.org\nBcc: b@c.org"]
)
def test_what_is_no_address_is_sent_nothing(typed: str) -> None:
    answer = ask(Client(), typed)
    assert answer.status_code == 400
    assert b'href="#address"' in answer.content
    assert not mail.outbox


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_elsewhere_afterwards(elsewhere: str) -> None:
    client = Client()
    client.post(WHERE, {"address": "ana@example.org", "next": elsewhere})
    answer = client.post(CODE, {"code": code_in_mail(), "next": elsewhere})
    assert answer["Location"] == "/account/"
    client = Client()
    answer = client.post(WHERE, {"address": "ana@example.org", "next": "/account/sessions/"})
    assert answer["Location"] == "/sign-in/code/?next=%2Faccount%2Fsessions%2F"


def test_a_form_that_was_forged_elsewhere_does_nothing() -> None:
    elsewhere = {"origin": "https://evil.example"}
    answer = browser().post(WHERE, {"address": "ana@example.org"}, headers=elsewhere)
    assert answer.status_code == 403
    assert not mail.outbox


def test_pages_of_ones_own_are_counted_as_any_other(settings: Any) -> None:
    settings.THROTTLE_ANONYMOUS = "2/min"
    answers = [Client().get(WHERE) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2]["Cache-Control"] == "private, no-store"
