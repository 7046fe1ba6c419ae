"""Lists as tables for people with spreadsheets: a cell for each fact, readable, and safe to open."""

import csv
import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import actions as accounts
from api import contract
from tests import make
from tests.api.scene import V1, Scene, on
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(api: CheckingClient) -> Any:
    with on(make.TODAY):
        yield Scene(api)


def table(api: CheckingClient, path: str) -> list[dict[str, str]]:
    """The rows of a table by the names in its first row."""
    answer: Any = api.get(f"{V1}/{path}")
    assert answer.status_code == 200
    return list(csv.DictReader(b"".join(answer.streaming_content).decode().splitlines()))


def test_owners_themes_and_areas_can_be_read(scene: Scene) -> None:
    make.commitment(
        scene.assembly,
        lead=scene.lead,
        recommendations=[scene.recommendation],
        areas=[scene.ward, scene.borough],
    )
    first, second = table(scene.api, "commitments.csv?ordering=reference")
    assert {name: first[name] for name in first if name.startswith(("owners", "lead_", "themes"))} == {
        "owners": "North-Team; Youth-Team",
        "owners.team": "north-team; youth-team",
        "owners.organisation": "police; council",
        "owners.lead": "true; false",
        "lead_team": "north-team",
        "lead_organisation": "police",
        "themes": "be-there",
        "themes.title": "Be there",
    }
    assert (second["owners"], second["areas"]) == ("North-Team", "E05013880; E09000031")
    assert second["areas.name"] == "Place E05013880; Place E09000031"


def test_what_a_source_does_not_say_is_an_empty_cell(scene: Scene) -> None:
    make.entered(scene.assembly)
    _, row = table(scene.api, "commitments.csv?ordering=reference")
    for name in ("owners", "lead_team", "lead_organisation", "themes", "recommendations", "due.on"):
        assert row[name] == "", name
    assert row["entered_from.sources.url"] == "https://example.org/report"
    assert row["entered_from.sources.reliability"] == "primary"


def test_a_name_that_looks_like_a_formula_is_disarmed_and_whole_as_lines(scene: Scene) -> None:
    name = '=HYPERLINK("https://example.org","x")'
    accounts.correct_team(scene.lead, by=make.convenor(), today=make.TODAY, name=name, reason="A test.")
    [row] = table(scene.api, "commitments.csv")
    assert row["owners"] == f"'{name}; Youth-Team"
    answer: Any = scene.api.get(f"{V1}/commitments/", headers={"Accept": "application/x-ndjson"})
    [line] = answer.getvalue().decode().splitlines()
    assert [owner["name"] for owner in json.loads(line)["owners"]] == [name, "Youth-Team"]


def test_every_table_has_the_columns_that_the_contract_names(scene: Scene) -> None:
    paths = [path for path in contract.document()["paths"] if path.endswith(".csv") and "{" not in path]
    assert len(paths) >= 10
    for path in paths:
        answer: Any = scene.api.get(path)
        [header] = csv.reader([b"".join(answer.streaming_content).decode().splitlines()[0]])
        promised = contract.document()["paths"][path]["get"]["responses"]["200"]["content"]["text/csv"][
            "schema"
        ]
        said = re.fullmatch(r"Every row, under a first row of names: (.+)\.", promised["description"])
        assert said, path
        assert header == said[1].split(", ")
        assert len(set(header)) == len(header), path


def test_a_table_asks_the_database_the_same_for_one_row_and_for_many(scene: Scene) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            table(scene.api, "commitments.csv")
        return len(queries)

    one = asked()
    for _ in range(29):
        make.commitment(scene.assembly, lead=scene.lead, recommendations=[scene.recommendation])
    assert asked() == one
