"""Text search, the same on both databases but for typing errors."""

from datetime import date
from io import StringIO
from itertools import count
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Organisation, Team, User
from commitments import search
from commitments.choices import CommitmentStage, Status
from commitments.models import Assembly, Commitment, ProgressUpdate, Recommendation, SearchDocument
from record.guarded import OutsideAction, opened

pytestmark = pytest.mark.django_db
numbers = count(1)


@pytest.fixture
def assembly() -> Assembly:
    """An assembly to search in."""
    with opened():
        made: Assembly = Assembly.objects.create(slug="waltham-forest-2024", prefix="WF24", title="Assembly")
    return made


def recommend(assembly: Assembly, title: str, body: str = "") -> Recommendation:
    """A recommendation that can be found."""
    number = next(numbers)
    with opened():
        made = Recommendation.objects.create(
            reference=f"WF24-R{number:02d}", assembly=assembly, number=number, title=title, body=body
        )
        search.index(made)
    return made


def promise(assembly: Assembly, title: str, **more: Any) -> Commitment:
    """A commitment that can be found."""
    number = next(numbers)
    with opened():
        made = Commitment.objects.create(
            reference=f"WF24-C{number:03d}",
            assembly=assembly,
            number=number,
            title=title,
            stage=CommitmentStage.ENTERED,
            entered_from=[],
            **more,
        )
        search.index(made)
    return made


def report(commitment: Commitment, body: str) -> ProgressUpdate:
    """An update that can be found."""
    with opened():
        body_of_team = Organisation.objects.create(slug="met", name="Met", kind="police_force")
        made: ProgressUpdate = ProgressUpdate.objects.create(
            commitment=commitment,
            team=Team.objects.create(slug="team", name="Team", organisation=body_of_team),
            author=User.objects.create_user("team@example.org"),
            posted_on=date(2026, 11, 23),
            lead=True,
            status=Status.IN_PROGRESS,
            body=body,
        )
        search.index(made)
    return made


def titles(q: str) -> list[str]:
    """The recommendations that match, best first."""
    found = search.matching(Recommendation.objects.all(), q).order_by("-rank", "pk")
    return [each.title for each in found]


def test_a_word_finds_the_texts_that_say_it(assembly: Assembly) -> None:
    recommend(assembly, "Engage young people", "Meet youth clubs.")
    recommend(assembly, "Victims of crime")
    assert titles("youth") == ["Engage young people"]


@pytest.mark.parametrize("q", ["engage", "engaging", "ENGAGED", "Engages"])
def test_words_are_compared_by_their_stems(assembly: Assembly, q: str) -> None:
    recommend(assembly, "Engaging young people")
    assert titles(q) == ["Engaging young people"]


def test_all_words_must_be_said_and_none_of_them_as_a_part_of_another(assembly: Assembly) -> None:
    recommend(assembly, "Stop and search", "Publish the figures.")
    recommend(assembly, "Stopwatch research")
    assert titles("search figures") == ["Stop and search"]
    assert titles("search figures youth") == []


def test_a_word_in_the_title_counts_above_one_in_the_body(assembly: Assembly) -> None:
    recommend(assembly, "Presence", "More patrols on foot.")
    recommend(assembly, "Patrols", "On foot.")
    assert titles("patrols") == ["Patrols", "Presence"]


def test_stop_words_and_accents_and_punctuation_do_not_matter(assembly: Assembly) -> None:
    recommend(assembly, "The café-owners' forum")
    assert titles("the CAFE owners") == ["The café-owners' forum"]
    assert titles("café, “forum”!") == ["The café-owners' forum"]


def test_only_stop_words_find_nothing(assembly: Assembly) -> None:
    recommend(assembly, "The police")
    assert titles("the and of") == []


def test_a_reference_is_found(assembly: Assembly) -> None:
    made = recommend(assembly, "Presence")
    assert titles(made.reference.lower()) == ["Presence"]


def test_a_commitment_is_found_by_its_measures(assembly: Assembly) -> None:
    made = promise(assembly, "Patrols", measure="Hours on foot", proof="Duty rosters")
    assert list(search.matching(Commitment.objects.all(), "roster")) == [made]


def test_documents_are_searched_together(assembly: Assembly) -> None:
    recommend(assembly, "Youth board")
    promise(assembly, "A board of youth")
    found = search.matching(SearchDocument.objects.all(), "youth board").order_by("-rank", "pk")
    assert [each.kind for each in found] == ["recommendation", "commitment"]


def test_an_update_is_found_by_its_words(assembly: Assembly) -> None:
    commitment = promise(assembly, "Patrols")
    update = report(commitment, "Two surgeries were held.")
    assert list(search.matching(ProgressUpdate.objects.all(), "surgery")) == [update]
    [document] = search.matching(SearchDocument.objects.all(), "surgery")
    assert document.kind == "update"
    assert str(document) == "words of update"


def test_the_rank_does_not_change_when_others_write(assembly: Assembly) -> None:
    recommend(assembly, "Youth board", "The youth decide.")
    [before] = search.matching(Recommendation.objects.all(), "youth").values_list("rank", flat=True)
    for _ in range(20):
        recommend(assembly, "Presence", "Other words.")
    [after] = search.matching(Recommendation.objects.all(), "youth").values_list("rank", flat=True)
    assert before == after == search.TITLE + search.BODY


def test_a_changed_text_is_found_by_its_new_words_alone(assembly: Assembly) -> None:
    made = recommend(assembly, "Patrols")
    made.title = "Surgeries"
    with opened():
        search.index(made)
    assert titles("patrols") == []
    assert titles("surgeries") == ["Patrols"]


def test_documents_can_be_made_anew_from_what_they_were_made_of(assembly: Assembly) -> None:
    recommend(assembly, "Youth board")
    promise(assembly, "Patrols")
    with opened():
        SearchDocument.objects.all().delete()
    assert titles("youth") == []
    call_command("rebuild_search", stdout=StringIO())
    assert SearchDocument.objects.count() == 2
    assert titles("youth") == ["Youth board"]


def test_nobody_writes_documents_outside_an_action(assembly: Assembly) -> None:
    made = recommend(assembly, "Youth board")
    with pytest.raises(OutsideAction):
        search.index(made)


@pytest.mark.parametrize("q", ["yuth", "yuoth", "yoth", "polise", "polcie", "comunity", "victms", "knive"])
def test_a_typing_error_is_tolerated(assembly: Assembly, q: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL alone compares trigrams")
    recommend(assembly, "Youth and police", "In the community, for victims of knife crime.")
    assert titles(q) == ["Youth and police"]


def test_a_word_that_is_spelled_rightly_finds_no_similar_one(assembly: Assembly) -> None:
    recommend(assembly, "Police")
    recommend(assembly, "Policy")
    assert titles("police") == ["Police"]


HOSTILE = [
    "",
    " ",
    "\x00",
    "youth\x00",
    '"',
    "'",
    "youth' OR 1=1 --",
    "a AND OR NOT NEAR(",
    "title_words: youth",
    "-youth",
    "youth*",
    "(((((",
    ":*&|!<->",
    "%s %d %%",
    "{word}",
    "\\",
    "x" * 10_000,
    "youth " * 2_000,
    " ".join(f"word{each}" for each in range(2_000)),
    "日本語 слово ﷽ 👮",
    "\ud800",
    "ß²½",
]


@pytest.mark.parametrize("q", HOSTILE)
def test_no_query_is_an_error(assembly: Assembly, q: str) -> None:
    recommend(assembly, "Youth board")
    assert set(titles(q)) <= {"Youth board"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(q=st.text(st.characters(codec=None), max_size=200))
def test_no_text_whatever_is_an_error(assembly: Assembly, q: str) -> None:
    assert titles(q) == []


@settings(deadline=None)
@given(q=st.text(max_size=300))
def test_words_are_plain_before_they_reach_a_database(q: str) -> None:
    for word in search.terms(q):
        assert word.isalnum() or not word.isascii()
        assert '"' not in word
        assert len(word) <= search.LONGEST_WORD
