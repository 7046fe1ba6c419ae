"""What officers come for, done in a browser: on a telephone and at a desk, with scripts and without."""

import time

import pytest

from tests.browser import desk_journeys as journeys
from tests.browser.chromium import NARROW, WIDE
from tests.browser.officers import WAYS, Desk

ALL_WAYS = {
    f"{name}, {'with' if script else 'without'} scripts": (size, script)
    for name, size in (("telephone", NARROW), ("desk", WIDE))
    for script in (True, False)
}


@pytest.mark.parametrize("way", ALL_WAYS)
def test_a_team_posts_an_update_in_a_minute_and_six_interactions(desk: Desk, way: str) -> None:
    reference = desk.things["narrow without scripts"]["reported"]
    with desk.seat("team", ALL_WAYS[way]) as one:
        began = time.monotonic()
        journeys.report(one, reference, f"Two officers walk every evening, as seen on a {way}.")
        assert time.monotonic() - began < journeys.MOST_SECONDS


@pytest.mark.parametrize("way", WAYS)
def test_a_team_claims_completion_with_a_photo_and_answers_a_challenge(desk: Desk, way: str) -> None:
    things = desk.things[way]
    with desk.seat("team", WAYS[way]) as one:
        journeys.claim_with_a_photo(one, things["done"])
        journeys.answer(one, things["disputed"], things["challenge"])


@pytest.mark.parametrize("way", WAYS)
def test_a_responder_publishes_what_nobody_can_judge_and_is_told_what_that_means(
    desk: Desk, way: str
) -> None:
    with desk.seat("responder", WAYS[way]) as one:
        journeys.promise_nobody_can_judge(one, f"Be kinder to everybody ({way})")


@pytest.mark.parametrize("way", WAYS)
def test_the_panel_refutes_a_claim(desk: Desk, way: str) -> None:
    with desk.seat("panel", WAYS[way]) as one:
        journeys.refute(one, desk.things[way]["claimed"])


@pytest.mark.parametrize("way", WAYS)
def test_a_convenor_approves_one_date_and_refuses_another_and_two_erase(desk: Desk, way: str) -> None:
    things = desk.things[way]
    with desk.seat("convenor", WAYS[way]) as one:
        journeys.decide(one, things["approved"], "Agree to the new date", "The two posts are vacant indeed.")
        journeys.decide(one, things["refused"], "Refuse it", "Nothing was begun.")
        journeys.ask_to_erase(one, things["erased"])
        journeys.see_that_one_alone_erases_nothing(one, things["erased"])
    with desk.seat("convenor2", WAYS[way]) as other:
        journeys.agree_to_erase(other, things["erased"], "Visit the family at the corner")


@pytest.mark.parametrize("way", WAYS)
def test_a_convenor_imports_a_hundred_rows_after_mending_seven(desk: Desk, way: str) -> None:
    with desk.seat("convenor", WAYS[way]) as one:
        journeys.import_a_hundred(one, way.partition(" ")[0])
