"""The only way into the record: positions, exact bytes, words beside their hashes, all or nothing."""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
import rfc8785

from accounts import actions as accounts
from accounts.models import Organisation
from record import clock, ledger
from record.entries import body_of, shown_words
from record.event_types import EventType, UndeclaredContent, declare
from record.guarded import opened
from record.models import Entry, Head, Words, WordsState
from tests import make
from tests.make import TODAY
from tests.recording import everything, one, telling

pytestmark = pytest.mark.django_db

TRIED = EventType("test.tried", frozenset({"n", "plain"}), frozenset({"said"}))
"""A type for these tests alone, so not declared."""


@ledger.action
def tell(subject: Organisation, said: str = "", *, pending: bool = False, **facts: Any) -> Entry:
    """Record something invented for these tests."""
    return ledger.append(
        TRIED,
        subject,
        actor="operator",
        today=TODAY,
        facts=facts,
        words={"said": said},
        pending=pending,
    )


def salt_of(entry: Entry) -> bytes:
    """The salt of an entry's only words."""
    return bytes(Words.objects.get(position=entry.position).salt or b"")


def rename(organisation: Organisation, name: str) -> None:
    """Change a name without any check."""
    organisation.name = name
    organisation.save(update_fields=["name"])


def test_positions_run_from_one_without_gaps() -> None:
    body = make.organisation()
    for number in range(5):
        tell(body, n=number)
    positions = list(Entry.objects.values_list("position", flat=True))
    assert positions == [*range(1, 7)]
    assert Head.objects.get().position == 6


def test_the_body_is_exactly_its_canonical_bytes_and_repeats_the_columns() -> None:
    body = make.organisation()
    entry = tell(body, "What we said", n=1, plain={"b": [1, None, True], "a": "é€"})
    kept = Entry.objects.get(pk=entry.pk)
    leaf = body_of(kept)
    assert rfc8785.dumps(leaf) == bytes(kept.body)
    assert leaf == {
        "v": 1,
        "position": kept.position,
        "type": "test.tried",
        "at": kept.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "occurred_on": TODAY.isoformat(),
        "actor": "operator",
        "subject": f"organisation:{body.slug}",
        "root": f"organisation:{body.slug}",
        "assembly": "",
        "facts": {"n": 1, "plain": {"b": [1, None, True], "a": "é€"}},
        "words": {"said": ledger.word_hash(salt_of(kept), "What we said")},
    }


def test_the_salted_hash_of_each_word_opens_and_the_word_is_not_in_the_leaf() -> None:
    entry = tell(make.organisation(), "Zażółć gęślą jaźń")
    salt = salt_of(entry)
    assert len(salt) == ledger.SALT_BYTES
    assert body_of(entry)["words"] == {"said": ledger.word_hash(salt, "Zażółć gęślą jaźń")}
    assert ledger.word_hash(b"salt", "é") == sha256(b"salt\xc3\xa9").hexdigest()
    assert "gęślą".encode() not in bytes(entry.body)


def test_the_same_words_twice_have_different_hashes() -> None:
    body = make.organisation()
    first, second = tell(body, "The same"), tell(body, "The same")
    assert body_of(first)["words"] != body_of(second)["words"]


def test_empty_words_are_not_kept() -> None:
    entry = tell(make.organisation(), "")
    assert body_of(entry)["words"] == {}
    assert not Words.objects.filter(position=entry.position).exists()


def test_pending_words_are_shown_only_once_somebody_has_looked() -> None:
    entry = tell(make.organisation(), "Wait for me", pending=True)
    assert shown_words([entry.position]) == {entry.position: {"said": None}}
    with opened():
        ledger.show_words(entry.position)
    assert shown_words([entry.position]) == {entry.position: {"said": "Wait for me"}}


def test_hidden_words_are_not_shown_and_redacted_words_are_gone_with_their_salt() -> None:
    hidden, gone = (tell(make.organisation(), "No longer") for _ in range(2))
    with opened():
        Words.objects.filter(position=hidden.position).update(state=WordsState.HIDDEN)
        Words.objects.filter(position=gone.position).update(state=WordsState.REDACTED, text=None, salt=None)
    assert shown_words([hidden.position, gone.position]) == {
        hidden.position: {"said": None},
        gone.position: {"said": None},
    }
    assert rfc8785.dumps(body_of(gone)) == bytes(gone.body)


@pytest.mark.parametrize("content", [{"facts": {"stranger": 1}}, {"words": {"whisper": "Hush"}}])
def test_an_undeclared_fact_or_word_is_refused(content: dict[str, Any]) -> None:
    body = make.organisation()
    before = everything()
    telling_it = ledger.action(ledger.append)
    with pytest.raises(UndeclaredContent, match="does not declare"):
        telling_it(TRIED, body, actor="operator", today=TODAY, **{"facts": {}, **content})
    assert everything() == before


def test_an_event_type_is_declared_once() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        declare("update.posted")


def test_nothing_is_recorded_and_nothing_changed_when_an_action_fails() -> None:
    body = make.organisation()
    before = everything()

    @ledger.action
    def fails() -> None:
        rename(body, "Half done")
        ledger.append(TRIED, body, actor="operator", today=TODAY, facts={})
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        fails()
    assert everything() == before


def test_what_cannot_be_written_canonically_is_refused_whole() -> None:
    body = make.organisation()
    before = everything()
    with pytest.raises(rfc8785.CanonicalizationError):
        tell(body, n=2**60)
    assert everything() == before


def test_the_next_position_follows_after_a_failure() -> None:
    body = make.organisation()
    with pytest.raises(rfc8785.CanonicalizationError):
        tell(body, plain=float("nan"))
    with telling() as entries:
        tell(body)
    assert one(entries).position == 2


def test_the_time_of_the_record_never_runs_back() -> None:
    noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
    body = make.organisation()
    with clock.at(noon + timedelta(days=9000)):
        later = tell(body)
    with clock.at(noon):
        earlier = tell(body)
        with opened():
            ledger.revise()
    assert later.at == earlier.at == Head.objects.get().at


def test_a_subject_is_stamped_with_its_place_its_version_and_its_times() -> None:
    body = make.organisation()
    assert (body.position, body.version, body.updated_position) == (1, 1, 1)
    published = body.published_at
    entry = tell(body)
    body.refresh_from_db()
    assert (body.position, body.version, body.updated_position) == (1, 2, entry.position)
    assert (body.published_at, body.updated_at) == (published, entry.at)


@pytest.mark.parametrize(("edits", "version"), [(True, 2), (False, 1)])
def test_a_root_gets_a_new_version_only_when_what_it_says_is_edited(edits: bool, version: int) -> None:
    root, subject = make.organisation(), make.organisation()
    ledger.action(ledger.append)(
        TRIED, subject, actor="operator", today=TODAY, facts={}, root=root, edits_root=edits
    )
    root.refresh_from_db()
    assert (root.version, root.updated_position) == (version, 3)


def test_a_change_without_an_entry_counts_as_a_revision() -> None:
    before = Head.objects.get()
    ledger.action(ledger.revise)()
    after = Head.objects.get()
    assert (after.position, after.revision) == (before.position, before.revision + 1)


def test_everything_of_an_invented_story_says_so() -> None:
    real = make.organisation()
    with clock.invented():
        invented = make.organisation()
    again = tell(real)
    assert (real.invented, invented.invented) == (False, True)
    told = {entry.subject: body_of(entry) for entry in Entry.objects.order_by("position")[:2]}
    assert "invented" not in told[real.record_subject]
    assert told[invented.record_subject]["invented"] is True
    assert "invented" not in body_of(again)


def test_bodies_of_real_actions_are_canonical_too() -> None:
    commitment = make.commitment(due=make.DUE, **make.MEASURABLE)
    make.open_challenge(make.claim(commitment))
    accounts.correct_organisation(
        make.organisation(), by=make.convenor(), today=TODAY, name="Ǣ “new” name", reason="It\u2028moved"
    )
    for entry in Entry.objects.all():
        assert rfc8785.dumps(json.loads(bytes(entry.body))) == bytes(entry.body)
