"""The start page: what is published, and where to read on."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import actions
from record import clock
from tests import make
from tests.api.test_reference import page

pytestmark = pytest.mark.django_db


def test_an_empty_service_says_so() -> None:
    assert b"No assembly is published yet." in Client().get("/").content


def test_every_link_of_the_page_opens() -> None:
    assembly = make.assembly(area=make.area(), held="Spring 2026", question="How?", source=make.SOURCE)
    make.recommendation(assembly, theme=make.theme(assembly), title="Work with <young> people")
    client = Client()
    found = page(client, "/")
    assert found.tags.count("script") == 1
    for link in found.links:
        if link.startswith("/"):
            assert client.get(link).status_code == 200, link
    text = client.get("/").content.decode()
    assert "Work with &lt;young&gt; people" in text
    assert "not asked through this service" in text


def test_what_is_invented_is_marked() -> None:
    with clock.invented():
        make.recommendation()
    assert Client().get("/").content.decode().lower().count("invented, for demonstration") == 2


def test_an_invented_asking_of_a_real_recommendation_is_marked() -> None:
    recommendation = make.recommendation()
    with clock.invented():
        body = make.organisation()
        convenor = make.convenor(recommendation.assembly.slug)
        actions.ask(recommendation, by=convenor, today=make.TODAY, organisation=body)
    text = Client().get("/").content.decode()
    assert text.count("the asking and the answers invented, for demonstration") == 1


def test_the_page_costs_the_same_for_one_and_for_many() -> None:
    assembly = make.assembly()
    counts = []
    for _ in range(2):
        make.recommendation(assembly)
        with CaptureQueriesContext(connection) as asked:
            Client().get("/")
        counts.append(len(asked))
    assert counts == [2, 2]


def test_the_readme_is_served_where_it_came_along(settings: Any, tmp_path: Path) -> None:
    answer: Any = Client().get("/README.md")
    assert answer.content.startswith(b"# Said")
    settings.BASE_DIR = tmp_path
    assert Client().get("/README.md").status_code == 404
