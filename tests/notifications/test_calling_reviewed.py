"""Webhooks when things happen at the same time, late, or twice; and what a body holds when something is withdrawn."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from commitments import actions
from commitments.choices import HoldGround
from commitments.models import Commitment
from notifications import calling, endpoints, sealing
from notifications.channels import Later, Never, Sent
from notifications.models import Call, CallKind, Endpoint, EndpointState, MessageState
from notifications.outside import Answer, Outside
from record import clock
from tests import make, signed
from tests.notifications.receiving import endpoint, receiver
from tests.notifications.test_calling import BROKEN, GONE, HOOK, NOW, OK, Answering, waiting

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon(settings: Any) -> Iterator[None]:
    settings.WEBHOOKS_TO_THIS_MACHINE = True
    with clock.at(NOW):
        yield


def believed(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """Whether a receiver that has this secret and the public library alone believes it."""
    try:
        Webhook(secret).verify(body, headers)
    except WebhookVerificationError:
        return False
    return True


def test_who_rotates_twice_in_a_day_leaves_no_receiver_behind() -> None:
    now = datetime.now(UTC)
    with receiver() as one, clock.at(now):
        made, first = endpoint(one.address)
        made, second = endpoints.rotate(made)
        made, third = endpoints.rotate(made)
        endpoints.test(made, CallKind.PING)
        calling.deliver(Outside(), now)
        [(_, headers, body)] = one.got
        assert [believed(secret, headers, body) for secret in (first, second, third)] == [True] * 3
        assert not believed(sealing.new_secret(), headers, body)
        for _ in range(5):
            made, _newest = endpoints.rotate(made)
        made.refresh_from_db()
        assert len(endpoints.sealed(made, now)) == 1 + endpoints.MOST_EARLIER
        assert len(endpoints.sealed(made, now + timedelta(hours=25))) == 1


def test_a_lost_secret_is_mended_by_one_rotation(settings: Any) -> None:
    made = endpoint(HOOK)[0]
    settings.SECRET_KEY = "k" * 60
    waiting(made)
    calling.deliver(Answering(OK), NOW)
    made.refresh_from_db()
    assert made.reason == "secret_lost"
    made, _secret = endpoints.rotate(made)
    endpoints.test(made, CallKind.VERIFY)
    calling.deliver(Answering(OK), NOW)
    made.refresh_from_db()
    assert made.state == EndpointState.ACTIVE


def test_who_was_away_for_a_month_still_has_all_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    made = endpoint(HOOK)[0]
    make.commitment()
    later = NOW + timedelta(days=45)
    with clock.at(later):
        calling.fan_out()
        count = Call.objects.filter(endpoint=made).count()
        while calling.deliver(Answering(BROKEN), later):
            pass
        calling.sweep(later)
    assert Call.objects.filter(state=MessageState.WAITING).count() == count > 0


def test_switched_off_while_others_are_under_way_they_change_nothing_more() -> None:
    made = endpoint(HOOK)[0]
    waiting(made, 3)
    first, second, third = calling.claim(NOW)
    calling._settle(first, calling.Tried(Never("gone"), 410, 1), NOW)
    calling._settle(second, calling.Tried(Sent(), 200, 1), NOW)
    calling._settle(third, calling.Tried(Later("status_500"), 500, 1), NOW)
    made.refresh_from_db()
    assert (made.state, made.reason) == (EndpointState.DISABLED, "gone")
    states = sorted(Call.objects.values_list("state", "lease_until"))
    assert states == [("dropped", None), ("dropped", None), ("failed", None)]


def test_removed_while_a_call_is_under_way_it_stays_removed() -> None:
    made = endpoint(HOOK, active=False)[0]
    [call] = calling.claim(NOW)
    endpoints.remove(made)
    calling._settle(call, calling.Tried(Sent(), 200, 1), NOW)
    made.refresh_from_db()
    assert (made.state, made.address, made.secret) == (EndpointState.DISABLED, "", "")


def test_another_call_of_one_that_answered_410_is_not_made_and_a_verification_begins_after_what_was_missed() -> (
    None
):
    made = endpoint(HOOK)[0]
    waiting(made)
    calling.deliver(Answering(GONE), NOW)
    make.commitment()
    calling.fan_out()
    assert not Call.objects.filter(state=MessageState.WAITING).exists()
    endpoints.test(made, CallKind.VERIFY)
    calling.deliver(Answering(OK), NOW)
    make.update(Commitment.objects.get())
    calling.fan_out()
    told = Call.objects.filter(kind=CallKind.ENTRY, state=MessageState.WAITING)
    assert [one.position for one in told] == [Endpoint.objects.get().after + 1]  # type: ignore[operator]


class Keeping(Outside):
    """Fails the first time, and keeps what it was given."""

    def __init__(self) -> None:
        super().__init__()
        object.__setattr__(self, "bodies", [])

    def post(self, url: str, body: bytes, headers: Any) -> Answer:
        self.bodies.append(json.loads(body))  # type: ignore[attr-defined]
        return Answer(500, "")


def test_a_body_says_nothing_that_can_be_withdrawn_before_or_between_its_tries() -> None:
    commitment = make.commitment()
    calling.fan_out()
    endpoint(HOOK)
    make.update(commitment, body="Words that must go.")
    calling.fan_out()
    outside = Keeping()
    calling.deliver(outside, NOW)
    convenor = make.convenor(commitment.assembly.slug)
    actions.place_hold(commitment, by=convenor, today=make.TODAY, ground=HoldGround.LIVE_CASE)
    calling.deliver(outside, NOW + timedelta(hours=1))
    first, second = outside.bodies  # type: ignore[attr-defined]
    assert first == second
    assert set(first["data"]) == {"position", "subject", "url"}
    assert "Words that must go" not in str(outside.bodies)  # type: ignore[attr-defined]
    assert commitment.title not in str(outside.bodies)  # type: ignore[attr-defined]


def test_a_body_holds_the_newest_signed_state_of_the_record_at_each_try() -> None:
    made = endpoint(HOOK)[0]
    endpoints.test(made, CallKind.PING)
    make.commitment()
    calling.fan_out()
    notes = []
    for now in (NOW, NOW + timedelta(hours=1)):
        make.assembly(f"town-{now.hour}-2025")
        notes.append(signed.now().note)
        outside = Keeping()
        calling.deliver(outside, now)
        bodies = outside.bodies  # type: ignore[attr-defined]
        assert {one["data"]["checkpoint"] for one in bodies} == {notes[-1]}
    assert notes[0] != notes[1]
