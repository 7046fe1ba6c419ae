"""Areas over HTTP: a tree with codes and vintages."""

import pytest

from tests import make
from tests.api.scene import key_of, queries
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db
LIST = "/api/v1/areas/"


def codes(api: CheckingClient, query: str = "") -> list[str]:
    """The codes of a list."""
    return [row["code"] for row in api.get(LIST + query).json()["results"]]


def test_a_list_costs_the_same_for_one_row_and_for_many(api: CheckingClient) -> None:
    borough = make.area()
    one = queries(api, LIST)
    for _ in range(29):
        make.area(kind="ward", parent=borough)
    assert len(codes(api)) == 30
    assert queries(api, LIST) == one <= 3


def test_a_tree_is_read_from_either_end(api: CheckingClient) -> None:
    force = make.area("E23000001", kind="force")
    borough = make.area("E09000031", parent=force)
    ward = make.area("E05013882", kind="ward", parent=borough)
    make.area("E09000025")
    row = api.get(f"{LIST}{ward.code}/").json()
    assert (row["within"], row["parent"], row["parts"]) == (["E23000001", "E09000031"], "E09000031", [])
    assert api.get(f"{LIST}E09000031/").json()["parts"] == [{"code": "E05013882", "name": ward.name}]
    assert codes(api, "?area=E23000001") == ["E05013882", "E09000031", "E23000001"]
    assert codes(api, "?kind=ward") == ["E05013882"]
    assert codes(api, "?parent=E23000001") == ["E09000031"]
    assert codes(api, "?vintage=2022") == codes(api)
    assert codes(api, "?vintage=1998") == []


def test_a_convenor_enters_and_corrects_a_place(api: CheckingClient) -> None:
    key = key_of(make.convenor())
    make.area("E09000031")
    sent = {"code": "E05013882", "name": "Can Hall", "kind": "ward", "parent": "E09000031", "latitude": 51.5}
    assert api.send("POST", LIST, sent, key=key_of(make.person())).status_code == 403
    answer = api.send("POST", LIST, sent, key=key)
    assert answer.status_code == 201, answer.content
    assert (answer.json()["vintage"], answer.json()["longitude"]) == (None, None)
    assert api.send("POST", LIST, sent, key=key).json()["code"] == "already_published"
    path = f"{LIST}E05013882/"
    change = {"name": "Cann Hall", "vintage": "2022", "reason": "A letter was missing."}
    done = api.send("PATCH", path, change, key=key, If_Match=answer["ETag"])
    assert (done.status_code, done.json()["name"]) == (200, "Cann Hall")
    assert api.get(path).json() == done.json()
    assert api.send("PATCH", path, change, key=key, If_Match=answer["ETag"]).status_code == 412


@pytest.mark.parametrize(
    "change",
    [{"code": "x"}, {"kind": "street"}, {"parent": "E09999999"}, {"latitude": 91}, {"latitude": "north"}],
)
def test_what_is_wrong_is_pointed_at(api: CheckingClient, change: dict[str, object]) -> None:
    sent = {"code": "E05013882", "name": "Cann Hall", "kind": "ward", **change}
    answer = api.send("POST", LIST, sent, key=key_of(make.convenor()))
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == f"/{next(iter(change))}"
