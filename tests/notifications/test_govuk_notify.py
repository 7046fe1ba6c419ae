"""GOV.UK Notify with a client of the exact shape of its own: what it is asked, and what its refusals mean."""

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from commitments import actions
from commitments.choices import HoldGround
from commitments.models import Commitment
from config import providers
from notifications import bounces, following, links, post, reminding
from notifications.channels import Dropped, Later, Never, Sent, govuk_notify
from notifications.channels.table import channels
from notifications.composing import compose
from notifications.dispatching import dispatch
from notifications.fanout import fan_out
from notifications.models import Follow, Follower, Message, MessageState
from record import checkpoints, clock
from tests import make, signed
from tests.notifications.following import follower

pytestmark = pytest.mark.django_db
NUMBER, ANA = "+447700900123", "ana@example.org"
SET = {
    "API_KEY": "live-key",
    "MAIL_TEMPLATE": "mail-template",
    "SMS_TEMPLATE": "sms-template",
    "CALLBACK_TOKEN": "",
}


class APIError(Exception):
    """As in its errors.py: what came back, and two properties."""

    def __init__(self, response: Any = None, message: str | None = None) -> None:
        self.response = response

    @property
    def message(self) -> Any:
        return self.response.json().get("message", self.response.json().get("errors"))

    @property
    def status_code(self) -> int:
        status: int = self.response.status_code
        return status


class NotificationsAPIClient:
    """As in its notifications.py: two verbs with the names of their parameters, and the question for a reference."""

    def __init__(
        self, api_key: str, base_url: str = "https://api.notifications.service.gov.uk", timeout: int = 30
    ):
        assert api_key == "live-key"
        self.sent: list[dict[str, Any]] = []
        self.refusal: APIError | None = None

    def send_sms_notification(
        self,
        phone_number: str,
        template_id: str,
        personalisation: dict[str, str] | None = None,
        reference: str | None = None,
        sms_sender_id: str | None = None,
    ) -> dict[str, Any]:
        return self._taken(
            to=phone_number, template=template_id, reference=reference, **personalisation or {}
        )

    def send_email_notification(
        self,
        email_address: str,
        template_id: str,
        personalisation: dict[str, str] | None = None,
        reference: str | None = None,
        email_reply_to_id: str | None = None,
        one_click_unsubscribe_url: str | None = None,
    ) -> dict[str, Any]:
        assert one_click_unsubscribe_url
        return self._taken(
            to=email_address, template=template_id, reference=reference, **personalisation or {}
        )

    def get_all_notifications(
        self,
        status: str | None = None,
        template_type: str | None = None,
        reference: str | None = None,
        older_than: str | None = None,
        include_jobs: str | None = None,
    ) -> dict[str, Any]:
        return {"notifications": [one for one in self.sent if one["reference"] == reference], "links": {}}

    def _taken(self, **what: Any) -> dict[str, Any]:
        if self.refusal:
            raise self.refusal
        self.sent.append(what)
        return {"id": "740e5834-3a29-46b4-9a6f-16142fde533a", "reference": what["reference"]}


@pytest.fixture
def notify(settings: Any, monkeypatch: pytest.MonkeyPatch) -> NotificationsAPIClient:
    settings.GOVUK_NOTIFY = SET
    monkeypatch.setattr(providers, "find_spec", lambda name: name)
    settings.NOTIFICATION_CHANNELS = providers.channels(SET)
    named: dict[str, dict[str, Any]] = {
        "": {},
        ".notifications": {"NotificationsAPIClient": NotificationsAPIClient},
        ".errors": {"APIError": APIError},
    }
    for name, what in named.items():
        module = ModuleType(f"notifications_python_client{name}")
        vars(module).update(what)
        monkeypatch.setitem(sys.modules, module.__name__, module)
    govuk_notify._client.cache_clear()
    client: NotificationsAPIClient = govuk_notify._client("live-key")[0]
    return client


@pytest.fixture(autouse=True)
def at_noon() -> Any:
    with clock.at(make.noon(make.TODAY)):
        yield
    govuk_notify._client.cache_clear()


def refusal(status: int, *said: str) -> APIError:
    errors = [{"error": "ValidationError", "message": one} for one in said]
    return APIError(
        SimpleNamespace(status_code=status, json=lambda: {"status_code": status, "errors": errors})
    )


def waiting(address: str = NUMBER, channel: str = "sms") -> Message:
    one = follower(address, make.commitment().record_subject)
    Follower.objects.update(channel=channel)
    fan_out()
    compose(clock.now())
    return Message.objects.get(follower=one)


def test_the_post_of_offices_goes_the_same_way(notify: NotificationsAPIClient) -> None:
    commitment = make.commitment()
    officer = make.member(make.lead_team(commitment))
    make.open_challenge(make.claim(commitment))
    reminding.remind(clock.now())
    post.compose(clock.now())
    for one in channels():
        dispatch(one, clock.now())
    (sent,) = [one for one in notify.sent if one["to"] == officer.email]
    assert (sent["template"], sent["subject"]) == ("mail-template", "Your office’s post: 1 new")
    assert "challenge the claim" in sent["body"]


def test_a_text_is_a_link_and_a_line_of_the_record_and_says_nothing_of_what_it_is_about(
    notify: NotificationsAPIClient,
) -> None:
    message = waiting()
    signed.now()
    assert sum(dispatch(one, clock.now()) for one in channels()) == 1
    (sent,) = notify.sent
    assert (sent["to"], sent["template"], sent["reference"]) == (NUMBER, "sms-template", str(message.pk))
    text = sent["text"]
    assert links.address(links.NEWS, message) in text
    state = checkpoints.latest()
    assert state is not None
    line = f"Record: {state.size} {state.note.splitlines()[2]}"
    assert text.endswith(line)
    # What is random is left out: anything may stand in it.
    words = text.removesuffix(line).replace(links.address(links.NEWS, message), "").lower()
    for told in ("commitment", "wf", "waltham", "assembly", "police"):
        assert told not in words
    assert len(text) < 306  # two texts
    message.refresh_from_db()
    assert message.state == MessageState.SENT


def test_a_mail_goes_with_its_text_under_its_own_id_and_not_twice_after_a_crash(
    notify: NotificationsAPIClient,
) -> None:
    message = waiting(ANA, "mail")
    (mail,) = [one for one in channels() if one.name == "mail"]
    assert mail.send(message) == Sent()
    (sent,) = notify.sent
    assert (sent["to"], sent["subject"]) == (ANA, "News of what you follow")
    assert links.address(links.NEWS, message) in sent["body"]
    message.claims = 2
    assert mail.send(message) == Sent()
    assert len(notify.sent) == 1


def test_what_is_held_or_no_longer_wanted_does_not_go(notify: NotificationsAPIClient) -> None:
    message = waiting()
    commitment = Commitment.objects.get()
    convenor = make.convenor(commitment.assembly.slug)
    actions.place_hold(commitment, by=convenor, today=make.TODAY, ground=HoldGround.LIVE_CASE)
    assert [one.send(message) for one in channels()] == [Dropped()] * 3
    assert notify.sent == []


@pytest.mark.parametrize(
    ("error", "outcome", "given_up"),
    [
        (refusal(400, "phone_number Not a valid phone number"), Never("Notify 400"), True),
        (refusal(400, "Can’t send to this recipient using a team-only API key"), Later("Notify 400"), False),
        (refusal(403, "Invalid token: API key not found"), Later("Notify 403"), False),
        (refusal(429, "Exceeded rate limit"), Later("Notify 429"), False),
        (refusal(503), Later("Notify 503"), False),
    ],
)
def test_a_refusal_is_of_the_number_only_where_it_says_so(
    error: APIError, outcome: object, given_up: bool, notify: NotificationsAPIClient
) -> None:
    message, notify.refusal = waiting(), error
    sms = channels()[2]
    assert sms.send(message) == outcome
    assert bounces.is_suppressed(NUMBER) is given_up


def test_a_number_says_yes_by_a_link_and_is_told_nothing_else_before(notify: NotificationsAPIClient) -> None:
    commitment = make.commitment()
    following.follow(NUMBER, commitment.record_subject, now=clock.now(), channel="sms")
    dispatch(channels()[2], clock.now())
    (sent,) = notify.sent
    assert sent["text"].endswith(links.address(links.CONFIRM, Follow.objects.get()))
    assert commitment.reference not in sent["text"]


def test_notify_is_off_unless_set_and_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    assert list(providers.channels({**SET, "API_KEY": ""})) == ["mail", "post"]
    with pytest.raises(ImproperlyConfigured, match="pip install 'notifications-python-client"):
        providers.channels(SET)
    with pytest.raises(ImproperlyConfigured, match="must be a name that django-anymail has"):
        providers.mail_backend("nobody", "")
    assert providers.mail_backend("postmark", "") == "anymail.backends.postmark.EmailBackend"
    monkeypatch.setattr(providers, "find_spec", lambda name: name)
    with pytest.raises(ImproperlyConfigured, match="neither"):
        providers.channels({**SET, "MAIL_TEMPLATE": "", "SMS_TEMPLATE": ""})
    settings.GOVUK_NOTIFY = SET
    with pytest.raises(govuk_notify.ClientMissing, match="python -m pip install"):
        govuk_notify.NotifyMail().send(waiting(ANA, "mail"))
