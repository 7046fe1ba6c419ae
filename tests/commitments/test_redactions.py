"""Redactions: two convenors, words and salt gone from every table, entries and their hashes as they were."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts import actions as accounts
from accounts.models import Membership, Role, User
from api.http import idempotency
from commitments import actions, errors
from commitments.choices import RedactionState
from commitments.models import Commitment, Evidence, ImportedItem, ProgressUpdate, Redaction, Withholding
from commitments.promises import EvidenceLink
from commitments.withholding import erasing, stories
from record.guarded import opened
from record.ledger import word_hash
from record.models import Entry, Words
from tests import make
from tests.canaries import CANARY, WORDS, told
from tests.make import TODAY
from tests.recording import everything, refused

OTHER = "othertown-2025"
STEM = CANARY[2:9]
"""What is left of the canary wherever an index cuts off what its neighbours share."""


def asked(thing: Any, by: User | None = None, **more: Any) -> Redaction:
    """A redaction that a convenor asks for."""
    said = {"ground": "data_protection", "category": "identity", **more}
    return actions.ask_redaction(thing, by=by or make.convenor(), today=TODAY, **said)


def redacted(thing: Any, **more: Any) -> Redaction:
    """One that another convenor agreed to."""
    return actions.approve_redaction(asked(thing, **more), by=make.convenor(), today=TODAY)


def rows_of_all_tables() -> dict[str, str]:
    """Everything that stands in each table of the database, those of the full-text index too, as text."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor, include_views=True)
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            names = [name for (name,) in cursor.fetchall()]
        found = {}
        for name in names:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")  # noqa: S608
            found[name] = "\n".join(" ".join(map(_legible, row)) for row in cursor.fetchall())
    return found


def _legible(cell: Any) -> str:
    if isinstance(cell, bytes | memoryview):
        return bytes(cell).decode("latin-1")
    return str(cell)


def singing() -> list[str]:
    """The tables in which the canary still stands."""
    return sorted(name for name, rows in rows_of_all_tables().items() if STEM in rows.lower())


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["commitment", "update", "challenge", "response", "theme", "verification"])
def test_what_is_redacted_stands_in_no_table_any_more(kind: str) -> None:
    story = told(kind)
    assert "record_words" in singing()
    for thing in things_that_speak(story.holdable()[kind]):
        thing.refresh_from_db()  # its words may have been a copy of those that went
        if speaks(thing):
            redacted(thing)
    assert singing() == []


def things_that_speak(thing: Any) -> list[Any]:
    """The thing and its like in the story, and what beneath it speaks for itself: moves of a date, steps."""
    beneath = stories.story(thing) if isinstance(thing, Commitment) else alike(thing)
    mine = {(type(row), row.pk) for row in stories.own(thing)} - {(type(thing), thing.pk)}
    apart = [row for row in beneath if (type(row), row.pk) not in mine]
    return [row for row in apart if speaks(row)]


def alike(thing: Any) -> list[Any]:
    """The thing, and others of its kind in the story: they say the same, and each says it for itself."""
    return [row for row in stories.story(stories.root_of(thing)) if type(row) is type(thing)]


def speaks(row: Any) -> bool:
    """Whether the row says the canary."""
    return any(CANARY in str(getattr(row, name)) for name in row.typed_here)


@pytest.mark.django_db
def test_the_entry_stays_with_its_hash_and_a_tombstone_says_ground_and_category() -> None:
    update = make.update(make.commitment(), body=WORDS)
    entry = Entry.objects.get(position=update.position or 0)
    body, kept = bytes(entry.body), Words.objects.get(position=entry.position, name="body")
    hashed = word_hash(bytes(kept.salt or b""), kept.text or "")
    done = redacted(update, category="victim", ground="court_order")
    assert bytes(Entry.objects.get(pk=entry.pk).body) == body
    assert hashed.encode() in body
    kept.refresh_from_db()
    assert (kept.text, kept.salt, kept.state) == (None, None, "redacted")
    stone = Entry.objects.get(type="words.redacted")
    assert (stone.subject, stone.root) == (done.record_subject, update.commitment.record_subject)
    facts = {"category": "victim", "entry": entry.position, "ground": "court_order"}
    assert all(f'"{name}":' in bytes(stone.body).decode() for name in facts)
    assert done.erased == [entry.position]


@pytest.mark.django_db
def test_only_the_words_of_the_named_events_go() -> None:
    commitment = make.commitment()
    challenge = make.challenge(make.claim(commitment), reason=WORDS)
    actions.admit(challenge, by=make.convenor(), today=TODAY)
    while challenge.state != "open":
        challenge = actions.support(challenge, by=make.person(), today=TODAY)
    actions.reply(challenge, by=make.member(make.lead_team(commitment)), today=TODAY, body="We do walk.")
    redacted(challenge, entries=[challenge.position])
    challenge.refresh_from_db()
    assert (challenge.reason, challenge.reply) == ("[redacted]", "We do walk.")
    assert singing() == []


@pytest.mark.django_db
def test_titles_and_addresses_of_evidence_go_with_their_update() -> None:
    links = [EvidenceLink("Photographs", "https://example.org/photographs")]
    update = make.update(make.commitment(), evidence=links)
    redacted(update, entries=[update.position])
    assert Evidence.objects.values_list("title", "url").get() == ("[redacted]", "https://redacted.invalid/")


@pytest.mark.django_db
def test_words_that_the_program_copied_go_too() -> None:
    commitment = make.commitment()
    update = make.update(commitment, status="abandoned", body="We stop.", reason=WORDS)
    redacted(update)
    assert singing() == []
    assert Words.objects.filter(name="reason", state="redacted").count() == 2


@pytest.mark.django_db
def test_words_that_are_held_or_hidden_go_too_and_do_not_come_back() -> None:
    update = make.update(make.commitment(), body=WORDS)
    hold = actions.place_hold(update, by=make.convenor(), today=TODAY, ground="live_case")
    hiding = actions.hide_words(
        update, by=make.convenor(), today=TODAY, ground="personal_data", note=f"It names {CANARY}"
    )
    redacted(update)
    assert singing() == []
    actions.lift_hold(hold, by=make.convenor(), today=TODAY)
    actions.restore_words(hiding, by=make.convenor(), today=TODAY)
    assert ProgressUpdate.objects.get().body == "[redacted]"


@pytest.mark.django_db
def test_nothing_goes_and_nothing_is_public_before_another_convenor_agrees() -> None:
    update = make.update(make.commitment(), body=WORDS)
    before, by, other, stranger = (
        Entry.objects.count(),
        make.convenor(),
        make.convenor(),
        make.convenor(OTHER),
    )
    redaction = asked(update, by=by)
    with refused(errors.OwnRequest):
        actions.approve_redaction(redaction, by=by, today=TODAY)
    with refused(errors.OwnRequest):
        actions.refuse_redaction(redaction, by=by, today=TODAY)
    with refused(errors.NotYourRedaction):
        actions.withdraw_redaction(redaction, by=other, today=TODAY)
    with refused(errors.NotTheConvenor):
        actions.approve_redaction(redaction, by=stranger, today=TODAY)
    assert (Entry.objects.count(), ProgressUpdate.objects.get().body) == (before, WORDS)


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["joins an owner", "is no convenor any more"])
def test_who_asked_and_then_may_not_is_no_second_voice(how: str) -> None:
    update, asker, other = make.update(make.commitment(), body=WORDS), make.convenor(), make.convenor()
    redaction = asked(update, by=asker)
    if how == "joins an owner":
        accounts.grant_role(asker, Role.TEAM_MEMBER, team=make.lead_team(update.commitment))
    else:
        accounts.end_role(Membership.objects.get(user=asker))
    with refused(errors.AskedByNoConvenor):
        actions.approve_redaction(redaction, by=other, today=TODAY)
    assert ProgressUpdate.objects.get().body == WORDS
    actions.refuse_redaction(redaction, by=other, today=TODAY)


@pytest.mark.django_db
def test_the_database_itself_refuses_that_one_person_asks_and_agrees() -> None:
    redaction = asked(make.update(make.commitment()))
    redaction.state, redaction.decided_on = RedactionState.APPROVED, TODAY
    redaction.decided_by = redaction.asked_by
    with pytest.raises(IntegrityError, match="own_redaction"), transaction.atomic(), opened():
        redaction.save()


@pytest.mark.django_db
def test_a_redaction_is_decided_once() -> None:
    update, other = make.update(make.commitment(), body=WORDS), make.convenor()
    for decide in (actions.refuse_redaction, actions.approve_redaction):
        redaction = asked(update)
        decide(redaction, by=other, today=TODAY)
        with refused(errors.AlreadyDecided):
            actions.approve_redaction(redaction, by=other, today=TODAY)
    mine = asked(update.commitment)
    actions.withdraw_redaction(mine, by=mine.asked_by, today=TODAY)
    with refused(errors.AlreadyDecided):
        actions.approve_redaction(mine, by=other, today=TODAY)
    with refused(errors.NothingToWithhold):
        asked(update, by=other)


@pytest.mark.django_db
def test_a_request_whose_words_were_erased_is_not_carried_out_any_more() -> None:
    commitment, convenor = make.commitment(), make.convenor()
    by = make.member(make.lead_team(commitment))
    fix: dict[str, Any] = {"field": "title", "text": WORDS, "reason": "A slip."}
    correction = actions.correct_commitment(commitment, by=by, today=TODAY, **fix)
    redacted(correction)
    with refused(errors.WordsHaveChanged):
        actions.approve_correction(correction, by=convenor, today=TODAY)


@pytest.mark.django_db
def test_what_was_erased_can_be_worded_anew() -> None:
    commitment = make.commitment(body=WORDS)
    by = make.member(make.lead_team(commitment))
    redacted(commitment)
    fix: dict[str, Any] = {"field": "title", "text": "Walk the street", "reason": "Its words were erased."}
    correction = actions.correct_commitment(commitment, by=by, today=TODAY, **fix)
    actions.approve_correction(correction, by=make.convenor(), today=TODAY)
    assert Commitment.objects.get().title == "Walk the street"
    assert singing() == []


@pytest.mark.django_db
def test_no_digest_of_what_was_erased_stays_to_be_compared_with_guesses() -> None:
    commitment = make.commitment(title=WORDS)
    with opened():
        ImportedItem.objects.create(
            external_id="commitment:x", subject=commitment.record_subject, digest="d1", parts={"title": "d2"}
        )
    redacted(commitment)
    assert ImportedItem.objects.values_list("digest", "parts").get() == ("redacted", {"title": "redacted"})


def test_of_two_who_agree_at_once_one_does(committed_db: None) -> None:
    redaction = asked(make.update(make.commitment(), body=WORDS))
    people = [make.convenor() for _ in range(6)]
    with ThreadPoolExecutor(len(people)) as pool:
        done = list(pool.map(lambda by: attempt(redaction, by), people))
    assert sorted(done) == ["AlreadyDecided"] * 5 + ["done"]
    assert Entry.objects.filter(type="words.redacted").count() == len(Redaction.objects.get().erased)


def attempt(redaction: Redaction, by: User) -> str:
    """Agree on a connection of this thread's own; what it led to."""
    try:
        actions.approve_redaction(redaction, by=by, today=TODAY)
    except errors.AlreadyDecided as refusal:
        return type(refusal).__name__
    finally:
        connection.close()
    return "done"


def test_a_hold_that_is_placed_while_owners_write_hides_all_that_they_write(committed_db: None) -> None:
    commitment = make.commitment()
    by, convenor = make.member(make.lead_team(commitment)), make.convenor()

    def write(number: int) -> None:
        try:
            if number == 4:
                actions.place_hold(commitment, by=convenor, today=TODAY, ground="live_case")
            else:
                make.update(commitment, by=by, body=f"{WORDS} {number}")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(10)))
    assert ProgressUpdate.objects.count() == 9
    assert not ProgressUpdate.objects.filter(body__contains=CANARY).exists()
    assert not ProgressUpdate.objects.filter(held_on=None).exists()
    assert not Words.objects.filter(text__contains=CANARY, state="published").exists()
    actions.lift_hold(Withholding.objects.get(), by=convenor, today=TODAY)
    assert ProgressUpdate.objects.filter(body__contains=CANARY).count() == 9


@pytest.mark.django_db
def test_every_table_from_which_words_went_is_swept(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    swept: set[str] = set()
    monkeypatch.setattr(erasing, "sweep", swept.update)
    monkeypatch.setattr(idempotency, "sweep", swept.update)
    update = make.update(
        make.commitment(), body=WORDS, evidence=[EvidenceLink(WORDS, "https://example.org/")]
    )
    actions.hide_words(update, by=make.convenor(), today=TODAY, ground="personal_data", note=WORDS)
    with django_capture_on_commit_callbacks(execute=True):
        redacted(update)
        idempotency.forget_bodies()
    gone = {"record_words", "commitments_vaulted", "commitments_withholding", "commitments_searchdocument"}
    gone |= {"commitments_progressupdate", "commitments_evidence", "commitments_importeditem"}
    assert swept == gone | {"api_idempotentanswer"}


def test_sqlites_files_hold_nothing_of_what_was_erased(committed_db: None) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps old rows until it vacuums, and its log until it is recycled")
    update = make.update(make.commitment(), body=WORDS)
    hold = actions.place_hold(update, by=make.convenor(), today=TODAY, ground="live_case")
    actions.lift_hold(hold, by=make.convenor(), today=TODAY)
    assert [path.name for path in database_files() if STEM in path.read_bytes().decode("latin-1").lower()]
    redacted(update)
    assert [
        path.name for path in database_files() if STEM in path.read_bytes().decode("latin-1").lower()
    ] == []
    assert everything()["commitments.Vaulted"] == []


def database_files() -> list[Path]:
    """The database's own file, its log and what stands beside."""
    whole = Path(str(connection.settings_dict["NAME"]))
    return [path for path in whole.parent.glob(f"{whole.name}*") if path.is_file()]
