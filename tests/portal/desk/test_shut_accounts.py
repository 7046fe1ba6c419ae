"""A shut account is dead at the next request: its sessions, keys, codes and links; and lost factors begin anew."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts import actions, second_factor
from accounts.backends import BY_CODE
from accounts.models import Session, User
from notifications import links, offices
from notifications.models import Reader
from tests import make
from tests.portal.desk.windows import FACTOR, app_of, at_desk, by_password, code_of, with_password
from tests.portal.people import browser, code_in_mail, fill

pytestmark = pytest.mark.django_db
ADMIN, AREAS, ME = "/admin/", "/api/v1/areas/", "/api/v1/me/"


@pytest.fixture(autouse=True)
def _nothing_tried() -> None:
    cache.clear()


@pytest.fixture
def operator() -> User:
    """A convenor who runs the service too, so that there is everything to lose."""
    user = with_password(make.convenor())
    user.is_staff = user.is_superuser = True
    user.save()
    return user


def test_every_way_in_is_shut_at_once_and_opening_it_again_brings_no_session_or_key_back(
    operator: User,
) -> None:
    secret = app_of(operator)
    desk, resident = at_desk(operator), browser()
    resident.force_login(operator, BY_CODE)
    _, token = actions.issue_key(operator, scopes=["all"])
    post = links.address(links.POST, Reader.objects.create(user=operator))
    waiting, _ = by_password(operator)
    mailed = browser()
    page = fill(mailed, mailed.get("/sign-in/"), "/sign-in/", needing="address", address=operator.email)
    code = code_in_mail()

    def answers() -> dict[str, int]:
        key = {"Authorization": f"Bearer {token}"}
        return {
            "desk": desk.get("/desk/security/").status_code,
            "windows": desk.get(ADMIN).status_code,
            "api, session": desk.get(ME).status_code,
            "api, key": Client().get(ME, headers=key).status_code,
            "resident": resident.get("/account/").status_code,
            "post": Client().get(post).status_code,
            "half way": waiting.get(FACTOR).status_code,
        }

    assert set(answers().values()) == {200}
    shut = {"api, session": 401, "api, key": 401, "post": 410}
    call_command("disable_account", operator.email)
    assert answers() == dict.fromkeys(answers(), 302) | shut
    answer = fill(mailed, mailed.get(page["Location"]), "/sign-in/code/", needing="code", code=code)
    assert answer.status_code == 403
    assert by_password(operator)[1].status_code == 400
    call_command("enable_account", operator.email)
    assert answers() == dict.fromkeys(answers(), 302) | shut | {"post": 200}
    again, _ = by_password(operator)
    assert fill(again, again.get(FACTOR), FACTOR, needing="code", code=code_of(secret)).status_code == 302
    assert again.get(ADMIN).status_code == 200


def test_a_session_that_was_kept_dies_with_the_account_though_nobody_ended_it(operator: User) -> None:
    desk = at_desk(operator)
    _, token = actions.issue_key(operator, scopes=["all"])
    User.objects.filter(pk=operator.pk).update(is_active=False)
    assert desk.get("/desk/security/").status_code == 302
    assert desk.post(AREAS, {}, content_type="application/json").status_code == 401
    assert Client().get(ME, headers={"Authorization": f"Bearer {token}"}).status_code == 401
    assert offices.of(operator.pk) == set()


def test_whoever_lost_their_factor_begins_anew_by_the_operator_and_is_told(
    operator: User, caplog: Any, capsys: Any
) -> None:
    secret, desk = app_of(operator), at_desk(operator)
    second_factor.new_recovery_codes(operator)
    call_command("reset_second_factor", operator.email)
    assert operator.email in capsys.readouterr().out
    assert f"account {operator.pk} was reset" in caplog.text
    assert operator.email not in caplog.text
    assert "took your second factor away" in str(mail.outbox[-1].body)
    assert second_factor.kept(operator) == []
    assert desk.get("/desk/security/").status_code == 302
    client, _ = by_password(operator)
    assert client.get(FACTOR)["Location"].startswith("/desk/security/set-up/")
    assert code_of(secret)
    call_command("reset_second_factor", operator.email, "--password-too")
    assert by_password(operator)[1].status_code == 400
    with pytest.raises(CommandError, match="Nobody here"):
        call_command("reset_second_factor", "nobody@example.org")


def test_an_erased_account_keeps_no_factor_and_is_not_opened_again(operator: User) -> None:
    app_of(operator)
    second_factor.new_recovery_codes(operator)
    actions.erase_account(operator)
    assert second_factor.kept(operator) == []
    operator.refresh_from_db()
    with pytest.raises(CommandError, match="was erased"):
        call_command("enable_account", operator.email)


def test_a_session_in_office_ends_after_an_hour_without_use_and_after_twelve_in_any_case(
    operator: User,
) -> None:
    desk = at_desk(operator)
    row, now = Session.objects.filter(user=operator), timezone.now()
    assert row.get().expire_date <= now + timedelta(minutes=61)
    row.update(expire_date=now + timedelta(minutes=30))
    assert desk.get("/desk/security/").status_code == 200
    assert row.get().expire_date > now + timedelta(minutes=55), "a request puts it off"
    session = desk.session
    session["in_office_since"] = (now - timedelta(hours=11, minutes=50)).isoformat()
    session.save()
    assert desk.get("/desk/security/").status_code == 200
    assert row.get().expire_date < now + timedelta(minutes=11), "and never beyond the twelve hours"
    assert session[BACKEND_SESSION_KEY] == "accounts.backends.InOffice"
    row.update(expire_date=now - timedelta(seconds=1))
    assert desk.get("/desk/security/").status_code == 302
