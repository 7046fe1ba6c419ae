"""What 26 people in London said about the police in 2022 goes the whole way: cast, mixed, cut, and read over HTTP."""

import csv
from collections import Counter
from datetime import date, datetime, time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from accounts.models import User
from commitments.models import Assembly, Theme
from ratings import actions
from ratings.choices import Stratum
from ratings.models import Ballot
from ratings.subjects import Said
from record import clock
from tests import make
from tests.contract import CheckingClient
from tests.foreign.holding import V1, paged
from tests.foreign.sources import Row, of_others, table

pytestmark = pytest.mark.django_db

SCALE = {"1": 5, "0": 3, "-1": 1}
"""Agree, pass and disagree on the scale of five."""
STRATUM_OF_GROUP = {"1": Stratum.LOCAL, "0": Stratum.MEMBER, "2": Stratum.MEMBER}
"""Who was local or a member is our invention; the sizes of the groups (18, 3, 3, and 2 in none) are theirs."""
VOTED, SLOT = date(2022, 7, 27), date(2022, 8, 1)


@pytest.fixture(autouse=True)
def keys(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def statements(votes: list[Row]) -> dict[str, Theme]:
    """A theme for each statement."""
    assembly = make.assembly("london-scrutiny-2022", prefix="LS22")
    numbers = sorted({row["comment-id"] for row in votes}, key=int)
    return {number: make.theme(assembly, f"statement-{number}") for number in numbers}


def people(groups: list[Row]) -> dict[str, User]:
    """Accounts for those who voted, each with the code that their group was given."""
    found = {row["participant"]: make.person(f"polis{row['participant']}") for row in groups}
    assembly = Assembly.objects.get()
    for stratum in (Stratum.LOCAL, Stratum.MEMBER):
        given = [row for row in groups if STRATUM_OF_GROUP.get(row["group-id"]) == stratum]
        _, codes = actions.issue_codes(
            assembly, by=make.convenor(assembly.slug), number=len(given), stratum=stratum
        )
        for row, code in zip(given, codes, strict=True):
            actions.redeem(assembly, by=found[row["participant"]], code=code)
    return found


def cast(votes: list[Row], themes: dict[str, Theme], voters: dict[str, User]) -> None:
    """Every vote in its order; the last word counts."""
    for row in sorted(votes, key=lambda row: int(row["timestamp"])):
        said = Said(SCALE[row["vote"]])
        actions.cast(themes[row["comment-id"]], by=voters[row["voter-id"]], today=VOTED, said=said)


def at(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=clock.LONDON)


def test_with_26_people_hardly_a_breakdown_comes_out(api: CheckingClient) -> None:
    folder = of_others("polis/london.youth.policing")
    votes, groups = table(folder / "votes.csv"), table(folder / "participants-votes.csv")
    assert (len(votes), len({row["voter-id"] for row in votes}), len(groups)) == (640, 26, 26)
    with clock.at(at(VOTED)):
        themes = statements(votes)
        cast(votes, themes, people(groups))
    with clock.at(at(SLOT)):
        assert actions.cut_figures(SLOT) == 30
        rows = list(paged(api, f"{V1}/ratings/?page_size=100"))
        answer: Any = api.get(f"{V1}/ratings.csv")
        written = b"".join(answer.streaming_content).decode()
    last = {(row["comment-id"], row["voter-id"]): row["vote"] for row in votes}
    raters = Counter(number for number, _ in last)
    assert Ballot.objects.count() == len(last)
    by_theme = {row["subject"].rpartition("-")[2]: row for row in rows if row["by"] == "all"}
    assert set(by_theme) == {number for number, raters_ in raters.items() if raters_ >= 10}
    assert {row["n"] for row in by_theme.values()} <= {10, 15, 20, 25}
    # Beside the eighteen of one group at most six are left, so that not one breakdown comes out.
    assert {row["by"] for row in rows} == {"all"}
    assert len(rows) == 30
    assert len(list(csv.DictReader(StringIO(written.lstrip("\ufeff"))))) == len(rows)
    for number, row in by_theme.items():
        scores = [SCALE[vote] for (one, _), vote in last.items() if one == number]
        true = sum(scores) / len(scores)
        assert abs(row["mean"] - min(max(true, 1.2), 4.8)) <= 0.05 + 1e-9
        assert row["low"] <= true <= row["high"]
    withheld = {number for number in raters if number not in by_theme}
    for number in withheld:
        shown = api.get(f"{V1}/assemblies/london-scrutiny-2022/themes/statement-{number}/").json()
        assert shown["voices"]["residents"]["withheld"] == "few"
        assert shown["voices"]["residents"]["n"] is None
