"""Webhooks from the entry to the receiver: once each, signed, tried again, switched off when nobody answers."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from standardwebhooks import Webhook, WebhookVerificationError

from accounts.actions import erase_account
from notifications import calling, claiming, endpoints, sealing, troubles
from notifications.channels import Later, Never, Sent, webhook
from notifications.models import Attempt, Call, CallKind, Cursor, Endpoint, EndpointState, MessageState
from notifications.outside import Answer, Outside
from record import clock
from record.models import Entry, Head
from tests import make
from tests.notifications.receiving import Receiver, endpoint, receiver

pytestmark = pytest.mark.django_db
VECTOR = Path(__file__).resolve().parents[3] / "shared/data/vectors/standard_webhooks_vector.json"
NOW = make.noon(make.TODAY)
HOOK = "https://hooks.example.org/x"


@pytest.fixture(autouse=True)
def at_noon(settings: Any) -> Iterator[None]:
    settings.WEBHOOKS_TO_THIS_MACHINE = True
    with clock.at(NOW):
        yield


class Answering(Outside):
    """Nobody is called: each call is answered with the next of these, the last for ever."""

    def __init__(self, *answers: Any) -> None:
        super().__init__()
        object.__setattr__(self, "answers", list(answers))
        object.__setattr__(self, "asked", [])

    def post(self, url: str, body: bytes, headers: Any) -> Answer:
        self.asked.append((url, body, dict(headers)))  # type: ignore[attr-defined]
        answers: list[Any] = self.answers  # type: ignore[attr-defined]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return Answer(*answer)


OK, BROKEN, GONE = (204, ""), (500, ""), (410, "")


@pytest.mark.skipif(not VECTOR.exists(), reason="the shared vectors are not beside this repository")
def test_the_vector_of_standard_webhooks_is_signed_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    vector = json.loads(VECTOR.read_text())
    at = datetime.fromtimestamp(vector["timestamp"], UTC)
    monkeypatch.setattr(json, "dumps", lambda *_a, **_k: vector["payload"])
    sent = webhook.signed(HOOK, vector["id"], {}, [vector["secret"]], at)
    assert sent.headers["webhook-signature"] == vector["signature"]
    assert sent.headers["webhook-id"] == vector["id"]
    assert sent.headers["webhook-timestamp"] == str(vector["timestamp"])
    assert sent.body.decode() == vector["payload"]


def third_party(one: Receiver, secret: str) -> list[dict[str, Any]]:
    """What a receiver that was written with the public library alone believes of what came to it."""
    return [Webhook(secret).verify(body, headers) for _path, headers, body in one.got]


def test_a_third_party_receiver_verifies_what_comes_from_the_record() -> None:
    now = datetime.now(UTC)
    with receiver() as one, clock.at(now):
        commitment = make.commitment()
        made, secret = endpoint(one.address, active=False, topics=[commitment.record_subject])
        calling.fan_out()
        assert calling.deliver(Outside(), now) == 1
        assert Endpoint.objects.get().state == EndpointState.ACTIVE
        make.update(commitment)
        make.assembly("othertown-2025", prefix="OT25")
        calling.fan_out()
        calling.deliver(Outside(), now)
        assert calling.deliver(Outside(), now) == 0
        verified, told = third_party(one, secret)
        entry = Entry.objects.get(type="update.posted")
        assert (verified["type"], told["type"]) == ("webhook.verify", "update.posted")
        assert told["data"] == {
            "position": entry.position,
            "subject": entry.subject,
            "url": f"http://127.0.0.1:8000/api/v1/events/{entry.position}/",
        }
        assert datetime.fromisoformat(told["timestamp"]) == entry.at
        with pytest.raises(WebhookVerificationError):
            third_party(one, sealing.new_secret())
        assert [one.got[1][1]["webhook-id"]] == [f"msg_{Call.objects.get(kind=CallKind.ENTRY).pk.hex}"]
        assert made.pk is not None


def test_both_secrets_sign_for_a_day_after_a_rotation() -> None:
    made, first = endpoint(HOOK)
    made, second = endpoints.rotate(made)
    call = endpoints.test(made, CallKind.PING)
    for at, good in ((clock.now(), {first, second}), (clock.now() + timedelta(hours=25), {second})):
        secrets = set(calling._secrets(call, at))
        assert secrets == good
        headers = webhook.signed(HOOK, "msg_1", {}, sorted(secrets), at).headers
        assert len(headers["webhook-signature"].split(" ")) == len(good)
    row = str(Endpoint.objects.values().get())
    assert first not in row
    assert second not in row


def test_a_sealed_secret_opens_with_earlier_keys_and_with_no_other(settings: Any) -> None:
    sealed = sealing.seal("whsec_AAAA")
    old, settings.SECRET_KEY = settings.SECRET_KEY, "k" * 60
    with pytest.raises(sealing.SecretLost):
        sealing.unseal(sealed)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert sealing.unseal(sealed) == "whsec_AAAA"


def test_only_active_endpoints_hear_and_only_of_what_they_chose() -> None:
    commitment = make.commitment()
    calling.fan_out()
    wanted: dict[str, dict[str, Any]] = {
        "all": {},
        "topic": {"topics": [commitment.record_subject, "commitment:XX1-C001"]},
        "assembly": {"assembly": make.SLUG},
        "kind": {"chosen": ["progress"]},
        "other topic": {"topics": ["commitment:XX1-C001"]},
        "other assembly": {"assembly": "othertown-2025"},
        "other kind": {"chosen": ["disputes", "silence"]},
    }
    made = {name: endpoint(HOOK, **what)[0] for name, what in wanted.items()}
    made["unverified"] = endpoint(HOOK, active=False)[0]
    made["later"] = endpoint(HOOK)[0]
    Endpoint.objects.filter(pk=made["later"].pk).update(after=Head.objects.get().position + 1)
    make.update(commitment)
    calling.fan_out()
    rows = Call.objects.filter(kind=CallKind.ENTRY).values_list("endpoint", flat=True)
    heard = {name for name, one in made.items() if one.pk in set(rows)}
    assert heard == {"all", "topic", "assembly", "kind"}
    Cursor.objects.filter(name=calling.NAME).update(position=0)
    before = Call.objects.count()
    assert calling.fan_out() > 0
    assert Call.objects.count() == before


def waiting(one: Endpoint, number: int = 1) -> list[Call]:
    made = [
        Call(
            endpoint=one,
            host=one.host,
            kind=CallKind.ENTRY,
            position=10_000 + at,
            next_at=NOW,
            created_at=NOW,
        )
        for at in range(number)
    ]
    return Call.objects.bulk_create(made)


def test_ten_tries_in_three_days_under_one_id() -> None:
    [call] = waiting(endpoint(HOOK)[0])
    outside, now = Answering(BROKEN), NOW
    for _ in range(30):
        calling.deliver(outside, now)
        call.refresh_from_db()
        if call.state != MessageState.WAITING:
            break
        now = call.next_at
    assert (call.state, call.attempts, call.lease_until) == (MessageState.FAILED, 10, None)
    assert Attempt.objects.filter(call=call, status=500, error="status_500").count() == 10
    assert timedelta(days=2) < now - NOW < timedelta(days=4)
    assert sum(webhook.WAITS, timedelta()) > timedelta(days=2, hours=22)
    assert len({headers["webhook-id"] for _u, _b, headers in outside.asked}) == 1  # type: ignore[attr-defined]
    assert not mail.outbox


@pytest.mark.parametrize(
    ("said", "least", "most"),
    [("7200", 7200, 7200), ("99999999", 86400, 86400), ("-5", 48, 72), ("soon", 48, 72), ("", 48, 72),
     ("Mon, 23 Nov 2099 12:00:00 GMT", 86400, 86400), ("Mon, 23 Nov 2009 12:00:00 GMT", 48, 72)],
)  # fmt: skip
def test_retry_after_is_honoured_within_bounds(said: str, least: int, most: int) -> None:
    [call] = waiting(endpoint(HOOK)[0])
    calling.deliver(Answering((503, said)), NOW)
    call.refresh_from_db()
    assert timedelta(seconds=least) <= call.next_at - NOW <= timedelta(seconds=most)


def test_what_an_answer_means() -> None:
    for status in (200, 202, 204, 299):
        assert webhook.outcome(status, "", NOW) == Sent()
    assert webhook.outcome(410, "", NOW) == Never("gone")
    for status, why in ((302, "redirect"), (404, "status_404"), (429, "status_429"), (100, "status_100")):
        assert webhook.outcome(status, "", NOW) == Later(why)


def test_410_switches_off_at_once_and_the_owner_is_told_once() -> None:
    owner = make.person()
    made = endpoint(HOOK, owner)[0]
    waiting(made, 8)
    calling.deliver(Answering(GONE), NOW)
    made.refresh_from_db()
    assert (made.state, made.reason) == (EndpointState.DISABLED, "gone")
    assert not Call.objects.filter(state=MessageState.WAITING).exists()
    assert calling.deliver(Answering(OK), NOW + timedelta(days=1)) == 0
    assert (troubles.tell_owners(), troubles.tell_owners()) == (1, 0)
    assert [one.to for one in mail.outbox] == [[owner.email]]
    assert str(made.pk) in mail.outbox[0].body
    assert "hooks.example.org" not in f"{mail.outbox[0].body}{mail.outbox[0].subject}"


def failed(one: Endpoint, hours: float, answer: Any = BROKEN) -> Endpoint:
    """A try that fails so many hours after noon."""
    Call.objects.all().delete()
    waiting(one)
    calling.deliver(Answering(answer), NOW + timedelta(hours=hours))
    one.refresh_from_db()
    return one


def test_five_days_of_nothing_but_failures_switch_off() -> None:
    made = endpoint(HOOK)[0]
    assert [failed(made, hours).state for hours in (0, 40, 80, 119)] == [EndpointState.ACTIVE] * 4
    assert failed(made, 120).reason == "failing"
    assert troubles.tell_owners() == 1
    assert "five days" in mail.outbox[0].body


def test_a_success_or_a_long_pause_between_begins_the_five_days_anew() -> None:
    made = endpoint(HOOK)[0]
    for hours, answer in ((0, BROKEN), (40, BROKEN), (80, OK), (100, BROKEN), (140, BROKEN), (180, BROKEN)):
        assert failed(made, hours, answer).state == EndpointState.ACTIVE
    assert failed(made, 2000).state == EndpointState.ACTIVE


def test_at_most_five_are_in_flight_for_one_host_whoever_claims() -> None:
    waiting(endpoint(HOOK)[0], 12)
    other = endpoint("https://other.example.org/y")[0]
    waiting(other, 3)
    first, second = calling.claim(NOW), calling.claim(NOW)
    assert sorted(one.host for one in first) == ["hooks.example.org"] * 5 + ["other.example.org"] * 3
    assert second == []
    calling._settle(first[0], calling.Tried(Sent(), 204, 1), NOW)
    freed = sum(one.host == "hooks.example.org" for one in first[:1])
    assert len(calling.claim(NOW)) == freed
    again = calling.claim(NOW + claiming.LEASE + timedelta(seconds=1))
    assert {one.host for one in again} == {"hooks.example.org", "other.example.org"}


def test_who_comes_back_after_the_lease_changes_nothing() -> None:
    waiting(endpoint(HOOK)[0])
    [slow] = calling.claim(NOW)
    later = NOW + claiming.LEASE + timedelta(seconds=1)
    [quick] = calling.claim(later)
    assert (slow.pk, quick.claims, quick.attempts) == (quick.pk, 2, 0)
    calling._settle(slow, calling.Tried(Later("too_slow"), None, 1), later)
    assert Call.objects.get().lease_until is not None
    calling._settle(quick, calling.Tried(Sent(), 200, 1), later)
    assert Call.objects.get().state == MessageState.SENT
    assert Attempt.objects.count() == 1


def test_one_that_blows_up_leaves_the_others(settings: Any) -> None:
    owner = make.person()
    waiting(endpoint(HOOK, owner)[0])
    waiting(endpoint("https://other.example.org/", owner)[0])
    Endpoint.objects.filter(host="other.example.org").update(secret="nonsense")
    assert calling.deliver(Answering(ZeroDivisionError()), NOW) == 2
    assert set(Attempt.objects.values_list("error", flat=True)) == {"unexpected", "secret_lost"}
    assert Endpoint.objects.get(host="other.example.org").reason == "secret_lost"


def test_a_verification_is_tried_once_and_another_address_waits_for_its_own() -> None:
    made = endpoint(HOOK, active=False)[0]
    assert calling.deliver(Answering(BROKEN), NOW) == 1
    made.refresh_from_db()
    assert (Call.objects.get().state, made.state) == (MessageState.FAILED, EndpointState.UNVERIFIED)
    endpoints.test(made, CallKind.VERIFY)
    calling.deliver(Answering(OK), NOW)
    made.refresh_from_db()
    assert made.state == EndpointState.ACTIVE
    waiting(made)
    made = endpoints.change(made, address="https://other.example.org/z")
    asked = Answering(BROKEN)
    calling.deliver(asked, NOW)
    assert {url for url, _b, _h in asked.asked} == {"https://other.example.org/z"}  # type: ignore[attr-defined]
    assert Call.objects.filter(state=MessageState.WAITING, kind=CallKind.ENTRY).count() == 1


def test_an_answer_of_the_address_before_verifies_nothing() -> None:
    made = endpoint(HOOK, active=False)[0]
    [call] = calling.claim(NOW)
    endpoints.change(made, address="https://other.example.org/z")
    calling._settle(call, calling.Tried(Sent(), 200, 1), NOW)
    made.refresh_from_db()
    assert made.state == EndpointState.UNVERIFIED


def test_removed_endpoints_and_closed_accounts_are_not_called_and_are_swept() -> None:
    owner, other = make.person(), make.person()
    gone, closed = endpoint(HOOK, owner)[0], endpoint(HOOK, other)[0]
    for one in (gone, closed):
        waiting(one)
    endpoints.remove(gone)
    erase_account(other)
    assert calling.claim(NOW) == []
    calling.sweep(NOW + timedelta(days=2))
    assert not Endpoint.objects.exists()


def test_calls_are_forgotten_after_thirty_days() -> None:
    waiting(endpoint(HOOK)[0])
    calling.deliver(Answering(OK), NOW)
    assert calling.sweep(NOW + timedelta(days=29)) == 0
    assert calling.sweep(NOW + timedelta(days=31)) == 1
    assert Attempt.objects.count() == 0
