"""One round of all that tells followers what is new."""

import pytest
from django.core.management import call_command

from notifications import rounds
from tests import make
from tests.notifications.following import follower

pytestmark = pytest.mark.django_db


def test_the_command_says_what_the_round_did(capsys: pytest.CaptureFixture[str]) -> None:
    commitment = make.commitment()
    follower("ana@example.org", commitment.record_subject)
    call_command("notify")
    read = capsys.readouterr().out.split()[0]
    make.update(commitment)
    call_command("notify")
    assert int(read) > 1
    assert capsys.readouterr().out == "1 entries read, 1 messages written, 1 tried.\n"


def test_webhooks_go_out_though_the_mails_break_off(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[object] = []

    def broken(*_: object) -> int:
        raise OSError("no mail today")

    monkeypatch.setattr(rounds, "fan_out", broken)
    monkeypatch.setattr(rounds, "call_webhooks", called.append)
    with pytest.raises(OSError, match="no mail"):
        rounds.one_round()
    assert len(called) == 1
