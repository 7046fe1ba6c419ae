"""Names in openapi.yaml that clients are made from."""

from collections import Counter
from typing import Any

import pytest

from api import contract
from tests.api.scene import Scene
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db


def _operations() -> list[dict[str, Any]]:
    paths = contract.document()["paths"].values()
    return [one for path in paths for method, one in path.items() if method in contract.METHODS]


def test_every_operation_has_a_name_of_its_own_and_one_shelf() -> None:
    names = Counter(one["operationId"] for one in _operations())
    assert names.most_common(1)[0][1] == 1
    assert all("_" in name and name.isidentifier() for name in names)
    assert all(len(one["tags"]) == 1 for one in _operations())
    assert contract.document()["paths"]["/api/v1/"]["get"]["operationId"] == "get_start"


def test_what_is_no_address_is_said_once(api: CheckingClient) -> None:
    scene = Scene(api)
    said = {
        "body": "We met.",
        "status": "in_progress",
        "evidence": [{"title": "Photographs", "url": "ftp://x"}],
    }
    problem = scene.post(f"{scene.path}updates/", said, key=scene.member, status=400)
    assert [row["pointer"] for row in problem["errors"]] == ["/evidence/0/url"]
