"""A Python client, generated from openapi.yaml as anybody would, reads and writes at the served API."""

import importlib
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from subprocess import run
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings

from api import contract
from tests.api import matrix
from tests.clients.conftest import Served

pytestmark = pytest.mark.django_db
NAME = "generated_client"
OPTIONS = Path(__file__).with_name("python-client.yaml")
EVIDENCE_MISSING = {"body": "It is done.", "status": "completed"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """What imports the generated client's modules; a warning of the generator is a failure."""
    folder = tmp_path_factory.mktemp("python-client")
    command = [
        sys.executable,
        "-m",
        "openapi_python_client",
        "generate",
        "--fail-on-warning",
        "--meta",
        "none",
    ]
    command += ["--path", str(Path(settings.BASE_DIR) / "openapi.yaml"), "--config", str(OPTIONS)]
    made = run([*command, "--output-path", str(folder / NAME)], capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout[-3000:] + made.stderr[-1000:]
    assert "warning" not in made.stdout.lower() + made.stderr.lower(), made.stdout[:3000]
    sys.path.insert(0, str(folder))

    def module(name: str) -> ModuleType:
        return importlib.import_module(f"{NAME}{name}")

    yield module
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == NAME]:
        del sys.modules[name]


def anonymous(client: Any, service: Served) -> Any:
    """The client without a key."""
    return client("").Client(base_url=service.base)


def signed_in(client: Any, service: Served, role: str) -> Any:
    """The client with the key of a role."""
    return client("").AuthenticatedClient(base_url=service.base, token=service.world.keys[role])


def test_every_operation_became_a_function(client: Any) -> None:
    made = {path.stem for path in Path(str(client("").__file__)).parent.glob("api/*/*.py")}
    paths = contract.document()["paths"].values()
    promised = {
        item[method]["operationId"].replace("__", "_")
        for item in paths
        for method in contract.METHODS
        if method in item
    }
    assert made - {"__init__"} == promised


def test_lists_are_read_with_filters_and_pages(client: Any, service: Served) -> None:
    commitments = client(".api.commitments.list_commitments")
    status = client(".models.list_commitments_status_item").ListCommitmentsStatusItem
    with anonymous(client, service) as reader:
        first = commitments.sync(client=reader, page_size=2, assembly=["anytown-2025", "othertown-2025"])
        assert len(first.results) == 2
        assert first.previous is None
        cursor = first.next_.partition("cursor=")[2]
        second = commitments.sync(
            client=reader, page_size=2, assembly=["anytown-2025", "othertown-2025"], cursor=cursor
        )
        assert {row.reference for row in first.results}.isdisjoint(row.reference for row in second.results)
        claimed = commitments.sync(client=reader, status=[status.COMPLETED, status.IN_PROGRESS])
        assert {row.status.value for row in claimed.results} == {"completed", "in_progress"}


def test_one_thing_and_its_story_are_read(client: Any, service: Served) -> None:
    names = service.world.names
    with anonymous(client, service) as reader:
        one = client(".api.commitments.get_commitments").sync(names["active"], client=reader)
        assert one.due.on.isoformat() == "2026-09-30"
        assert one.owners[0].lead is True
        told = client(".api.events.list_events").sync(client=reader, after=0, page_size=100)
        assert [event.position for event in told.results] == list(range(1, len(told.results) + 1))


def test_a_copy_that_is_still_right_is_not_sent_again(client: Any, service: Served) -> None:
    commitments = client(".api.commitments.list_commitments")
    with anonymous(client, service) as reader:
        first = commitments.sync_detailed(client=reader)
        again = commitments.sync_detailed(client=reader, if_none_match=first.headers["ETag"])
        assert (first.status_code, again.status_code) == (200, 304)


def test_a_table_is_text(client: Any, service: Served) -> None:
    with anonymous(client, service) as reader:
        table = client(".api.commitments.list_commitments_csv").sync(client=reader)
    assert table.startswith("reference,title,")


def test_an_update_is_posted_once_whatever_the_line_does(client: Any, service: Served) -> None:
    update = client(".api.commitments.post_commitments_updates")
    body = client(".models.update_in_request").UpdateInRequest.from_dict(
        {"body": "Two officers walk.", "status": "in_progress"}
    )
    once = str(uuid.uuid4())
    with signed_in(client, service, matrix.LEAD_MEMBER) as writer:
        reference = service.world.names["active"]
        made = update.sync_detailed(reference, client=writer, body=body, idempotency_key=once)
        again = update.sync_detailed(reference, client=writer, body=body, idempotency_key=once)
    assert (made.status_code, again.status_code) == (201, 201)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.parsed.id == made.parsed.id
    assert isinstance(made.parsed.id, uuid.UUID)


def test_a_refusal_arrives_as_a_problem(client: Any, service: Served) -> None:
    update = client(".api.commitments.post_commitments_updates")
    body = client(".models.update_in_request").UpdateInRequest.from_dict(EVIDENCE_MISSING)
    problem = client(".models.problem").Problem
    with signed_in(client, service, matrix.LEAD_MEMBER) as writer:
        wrong = update.sync(service.world.names["active"], client=writer, body=body)
    with signed_in(client, service, matrix.RESIDENT) as writer:
        forbidden = update.sync(service.world.names["active"], client=writer, body=body)
    assert isinstance(wrong, problem)
    assert (wrong.status, wrong.code, wrong.errors[0].pointer) == (400, "evidence_missing", "/evidence")
    assert (forbidden.status, forbidden.code) == (403, "not_an_owner")
    assert forbidden.detail.endswith(".")
