"""Lists by residents' figure and by the gap: whoever has the CSV knows the order, so the order tells nothing more."""

import csv
import io
from decimal import Decimal
from math import fsum
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.models import Assembly, Commitment, Theme
from ratings import actions
from ratings.actions.showing import put_in_order
from ratings.subjects import Rated
from tests import make
from tests.api.published import Counts, asked_aside, publish, set_aside
from tests.api.scene import on, queries
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db
COMMITMENTS, THEMES = "/api/v1/commitments", "/api/v1/themes"
STATUSES = (None, "not_started", "in_progress", "completed", "abandoned")
Row = dict[str, str]


@pytest.fixture
def assembly() -> Assembly:
    return make.assembly(prefix="AT25")


def drawn_counts(drawn: Random) -> Counts:
    """A few raters, which nobody may learn of, or many."""
    weights = drawn.choice(
        ((9, 4, 2, 1, 1), (1, 2, 3, 2, 1), (1, 1, 2, 4, 9), (1, 1, 1, 1, 1), (0, 0, 1, 0, 0))
    )
    said = drawn.choices((0, 1, 2, 3, 4), weights=weights, k=drawn.choice((0, 3, 9, 10, 12, 25, 80, 200)))
    one, two, three, four, five = (said.count(point) for point in range(5))
    return one, two, three, four, five


def life(assembly: Assembly, drawn: Random, number: int) -> list[Commitment]:
    """Commitments under two themes, with every word that an owner may say."""
    themes = [make.theme(assembly, slug) for slug in ("be-there", "be-fair", "be-kind")]
    asked = [make.recommendation(assembly, theme=theme) for theme in themes[:2]]
    made = []
    for place in range(number):
        made.append(make.commitment(assembly, recommendations=drawn.sample(asked, k=drawn.choice((1, 2)))))
        status = STATUSES[place % len(STATUSES)]
        if status == "completed":
            make.claim(made[-1])
        elif status is not None:
            said: Any = {"reason": "We stopped."} if status == "abandoned" else {}
            make.update(made[-1], status=status, **said)
    return made


def table(api: CheckingClient, address: str, query: str = "") -> list[Row]:
    answer = api.get(f"{address}.csv{query}")
    assert answer.status_code == 200, answer.content
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))  # type: ignore[attr-defined]


def key(row: Row) -> str:
    return row.get("reference") or row["slug"]


def number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def shrunken(rows: list[Row]) -> dict[str, int]:
    """The order as docs/method.md defines it, from the columns of the table alone."""
    found = {}
    for row in rows:
        if row["voices.residents.mean"]:
            mean, low, high = (float(row[f"voices.residents.{name}"]) for name in ("mean", "low", "high"))
            low, high = min(low, mean - 0.05), max(high, mean + 0.05)
            found[key(row)] = mean, ((high - low) / (2 * 1.959963984540054)) ** 2
    if len(found) < 2:
        return {name: round(1000 * mean) for name, (mean, _) in found.items()}
    weights = [1 / variance for _, variance in found.values()]
    total = fsum(weights)
    middle = fsum(weight * mean for weight, (mean, _) in zip(weights, found.values(), strict=True)) / total
    spread = fsum(
        weight * (mean - middle) ** 2 for weight, (mean, _) in zip(weights, found.values(), strict=True)
    )
    between = max(
        0.0, (spread - len(found) + 1) / (total - fsum(weight * weight for weight in weights) / total)
    )
    weights = [1 / (variance + between) for _, variance in found.values()]
    middle = fsum(weight * mean for weight, (mean, _) in zip(weights, found.values(), strict=True)) / fsum(
        weights
    )
    return {
        name: round(1000 * (middle + (mean - middle) * between / (between + variance)))
        for name, (mean, variance) in found.items()
    }


def sorted_by(rows: list[Row], values: dict[str, Any], *, descending: bool) -> list[str]:
    """Those with a value in its order, then all others; ties by position, which runs the same way."""
    sign = -1 if descending else 1
    known = [row for row in rows if values.get(key(row)) is not None]
    unknown = [row for row in rows if values.get(key(row)) is None]
    known.sort(key=lambda row: (sign * values[key(row)], sign * int(row["position"])))
    unknown.sort(key=lambda row: sign * int(row["position"]))
    return [key(row) for row in known + unknown]


def walked(api: CheckingClient, address: str, query: str) -> list[str]:
    """The whole list, three rows a page, forth; and back again, which must be the same."""
    forth: list[str] = []
    last = api.get(f"{address}/?{query}&page_size=3").json()
    forth += [key(row) for row in last["results"]]
    while last["next"]:
        last = api.get(last["next"]).json()
        forth += [key(row) for row in last["results"]]
    back = [key(row) for row in last["results"]]
    while last["previous"]:
        last = api.get(last["previous"]).json()
        back = [key(row) for row in last["results"]] + back
    assert back == forth
    return forth


@pytest.mark.parametrize("seed", range(3))
def test_the_table_alone_gives_every_order_and_every_filter(
    api: CheckingClient, assembly: Assembly, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    drawn = Random(seed)
    with on(make.TODAY):
        rated: dict[Rated, Counts] = {one: drawn_counts(drawn) for one in life(assembly, drawn, 15)}
        rated |= {theme: drawn_counts(drawn) for theme in Theme.objects.select_related("assembly")}
        publish(monkeypatch, rated, make.TODAY)
        for address in (COMMITMENTS, THEMES):
            rows = table(api, address)
            assert any(row["voices.residents.mean"] for row in rows) or address == THEMES
            gaps = {key(row): number(row["voices.gap.value"]) for row in rows}
            for name, values in (("residents", shrunken(rows)), ("gap", gaps)):
                for sign in ("", "-"):
                    expected = sorted_by(rows, values, descending=bool(sign))
                    assert walked(api, address, f"ordering={sign}{name}") == expected
                    assert [key(row) for row in table(api, address, f"?ordering={sign}{name}")] == expected
            check_filters(api, address, rows, gaps, drawn)


def check_filters(
    api: CheckingClient, address: str, rows: list[Row], gaps: dict[str, Decimal | None], drawn: Random
) -> None:
    """What is found is what the table's own numbers say."""
    means = {key(row): number(row["voices.residents.mean"]) for row in rows}
    for _ in range(4):
        figure = Decimal(drawn.randint(100, 500)) / 100
        gap = Decimal(drawn.randint(-1000, 1000)) / 1000
        for query, found in (
            (f"residents_min={figure}", {name for name, one in means.items() if one and one >= figure}),
            (f"residents_max={figure}", {name for name, one in means.items() if one and one <= figure}),
            (f"gap_min={gap}", {name for name, one in gaps.items() if one is not None and one >= gap}),
            (f"gap_max={gap}", {name for name, one in gaps.items() if one is not None and one <= gap}),
            ("rated=published", {name for name, one in means.items() if one}),
            ("rated=withheld", {name for name, one in means.items() if not one}),
        ):
            assert {key(row) for row in table(api, address, f"?{query}")} == found, query


def test_the_order_is_made_anew_when_a_quarter_is_set_aside_and_when_it_counts_again(
    api: CheckingClient, assembly: Assembly, monkeypatch: pytest.MonkeyPatch
) -> None:
    with on(make.TODAY):
        said = [make.commitment(assembly) for _ in range(4)]
        counts: list[Counts] = [(60, 30, 10, 0, 0), (3, 2, 3, 2, 2), (1, 1, 2, 4, 4), (2, 10, 40, 30, 8)]
        publish(monkeypatch, dict(zip(said, counts, strict=True)), make.TODAY)
        before = orders()
        aside = set_aside("2026-Q2", make.TODAY, said[0])
        assert check_order(api)[-1] == said[0].reference
        without = orders()
        assert without[said[0].reference] is None
        assert all(without[one.reference] != before[one.reference] for one in said[1:])
        ann, bea = make.convenor(), make.convenor()
        again = actions.propose_restoring(aside, by=ann, today=make.TODAY, reason="They came from a fair.")
        actions.approve_setting_aside(again, by=bea, today=make.TODAY)
        check_order(api)
        assert orders() == before
        assert not put_in_order(), "nothing is left to be moved"


def test_a_decision_orders_anew_before_it_takes_the_head(
    assembly: Assembly, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = [make.commitment(assembly) for _ in range(3)]
    counts: list[Counts] = [(60, 30, 10, 0, 0), (3, 2, 3, 2, 2), (2, 10, 40, 30, 8)]
    publish(monkeypatch, dict(zip(said, counts, strict=True)), make.TODAY)
    decided = asked_aside("2026-Q2", make.TODAY, said[0])
    with CaptureQueriesContext(connection) as asked:
        decided()
    questions = [one["sql"] for one in asked]
    head = next(place for place, sql in enumerate(questions) if '"record_head"' in sql)
    moved = [place for place, sql in enumerate(questions) if 'SET "residents_order"' in sql]
    locked = [place for place, sql in enumerate(questions) if '"residents_mean" IS NOT NULL' in sql]
    assert locked[0] < moved[0]
    assert moved[-1] < head


def orders() -> dict[str, int | None]:
    return dict(Commitment.objects.values_list("reference", "residents_order"))


def check_order(api: CheckingClient) -> list[str]:
    """The list comes as the table's own numbers say."""
    rows = table(api, COMMITMENTS)
    expected = sorted_by(rows, shrunken(rows), descending=False)
    assert walked(api, COMMITMENTS, "ordering=residents") == expected
    assert {name: place for name, place in orders().items() if place is not None} == shrunken(rows)
    return expected


def test_what_is_withheld_is_an_empty_cell_beside_its_reason(
    api: CheckingClient, assembly: Assembly, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown, few = make.commitment(assembly), make.commitment(assembly)
    publish(monkeypatch, {shown: (8, 2, 1, 1, 0), few: (9, 0, 0, 0, 0)}, make.TODAY)
    first, second = table(api, COMMITMENTS)
    assert (first["voices.residents.mean"], first["voices.residents.withheld"]) == ("1.6", "")
    assert {name: value for name, value in second.items() if name.startswith("voices.residents")} == {
        **{f"voices.residents.{name}": "" for name in ("period", "n", "mean", "low", "high")},
        "voices.residents.withheld": "few",
    }


def test_few_and_none_are_ordered_and_found_alike(
    api: CheckingClient, assembly: Assembly, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is rated behind them, withheld rows stand in the order in which they came into the record."""
    made = [make.commitment(assembly) for _ in range(5)]
    counts: list[Counts] = [
        (0, 0, 0, 0, 9),
        (0, 0, 0, 0, 0),
        (12, 0, 0, 0, 0),
        (9, 0, 0, 0, 0),
        (0, 0, 1, 0, 0),
    ]
    publish(monkeypatch, dict(zip(made, counts, strict=True)), make.TODAY)
    names = [one.reference for one in made]
    rest = [names[0], names[1], names[3], names[4]]
    assert walked(api, COMMITMENTS, "ordering=residents") == [names[2], *rest]
    assert walked(api, COMMITMENTS, "ordering=-residents") == [names[2], *rest[::-1]]
    assert walked(api, COMMITMENTS, "ordering=position&rated=withheld") == rest


def test_a_page_costs_as_many_questions_however_many_are_rated(
    api: CheckingClient, assembly: Assembly, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [make.commitment(assembly) for _ in range(3)]
    publish(monkeypatch, dict.fromkeys(made, (5, 3, 3, 2, 1)), make.TODAY)
    addresses = [f"{COMMITMENTS}/?ordering={name}&page_size=2" for name in ("residents", "-gap")]
    few = [queries(api, address) for address in addresses]
    assert max(few) <= 4
    more = [make.commitment(assembly) for _ in range(4)]
    with on(make.days(7)):
        publish(monkeypatch, dict.fromkeys(more, (1, 1, 3, 4, 5)), make.days(7))
        assert [queries(api, address) for address in addresses] == few


def test_the_gap_follows_the_owners_word_at_once(
    api: CheckingClient, assembly: Assembly, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = make.commitment(assembly), make.commitment(assembly)
    publish(monkeypatch, dict.fromkeys((first, second), (5, 3, 3, 2, 1)), make.TODAY)
    make.update(first, status="not_started")
    make.update(second)
    assert walked(api, COMMITMENTS, "ordering=-gap") == [second.reference, first.reference]
    make.claim(first)
    assert walked(api, COMMITMENTS, "ordering=-gap") == [first.reference, second.reference]
    assert walked(api, COMMITMENTS, "gap_min=0.5") == [first.reference]


@pytest.mark.parametrize(
    "query",
    ["residents_min=0", "residents_max=5.5", "gap_min=2", "gap_max=a", "rated=yes", "residents_min=NaN"],
)
def test_a_figure_that_cannot_be_is_a_400_that_names_it(api: CheckingClient, query: str) -> None:
    for address in (COMMITMENTS, THEMES):
        refused = api.get(f"{address}/?{query}")
        assert refused.status_code == 400
        assert refused.json()["errors"][0]["parameter"] == query.partition("=")[0]
