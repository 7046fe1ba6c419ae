"""What providers tell of bounces and complaints: heard only where it is set, and with its secret alone."""

import json
from base64 import b64encode
from typing import Any

import pytest
from django.test import Client

from config import hooks
from notifications import bounces
from notifications.models import BounceKind, BounceReport

pytestmark = pytest.mark.django_db
SECRET, TOKEN, ANA = "postmark:0c7f7a6d", "token-of-the-operator", "ana@example.org"
MAIL, NOTIFY = "/hooks/mail/", "/hooks/govuk-notify/"


@pytest.fixture
def heard(settings: Any) -> Any:
    """Everything set."""
    settings.MAIL_PROVIDER, settings.MAIL_REPORTS_SECRET = "postmark", SECRET
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
    settings.GOVUK_NOTIFY = {**settings.GOVUK_NOTIFY, "CALLBACK_TOKEN": TOKEN}
    settings.ROOT_URLCONF = tuple(hooks.addresses())


def post(where: str, said: Any, authorization: str) -> int:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    answer = Client(enforce_csrf_checks=True).post(
        where, body, content_type="application/json", headers={"Authorization": authorization}
    )
    status: int = answer.status_code
    return status


def basic(secret: str = SECRET) -> str:
    return f"Basic {b64encode(secret.encode()).decode()}"


def postmark(kind: str, record: str = "Bounce", number: int = 42) -> dict[str, Any]:
    """As Postmark's documentation shows it."""
    return {
        "RecordType": record, "ID": number, "Type": kind, "TypeCode": 1, "Name": "Hard bounce", "Tag": "",
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483", "Metadata": {}, "ServerID": 23, "Email": "Ana@Example.org",
        "Description": "The server was unable to deliver your message.", "Details": "smtp;550 5.1.1 unknown",
        "From": "sender@example.com", "BouncedAt": "2026-11-05T16:33:54.9070259Z", "DumpAvailable": True,
        "Inactive": True, "CanActivate": True, "Subject": "News of what you follow",
    }  # fmt: skip


def test_no_address_is_there_unless_it_is_set_with_its_secret(settings: Any) -> None:
    assert hooks.addresses() == []
    assert post(MAIL, postmark("HardBounce"), basic()) == 404
    settings.MAIL_PROVIDER = "postmark"
    assert hooks.addresses() == []


@pytest.mark.usefixtures("heard")
def test_a_hard_bounce_or_a_complaint_from_the_provider_ends_mails_and_a_repeated_one_counts_once() -> None:
    assert [post(MAIL, postmark("HardBounce"), basic()) for _ in range(2)] == [200, 200]
    assert bounces.is_suppressed(ANA)
    assert BounceReport.objects.get().kind == BounceKind.HARD
    bounces.forgive(ANA)
    assert post(MAIL, postmark("SoftBounce", number=43), basic()) == 200
    assert not bounces.is_suppressed(ANA)
    assert post(MAIL, postmark("SpamComplaint", "SpamComplaint", 44), basic()) == 200
    assert bounces.is_suppressed(ANA)
    assert post(MAIL, {**postmark("", "Delivery"), "Recipient": ANA}, basic()) == 200
    assert BounceReport.objects.count() == 2


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize(
    "secret", ["", basic("postmark:other"), basic("x"), "Bearer token-of-the-operato", "Basic é"]
)
def test_without_the_secret_nothing_is_believed(secret: str) -> None:
    assert post(MAIL, postmark("HardBounce"), secret) == 403
    said = {"id": "1", "to": ANA, "status": "permanent-failure", "notification_type": "email"}
    assert post(NOTIFY, said, secret) == 403
    assert not BounceReport.objects.exists()


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize("said", [b"", b"{", b"[]", b"\xff", b"null", b'{"status": 1}'])
def test_what_cannot_be_read_is_refused(said: bytes) -> None:
    assert post(NOTIFY, said, f"Bearer {TOKEN}") == 400
    assert post(MAIL, said, basic()) in {200, 400}
    assert not BounceReport.objects.exists()


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize(
    ("status", "of", "kind"),
    [("permanent-failure", "email", "hard"), ("permanent-failure", "sms", "hard"),
     ("temporary-failure", "email", "soft"), ("technical-failure", "sms", None), ("delivered", "email", None)],
)  # fmt: skip
def test_what_notify_calls_back_with(status: str, of: str, kind: str | None) -> None:
    said: dict[str, Any] = {
        "id": "740e5834-3a29-46b4-9a6f-16142fde533a", "reference": "x", "to": ANA if of == "email" else "+447700900123",
        "status": status, "created_at": "2026-05-14T12:15:30.000000Z", "completed_at": "2026-05-14T12:15:30.000000Z",
        "sent_at": "2026-05-14T12:15:30.000000Z", "notification_type": of, "template_id": "t", "template_version": 1,
    }  # fmt: skip
    assert post(NOTIFY, said, f"Bearer {TOKEN}") == 200
    assert list(BounceReport.objects.values_list("kind", "channel")) == (
        [(kind, {"email": "mail", "sms": "sms"}[of])] if kind else []
    )
    assert bounces.is_suppressed(said["to"]) is (kind == "hard")
