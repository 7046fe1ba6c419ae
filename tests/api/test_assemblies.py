"""Assemblies over HTTP: published with their facts and clocks, which their convenor may set anew."""

from typing import Any

import pytest

from commitments.models import Assembly
from tests import make
from tests.api.scene import key_of, queries
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db
LIST = "/api/v1/assemblies/"
NEW: dict[str, Any] = {"slug": "newham-2026", "prefix": "NH26", "title": "Newham's assembly"}


@pytest.fixture
def convenor() -> str:
    return key_of(make.convenor("newham-2026"))


def test_a_list_costs_the_same_for_one_row_and_for_many(api: CheckingClient) -> None:
    make.assembly(area=make.area())
    one = queries(api, LIST)
    for number in range(29):
        make.assembly(f"assembly-{number}", area=make.area())
    assert len(api.get(LIST).json()["results"]) == 30
    assert queries(api, LIST) == one <= 2


def test_a_convenor_publishes_with_facts_that_sources_report_differently(
    api: CheckingClient, convenor: str
) -> None:
    make.area("E09000025")
    facts = [{"name": "took part", "value": value, "sources": make.SOURCE[0]} for value in ("44", "47")]
    sent = {**NEW, "area": "E09000025", "facts": facts, "source": make.SOURCE, "response_days": 30}
    answer = api.send("POST", LIST, sent, key=convenor)
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert [one["value"] for one in made["facts"]] == ["44", "47"]
    assert made["area"]["code"] == "E09000025"
    assert (made["response_days"], made["rhythm_days"], made["reply_days_are"]) == (30, 90, "calendar")
    assert (made["question"], made["held"], made["recommendations"], made["invented"]) == (
        None,
        None,
        0,
        False,
    )
    assert api.get(f"{LIST}newham-2026/").json() == made
    assert api.get(f"{LIST}?area=E09000025").json()["results"] == [made]
    assert api.get(f"{LIST}?area=E09000026").json()["results"] == []


@pytest.mark.parametrize("prefix", ["N", "NAP5", "B2B", "NH26", "ABCDEFGHIJ"])
def test_every_prefix_that_a_file_may_carry_is_taken_and_found(
    api: CheckingClient, convenor: str, prefix: str
) -> None:
    assert api.send("POST", LIST, {**NEW, "prefix": prefix}, key=convenor).status_code == 201
    asked = make.recommendation(Assembly.objects.get(prefix=prefix))
    make.commitment(asked.assembly, recommendations=[asked])
    found = api.get(f"/api/v1/commitments/?recommendation={prefix}-R01")
    assert [one["reference"] for one in found.json()["results"]] == [f"{prefix}-C001"]


def test_counts_are_of_what_was_published(api: CheckingClient) -> None:
    assembly = make.assembly()
    make.recommendation(assembly)
    make.recommendation(assembly)
    make.commitment(assembly)
    row = api.get(f"{LIST}{assembly.slug}/").json()
    assert (row["recommendations"], row["commitments"]) == (2, 1)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"prefix": "nh"}, "/prefix"),
        ({"area": "E09999999"}, "/area"),
        ({"held_from": "spring"}, "/held_from"),
        ({"response_days": 0}, "/response_days"),
        ({"facts": [{"name": "a", "value": "b"}]}, "/facts/0/sources"),
        ({"convenor": "me"}, "/convenor"),
    ],
)
def test_what_is_wrong_is_pointed_at(
    api: CheckingClient, convenor: str, change: dict[str, Any], pointer: str
) -> None:
    answer = api.send("POST", LIST, {**NEW, **change}, key=convenor)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)
    assert not Assembly.objects.exists()


def test_only_its_own_convenor_publishes_it_and_only_once(api: CheckingClient, convenor: str) -> None:
    assert api.send("POST", LIST, NEW, key=key_of(make.convenor("other"))).status_code == 403
    assert api.send("POST", LIST, NEW, key=convenor).status_code == 201
    again = api.send("POST", LIST, NEW, key=convenor)
    assert (again.status_code, again.json()["code"]) == (409, "already_published")


def test_clocks_are_set_anew_on_the_version_that_was_read(api: CheckingClient) -> None:
    assembly = make.assembly()
    path, key = f"{LIST}{assembly.slug}/", key_of(make.convenor())
    change = {"response_days": 30, "reply_days_are": "working", "reason": "Agreed with all."}
    assert api.send("PATCH", path, change, key=key).status_code == 428
    read = api.get(path)["ETag"]
    make.recommendation(assembly)
    answer = api.send("PATCH", path, change, key=key, If_Match=read)
    assert answer.status_code == 200, "another's write broke the edit"
    assert (answer.json()["response_days"], answer.json()["reply_days_are"]) == (30, "working")
    stale = api.send("PATCH", path, {**change, "response_days": 31}, key=key, If_Match=read)
    assert stale.status_code == 412
    same = api.send("PATCH", path, change, key=key, If_Match=answer["ETag"])
    assert (same.status_code, same.json()["code"]) == (400, "nothing_changed")
    other = key_of(make.convenor("other"))
    assert api.send("PATCH", path, change, key=other, If_Match="*").status_code == 403
    assert api.send("PATCH", f"{LIST}nowhere/", change, key=key, If_Match="*").status_code == 404
