"""The first page: what was asked, promised, kept and late, with nothing claimed that nobody knows."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import actions
from commitments.promises import Due
from record import clock
from tests import make
from tests.api.test_reference import page

pytestmark = pytest.mark.django_db


def text() -> str:
    return " ".join(Client().get("/").content.decode().split())


def test_an_empty_service_says_so() -> None:
    assert "No assembly is published yet." in text()
    assert "no owner has taken on a promise here" in text()


def test_every_link_of_the_page_opens() -> None:
    assembly = make.assembly(area=make.area(), held="Spring 2026", question="How?", source=make.SOURCE)
    make.recommendation(assembly, theme=make.theme(assembly, title="Work with <young> people"))
    client = Client()
    found = page(client, "/")
    assert found.tags.count("script") == 1
    for link in found.links:
        if link.startswith("/"):
            assert client.get(link, follow=True).status_code == 200, link
    assert "Work with &lt;young&gt; people" in text()


def test_what_an_owner_never_took_on_is_neither_kept_nor_late() -> None:
    recommendation = make.recommendation()
    make.entered(recommendation.assembly, due=Due(make.days(-400), "day", ""))
    assert "1 of these promises was entered by the convenor" in text()
    assert '<div class="bad"><dt>late</dt><dd><span class="unseen">not known</span>' in text()
    assert "Review the ward panels" in text()


def test_only_what_the_panel_confirmed_is_kept() -> None:
    with clock.at(make.noon(make.TODAY)):
        claim = make.claim(make.commitment())
        assert "1 more is said to be done by its owner, and not confirmed." in text()
        assert "None yet. A promise counts as kept only when" in text()
        judge = make.panel(claim.commitment.assembly.slug)
        found: Any = {"claim": claim, "finding": "verified", "reason": "We went and saw."}
        actions.verify(claim.commitment, by=judge, today=make.TODAY, **found)
        assert "found done</dt><dd>1</dd>" in text()
        assert "None yet." not in text()


def test_what_is_invented_is_marked() -> None:
    with clock.invented():
        make.recommendation()
    assert text().lower().count("invented, for demonstration") >= 2


def test_the_page_costs_the_same_for_one_and_for_many() -> None:
    assembly = make.assembly()
    counts = []
    for _ in range(2):
        make.commitment(assembly)
        with CaptureQueriesContext(connection) as asked:
            Client().get("/")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 17


def test_the_readme_is_served_where_it_came_along(settings: Any, tmp_path: Path) -> None:
    answer: Any = Client().get("/README.md")
    assert answer.content.startswith(b"# Said")
    settings.BASE_DIR = tmp_path
    assert Client().get("/README.md").status_code == 404
