"""Nobody acts in an office without a second factor: not at the desk, in the API or in the windows of operators."""

import re
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.test.utils import override_settings

from accounts import second_factor
from accounts.models import Session, User
from portal.desk import proofs
from record import clock
from tests import make
from tests.portal.desk.windows import (
    FACTOR,
    Passkey,
    app_of,
    at_desk,
    by_password,
    code_of,
    with_password,
)
from tests.portal.people import code_in_mail, fill, signed_in

pytestmark = pytest.mark.django_db
SET_UP, BY_MAIL, TOTP, PASSKEYS = (
    "/desk/security/set-up/",
    "/desk/second-factor/by-mail/",
    "/desk/security/totp/",
    "/desk/security/passkeys/",
)


@pytest.fixture(autouse=True)
def _nothing_tried() -> None:
    """Tries are counted by account, and accounts have the same number in each test."""
    cache.clear()


@pytest.fixture
def convenor() -> User:
    """A convenor with a password, and no second factor yet."""
    return with_password(make.convenor())


def acts(client: Client) -> bool:
    """Whether this browser comes in at the desk."""
    return client.get("/desk/import/").status_code == 200


def given(client: Client, code: str) -> Any:
    """The answer to a code of an app, or to a recovery code."""
    return fill(client, client.get(FACTOR), FACTOR, needing="code", code=code)


def recently_proved(user: User) -> Client:
    """A browser in which somebody gave their second factor a moment ago."""
    client = at_desk(user)
    session = client.session
    session[proofs.KEY] = {proofs.FACTOR: clock.now().timestamp()}
    session.save()
    return client


def secret_on(page: Any) -> str:
    """The secret that a page shows in letters."""
    found = re.search(r'<code translate="no">([A-Z2-7 ]+)</code>', page.content.decode())
    assert found
    return found[1].replace(" ", "")


def options_on(page: Any) -> str:
    """What a page asks of the browser's passkeys."""
    found = re.search(r'data-passkey="([^"]+)"', page.content.decode())
    assert found
    return found[1].replace("&quot;", '"').replace("&#x27;", "'")


def test_a_password_alone_acts_nowhere_and_with_a_code_of_the_app_everywhere(convenor: User) -> None:
    secret = app_of(convenor)
    client, answer = by_password(convenor)
    assert answer["Location"] == "/desk/second-factor/?next=%2Fdesk%2F"
    assert client.get("/desk/import/")["Location"].startswith("/desk/second-factor/?")
    assert client.post("/api/v1/areas/", {}, content_type="application/json").status_code == 403
    waiting = client.cookies["sessionid"].value
    assert given(client, code_of(secret)).status_code == 302
    assert acts(client)
    assert client.cookies["sessionid"].value != waiting
    assert Session.objects.filter(user=convenor).count() == 1


def test_a_code_of_the_app_is_good_once_and_so_is_a_neighbour_of_it_that_is_older(convenor: User) -> None:
    secret = app_of(convenor)
    code = code_of(secret)
    assert given(by_password(convenor)[0], code).status_code == 302
    again, _ = by_password(convenor)
    for used in (code, code_of(secret, -1)):
        answer = given(again, used)
        assert answer.status_code == 400
        assert "was used before" in answer.content.decode()
    assert not acts(again)
    assert given(again, code_of(secret, 1)).status_code == 302


def test_a_mailed_code_and_a_code_of_the_app_are_enough_without_a_password(convenor: User) -> None:
    secret = app_of(convenor)
    client = signed_in(convenor.email)
    assert not acts(client)
    assert given(client, code_of(secret)).status_code == 302
    assert acts(client)


def test_a_wrong_password_a_shut_account_and_nobody_are_told_the_same(convenor: User) -> None:
    shut = with_password(make.convenor())
    User.objects.filter(pk=shut.pk).update(is_active=False)
    nobody = User(email="nobody@example.org")
    unkeepable = User(email="no\0body@example.org")
    answers = [
        by_password(convenor, "wrong")[1],
        *(by_password(one)[1] for one in (shut, nobody, unkeepable)),
    ]
    assert {answer.status_code for answer in answers} == {400}
    pages = {re.sub(r'value="[^"]*"', "", answer.content.decode()) for answer in answers}
    assert len(pages) == 1


@override_settings(WRONG_PER_ACCOUNT="3/hour")
def test_passwords_and_codes_are_not_guessed_and_what_is_right_does_not_count(convenor: User) -> None:
    secret = app_of(convenor)
    assert [by_password(convenor)[1].status_code for _ in range(4)] == [302] * 4
    client, _ = by_password(convenor)
    tries = [given(client, "000000").status_code for _ in range(3)]
    assert tries == [400] * 3
    late = given(client, code_of(secret))
    assert (late.status_code, "Retry-After" in late) == (429, True)
    assert [by_password(convenor, "wrong")[1].status_code for _ in range(4)] == [400, 400, 400, 429]
    assert by_password(convenor)[1].status_code == 429
    assert by_password(with_password(make.convenor()))[1].status_code == 302


def test_a_stolen_password_cannot_set_up_the_first_factor(convenor: User) -> None:
    client, _ = by_password(convenor)
    answer = client.get(FACTOR, follow=True)
    assert answer.redirect_chain[-1][0].startswith(BY_MAIL)
    for path in (SET_UP, TOTP, f"{TOTP}dots.svg", PASSKEYS, "/desk/security/recovery-codes/"):
        assert client.get(path)["Location"].startswith(BY_MAIL), path
    assert not second_factor.is_set_up(convenor)


def test_a_stolen_mailbox_cannot_set_up_the_first_factor_where_there_is_a_password(convenor: User) -> None:
    client = signed_in(convenor.email)
    assert client.get(SET_UP)["Location"].startswith("/desk/sign-in/?")
    assert b'name="password"' in client.get(client.get(SET_UP)["Location"]).content


def test_who_has_no_factor_sets_up_an_app_and_gets_recovery_codes_that_are_good_once(convenor: User) -> None:
    client, _ = by_password(convenor)
    sent = client.post(BY_MAIL, {"csrfmiddlewaretoken": client.cookies["csrftoken"].value, "send": "1"})
    page = client.get(sent["Location"])
    wrong = fill(client, page, BY_MAIL, needing="code", code="BBBB-BBBB")
    assert wrong.status_code == 400
    assert fill(client, wrong, BY_MAIL, needing="code", code=code_in_mail()).status_code == 302
    assert not acts(client)
    page = client.get(TOTP)
    secret = secret_on(page)
    assert client.get(f"{TOTP}dots.svg")["Content-Type"] == "image/svg+xml"
    assert fill(client, page, TOTP, needing="code", code="000000").status_code == 400
    made = fill(client, client.get(TOTP), TOTP, needing="code", code=code_of(secret))
    codes = re.findall(r'<code translate="no">(\d{8})</code>', made.content.decode())
    assert len(codes) == 10
    assert acts(client)
    assert "second factor was added" in str(mail.outbox[-1].body)
    other, _ = by_password(convenor)
    assert given(other, code_of(secret)).status_code == 400, "what set it up is used"
    assert given(other, codes[3]).status_code == 302
    assert "recovery codes was used" in str(mail.outbox[-1].body)
    assert given(by_password(convenor)[0], codes[3]).status_code == 400
    assert second_factor.recovery_codes_left(convenor) == 9


def test_secrets_are_sealed_in_the_database_and_in_the_session(convenor: User) -> None:
    client = recently_proved(convenor)
    secret = secret_on(client.get(TOTP))
    row = Session.objects.get(user=convenor)
    assert secret not in str(row.get_decoded())
    assert secret not in str(second_factor.kept(convenor))
    kept = app_of(convenor)
    assert kept not in str(list(second_factor.of(convenor).values_list("data", flat=True)))


def test_a_passkey_is_made_and_opens_the_desk_and_its_answer_is_good_once(convenor: User) -> None:
    key = Passkey()
    client = recently_proved(convenor)
    page = client.get(PASSKEYS, secure=True)
    answer = post(client, PASSKEYS, name="work phone", passkey=key.made(options_on(page)))
    assert b"Recovery codes" in answer.content, answer.content
    other, _ = by_password(convenor)
    page = other.get(FACTOR, secure=True)
    used = key.used(options_on(page))
    assert post(other, FACTOR, passkey=Passkey().used(options_on(page))).status_code == 400, "another's key"
    assert post(other, FACTOR, passkey=used).status_code == 400, "the challenge was over"
    page = other.get(FACTOR, secure=True)
    used = key.used(options_on(page))
    assert post(other, FACTOR, passkey=used).status_code == 302
    assert acts(other)
    third, _ = by_password(convenor)
    third.get(FACTOR, secure=True)
    assert post(third, FACTOR, passkey=used).status_code == 400
    assert post(third, FACTOR, passkey="{}").status_code == 400
    assert post(third, FACTOR, passkey="[").status_code == 400
    assert post(third, FACTOR, passkey="[" * 19_000).status_code == 400


def test_a_passkey_of_another_address_is_refused(convenor: User) -> None:
    client = recently_proved(convenor)
    page = client.get(PASSKEYS, secure=True)
    made = Passkey(origin="https://testserver.evil.example").made(options_on(page))
    assert post(client, PASSKEYS, name="", passkey=made).status_code == 400
    assert not second_factor.is_set_up(convenor)


def test_before_a_change_the_factor_is_asked_for_again_and_the_only_one_stays(convenor: User) -> None:
    secret = app_of(convenor)
    client = at_desk(convenor)
    key = second_factor.of(convenor).get().pk
    path = f"/desk/security/factors/{key}/remove/"
    for page in (path, TOTP, PASSKEYS, "/desk/security/password/", "/desk/security/recovery-codes/"):
        assert client.get(page)["Location"].startswith(f"{FACTOR}?"), page
    assert given(client, code_of(secret)).status_code == 302
    assert post(client, path).status_code == 409
    assert second_factor.is_set_up(convenor)
    stranger = app_of(with_password(make.convenor()))
    assert stranger
    foreign = second_factor.of(User.objects.latest("pk")).get().pk
    assert post(client, f"/desk/security/factors/{foreign}/remove/").status_code == 302
    assert second_factor.of(User.objects.latest("pk")).exists()


def test_a_new_password_ends_every_other_session(convenor: User) -> None:
    secret = app_of(convenor)
    elsewhere, client = at_desk(convenor), at_desk(convenor)
    given(client, code_of(secret))
    path = "/desk/security/password/"
    assert post(client, path, password="short", repeated="short").status_code == 400
    done = post(client, path, password="another-horse-of-mine", repeated="another-horse-of-mine")
    assert done["Location"] == "/desk/security/"
    assert (acts(client), acts(elsewhere)) == (True, False)


def test_operators_windows_are_entered_with_a_second_factor_alone() -> None:
    operator = with_password(User.objects.create_superuser("operator@example.org"))
    secret = app_of(operator)
    client, _ = by_password(operator)
    for window in (client, signed_in(operator.email)):
        answer = window.get("/admin/", follow=True)
        assert answer.redirect_chain[-1][0].startswith(FACTOR)
    given(client, code_of(secret))
    assert client.get("/admin/").status_code == 200
    assert at_desk(make.convenor()).get("/admin/", follow=True).status_code == 403


def test_the_way_back_stays_on_this_site(convenor: User) -> None:
    secret = app_of(convenor)
    client, _ = by_password(convenor)
    page = client.get(f"{FACTOR}?next=//evil.example/")
    answer = fill(client, page, FACTOR, needing="code", code=code_of(secret))
    assert answer["Location"] == "/desk/"


def post(client: Client, path: str, **fields: str) -> Any:
    """Send a form as its page would."""
    token = client.get("/sign-out/", secure=True).cookies["csrftoken"].value
    headers = {"origin": "https://testserver"}
    return client.post(path, {**fields, "csrfmiddlewaretoken": token}, secure=True, headers=headers)
