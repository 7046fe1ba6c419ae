"""Figures weighted by census counts: from published figures alone, and only where all that it takes is published."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as some

from commitments.models import Assembly
from ratings import weighting
from ratings.actions.margins import load_margin
from ratings.errors import NoMargin, NoMarginSource
from ratings.models import Margin
from ratings.statistics import Interval
from ratings.weighting import Group, weighted
from record.refusals import Forbidden
from tests import make
from tests.api.published import Counts, publish
from tests.api.scene import on
from tests.contract import CheckingClient
from tests.recording import one, telling

SOURCE = "https://www.ons.gov.uk/census"
SEXES = {"female": 50, "male": 50}
LOW: Counts = (40, 20, 10, 5, 5)
HIGH: Counts = (5, 5, 10, 20, 40)
UNASKED: Counts = (10, 10, 10, 10, 10)
GROUPS = some.builds(
    lambda n, mean, side: Group(n, Interval(mean, max(1, mean - side), min(5, mean + side))),
    some.integers(2, 100).map(lambda n: 5 * n),
    some.integers(12, 48).map(lambda tenths: tenths / 10),
    some.floats(0.05, 1),
)


def group(n: int, mean: float, side: float = 0.3) -> Group:
    return Group(n, Interval(mean, mean - side, mean + side))


def test_each_group_counts_as_much_as_it_does_in_the_population() -> None:
    found = weighted({"female": group(20, 2.0), "male": group(80, 4.0)}, SEXES)
    assert found is not None
    assert found.mean == 3.0
    # Kish: (20 × 2.5 + 80 × 0.625)² / (20 × 2.5² + 80 × 0.625²) = 64, and half of each side's 0.3, added in squares.
    assert found.effective_n == 60
    assert (found.low, found.high) == (2.7, 3.3)


def test_no_group_counts_for_more_than_five_times_what_it_said() -> None:
    found = weighted({"female": group(10, 1.5), "male": group(990, 4.0)}, SEXES)
    assert found is not None
    assert 3.7 < found.mean < 3.9  # without the limit it would be 2.8


def test_where_a_group_that_lives_there_is_withheld_nothing_is_weighted() -> None:
    assert weighted({"female": group(20, 2.0)}, SEXES) is None
    assert weighted({"female": group(20, 2.0)}, {"female": 50, "male": 0}) is not None
    assert weighted({}, SEXES) is None
    assert weighted({}, {}) is None


@given(some.lists(some.tuples(GROUPS, some.integers(1, 10**6)), min_size=1, max_size=8))
def test_a_weighted_mean_lies_among_those_it_is_made_of_and_claims_no_more_voices(drawn: list[Any]) -> None:
    groups = {str(place): one for place, (one, _) in enumerate(drawn)}
    found = weighted(groups, {str(place): count for place, (_, count) in enumerate(drawn)})
    assert found is not None
    means = [one.said.value for one in groups.values()]
    assert min(means) - 0.051 <= found.mean <= max(means) + 0.051
    assert 1 <= found.low <= found.mean <= found.high <= 5
    assert 0 <= found.effective_n <= sum(one.n for one in groups.values())
    assert found.effective_n % weighting.BASE == 0


@pytest.fixture
def assembly() -> Assembly:
    return make.assembly(prefix="AT25")


def load(assembly: Assembly, **more: Any) -> Margin:
    said: Any = {"question": "sex", "counts": SEXES, "dated": make.days(-900), "source": SOURCE}
    return load_margin(assembly, by=make.convenor(), today=make.TODAY, **(said | more))


@pytest.mark.django_db
def test_what_is_loaded_is_an_entry_with_its_source_and_day(assembly: Assembly) -> None:
    with telling() as entries:
        load(assembly)
    entry = one(entries)
    assert (entry.type, entry.subject) == ("margin.loaded", assembly.record_subject)
    assert entry.actor.startswith("convenor:")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"counts": {"female": 50}}, NoMargin),
        ({"counts": {"female": 0, "male": 0}}, NoMargin),
        ({"counts": {"female": -1, "male": 5}}, NoMargin),
        ({"counts": {**SEXES, "other": 3}}, NoMargin),
        ({"question": "postcode"}, NoMargin),
        ({"source": "a friend"}, NoMarginSource),
        ({"dated": make.days(1)}, NoMarginSource),
    ],
)
def test_counts_that_do_not_fit_are_refused(assembly: Assembly, said: dict[str, Any], refusal: Any) -> None:
    with pytest.raises(refusal):
        load(assembly, **said)
    assert not Margin.objects.exists()


@pytest.mark.django_db
def test_only_the_assemblys_convenor_loads(assembly: Assembly) -> None:
    make.assembly("newtown-2026", prefix="NT26")
    with pytest.raises(Forbidden):
        load_margin(
            assembly,
            by=make.convenor("newtown-2026"),
            today=make.TODAY,
            question="sex",
            counts=SEXES,
            dated=make.TODAY,
            source=SOURCE,
        )


@pytest.mark.django_db
def test_a_theme_shows_the_weighted_figure_beside_the_raw_one(
    api: CheckingClient, assembly: Assembly, monkeypatch: pytest.MonkeyPatch
) -> None:
    theme = make.theme(assembly, "be-there")
    sexes = {"female": LOW, "male": HIGH, "": UNASKED, "prefer_not_to_say": UNASKED}
    total: Any = tuple(sum(column) for column in zip(*sexes.values(), strict=True))
    publish(monkeypatch, {theme: total}, make.TODAY, {"sex": sexes})
    address = "/api/v1/assemblies/anytown-2025/themes/be-there/residents/"
    with on(make.TODAY):
        assert api.get(address).json()["periods"][0]["weighted"] == []
        load(assembly)
        load(assembly, counts={"female": 3000, "male": 1000})
        [quarter] = api.get(address).json()["periods"]
    [found] = quarter["weighted"]
    by_sex = {
        row["group"]: row["mean"]
        for row in api.get("/api/v1/ratings/?by=sex").json()["results"]
        if row["mean"]
    }
    assert found["mean"] == pytest.approx((3 * by_sex["female"] + by_sex["male"]) / 4, abs=0.051)
    assert (found["by"], found["source"]) == ("sex", SOURCE)
    assert quarter["mean"] != found["mean"]


@pytest.mark.django_db
def test_an_operator_loads_a_file(assembly: Assembly, tmp_path: Path) -> None:
    file, by = tmp_path / "census.csv", make.convenor().email
    said: Any = {"by": by, "source": SOURCE, "dated": "2021-03-21"}
    file.write_text("question,answer,count\nsex,female,140000\nsex,male,138000\n")
    call_command("load_margins", assembly.slug, str(file), **(said | {"dated": make.days(-1900)}))
    assert Margin.objects.get().counts == {"female": 140000, "male": 138000}
    for text in (
        "question,count\nsex,3\n",
        "question,answer,count\nsex,female,many\n",
        "question,answer,count\nsex,f,3\n",
    ):
        file.write_text(text)
        with pytest.raises(CommandError):
            call_command("load_margins", assembly.slug, str(file), **(said | {"dated": make.days(-1900)}))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_margins", assembly.slug, str(tmp_path / "nowhere.csv"), **said)
    assert Margin.objects.count() == 1
