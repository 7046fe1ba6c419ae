"""The judge of answers itself: it must notice what is not promised."""

import copy
from typing import Any

import pytest

from api.http.answers import json_answer
from tests.api.http import toy
from tests.api.http.conftest import BODIES, body, document
from tests.contract import CheckingClient, Contract, ContractBroken

pytestmark = pytest.mark.django_db


def changed(change: Any) -> Contract:
    other = copy.deepcopy(document())
    change(other)
    return Contract(other)


def test_a_member_that_is_not_promised_is_noticed(
    api: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    body("a")
    shape = toy.shape
    monkeypatch.setattr(toy, "shape", lambda row, base: {**shape(row, base), "extra": 1})
    with pytest.raises(ContractBroken, match="extra"):
        api.get(BODIES)


@pytest.mark.parametrize(
    ("member", "value"),
    [("name", 7), ("name", None), ("kind", "club"), ("updated_at", "yesterday"), ("url", "no address")],
)
def test_a_value_of_another_kind_is_noticed(
    api: CheckingClient, monkeypatch: pytest.MonkeyPatch, member: str, value: Any
) -> None:
    body("a")
    shape = toy.shape
    monkeypatch.setattr(toy, "shape", lambda row, base: {**shape(row, base), member: value})
    with pytest.raises(ContractBroken, match=member):
        api.get(f"{BODIES}a/")


def test_a_missing_member_is_noticed(api: CheckingClient, monkeypatch: pytest.MonkeyPatch) -> None:
    body("a")
    monkeypatch.setattr(toy, "shape", lambda row, base: {"slug": "a"})
    with pytest.raises(ContractBroken, match="required"):
        api.get(f"{BODIES}a/")


def test_a_status_that_is_not_promised_is_noticed(api: CheckingClient) -> None:
    api.contract = changed(lambda d: d["paths"]["/api/v1/bodies/{slug}/"]["get"]["responses"].pop("404"))
    with pytest.raises(ContractBroken, match="promised are"):
        api.get(f"{BODIES}a/")


def test_an_address_that_is_not_promised_is_noticed(api: CheckingClient) -> None:
    api.contract = changed(lambda d: d["paths"].pop("/api/v1/bodies/"))
    with pytest.raises(ContractBroken, match="nothing at this address"):
        api.get(BODIES)


def test_a_missing_header_and_another_media_type_are_noticed(api: CheckingClient) -> None:
    answer = json_answer({})
    contract = Contract(document())
    with pytest.raises(ContractBroken, match="header Cache-Control is missing"):
        contract.check("GET", BODIES, answer)
    answer["Content-Type"] = "text/html"
    for name in ("Cache-Control", "ETag", "Last-Modified", "Record-Position"):
        answer[name] = "1"
    with pytest.raises(ContractBroken, match="text/html is not promised"):
        contract.check("GET", BODIES, answer)


def test_what_lies_outside_the_api_is_not_judged() -> None:
    Contract(document()).check("GET", "/elsewhere/", json_answer({}))
