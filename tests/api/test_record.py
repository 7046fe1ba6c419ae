"""The signed record over HTTP: what strangers keep, copy and check is what was signed, and nothing that was not."""

import json
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.models import Organisation
from record import checkpoints, clock, ledger, tiles, tree
from record.event_types import EventType
from record.models import Entry
from record.notes import SigningKey
from record.proofs import check_consistency, check_inclusion, leaf_hash
from tests import make, signed
from tests.api.scene import V1, queries
from tests.contract import CheckingClient
from tests.make import TODAY

pytestmark = pytest.mark.django_db

TRIED = EventType("test.tried", frozenset({"n"}), frozenset())
FOREVER = "public, max-age=31536000, immutable"


@ledger.action
def tell(number: int) -> None:
    """Record as many entries."""
    body = Organisation.objects.first() or make.organisation()
    for _ in range(number):
        ledger.append(TRIED, body, actor="operator", today=TODAY, facts={"n": 1})


def record_of(size: int) -> list[bytes]:
    """A signed record of this size; its bodies."""
    make.organisation()
    tell(size - 1)
    signed.now()
    return [bytes(body) for body in Entry.objects.order_by("position").values_list("body", flat=True)]


def test_the_checkpoint_is_the_exact_note(api: CheckingClient) -> None:
    record_of(5)
    answer = api.get(f"{V1}/record/checkpoint")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    state = checkpoints.checked(answer.content.decode(), [signed.KEY.verifier])
    assert (state.origin, state.size, state.root) == (signed.KEY.name, 5, tree.root(5))


def test_pages_of_other_sites_may_read_it(api: CheckingClient) -> None:
    record_of(2)
    for path in ("checkpoint", "vkey", "tile/0/000.p/2", "proof/1", "consistency?from=1"):
        answer = api.get(f"{V1}/record/{path}", headers={"Origin": "https://monitor.example"})
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_state_that_is_signed_later_is_shown_at_once(api: CheckingClient) -> None:
    record_of(3)
    tell(1)
    paths = [f"{V1}/record/{path}" for path in ("checkpoint", "proof/2", "checkpoints/")]
    before = [api.get(path) for path in paths]
    tags = [answer.headers["ETag"] for answer in before]
    again = [api.get(path, headers={"If-None-Match": tag}) for path, tag in zip(paths, tags, strict=True)]
    assert [answer.status_code for answer in again] == [304] * 3
    signed.now()
    after = [api.get(path, headers={"If-None-Match": tag}) for path, tag in zip(paths, tags, strict=True)]
    assert [answer.status_code for answer in after] == [200] * 3
    assert all(one.content != other.content for one, other in zip(before, after, strict=True))


def test_what_was_signed_in_the_same_second_is_no_older_copy(api: CheckingClient) -> None:
    moment = datetime(2026, 6, 1, 12, 0, 0, 400_000, tzinfo=UTC)
    with clock.at(moment):
        record_of(2)
        shown = api.get(f"{V1}/record/checkpoint").headers["Last-Modified"]
    with clock.at(moment + timedelta(milliseconds=200)):
        tell(1)
        signed.now()
        since = {"If-Modified-Since": shown}
        assert api.get(f"{V1}/record/checkpoint", headers=since).status_code == 200
    with clock.at(moment + timedelta(minutes=1)):
        last = api.get(f"{V1}/record/checkpoint").headers["Last-Modified"]
        since = {"If-Modified-Since": last}
        assert api.get(f"{V1}/record/checkpoint", headers=since).status_code == 304


def test_every_key_stays_published_the_present_one_first(api: CheckingClient) -> None:
    record_of(2)
    new = SigningKey.made(signed.KEY.name)
    signed.now(new)
    lines = api.get(f"{V1}/record/vkey").content.decode()
    assert lines == f"{new.verifier}\n{signed.KEY.verifier}\n"


def test_every_entry_has_a_proof_that_needs_nobody(api: CheckingClient) -> None:
    bodies = record_of(11)
    for position, body in enumerate(bodies, 1):
        first, index, *rest = api.get(f"{V1}/record/proof/{position}").content.decode().split("\n")
        assert (first, index) == ("c2sp.org/tlog-proof@v1", f"index {position - 1}")
        end = rest.index("")
        state = checkpoints.checked("\n".join(rest[end + 1 :]), [signed.KEY.verifier])
        proof = [b64decode(step) for step in rest[:end]]
        check_inclusion(position - 1, state.size, leaf_hash(body), proof, state.root)


def test_a_proof_can_be_had_as_json(api: CheckingClient) -> None:
    bodies = record_of(6)
    answer = api.get(f"{V1}/record/proof/4", headers={"Accept": "application/json"}).json()
    assert answer["leaf_hash"] == b64encode(leaf_hash(bodies[3])).decode()
    proof, root = [b64decode(one) for one in answer["proof"]], b64decode(answer["root"])
    check_inclusion(answer["index"], answer["size"], leaf_hash(bodies[3]), proof, root)
    assert checkpoints.checked(answer["checkpoint"], [signed.KEY.verifier]).root == root
    assert api.get(answer["url"].removeprefix("http://testserver")).json()["position"] == 4


def test_one_state_is_proved_the_beginning_of_another(api: CheckingClient) -> None:
    record_of(13)
    for earlier, later in [(1, 13), (6, 7), (13, 13), (8, 12)]:
        found = api.get(f"{V1}/record/consistency?from={earlier}&to={later}").json()
        roots = b64decode(found["earlier_root"]), b64decode(found["root"])
        assert roots == (tree.root(earlier), tree.root(later))
        check_consistency(earlier, later, [b64decode(one) for one in found["proof"]], *roots)
    assert api.get(f"{V1}/record/consistency?from=3").json()["size"] == 13


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("", "from"),
        ("?to=3", "from"),
        ("?from=0", "from"),
        ("?from=x", "from"),
        ("?from=-1", "from"),
        ("?from=4&to=3", "from"),
        ("?from=1&to=6", "to"),
        ("?from=1&to=", "to"),
        ("?from=1&to=99999999999999999999999999", "to"),
        ("?from=1&form=2", "form"),
        ("?from=1&from=2", "from"),
    ],
)
def test_sizes_that_no_proof_joins_are_refused(api: CheckingClient, query: str, name: str) -> None:
    record_of(5)
    tell(1)
    answer = api.get(f"{V1}/record/consistency{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == name


@pytest.mark.parametrize(
    "path",
    [
        "proof/0",
        "proof/6",
        "proof/99999999999999999999999999",
        "tile/0/000",
        "tile/0/000.p/6",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/001.p/1",
        "tile/1/000.p/1",
        "tile/00/000.p/1",
        "tile/64/000.p/1",
        "tile/63/x999/999",
        "tile/0/0.p/1",
        "tile/0/x000/000.p/1",
        "tile/entries/000.p/6",
        "tile/entries/x001/000",
        "tile/leaves/000",
    ],
)
def test_what_is_not_signed_or_never_was_is_not_there(api: CheckingClient, path: str) -> None:
    record_of(5)
    tell(300)
    assert api.get(f"{V1}/record/{path}").status_code == 404


def test_before_the_first_signing_there_is_nothing(api: CheckingClient) -> None:
    make.organisation()
    for path in ("checkpoint", "vkey", "proof/1", "tile/0/000.p/1", "consistency?from=1"):
        answer = api.get(f"{V1}/record/{path}")
        assert answer.status_code == 404
        assert answer.json()["code"] == "not_signed_yet"
    assert api.get(f"{V1}/record/checkpoints/").json()["results"] == []


def test_tiles_and_bundles_are_the_tree_and_its_entries(api: CheckingClient) -> None:
    bodies = record_of(300)

    def at(path: str) -> Any:
        return api.get(f"{V1}/record/tile/{path}")

    leaves = tiles.hashes(at("0/000").content) + tiles.hashes(at("0/001.p/44").content)
    assert leaves == [leaf_hash(body) for body in bodies]
    assert at("1/000.p/1").content == tree.root(256)
    copied = tiles.unbundled(at("entries/000").content + at("entries/001.p/44").content)
    assert copied == bodies
    assert at("entries/001.p/44").headers["Content-Type"] == "application/octet-stream"


def test_what_is_full_may_be_kept_for_ever(api: CheckingClient) -> None:
    record_of(300)
    for path in ("0/000", "entries/000"):
        answer = api.get(f"{V1}/record/tile/{path}")
        assert answer.headers["Cache-Control"] == FOREVER
        tag = {"If-None-Match": answer.headers["ETag"]}
        again = api.get(f"{V1}/record/tile/{path}", headers=tag)
        assert (again.status_code, again.headers["Cache-Control"]) == (304, FOREVER)
    assert "immutable" not in api.get(f"{V1}/record/tile/0/001.p/44").headers["Cache-Control"]
    assert "max-age=0" in api.get(f"{V1}/record/checkpoint").headers["Cache-Control"]


def test_old_states_are_listed_newest_first(api: CheckingClient) -> None:
    record_of(2)
    for _ in range(3):
        tell(1)
        signed.now()
    page = api.get(f"{V1}/record/checkpoints/?page_size=3").json()
    assert [row["size"] for row in page["results"]] == [5, 4, 3]
    rest = api.get(page["next"].removeprefix("http://testserver")).json()
    assert [row["size"] for row in rest["results"]] == [2]
    for row in [*page["results"], *rest["results"]]:
        state = checkpoints.checked(row["note"], [signed.KEY.verifier])
        assert (state.size, b64encode(state.root).decode()) == (row["size"], row["root"])
        assert (row["origin"], row["vkey"]) == (signed.KEY.name, str(signed.KEY.verifier))
    assert api.get(f"{V1}/record/checkpoints.csv").getvalue().count(b"testserver/api") >= 4


def test_a_proof_or_a_tile_costs_few_questions(api: CheckingClient) -> None:
    record_of(300)
    for path in ("proof/200", "tile/0/000", "tile/entries/000", "checkpoint"):
        assert queries(api, f"{V1}/record/{path}") <= 3
    assert queries(api, f"{V1}/record/consistency?from=3") <= 5


def test_the_leaf_says_what_the_event_shows(api: CheckingClient) -> None:
    bodies = record_of(4)
    assert api.get(f"{V1}/events/3/").json()["body"] == json.loads(bodies[2])
