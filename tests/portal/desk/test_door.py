"""Who comes in at the desk's door, and where everybody else is led."""

import pytest
from django.test import Client

from accounts.backends import BY_CODE
from tests import make
from tests.portal.desk.windows import at_desk

pytestmark = pytest.mark.django_db


def test_a_stranger_is_led_to_the_sign_in_and_back_afterwards() -> None:
    answer = Client().get("/desk/security/?a=1")
    assert (answer.status_code, answer["Location"]) == (
        302,
        "/desk/sign-in/?next=%2Fdesk%2Fsecurity%2F%3Fa%3D1",
    )


def test_a_mailed_code_alone_opens_nothing_at_the_desk() -> None:
    client = Client()
    client.force_login(make.convenor(), BY_CODE)
    assert client.get("/desk/security/")["Location"].startswith("/desk/sign-in/?")


def test_who_holds_no_office_is_told_who_can_grant_one() -> None:
    answer = at_desk(make.person()).get("/desk/")
    assert answer.status_code == 403
    assert "Whoever runs this service can grant you one" in answer.content.decode()


def test_a_page_of_the_desk_is_kept_by_nobody() -> None:
    answer = at_desk(make.convenor()).get("/desk/security/")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
