"""Recommendations over HTTP: listed, filtered, asked about, answered."""

from datetime import date, timedelta
from typing import Any

import pytest

from accounts.models import Organisation
from commitments import actions
from commitments.models import Assembly, Recommendation
from record import clock
from tests import make
from tests.api.scene import key_of, queries
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db
LIST = "/api/v1/recommendations/"


def refs(answer: Any) -> list[str]:
    """The references of a list's rows."""
    return [row["reference"] for row in answer.json()["results"]]


@pytest.fixture
def assembly() -> Assembly:
    return make.assembly(area=make.area("E09000031"), prefix="AT25")


@pytest.fixture
def convenor() -> str:
    return key_of(make.convenor())


@pytest.fixture
def police() -> Organisation:
    return make.organisation("police")


def test_a_list_costs_the_same_for_one_row_and_for_many(api: CheckingClient, assembly: Assembly) -> None:
    with_all(make.recommendation(assembly, theme=make.theme(assembly)))
    one = queries(api, f"{LIST}?page_size=100")
    for _ in range(29):
        with_all(make.recommendation(assembly))
    assert len(refs(api.get(f"{LIST}?page_size=100"))) == 30
    assert queries(api, f"{LIST}?page_size=100") == one <= 5


def with_all(recommendation: Recommendation) -> None:
    """Ask somebody about it, and let somebody promise something."""
    actions.ask(recommendation, by=make.convenor(), today=make.TODAY, organisation=make.organisation())
    make.commitment(recommendation.assembly, recommendations=[recommendation])


def test_the_convenor_enters_and_asks_in_one_go(
    api: CheckingClient, assembly: Assembly, convenor: str, police: Organisation
) -> None:
    make.theme(assembly, "be-seen")
    sent = {
        "assembly": assembly.slug, "theme": "be-seen", "title": "Engage with young people", "body": "Listen.",
        "asked": ["police"], "source": make.SOURCE[0],
    }  # fmt: skip
    answer = api.send("POST", LIST, sent, key=convenor)
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert answer["Location"] == made["url"]
    assert (made["reference"], made["state"]) == ("AT25-R01", "awaiting_response")
    assert made["theme"] == {"slug": "be-seen", "title": "Be seen"}
    assert made["entered_from"]["by"] == "convenor"
    assert made["entered_from"]["sources"][0]["reliability"] == "primary"
    [asked] = made["asked"]
    today = clock.today()
    assert asked["asked_on"] == today.isoformat()
    assert asked["due_on"] == (today + timedelta(days=56)).isoformat()
    assert (asked["answered_on"], asked["late_by_days"]) == (None, None)
    assert [one["field"] for one in made["wordings"]] == ["title", "body"]
    assert made["body"] == made["wordings"][1]["text"] == "Listen."
    again = api.get(made["url"].removeprefix("http://testserver"))
    assert again["ETag"] == answer["ETag"]
    assert again.json() == made


def test_what_is_not_known_is_null(api: CheckingClient, assembly: Assembly) -> None:
    made = make.recommendation(assembly)
    row = api.get(f"{LIST}{made.reference}/").json()
    assert (row["theme"], row["theme_assigned_by"], row["body"], row["entered_from"]) == (None,) * 4
    assert (row["state"], row["asked"], row["responses"], row["commitments"]) == ("not_asked", [], [], [])


def test_an_unanswered_one_reads_no_response_the_day_after(
    api: CheckingClient, assembly: Assembly, police: Organisation
) -> None:
    made = make.recommendation(assembly)
    asked = actions.ask(made, by=make.convenor(), today=make.TODAY, organisation=police)
    with clock.at(make.noon(asked.due_on)):
        assert api.get(f"{LIST}{made.reference}/").json()["state"] == "awaiting_response"
    with clock.at(make.noon(asked.due_on + timedelta(days=1))):
        row = api.get(f"{LIST}{made.reference}/").json()
        assert row["state"] == row["asked"][0]["state"] == "no_response"
        assert row["asked"][0]["late_by_days"] == 1
        assert refs(api.get(f"{LIST}?state=no_response")) == [made.reference]
        assert refs(api.get(f"{LIST}?state=responded,not_asked")) == []


def test_filters_find_rightly(api: CheckingClient, assembly: Assembly, police: Organisation) -> None:
    ward = make.area("E05013882", kind="ward", parent=assembly.area)
    theme = make.theme(assembly, "be-seen")
    seen = make.recommendation(assembly, theme=theme, title="Be seen")
    other = make.recommendation(assembly, title="Work with youth")
    far = make.recommendation(make.assembly("elsewhere-2025", prefix="EL25"), title="Be seen elsewhere")
    make.commitment(assembly, recommendations=[other], areas=[ward])
    actions.ask(seen, by=make.convenor(), today=make.TODAY, organisation=police)
    first, second, third = seen.reference, other.reference, far.reference
    assert refs(api.get(LIST)) == [first, second, third]
    assert refs(api.get(f"{LIST}?assembly=elsewhere-2025")) == [third]
    assert refs(api.get(f"{LIST}?theme=be-seen")) == [first]
    assert refs(api.get(f"{LIST}?theme=none&assembly={assembly.slug}")) == [second]
    assert refs(api.get(f"{LIST}?theme=be-seen,none")) == [first, second, third]
    assert refs(api.get(f"{LIST}?area=E09000031")) == [first, second]
    assert refs(api.get(f"{LIST}?area=E05013882")) == [second]
    assert refs(api.get(f"{LIST}?area=E05000000")) == []
    assert refs(api.get(f"{LIST}?organisation=police")) == [first]
    assert refs(api.get(f"{LIST}?q=seen+elsewhere")) == [third]
    assert refs(api.get(f"{LIST}?q=youth")) == [second]
    assert refs(api.get(f"{LIST}?ordering=-rank&q=seen")) == [third, first]
    assert refs(api.get(f"{LIST}?updated_since=2100-01-01T00:00:00Z")) == []
    assert api.get("/api/v1/recommendations.csv").getvalue().decode().startswith("reference,number,title")


def test_a_stranger_among_the_parameters_is_named(api: CheckingClient) -> None:
    answer = api.get(f"{LIST}?thme=x")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == "thme"


def test_only_the_convenor_enters_and_asks(
    api: CheckingClient, assembly: Assembly, police: Organisation
) -> None:
    made = make.recommendation(assembly)
    theirs = key_of(make.responder(police))
    sent = {"assembly": assembly.slug, "title": "A", "body": "B"}
    assert api.send("POST", LIST, sent).status_code == 401
    assert api.send("POST", LIST, sent, key=theirs).status_code == 403
    assert api.send("POST", LIST, sent, key=key_of(make.convenor("other"))).status_code == 403
    narrow = key_of(make.convenor(), "updates:write")
    assert api.send("POST", LIST, sent, key=narrow).json()["code"] == "scope_missing"
    path = f"{LIST}{made.reference}/asked/"
    assert api.send("POST", path, {"organisation": "police"}, key=theirs).status_code == 403


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"assembly": "nowhere"}, "/assembly"),
        ({"theme": "nothing"}, "/theme"),
        ({"asked": ["nobody"]}, "/asked/0"),
        ({"colour": "red"}, "/colour"),
        ({"body": 7}, "/body"),
        ({"source": "a book"}, "/source"),
        ({"source": {"url": "https://example.org/"}}, "/source/reliability"),
        ({"source": [{"url": "x", "reliability": "primary"}]}, "/source/0/url"),
        ({"source": []}, "/source"),
    ],
)
def test_what_is_wrong_is_pointed_at(
    api: CheckingClient, assembly: Assembly, convenor: str, change: dict[str, Any], pointer: str
) -> None:
    sent = {"assembly": assembly.slug, "title": "A", "body": "B", **change}
    answer = api.send("POST", LIST, sent, key=convenor)
    assert answer.status_code == 400
    assert pointer in [row["pointer"] for row in answer.json()["errors"]], answer.json()
    assert not Recommendation.objects.exists()


def test_asking_once_starts_a_clock_and_twice_is_refused(
    api: CheckingClient, assembly: Assembly, convenor: str, police: Organisation
) -> None:
    made = make.recommendation(assembly)
    path = f"{LIST}{made.reference}/asked/"
    answer = api.send("POST", path, {"organisation": "police"}, key=convenor)
    assert (answer.status_code, answer.json()["state"]) == (201, "awaiting_response")
    assert answer["Location"].endswith(f"{LIST}{made.reference}/")
    again = api.send("POST", path, {"organisation": "police"}, key=convenor)
    assert (again.status_code, again.json()["code"]) == (409, "already_asked")
    assert (
        api.send("POST", f"{LIST}AT25-R99/asked/", {"organisation": "police"}, key=convenor).status_code
        == 404
    )


def test_the_convenor_sets_the_day_of_an_answer_after_today_and_within_two_years(
    api: CheckingClient, assembly: Assembly, police: Organisation
) -> None:
    path, key = f"{LIST}{make.recommendation(assembly).reference}/asked/", key_of(make.convenor())
    today = clock.today()
    for day in (today, today + timedelta(days=731)):
        answer = api.send("POST", path, {"organisation": "police", "due_on": day.isoformat()}, key=key)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "answer_day")
    last = (today + timedelta(days=730)).isoformat()
    answer = api.send("POST", path, {"organisation": "police", "due_on": last}, key=key)
    assert (answer.status_code, answer.json()["due_on"]) == (201, last)


def test_an_answer_is_given_late_and_given_anew(
    api: CheckingClient, assembly: Assembly, police: Organisation
) -> None:
    made = make.recommendation(assembly)
    path = f"{LIST}{made.reference}/responses/"
    asked = actions.ask(made, by=make.convenor(), today=date(2026, 6, 1), organisation=police)
    key = key_of(make.responder(police))
    sent = {"organisation": "police", "position": "partly_accepted", "body": "In part."}
    with clock.at(make.noon(asked.due_on + timedelta(days=3))):
        assert api.send("POST", path, sent, key=key).json()["code"] == "reason_missing"
        first = api.send("POST", path, {**sent, "reason": "Money."}, key=key)
        assert first.status_code == 201, first.content
        assert (first.json()["position"], first.json()["late_by_days"]) == ("partly_accepted", 3)
        second = api.send("POST", path, {**sent, "position": "accepted"}, key=key).json()
        assert second["late_by_days"] is None
        versions = api.get(path).json()["results"]
        assert [row["position"] for row in versions] == ["accepted", "partly_accepted"]
        assert versions[0]["record_position"] > versions[1]["record_position"]
        row = api.get(f"{LIST}{made.reference}/").json()
        assert (row["state"], row["asked"][0]["late_by_days"]) == ("responded", 3)
        assert row["responses"] == versions
        here = second["url"].removeprefix("http://testserver")
        assert api.get(here).json() == second
        assert api.get(f"{path}?position=accepted&organisation=police").json()["results"] == [second]


def test_nobody_answers_what_they_were_not_asked(
    api: CheckingClient, assembly: Assembly, police: Organisation
) -> None:
    path = f"{LIST}{make.recommendation(assembly).reference}/responses/"
    sent = {"organisation": "police", "position": "accepted", "body": "Yes."}
    answer = api.send("POST", path, sent, key=key_of(make.responder(police)))
    assert (answer.status_code, answer.json()["code"]) == (409, "not_asked")
    answer = api.send("POST", path, sent, key=key_of(make.responder(make.organisation())))
    assert answer.status_code == 403


def test_the_convenor_enters_an_answer_found_elsewhere(
    api: CheckingClient, assembly: Assembly, convenor: str, police: Organisation
) -> None:
    made = make.recommendation(assembly)
    path = f"{LIST}{made.reference}/responses/"
    sent = {"organisation": "police", "position": "rejected", "body": "No.", "source": make.SOURCE}
    answer = api.send("POST", path, sent, key=convenor)
    assert answer.status_code == 201, answer.content
    assert answer.json()["answered_on"] is None
    assert answer.json()["entered_from"]["sources"][0]["url"] == "https://example.org/report"
    assert api.get(f"{LIST}{made.reference}/").json()["state"] == "not_asked"
    theirs = key_of(make.responder(police))
    assert api.send("POST", path, sent, key=theirs).status_code == 403


def test_a_corrected_wording_stands_beside_the_first(api: CheckingClient, assembly: Assembly) -> None:
    made = make.recommendation(assembly, title="Engage with the young")
    actions.correct_recommendation(
        made,
        by=make.convenor(),
        today=make.TODAY,
        field="title",
        text="Engage with young people",
        reason="Typo",
    )
    row = api.get(f"{LIST}{made.reference}/").json()
    titles = [(one["text"], one["reason"]) for one in row["wordings"] if one["field"] == "title"]
    assert titles == [("Engage with the young", None), ("Engage with young people", "Typo")]


def test_a_repeated_idempotency_key_has_one_effect(
    api: CheckingClient, assembly: Assembly, convenor: str
) -> None:
    sent = {"assembly": assembly.slug, "title": "A", "body": "B"}
    first = api.send("POST", LIST, sent, key=convenor, Idempotency_Key="k")
    again = api.send("POST", LIST, sent, key=convenor, Idempotency_Key="k")
    assert first.content == again.content
    assert Recommendation.objects.count() == 1
