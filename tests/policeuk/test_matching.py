"""Which priority of today is which of yesterday, where the source gives no ids."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from commitments.policeuk.matching import Matched, identity, match, normalised
from commitments.policeuk.reading import Priority

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


def said(issue: str | None, on: date | None = MAY, action: str | None = None) -> Priority:
    """A priority."""
    return Priority(issue, action, on)


def matched(
    before: list[Priority], now: list[Priority], gone: list[Priority] | None = None
) -> Matched[Priority, Priority]:
    """What became of them."""
    return match(before, gone or [], now)


def test_the_same_answer_matches_itself_in_any_order() -> None:
    rows = [said("Burglary"), said("Drugs"), said("Burglary", JUNE), said("Burglary", None)]
    found = matched(rows, rows[::-1])
    assert (found.new, found.gone, found.returned) == ([], [], [])
    assert all(before == now for before, now in found.same)


def test_case_marks_and_spaces_make_no_other_priority() -> None:
    assert (
        normalised("  Anti-Social\nBehaviour… ")
        == normalised("anti social behaviour")
        == "anti social behaviour"
    )
    found = matched([said("Anti-social behaviour.")], [said("Anti social   BEHAVIOUR")])
    assert len(found.same) == 1


def test_a_small_edit_under_the_same_date_is_an_edit() -> None:
    before, now = said("Burglery in the evenings"), said("Burglary in the evenings")
    assert matched([before], [now]).same == [(before, now)]


def test_a_changed_place_under_the_same_date_is_an_edit_that_shows() -> None:
    before, now = said("Street drinking around High Street"), said("Street drinking around Wood Street")
    assert matched([before], [now]).same == [(before, now)]


def test_other_words_are_another_priority() -> None:
    found = matched([said("Burglary")], [said("Mopeds on the pavement")])
    assert ([one.issue for one in found.gone], [one.issue for one in found.new]) == (
        ["Burglary"],
        ["Mopeds on the pavement"],
    )
    assert matched([said("Burglary")], [said("Robbery")]).same == []


def test_the_same_words_on_another_date_are_another_priority() -> None:
    found = matched([said("Burglary", MAY)], [said("Burglary", JUNE)])
    assert (len(found.gone), len(found.new), found.same) == (1, 1, [])


def test_a_date_that_is_filled_in_later_makes_no_other_priority() -> None:
    assert len(matched([said("Burglary", None)], [said("Burglary", MAY)]).same) == 1
    assert len(matched([said("Burglary at night", None)], [said("Burglary by day", MAY)]).same) == 0


def test_an_edit_takes_nothing_from_what_stayed_as_it_was() -> None:
    one, two, edited = said("Drugs in the park"), said("Drugs in the parks"), said("Drugs in the park s")
    found = matched([one, two], [two, edited])
    assert set(found.same) == {(two, two), (one, edited)}


def test_the_most_alike_are_paired_first() -> None:
    before = [said("Cycling on the pavement"), said("Cycling on pavements near the school")]
    now = [said("Cycling on pavements near schools"), said("Cycling on the pavements")]
    assert set(matched(before, now).same) == {(before[0], now[1]), (before[1], now[0])}


def test_two_of_the_same_words_are_told_apart_by_their_actions() -> None:
    locks, lights = said("Burglary", action="Locks."), said("Burglary", action="Lights.")
    found = matched([locks, lights], [lights, locks])
    assert set(found.same) == {(locks, locks), (lights, lights)}
    assert matched([locks, lights], [lights]).gone == [locks]


def test_an_action_that_is_added_makes_no_other_priority() -> None:
    found = matched([said("Burglary")], [said("Burglary", action="Locks were given out.")])
    assert len(found.same) == 1


def test_what_was_gone_comes_back_only_word_for_word() -> None:
    gone = said("Burglary in the evenings")
    assert matched([], [said("Burglary in the evenings!")], [gone]).returned
    assert matched([], [said("Burglary in the evening")], [gone]).returned == []


def test_without_an_issue_the_action_says_which_it_is() -> None:
    assert identity(Priority(None, "Patrols.", MAY)) == (MAY, "patrols")


ROWS = st.lists(
    st.builds(
        Priority,
        st.sampled_from(["Burglary", "Burglery", "Drugs", "Drugs!", "Drugs in the park", None]),
        st.sampled_from([None, "Locks.", "Lights."]),
        st.sampled_from([None, MAY, JUNE]),
    ),
    max_size=6,
)


@given(before=ROWS, gone=ROWS, now=ROWS)
def test_everything_is_accounted_for_once(
    before: list[Priority], gone: list[Priority], now: list[Priority]
) -> None:
    found = matched(before, now, gone)
    seen = [one for _, one in found.same + found.returned] + found.new
    known = [one for one, _ in found.same] + found.gone
    assert sorted(map(repr, seen)) == sorted(map(repr, now))
    assert sorted(map(repr, known)) == sorted(map(repr, before))
    assert all(one in gone for one, _ in found.returned)


@given(now=ROWS)
def test_a_second_look_at_the_same_finds_nothing_new(now: list[Priority]) -> None:
    rows = list(dict.fromkeys(now))
    found = matched(rows, rows)
    assert (found.new, found.gone) == ([], [])
    assert all(before == seen for before, seen in found.same)
