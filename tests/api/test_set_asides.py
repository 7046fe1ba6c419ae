"""Setting quarters of ratings aside over HTTP: flags for convenors, decisions for everyone."""

from pathlib import Path
from typing import Any

import pytest

from accounts import actions as accounts
from accounts.models import Role, User
from commitments.models import Commitment
from ratings import actions
from ratings.models import Flag, SettingAside
from record import clock
from tests import make
from tests.api.scene import queries
from tests.contract import CheckingClient
from tests.make import days
from tests.ratings.crowds import NOON, burst, crowd

pytestmark = pytest.mark.django_db
FLAGS, ASIDES = "/api/v1/rating-flags/", "/api/v1/set-asides/"
OF_COMMITMENT = "subject=commitment:AT25-C001"
WHY = "Twenty people in an hour, all the same."


@pytest.fixture(autouse=True)
def _keys(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def commitment() -> Commitment:
    return make.commitment(make.assembly(prefix="AT25"))


@pytest.fixture
def flag(commitment: Commitment) -> Flag:
    found = burst(commitment)
    with clock.at(NOON.replace(day=15)):
        actions.cut_figures(days(14))
    return found


@pytest.fixture
def ann(flag: Flag) -> str:
    return key_of(make.convenor())


@pytest.fixture
def bea() -> str:
    return key_of(make.convenor())


def key_of(user: User) -> str:
    return accounts.issue_key(user, scopes=["all"])[1]


def asked(api: CheckingClient, flag: Flag, key: str, **more: str) -> dict[str, Any]:
    answer = api.send("POST", ASIDES, {"flag": str(flag.pk), "reason": WHY, **more}, key=key)
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()
    return found


def decide(
    api: CheckingClient, one: dict[str, Any], verb: str, key: str, status: int = 200
) -> dict[str, Any]:
    answer = api.send("POST", f"{ASIDES}{one['id']}/{verb}/", {"reason": "I looked too."}, key=key)
    assert answer.status_code == status, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_a_convenor_reads_the_flags_of_the_own_assembly_alone(
    api: CheckingClient, flag: Flag, ann: str, commitment: Commitment
) -> None:
    [row] = api.send("GET", FLAGS, key=ann).json()["results"]
    assert (row["rule"], row["subject"], row["about"], row["chance"]) == ("burst/1", None, 20, 1e-12)
    assert (row["day"], row["hour"], row["set_asides"]) == ("2026-06-10", "2026-06-10T12:00:00Z", [])
    elsewhere = key_of(make.convenor("elsewhere-2025"))
    assert api.send("GET", FLAGS, key=elsewhere).json()["results"] == []
    torn = make.convenor()
    accounts.grant_role(torn, Role.TEAM_MEMBER, team=make.lead_team(commitment))
    for user in (torn, make.person(), make.panel()):
        assert api.send("GET", FLAGS, key=key_of(user)).status_code == 403
    assert api.get(FLAGS).status_code == 401


def test_two_convenors_set_aside_and_everyone_reads_both_reasons(
    api: CheckingClient, flag: Flag, ann: str, bea: str
) -> None:
    one = asked(api, flag, ann)
    assert (one["state"], one["subject"], one["change"]) == ("requested", None, "set_aside")
    alone = api.send("POST", f"{ASIDES}{one['id']}/approve/", {}, key=ann)
    assert (alone.status_code, alone.json()["code"]) == (403, "own_request")
    done = decide(api, one, "approve", bea)
    [shown] = api.get(ASIDES).json()["results"]
    assert shown == done == api.get(f"{ASIDES}{one['id']}/").json()
    assert (shown["reason"], shown["decision_reason"]) == (WHY, "I looked too.")
    assert shown["requested_by"] == shown["decided_by"] == "convenor:anytown-2025"
    assert "@" not in str(shown)
    [row] = api.send("GET", FLAGS, key=ann).json()["results"]
    assert row["set_asides"] == [one["id"]]


def test_both_figures_stay_public(api: CheckingClient, flag: Flag, ann: str, bea: str) -> None:
    path = f"/api/v1/ratings/?{OF_COMMITMENT}&by=all"
    [before] = api.get(path).json()["results"]
    assert (before["set_aside"], before["set_aside_reason"]) == (False, None)
    voice = api.get("/api/v1/commitments/AT25-C001/").json()["voices"]["residents"]
    assert voice["n"] == before["n"]
    decide(api, asked(api, flag, ann), "approve", bea)
    [after] = api.get(path).json()["results"]
    changed = {"set_aside": True, "set_aside_reason": WHY, "updated_at": after["updated_at"]}
    assert after == before | changed
    assert after["updated_at"] > before["updated_at"]
    voice = api.get("/api/v1/commitments/AT25-C001/").json()["voices"]["residents"]
    assert (voice["mean"], voice["withheld"]) == (None, "set_aside")
    listed = api.get("/api/v1/commitments/").json()["results"][0]["voices"]["residents"]
    assert listed == voice
    assert api.get(f"{path}&set_aside=false").json()["results"] == []
    assert len(api.get(f"{path}&updated_since={after['updated_at']}").json()["results"]) == 1


def test_it_counts_again_when_two_say_so(api: CheckingClient, flag: Flag, ann: str, bea: str) -> None:
    one = decide(api, asked(api, flag, ann), "approve", bea)
    answer = api.send("POST", f"{ASIDES}{one['id']}/restore/", {"reason": "The town met."}, key=bea)
    assert answer.status_code == 201
    assert api.get("/api/v1/commitments/AT25-C001/").json()["voices"]["residents"]["mean"] is None
    decide(api, answer.json(), "approve", ann)
    voice = api.get("/api/v1/commitments/AT25-C001/").json()["voices"]["residents"]
    assert voice["withheld"] is None
    assert [row["change"] for row in api.get(ASIDES).json()["results"]] == ["restore", "set_aside"]


def test_a_kept_answer_is_not_given_again_after_a_decision(
    api: CheckingClient, flag: Flag, ann: str, bea: str
) -> None:
    path = f"/api/v1/ratings/?{OF_COMMITMENT}"
    tag = api.get(path)["ETag"]
    assert api.get(path, headers={"If-None-Match": tag}).status_code == 304
    decide(api, asked(api, flag, ann), "approve", bea)
    assert api.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_the_table_and_the_feed_tell_the_same(api: CheckingClient, flag: Flag, ann: str, bea: str) -> None:
    decide(api, asked(api, flag, ann, subject="commitment:AT25-C001"), "refuse", bea)
    table = api.get("/api/v1/set-asides.csv").getvalue().decode()
    assert "commitment:AT25-C001" in table
    assert WHY in table
    feed = api.get(f"{ASIDES}feed.atom").content.decode()
    assert "asks another convenor to set aside the ratings of commitment:AT25-C001 for 2026-Q2" in feed
    assert "refuses to set aside" in feed


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"subject": "commitment:AT25-C009"}, "unknown_name"),
        ({"subject": "theme:anytown-2025/nothing"}, "unknown_name"),
        ({"subject": "assembly:anytown-2025"}, "unknown_name"),
        ({"flag": "00000000-0000-4000-8000-000000000000"}, "unknown_name"),
    ],
)
def test_what_is_not_there_is_pointed_at(
    api: CheckingClient, flag: Flag, ann: str, change: dict[str, str], code: str
) -> None:
    body = {"flag": str(flag.pk), "reason": WHY, **change}
    answer = api.send("POST", ASIDES, body, key=ann)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not SettingAside.objects.exists()


def test_a_repeated_request_has_one_effect(api: CheckingClient, flag: Flag, ann: str) -> None:
    body = {"flag": str(flag.pk), "reason": WHY}
    answers = [api.send("POST", ASIDES, body, key=ann, Idempotency_Key="once") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert SettingAside.objects.count() == 1
    again = api.send("POST", ASIDES, body, key=ann)
    assert (again.status_code, again.json()["code"]) == (409, "setting_aside_waits")


def test_the_list_costs_the_same_for_one_figure_and_for_many(
    api: CheckingClient, flag: Flag, ann: str, bea: str, commitment: Commitment
) -> None:
    decide(api, asked(api, flag, ann), "approve", bea)
    few = queries(api, "/api/v1/ratings/")
    crowd(commitment, 22, 5, NOON.replace(day=16))
    with clock.at(NOON.replace(day=22)):
        actions.cut_figures(days(21))
    assert len(api.get("/api/v1/ratings/?by=all").json()["results"]) == 2
    assert queries(api, "/api/v1/ratings/") == few
