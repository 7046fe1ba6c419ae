"""Search over HTTP: three kinds of things, the best first."""

import pytest

from tests import make
from tests.api.scene import queries
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db
PATH = "/api/v1/search/"


def test_three_kinds_are_found_together_and_titles_first(api: CheckingClient) -> None:
    assembly = make.assembly(prefix="AT25")
    made = make.recommendation(assembly, title="Engage with young people")
    promised = make.commitment(assembly, title="Weekly visits", body="To engage schools.")
    update = make.update(promised, body="We engaged two schools." + " And more." * 60)
    rows = api.get(f"{PATH}?q=engage").json()["results"]
    assert rows[0]["reference"] == made.reference
    assert {(row["kind"], row["reference"]) for row in rows} == {
        ("recommendation", "AT25-R01"), ("commitment", "AT25-C001"), ("update", "AT25-C001"),
    }  # fmt: skip
    [of_update] = [row for row in rows if row["kind"] == "update"]
    assert of_update["url"].endswith(f"/api/v1/updates/{update.pk}/")
    assert len(of_update["text"]) == 300
    only = api.get(f"{PATH}?q=engage&kind=update,commitment").json()["results"]
    assert {row["kind"] for row in only} == {"update", "commitment"}
    assert api.get(f"{PATH}?q=engage&assembly=other").json()["results"] == []


def test_without_words_nothing_is_found(api: CheckingClient) -> None:
    make.recommendation()
    assert api.get(PATH).json()["results"] == []
    assert api.get(f"{PATH}?ordering=rank").json()["results"] == []


def test_pages_join_without_a_gap(api: CheckingClient) -> None:
    assembly = make.assembly()
    made = {make.recommendation(assembly).reference for _ in range(7)}
    found: list[str] = []
    path = f"{PATH}?q=young&page_size=2"
    while path:
        page = api.get(path).json()
        found += [row["reference"] for row in page["results"]]
        path = (page["next"] or "").removeprefix("http://testserver")
    assert (len(found), set(found)) == (7, made)


def test_a_list_costs_the_same_for_one_row_and_for_many(api: CheckingClient) -> None:
    assembly = make.assembly()
    make.recommendation(assembly)
    one = queries(api, f"{PATH}?q=young")
    for _ in range(29):
        make.recommendation(assembly)
    assert queries(api, f"{PATH}?q=young") == one <= 3


def test_a_blank_or_unknown_parameter_is_named(api: CheckingClient) -> None:
    for query in ("?q=", "?words=x", "?q=x&kind=organisation"):
        assert api.get(PATH + query).status_code == 400
