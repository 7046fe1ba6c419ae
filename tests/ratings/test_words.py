"""Words that came with ratings: sealed, mixed, moderated, shown, changed and taken back."""

import pytest

from accounts import actions as accounts
from accounts.models import User
from commitments import actions as domain
from commitments.errors import NotIndependent, NotTheConvenor
from commitments.models import Commitment, Theme
from ratings import actions, errors, keystore
from ratings.models import FreshBallot, RatingWords, WordsStage, words
from record import entries
from record.models import Entry
from tests import make
from tests.make import TODAY, days
from tests.ratings.speaking import SAID, crowd, mix_anew, published, say, state, waiting
from tests.recording import refused, telling

pytestmark = pytest.mark.django_db


@pytest.fixture
def commitment() -> Commitment:
    assembly = make.assembly()
    asked = make.recommendation(assembly, theme=make.theme(assembly, "presence"))
    return make.commitment(assembly, recommendations=[asked])


@pytest.fixture
def author() -> User:
    return make.person()


def test_words_are_read_by_their_author_alone_until_they_are_published(
    commitment: Commitment, author: User
) -> None:
    with telling() as told:
        say(commitment, author)
    assert told == []
    assert state(commitment, author) == (SAID, "waiting", None)
    assert state(commitment, make.person()) == ("", None, None)
    assert not RatingWords.objects.exists()


def test_mixed_words_stay_sealed_until_their_subject_has_a_figure(
    commitment: Commitment, author: User
) -> None:
    say(commitment, author)
    other = make.commitment(commitment.assembly)
    crowd(other)
    actions.mix_ballots(TODAY)
    [row] = RatingWords.objects.all()
    assert (row.stage, row.text, row.waits_since) == (WordsStage.SEALED, "", None)
    assert SAID.encode() not in bytes(row.sealed or b"")
    assert state(commitment, author) == (SAID, "waiting", None)
    actions.cut_figures(TODAY)
    actions.bring_words(TODAY)
    assert RatingWords.objects.get().stage == WordsStage.SEALED
    crowd(commitment)
    actions.cut_figures(days(7))
    actions.bring_words(days(7))
    row = RatingWords.objects.get()
    assert (row.stage, row.text, row.waits_since) == (WordsStage.WAITING, SAID, days(7))
    assert (row.commitment, row.theme) == (commitment, None)


def test_the_convenor_publishes_them_and_the_record_says_nothing_of_when_they_were_written(
    commitment: Commitment, author: User
) -> None:
    row = waiting(commitment, author)
    with telling() as told:
        actions.publish_words(row, by=make.convenor(), today=days(9))
    [entry] = told
    body = entries.body_of(entry)
    assert (entry.type, entry.occurred_on, entry.root) == (
        "words.published", days(9), commitment.record_subject,
    )  # fmt: skip
    assert body["facts"] == {"subject": commitment.record_subject, "period": "2026-Q2"}
    assert entries.shown_words([entry.position]) == {entry.position: {"text": SAID}}
    row.refresh_from_db()
    assert (row.text, row.waits_since) == ("", None)
    assert list(words.shown()) == [row]
    assert state(commitment, author) == (SAID, "published", SAID)


def test_words_on_a_theme_go_the_same_way(commitment: Commitment, author: User) -> None:
    theme = Theme.objects.select_related("assembly").get()
    row = published(theme, author)
    assert (row.theme, row.commitment) == (theme, None)
    assert Entry.objects.get(position=row.position or 0).root == theme.record_subject


def test_only_the_independent_convenor_of_the_assembly_moderates(
    commitment: Commitment, author: User
) -> None:
    row = waiting(commitment, author)
    lead = make.lead_team(commitment)
    for nobody in (make.person(), make.panel(), make.responder(lead.organisation), make.convenor("other")):
        with refused(NotTheConvenor):
            actions.publish_words(row, by=nobody, today=TODAY)
        with refused(NotTheConvenor):
            actions.refuse_words(row, by=nobody, today=TODAY, ground="abuse")
    torn = make.convenor()
    accounts.grant_role(torn, "team_member", team=lead)
    with refused(NotIndependent):
        actions.publish_words(row, by=torn, today=TODAY)


def test_refused_words_are_told_to_their_author_with_the_ground_and_to_nobody_else(
    commitment: Commitment, author: User
) -> None:
    row, convenor = waiting(commitment, author), make.convenor()
    with refused(errors.UnknownGround, "ground"):
        actions.refuse_words(row, by=convenor, today=TODAY, ground="taste")
    with telling() as told:
        actions.refuse_words(row, by=convenor, today=TODAY, ground="abuse")
    assert told == []
    own = actions.own_words(commitment, by=author, today=TODAY)
    assert (own.said, own.state, own.ground) == (SAID, "refused", "abuse")
    with refused(errors.WordsDecided):
        actions.publish_words(row, by=convenor, today=TODAY)


def test_words_taken_back_are_hidden_at_once_and_their_row_knows_nobody(
    commitment: Commitment, author: User
) -> None:
    row = published(commitment, author)
    with telling() as told:
        actions.take_back_words(commitment, by=author, today=TODAY)
    [entry] = told
    assert (entry.type, entry.actor) == ("words.hidden", "resident")
    assert entries.body_of(entry)["facts"] == {"entry": row.position, "ground": "taken_back"}
    assert entries.shown_words([row.position or 0]) == {row.position: {"text": None}}
    row.refresh_from_db()
    assert (row.stage, row.token) == (WordsStage.WITHDRAWN, None)
    assert not words.shown().exists()
    assert state(commitment, author) == ("", None, None)
    assert actions.own(commitment, by=author, today=TODAY).score == 4
    with refused(errors.NothingSaid):
        actions.take_back_words(commitment, by=author, today=TODAY)


@pytest.mark.parametrize("stage", ["fresh", WordsStage.SEALED, WordsStage.WAITING, WordsStage.REFUSED])
def test_words_that_were_never_shown_go_without_a_trace(
    commitment: Commitment, author: User, stage: str
) -> None:
    say(commitment, author)
    if stage != "fresh":
        crowd(commitment)
        actions.mix_ballots(TODAY)
    if stage in (WordsStage.WAITING, WordsStage.REFUSED):
        actions.cut_figures(TODAY)
        actions.bring_words(TODAY)
    if stage == WordsStage.REFUSED:
        actions.refuse_words(RatingWords.objects.get(), by=make.convenor(), today=TODAY, ground="abuse")
    with telling() as told:
        actions.take_back_words(commitment, by=author, today=TODAY)
    assert told == []
    assert state(commitment, author) == ("", None, None)
    mix_anew(commitment)
    assert not RatingWords.objects.exists()
    assert actions.own(commitment, by=author, today=TODAY).score == 4


def test_other_words_take_the_place_of_published_ones_when_ballots_are_mixed(
    commitment: Commitment, author: User
) -> None:
    old = published(commitment, author)
    say(commitment, author, "They stopped coming.")
    assert state(commitment, author) == ("They stopped coming.", "waiting", SAID)
    crowd(commitment)
    with telling() as told:
        actions.mix_ballots(TODAY)
    assert [(entry.type, entry.subject) for entry in told] == [("words.hidden", old.record_subject)]
    assert state(commitment, author) == ("They stopped coming.", "waiting", None)
    new = RatingWords.objects.get(stage=WordsStage.WAITING)
    assert new.pk != old.pk
    actions.publish_words(new, by=make.convenor(), today=days(8))
    assert state(commitment, author) == ("They stopped coming.", "published", "They stopped coming.")


def test_the_same_words_with_another_score_stay_published(commitment: Commitment, author: User) -> None:
    row = published(commitment, author)
    say(commitment, author, score=1)
    crowd(commitment)
    with telling() as told:
        actions.mix_ballots(TODAY)
    assert told == []
    assert list(words.shown()) == [row]


def test_a_rating_without_words_or_taken_back_takes_the_words_with_it(
    commitment: Commitment, author: User
) -> None:
    published(commitment, author)
    actions.withdraw(commitment, by=author, today=TODAY)
    assert state(commitment, author) == ("", None, SAID)
    mix_anew(commitment)
    assert not words.shown().exists()
    assert not RatingWords.objects.exclude(token=None).exists()


def test_words_of_a_fresh_ballot_that_were_taken_back_do_not_come_out_when_it_is_mixed(
    commitment: Commitment, author: User
) -> None:
    published(commitment, author)
    say(commitment, author, "Other words.")
    with telling() as told:
        actions.take_back_words(commitment, by=author, today=TODAY)
    assert [entry.type for entry in told] == ["words.hidden"]
    assert state(commitment, author) == ("", None, None)
    with refused(errors.NothingSaid):
        actions.take_back_words(commitment, by=author, today=TODAY)
    mix_anew(commitment)
    assert set(RatingWords.objects.values_list("stage", flat=True)) == {WordsStage.WITHDRAWN}


def test_words_written_after_others_were_taken_back_come_out(commitment: Commitment, author: User) -> None:
    published(commitment, author)
    say(commitment, author, "Other words.")
    actions.take_back_words(commitment, by=author, today=TODAY)
    say(commitment, author, "Third words.")
    assert state(commitment, author) == ("Third words.", "waiting", None)
    mix_anew(commitment)
    actions.bring_words(TODAY)
    assert RatingWords.objects.get(stage=WordsStage.WAITING).text == "Third words."
    say(commitment, author, "Fourth words.")
    actions.take_back_words(commitment, by=author, today=TODAY)
    mix_anew(commitment)
    assert not RatingWords.objects.exclude(stage=WordsStage.WITHDRAWN).exists()


def test_touching_published_words_touches_no_ballot(commitment: Commitment, author: User) -> None:
    published(commitment, author)
    say(commitment, author, "Other words.")
    before = list(FreshBallot.objects.order_by("pk").values_list())
    actions.take_back_words(commitment, by=author, today=TODAY)
    assert list(FreshBallot.objects.order_by("pk").values_list()) == before


def test_what_the_author_changed_meanwhile_cannot_be_published(commitment: Commitment, author: User) -> None:
    row, convenor = waiting(commitment, author), make.convenor()
    say(commitment, author, "Other words.")
    mix_anew(commitment)
    with refused(errors.WordsAreGone):
        actions.publish_words(row, by=convenor, today=TODAY)


def test_with_the_key_go_words_never_published_and_every_token(commitment: Commitment, author: User) -> None:
    row = published(commitment, author)
    theme = Theme.objects.select_related("assembly").get()
    waiting(theme, author, "On the theme.", days(7))
    actions.destroy_keys(days(90))
    assert keystore.store().get("anytown-2025/2026-Q2") is None
    assert list(RatingWords.objects.values_list("pk", "token")) == [(row.pk, None)]
    assert list(words.shown()) == [row]
    assert state(commitment, author) == ("", None, None)
    with refused(errors.NothingSaid):
        actions.take_back_words(commitment, by=author, today=TODAY)


@pytest.mark.parametrize("text", ["x" * 301, "\U0001f600" * 251, '"' * 300 + "x"])
def test_more_words_than_a_sealed_ballot_has_room_for_are_refused(
    commitment: Commitment, author: User, text: str
) -> None:
    with refused(errors.WordsTooLong, "words"):
        say(commitment, author, text)


@pytest.mark.parametrize("text", ["x" * 300, "আ" * 300, '"\n' * 150, "\U0001f600" * 240])
def test_every_sealed_ballot_is_as_long_whatever_it_says(
    commitment: Commitment, author: User, text: str
) -> None:
    say(commitment, author, text)
    crowd(commitment, 1)
    assert len({len(row.sealed) for row in FreshBallot.objects.all()}) == 1
    assert state(commitment, author)[0] == text


def test_a_live_case_keeps_words_from_being_published_until_it_is_over(
    commitment: Commitment, author: User
) -> None:
    row, convenor = waiting(commitment, author), make.convenor()
    hold = domain.place_hold(commitment, by=convenor, today=TODAY, ground="live_case")
    with refused(errors.SubjectHeld):
        actions.publish_words(row, by=convenor, today=TODAY)
    domain.lift_hold(hold, by=convenor, today=days(1))
    actions.publish_words(row, by=convenor, today=days(1))
    assert state(commitment, author) == (SAID, "published", SAID)


def test_a_hold_takes_published_words_with_it_and_those_taken_back_do_not_return(
    commitment: Commitment, author: User
) -> None:
    row, convenor = published(commitment, author), make.convenor()
    other = make.person()
    say(commitment, other, "Nothing has changed.")
    mix_anew(commitment)
    second = RatingWords.objects.get(stage=WordsStage.WAITING)
    actions.publish_words(second, by=convenor, today=TODAY)
    hold = domain.place_hold(commitment, by=convenor, today=TODAY, ground="live_case")
    assert not words.shown().exists()
    assert state(commitment, author) == (SAID, "hidden", None)
    actions.take_back_words(commitment, by=author, today=TODAY)
    domain.lift_hold(hold, by=convenor, today=days(1))
    assert list(words.shown()) == [second]
    assert entries.shown_words([row.position or 0])[row.position or 0] == {"text": None}


def test_words_that_the_convenor_hid_and_their_author_changed_come_back_on_no_route(
    commitment: Commitment, author: User
) -> None:
    row, convenor = published(commitment, author), make.convenor()
    hiding = domain.hide_words(row, by=convenor, today=TODAY, ground="personal_data")
    assert state(commitment, author) == (SAID, "hidden", None)
    say(commitment, author, "Better words.")
    mix_anew(commitment)
    domain.restore_words(hiding, by=convenor, today=days(1))
    assert not words.shown().exists()
    assert RatingWords.objects.get(stage=WordsStage.WAITING).text == "Better words."
