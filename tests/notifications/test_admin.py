"""The windows for operators say what goes out, and nothing of whom it is for."""

import pytest
from django.test import Client

from notifications.composing import compose
from notifications.fanout import fan_out
from notifications.models import Message
from record import clock
from tests import make
from tests.notifications.following import follower
from tests.notifications.receiving import endpoint

pytestmark = pytest.mark.django_db


def test_operators_see_what_goes_out_and_not_whom_it_is_for(admin_client: Client) -> None:
    with clock.at(make.noon(make.TODAY)):
        one = follower("ana@example.org", make.commitment().record_subject)
        hook, secret = endpoint("https://hooks.example.org/in")
        fan_out()
        compose(clock.now())
    message = Message.objects.get()
    pages = [
        "message/",
        f"message/{message.pk}/change/",
        "reminder/",
        "endpoint/",
        f"endpoint/{hook.pk}/change/",
    ]
    for page in [*pages, "cursor/", "beat/", "brake/"]:
        answer = admin_client.get(f"/admin/notifications/{page}")
        assert answer.status_code == 200, page
        for hidden in (one.address, str(one.pk), "hooks.example.org", hook.owner.email, secret, hook.secret):
            assert hidden not in answer.content.decode()
    assert admin_client.get(f"/admin/notifications/message/?follower={one.pk}").status_code == 400
    assert admin_client.get("/admin/notifications/follower/").status_code == 404
