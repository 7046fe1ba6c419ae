"""Three voices side by side: on bodies, by quarter, by stratum, and between communities; published figures alone."""

from datetime import date, timedelta
from typing import Any

import pytest

from commitments import actions
from commitments.models import Assembly, Commitment, Theme
from ratings.models import Figure
from tests import make
from tests.api.published import Counts, publish, set_aside
from tests.api.scene import on, queries
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db
V1 = "/api/v1"
THEME = f"{V1}/assemblies/anytown-2025/themes/be-there"
LOW: Counts = (40, 20, 10, 5, 5)
HIGH: Counts = (5, 5, 10, 20, 40)
EVEN: Counts = (10, 10, 10, 10, 10)
FEW: Counts = (3, 0, 0, 0, 0)
Q2, Q3, Q1 = make.TODAY, date(2026, 8, 3), date(2027, 2, 1)


@pytest.fixture
def assembly() -> Assembly:
    return make.assembly(prefix="AT25")


@pytest.fixture
def theme(assembly: Assembly) -> Theme:
    return make.theme(assembly, "be-there")


def test_a_body_has_three_voices_on_its_commitments_each_counted_alike(
    api: CheckingClient, assembly: Assembly, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = make.team()
    first, second, third = (make.commitment(assembly, lead=lead) for _ in range(3))
    make.update(first)
    said: Any = {"finding": "verified", "reason": "We looked."}
    actions.verify(second, by=make.panel(), today=make.TODAY, claim=make.claim(second), **said)
    publish(monkeypatch, {first: LOW, second: (9, 9, 1, 1, 0), third: FEW}, make.TODAY)
    means = [float(row.mean) for row in Figure.objects.filter(by="all").order_by("subject") if row.mean]
    assert len(means) == 2
    for address in (f"teams/{lead.slug}", f"organisations/{lead.organisation.slug}"):
        voices = api.get(f"{V1}/{address}/").json()["voices"]
        assert voices["owner"] == {"mean": 0.75, "n": 2}
        assert voices["residents"]["commitments"] == 2
        assert voices["residents"]["mean"] == pytest.approx(sum(means) / 2)
        assert voices["residents"]["low"] < voices["residents"]["mean"] < voices["residents"]["high"]
        assert voices["panel"] == {"verified": 1, "partly_verified": 0, "not_verified": 0}
        gaps = [
            row["voices"]["gap"]["value"]
            for row in api.get(f"{V1}/commitments/").json()["results"]
            if row["voices"]["gap"]["value"] is not None
        ]
        assert voices["gap"] == {
            "value": pytest.approx(sum(gaps) / 2, abs=0.0005),
            "method": "gap-mean/1",
            "n": 2,
        }


def test_a_body_of_which_nothing_is_published_says_so(api: CheckingClient, assembly: Assembly) -> None:
    made = make.commitment(assembly)
    voices = api.get(f"{V1}/teams/{make.lead_team(made).slug}/").json()["voices"]
    assert voices["residents"] == {
        "commitments": 0,
        **dict.fromkeys(("mean", "low", "high")),
        "withheld": "few",
        "method": "mean-of-means/1",
    }
    assert voices["gap"] == {"value": None, "method": "gap-mean/1", "n": 0}


def test_a_body_all_of_whose_figures_are_set_aside_says_that(
    api: CheckingClient, assembly: Assembly, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = make.team()
    first, second = make.commitment(assembly, lead=lead), make.commitment(assembly, lead=lead)
    publish(monkeypatch, {first: LOW, second: FEW}, make.TODAY)
    set_aside("2026-Q2", make.TODAY, first)
    for address in (f"teams/{lead.slug}", f"organisations/{lead.organisation.slug}"):
        voice = api.get(f"{V1}/{address}/").json()["voices"]["residents"]
        assert (voice["commitments"], voice["mean"], voice["withheld"]) == (0, None, "set_aside")


def test_a_body_that_owns_through_two_teams_counts_a_commitment_once(
    api: CheckingClient, assembly: Assembly, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = make.team()
    made = make.commitment(assembly, lead=lead, co_owners=(make.team(lead.organisation),))
    publish(monkeypatch, {made: LOW}, make.TODAY)
    body = api.get(f"{V1}/organisations/{lead.organisation.slug}/").json()
    assert (body["voices"]["residents"]["commitments"], body["scorecard"]["promised"]) == (1, 1)


def test_a_quarter_without_a_figure_is_withheld_between_those_that_have_one(
    api: CheckingClient, assembly: Assembly, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day, counts in ((Q2, LOW), (Q3, HIGH), (Q1, HIGH)):
        with on(day):
            publish(monkeypatch, {theme: counts}, day)
    with on(Q1):
        found = api.get(f"{THEME}/residents/").json()
    assert [row["period"] for row in found["periods"]] == ["2027-Q1", "2026-Q4", "2026-Q3", "2026-Q2"]
    newest, none, better, first = found["periods"]
    assert (none["withheld"], none["mean"], none["change"]) == ("few", None, None)
    assert first["change"] is None
    assert better["change"]["since"] == "2026-Q2"
    assert better["change"]["named"] is True
    assert 0 < better["change"]["low"] < better["change"]["value"] < better["change"]["high"]
    assert better["change"]["sentence"].startswith("2026-Q2 to 2026-Q3: the figure rose by")
    assert newest["change"]["since"] == "2026-Q3"
    assert newest["change"]["named"] is False
    assert "Self-selected" in found["note"]


def test_strata_stand_apart_and_few_and_none_look_alike(
    api: CheckingClient, assembly: Assembly, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    strata = {"local": (20, 10, 5, 5, 0), "other": (10, 10, 5, 5, 5), "member": FEW}
    total: Any = tuple(sum(column) for column in zip(*strata.values(), strict=True))
    publish(monkeypatch, {theme: total}, make.TODAY, {"stratum": strata})
    with on(make.TODAY):
        [quarter] = api.get(f"{THEME}/residents/").json()["periods"]
    shown = {row["stratum"]: row["withheld"] for row in quarter["strata"]}
    assert shown["member"] == "few"
    assert quarter["n"] == 80
    publish_nobody = {row["stratum"]: row for row in quarter["strata"]}["member"]
    assert publish_nobody == {
        "stratum": "member",
        **dict.fromkeys(("n", "mean", "low", "high")),
        "withheld": "few",
    }


def test_commitments_and_bodies_have_their_quarters_too(
    api: CheckingClient, assembly: Assembly, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = make.team()
    first, second = make.commitment(assembly, lead=lead), make.commitment(assembly, lead=lead)
    strata = dict.fromkeys(("local", "other", "member"), EVEN)
    publish(
        monkeypatch, dict.fromkeys((first, second), (30, 30, 30, 30, 30)), make.TODAY, {"stratum": strata}
    )
    with on(make.TODAY):
        [quarter] = api.get(f"{V1}/commitments/{first.reference}/residents/").json()["periods"]
        assert (quarter["n"], quarter["change"]) == (150, None)
        for address in (f"teams/{lead.slug}", f"organisations/{lead.organisation.slug}"):
            [added] = api.get(f"{V1}/{address}/residents/").json()["periods"]
            assert (added["commitments"], added["mean"]) == (2, 3.0)
            other = next(row for row in added["strata"] if row["stratum"] == "other")
            assert (other["commitments"], other["mean"]) == (2, 3.0)


def test_a_team_that_ended_keeps_its_voices_and_its_quarters_alike(
    api: CheckingClient, assembly: Assembly, monkeypatch: pytest.MonkeyPatch
) -> None:
    north = make.team(slug="north")
    east = make.team(north.organisation, slug="east")
    made = make.commitment(assembly, lead=north)
    publish(monkeypatch, {made: LOW}, make.TODAY)
    by = make.responder(north.organisation)
    actions.reorganise(north, by=by, today=make.days(10), successors=[east], reason="The borough was redrawn")
    with on(make.days(10)):
        for address in ("teams/north", "teams/east", f"organisations/{north.organisation.slug}"):
            [quarter] = api.get(f"{V1}/{address}/residents/").json()["periods"]
            voice = api.get(f"{V1}/{address}/").json()["voices"]["residents"]
            assert (quarter["commitments"], quarter["mean"]) == (voice["commitments"], voice["mean"])
            assert quarter["commitments"] == 1


def test_nothing_rated_is_an_empty_story(api: CheckingClient, theme: Theme) -> None:
    assert api.get(f"{THEME}/residents/").json()["periods"] == []
    assert api.get(f"{V1}/assemblies/anytown-2025/themes/nowhere/residents/").status_code == 404
    assert api.get(f"{THEME}/residents/?by=sex").status_code == 400


def groups(**counts: Counts) -> tuple[Counts, dict[str, dict[str, Counts]]]:
    """Ethnic groups, and many who did not say theirs."""
    counts |= {"": EVEN, "prefer_not_to_say": EVEN}
    total: Any = tuple(sum(column) for column in zip(*counts.values(), strict=True))
    return total, {"ethnic_group": counts, "stratum": {"other": total}}


def test_communities_are_compared_and_only_what_stands_out_is_named(
    api: CheckingClient, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    total, parts = groups(black=LOW, white=HIGH, asian=HIGH)
    publish(monkeypatch, {theme: total}, make.TODAY, parts)
    with on(make.TODAY):
        found = api.get(f"{THEME}/comparisons/?by=ethnic_group").json()
    assert found["period"] == "2026-Q2"
    assert "Self-selected opinion" in found["note"]
    shown = {row["group"]: row["mean"] for row in found["groups"]}
    assert list(shown) == ["asian", "black", "mixed", "white", "other"]
    assert shown["mixed"] is None
    named = {(row["first"], row["second"]): row for row in found["comparisons"]}
    assert set(named) == {("asian", "black"), ("asian", "white"), ("black", "white")}
    assert named["black", "white"]["named"] is True
    assert named["black", "white"]["high"] < 0
    assert named["black", "white"]["sentence"].startswith("Black people rated it ")
    assert " points lower than white people" in named["black", "white"]["sentence"]
    assert named["asian", "white"]["named"] is False
    assert "no difference that can be told from chance" in named["asian", "white"]["sentence"]


def test_a_group_of_a_few_is_in_no_comparison(
    api: CheckingClient, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    total, parts = groups(black=LOW, white=HIGH, asian=FEW, mixed=FEW)
    publish(monkeypatch, {theme: total}, make.TODAY, parts)
    with on(make.TODAY):
        found = api.get(f"{THEME}/comparisons/?by=ethnic_group").json()
    mentioned = {row[place] for row in found["comparisons"] for place in ("first", "second")}
    assert mentioned <= {"black", "white"}
    withheld = [row for row in found["groups"] if row["withheld"]]
    few, none = (next(row for row in withheld if row["group"] == one) for one in ("asian", "other"))
    assert {**few, "group": "", "name": ""} == {**none, "group": "", "name": ""}


def test_a_quarter_that_is_set_aside_is_shown_and_compared_with_nothing(
    api: CheckingClient, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    total, parts = groups(black=LOW, white=HIGH)
    publish(monkeypatch, {theme: total}, make.TODAY, parts)
    set_aside("2026-Q2", make.TODAY, theme)
    with on(make.TODAY):
        asked = api.get(f"{THEME}/comparisons/?by=ethnic_group&period=2026-Q2").json()
        newest = api.get(f"{THEME}/comparisons/?by=ethnic_group").json()
        [quarter] = api.get(f"{THEME}/residents/").json()["periods"]
    assert asked["set_aside"] is True
    assert len([row for row in asked["groups"] if row["mean"]]) == 2
    assert asked["comparisons"] == []
    assert (newest["period"], newest["comparisons"]) == (None, [])
    assert (quarter["set_aside"], quarter["change"], quarter["weighted"]) == (True, None, [])
    assert quarter["mean"] is not None


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("ratings/?by=sex,age_band", "One breakdown at a time"),
        ("ratings/?by=sex&by=age_band", "more than once"),
        ("ratings/?by=postcode", "is expected"),
        ("ratings/?by=sex&subject=commitment:AT25-C001", "published of themes only"),
        ("assemblies/anytown-2025/themes/be-there/comparisons/?by=sex,age_band", "One breakdown at a time"),
        ("assemblies/anytown-2025/themes/be-there/comparisons/?by=all", "is expected"),
        ("assemblies/anytown-2025/themes/be-there/comparisons/?by=sex&sex=female", "no such parameter"),
        ("assemblies/anytown-2025/themes/be-there/comparisons/?period=spring", "is expected"),
    ],
)
def test_what_is_no_allowed_view_is_refused_with_the_reason(
    api: CheckingClient, theme: Theme, path: str, words: str
) -> None:
    refused = api.get(f"{V1}/{path}")
    assert refused.status_code == 400
    assert words in refused.json()["errors"][0]["detail"]


def test_a_view_by_period_has_one_figure_a_quarter(
    api: CheckingClient, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day, counts in ((Q2, LOW), (Q2 + timedelta(days=7), HIGH), (Q3, EVEN)):
        with on(day):
            publish(monkeypatch, {theme: counts}, day)
    rows = api.get(f"{V1}/ratings/?by=period&subject={theme.record_subject}").json()["results"]
    assert [(row["period"], row["by"]) for row in rows] == [("2026-Q3", "all"), ("2026-Q2", "all")]


def test_what_residents_say_is_read_in_a_constant_number_of_questions(
    api: CheckingClient, assembly: Assembly, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = make.team()
    made: list[Commitment] = [make.commitment(assembly, lead=lead) for _ in range(3)]
    publish(monkeypatch, {theme: LOW, made[0]: LOW}, make.TODAY)
    addresses = [f"{THEME}/residents/", f"{THEME}/comparisons/", f"{V1}/teams/{lead.slug}/residents/"]
    with on(make.TODAY):
        few = [queries(api, address) for address in addresses]
    assert max(few) <= 5
    with on(Q3):
        publish(monkeypatch, {theme: HIGH, **dict.fromkeys(made, HIGH)}, Q3)
        assert [queries(api, address) for address in addresses] == few
