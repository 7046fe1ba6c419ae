"""A stranger reads all that HTTP tells at two dates: no cell under ten is found, and all of it follows from figures."""

from collections.abc import Callable, Iterator
from itertools import chain, combinations
from random import Random
from typing import Any

import pytest
from django.core.cache import cache

from api.breakdowns import VIEWS
from commitments import summaries
from ratings import comparisons, counting, disclosure, weighting
from ratings.actions.margins import load_margin
from ratings.choices import COMMUNITIES
from ratings.disclosure import Breakdowns, Part, Shown
from ratings.figures import estimate_of
from ratings.models import Ballot, Counted, FreshBallot
from record.guarded import opened
from record.shelf import SHELF
from tests import make
from tests.api.scene import key_of, on
from tests.contract import CheckingClient
from tests.ratings import attacker
from tests.ratings.attacking_over_http import (
    SECOND,
    Row,
    Stranger,
    Town,
    filters,
    groups_of,
    is_refused,
    numbers,
    slots_of,
    standing,
)
from tests.ratings.speaking import SAID

pytestmark = pytest.mark.django_db
THEME = "assemblies/anytown-2025/themes/be-there"
SEXES = {"female": 510, "male": 490}
VOICE = ("n", "mean", "low", "high")


@pytest.fixture(autouse=True)
def _nobody_cast_yet() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def lived(seed: int) -> Town:
    town = Town(Random(seed))
    town.live()
    return town


@pytest.fixture
def town() -> Iterator[Town]:
    found = lived(1)
    load_margin(
        found.assembly,
        by=make.convenor(),
        today=make.TODAY,
        question="sex",
        counts=SEXES,
        dated=make.TODAY,
        source="https://www.ons.gov.uk/census",
    )
    with on(SECOND):
        yield found


@pytest.fixture
def stranger(api: CheckingClient) -> Stranger:
    return Stranger(api)


# --- Solving ---


def found_by(stranger: Stranger, town: Town, least_left: int = 10) -> list[attacker.Found]:
    """What the attacker finds in all that `ratings/` tells, of every subject in every quarter."""
    found = []
    for (subject, period), slots in slots_of(stranger.rows("ratings")).items():
        groups = groups_of(subject, slots)
        truth = [{by: one[by] for by in groups} for one in town.truth[subject, period]]
        assert len(truth) == len(slots)
        found += attacker.solve(groups, slots, truth, least_left)
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_no_cell_under_ten_is_found_in_all_that_is_told_at_two_dates(stranger: Stranger, seed: int) -> None:
    town = lived(seed)
    with on(SECOND):
        told = slots_of(stranger.rows("ratings"))
        assert len(told["theme:anytown-2025/be-there", "2026-Q3"]) == 2, "both dates tell something"
        assert found_by(stranger, town) == []


def test_the_same_stranger_finds_what_a_gate_lets_through_that_only_looks_at_each_figure(
    stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def careless(now: Breakdowns, before: Any = (), *, never: Any = frozenset()) -> dict[Part, Shown]:
        return attacker.unguarded({by: now[by] for by in ("stratum", "ethnic_group") if by in now})

    monkeypatch.setattr(disclosure, "release", careless)
    town = lived(1)
    with on(SECOND):
        assert found_by(stranger, town, least_left=0)


# --- Nothing but figures ---


def test_every_form_and_every_view_of_the_figures_tells_what_entries_of_the_record_tell(
    stranger: Stranger, town: Town
) -> None:
    figures = stranger.rows("ratings")
    assert {row["by"] for row in figures} > {"all", "stratum"}
    assert stranger.lines("ratings") == figures
    assert [plain(row) for row in figures] == [
        {name: row[name] for name in plain(figures[0])} for row in stranger.table("ratings")
    ]
    views = [stranger.rows("ratings", f"by={by}") for by in VIEWS]
    assert sorted(map(identity, chain(*views))) == sorted(map(identity, figures))
    entries = {row["position"]: row["body"]["facts"] for row in stranger.rows("events", "type=figures.cut")}
    for position, facts in entries.items():
        mine = [numbers(row) for row in figures if row["position"] == position]
        assert sorted(facts["figures"], key=part) == sorted(mine, key=part)
    assert {row["position"] for row in figures} == entries.keys()
    assert {name for fact in entries.values() for name in fact} == {"assembly", "period", "method", "figures"}
    assert stranger.text("ratings/feed.atom").count("<entry>") == min(len(entries), 50)


def part(row: Row) -> tuple[str, str]:
    return row["by"], row["group"] or ""


def plain(row: Row) -> dict[str, str]:
    return {name: "" if row[name] is None else str(row[name]) for name in ("subject", "by", "group", *VOICE)}


def identity(row: Row) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in ("subject", "period", "by", "group", "slot"))


def test_every_pair_of_filters_finds_rows_that_everybody_reads_and_refused_pairs_are_refused(
    stranger: Stranger, town: Town
) -> None:
    figures = stranger.rows("ratings")
    refused = 0
    for (name, value, fits), (other, too, fits_too) in combinations(filters(figures), 2):
        query = f"{name}={value}&{other}={too}"
        if is_refused([(name, value), (other, too)]):
            refused += 1
            assert stranger.status(f"ratings/?{query}") == 400, query
            continue
        both = any if name == other else all
        expected = [row for row in figures if both((fits(row), fits_too(row)))]
        assert stranger.rows("ratings", query) == expected, query
    assert refused > 50
    for two in combinations(VIEWS, 2):
        assert stranger.status(f"ratings/?by={','.join(two)}") == 400
        assert stranger.status(f"{THEME}/comparisons/?by={','.join(two)}") == 400
    for unknown in ("group=local", "n_min=1", "ordering=mean", "ordering=n", "stratum=local", "sex=female"):
        assert stranger.status(f"ratings/?{unknown}") == 400, unknown


# --- What is derived ---


def speaking(figures: list[Row], subject: str) -> Row | None:
    found = [row for row in standing(figures) if row["subject"] == subject and row["by"] == "all"]
    return max(found, key=lambda row: str(row["period"]), default=None)


def test_what_stands_beside_promises_and_themes_follows_from_published_figures(
    stranger: Stranger, town: Town
) -> None:
    figures = stranger.rows("ratings")
    worth = {"not_started": 0.0, "in_progress": 0.5, "completed": 1.0}
    for row in stranger.rows("commitments"):
        figure = speaking(figures, f"commitment:{row['reference']}")
        voice, gap = row["voices"]["residents"], row["voices"]["gap"]["value"]
        assert {name: voice[name] for name in VOICE} == {name: figure and figure[name] for name in VOICE}
        claim = worth.get(row["status"] or "")
        assert gap == (
            None if claim is None or figure is None else pytest.approx(claim - (figure["mean"] - 1) / 4)
        )
    [theme] = stranger.rows("themes")
    figure = speaking(figures, "theme:anytown-2025/be-there")
    assert figure
    assert {name: theme["voices"]["residents"][name] for name in VOICE} == {
        name: figure[name] for name in VOICE
    }


def test_filters_and_orders_by_figure_find_what_the_shown_numbers_say(stranger: Stranger, town: Town) -> None:
    tests: list[tuple[str, Any]] = [
        ("rated=published", shown),
        ("rated=withheld", lambda row: not shown(row)),
    ]
    for place in range(4, 21, 2):
        tests += [least("residents_min", mean, place / 4), most("residents_max", mean, place / 4)]
    for place in range(-4, 5, 2):
        tests += [least("gap_min", gap, place / 4), most("gap_max", gap, place / 4)]
    for address in ("commitments", "themes"):
        rows = stranger.rows(address, "ordering=position")
        for (one, fits), (other, fits_too) in combinations(tests, 2):
            if one.partition("=")[0] == other.partition("=")[0]:
                continue
            expected = [row["url"] for row in rows if fits(row) and fits_too(row)]
            assert [
                row["url"] for row in stranger.rows(address, f"{one}&{other}&ordering=position")
            ] == expected
        for order in ("residents", "-residents", "gap", "-gap"):
            last = [row for row in stranger.rows(address, f"ordering={order}") if not shown(row)]
            hidden = [row["url"] for row in rows if not shown(row)]
            assert [row["url"] for row in last] == (hidden[::-1] if order.startswith("-") else hidden)


def least(name: str, of: Callable[[Row], Any], step: float) -> tuple[str, Callable[[Row], bool]]:
    return f"{name}={step}", lambda row: of(row) is not None and of(row) >= step


def most(name: str, of: Callable[[Row], Any], step: float) -> tuple[str, Callable[[Row], bool]]:
    return f"{name}={step}", lambda row: of(row) is not None and of(row) <= step


def mean(row: Row) -> Any:
    return row["voices"]["residents"]["mean"]


def gap(row: Row) -> Any:
    return row["voices"]["gap"]["value"]


def shown(row: Row) -> bool:
    return mean(row) is not None


def test_quarters_strata_and_changes_follow_from_published_figures(stranger: Stranger, town: Town) -> None:
    figures = [row for row in stranger.rows("ratings") if row["latest"] and row["n"] is not None]
    addresses = {one.record_subject: f"commitments/{one.reference}" for one in town.promises}
    addresses[town.theme.record_subject] = THEME
    seen = 0
    for subject, address in addresses.items():
        mine = {(row["period"], row["by"], row["group"]): row for row in figures if row["subject"] == subject}
        counted = sorted(
            (key[0], row) for key, row in mine.items() if key[1] == "all" and not row["set_aside"]
        )
        changes = comparisons.changes([(period, estimate_of(row)) for period, row in counted])
        for quarter in stranger.get(f"{address}/residents/")["periods"]:
            period, seen = quarter["period"], seen + 1
            assert voice(quarter) == voice(mine.get((period, "all", None)))
            for one in quarter["strata"]:
                assert voice(one) == voice(mine.get((period, "stratum", one["stratum"])))
            change = changes.get(period)
            assert (quarter["change"] and quarter["change"]["value"]) == (change and change.value)
    assert seen >= 5


def voice(row: Row | None) -> Row:
    return {name: row and row[name] for name in VOICE}


def test_comparisons_and_weighted_figures_follow_from_published_figures(
    stranger: Stranger, town: Town
) -> None:
    figures = [
        row for row in standing(stranger.rows("ratings")) if row["subject"] == town.theme.record_subject
    ]
    for by in ("stratum", *COMMUNITIES):
        told = stranger.get(f"{THEME}/comparisons/?by={by}")
        mine = {row["group"]: row for row in figures if row["by"] == by and row["period"] == told["period"]}
        assert {row["group"]: voice(row) for row in told["groups"] if row["n"]} == {
            group: voice(row) for group, row in mine.items()
        }
        order = [group for group in counting.GROUPS[by] if group in mine]
        expected = comparisons.differences({group: estimate_of(mine[group]) for group in order})
        found = [
            tuple(one[name] for name in ("first", "second", "value", "low", "high"))
            for one in told["comparisons"]
        ]
        assert found == [tuple(one[:5]) for one in expected]
    newest = stranger.get(f"{THEME}/residents/")["periods"][0]
    groups = {
        row["group"]: weighting.Group(row["n"], estimate_of(row))
        for row in figures
        if row["by"] == "sex" and row["period"] == newest["period"]
    }
    expected_figure = weighting.weighted(groups, SEXES)
    told_figures = [(one["mean"], one["low"], one["high"], one["n"]) for one in newest["weighted"]]
    assert told_figures == (
        [(expected_figure.mean, expected_figure.low, expected_figure.high, expected_figure.effective_n)]
        if expected_figure
        else []
    )


def test_a_bodys_figures_are_means_of_published_ones(stranger: Stranger, town: Town) -> None:
    figures = stranger.rows("ratings")
    names = [one.record_subject for one in town.promises]
    for body in ("teams/north-team", f"organisations/{town.team.organisation.slug}"):
        for quarter in stranger.get(f"{body}/residents/")["periods"]:
            for part, told in (
                (("all", None), quarter),
                *((("stratum", one["stratum"]), one) for one in quarter["strata"]),
            ):
                means = [
                    row["mean"]
                    for row in standing(figures)
                    if row["subject"] in names
                    and (row["period"], row["by"], row["group"]) == (quarter["period"], *part)
                ]
                assert told["commitments"] == len(means)
                assert told["mean"] == (
                    pytest.approx(sum(means) / len(means), abs=0.00051) if means else None
                )
        now = stranger.get(f"{body}/")["voices"]["residents"]
        speak = [one["mean"] for one in (speaking(figures, name) for name in names) if one]
        assert now["commitments"] == len(speak)
        assert now["mean"] == pytest.approx(sum(speak) / len(speak), abs=0.00051)


# --- And nothing behind them ---


def test_without_ballots_and_counts_every_answer_is_the_same(stranger: Stranger, town: Town) -> None:
    """Who destroys all that is secret changes no byte of what is told: so nothing of it was in there."""
    figures, promise = stranger.rows("ratings"), f"commitments/{town.promises[0].reference}"
    addresses = [
        *("ratings/", "ratings.csv", "ratings/feed.atom", "events/", "set-asides/"),
        *(
            f"{name}{end}"
            for name in ("commitments", "themes")
            for end in ("/?ordering=residents", ".csv?ordering=-gap")
        ),
        *(f"ratings/?{one}={value}" for one, value, _ in filters(figures)),
        *(f"{place}/{part}/" for place in (promise, THEME) for part in ("residents", "words")),
        *(f"{THEME}/comparisons/?by={by}" for by in ("stratum", *COMMUNITIES)),
        *(f"{promise}/", f"{THEME}/", "teams/north-team/", "teams/north-team/residents/"),
    ]
    before = [fresh(stranger, address) for address in addresses]
    with opened():
        for model in (Ballot, FreshBallot, Counted):
            assert model is FreshBallot or model.objects.exists()
            model.objects.all().delete()
    assert [fresh(stranger, address) for address in addresses] == before
    assert SAID in "".join(before), "words are told too, and were read"


def fresh(stranger: Stranger, address: str) -> str:
    SHELF.clear()
    summaries.forget()
    return stranger.text(address)


def test_an_owner_learns_of_no_code_and_no_flag(api: CheckingClient, town: Town) -> None:
    for user in (make.member(town.team), make.responder(town.team.organisation)):
        key = key_of(user)
        for address in ("local-codes/", "rating-flags/"):
            answer = api.send("GET", f"/api/v1/{address}", key=key)
            assert answer.status_code == 403 or answer.json()["results"] == [], address
    convenor = key_of(make.convenor())
    codes = api.send("GET", "/api/v1/local-codes/", key=convenor).json()["results"]
    assert codes
    assert {row["redeemed"] for row in codes} == {None}
    flags = api.send("GET", "/api/v1/rating-flags/", key=convenor).json()["results"]
    assert flags
    assert all(row["about"] % 5 == 0 for row in flags)
