"""Ratings over HTTP: one's own, which nobody else sees, and the figures that everyone does."""

from datetime import timedelta

import pytest

from accounts import actions as accounts
from accounts.models import User
from commitments.models import Commitment, Theme
from ratings import actions, periods
from ratings.models import Ballot, FreshBallot
from ratings.subjects import Said
from record import clock
from tests import make
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def commitment() -> Commitment:
    assembly = make.assembly(prefix="AT25")
    asked = make.recommendation(assembly, theme=make.theme(assembly, "be-there"))
    return make.commitment(assembly, recommendations=[asked])


@pytest.fixture
def resident() -> User:
    return make.person()


@pytest.fixture
def headers(resident: User) -> dict[str, str]:
    return {"Authorization": f"Bearer {accounts.issue_key(resident, scopes=['all'])[1]}"}


OF_COMMITMENT = "/api/v1/commitments/AT25-C001/rating/"
OF_THEME = "/api/v1/assemblies/anytown-2025/themes/be-there/rating/"


def test_one_rates_reads_changes_and_takes_back(
    api: CheckingClient, commitment: Commitment, headers: dict[str, str]
) -> None:
    answer = api.put(OF_COMMITMENT, {"score": 2}, content_type="application/json", headers=headers)
    period = periods.of(clock.today())
    assert answer.json() == {
        "subject": "commitment:AT25-C001",
        "period": period,
        "score": 2,
        "dont_know": False,
        "communities": {},
        **dict.fromkeys(("words", "words_state", "words_ground", "words_shown")),
        "changeable_until": periods.last_day(period).isoformat(),
    }
    assert answer["Cache-Control"] == "private, no-store"
    api.put(OF_COMMITMENT, {"dont_know": True}, content_type="application/json", headers=headers)
    assert api.get(OF_COMMITMENT, headers=headers).json()["dont_know"] is True
    assert api.delete(OF_COMMITMENT, headers=headers).status_code == 204
    gone = api.get(OF_COMMITMENT, headers=headers)
    assert (gone.status_code, gone.json()["code"]) == (404, "nothing_rated")


def test_a_theme_takes_answers_on_community_each_with_consent(
    api: CheckingClient, commitment: Commitment, headers: dict[str, str]
) -> None:
    said = {"age_band": {"answer": "25_34", "consent": True}}
    answer = api.put(
        OF_THEME, {"score": 1, "communities": said}, content_type="application/json", headers=headers
    )
    assert answer.json()["communities"] == {"age_band": "25_34"}
    said["sex"] = {"answer": "female", "consent": False}
    refused = api.put(
        OF_THEME, {"score": 1, "communities": said}, content_type="application/json", headers=headers
    )
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["pointer"] == "/communities/sex/consent"


@pytest.mark.parametrize(
    "body", [{}, {"score": 0}, {"score": 6}, {"score": "4"}, {"score": 3, "dont_know": True}, {"stars": 4}]
)
def test_what_is_no_rating_is_refused_and_nothing_is_cast(
    api: CheckingClient, commitment: Commitment, headers: dict[str, str], body: dict[str, object]
) -> None:
    refused = api.put(OF_COMMITMENT, body, content_type="application/json", headers=headers)
    assert refused.status_code == 400
    assert not FreshBallot.objects.exists()


def cut(subject: Commitment | Theme, *scores: int) -> None:
    for score in scores:
        actions.cast(subject, by=make.person(), today=clock.today(), said=Said(score))
    actions.cut_figures(clock.today())


def test_figures_are_listed_and_withheld_ones_are_not_there(
    api: CheckingClient, commitment: Commitment
) -> None:
    cut(Theme.objects.get(), *[2] * 9)
    assert api.get("/api/v1/ratings/").json()["results"] == []


def test_a_published_figure_is_read_by_everyone(api: CheckingClient, commitment: Commitment) -> None:
    cut(commitment, 2, 2, 5, 2, 2, 2, 5, 2, 2, 2, 2, 2)
    [figure] = api.get("/api/v1/ratings/?subject=commitment:AT25-C001&by=all&latest=true").json()["results"]
    assert (figure["n"], figure["mean"], figure["low"], figure["high"]) == (10, 2.5, 1.9, 3.2)
    assert (figure["group"], figure["withheld"], figure["latest"]) == (None, None, True)
    event = api.get(f"/api/v1/events/{figure['position']}/").json()
    assert event["type"] == "figures.cut"
    assert event["body"]["facts"]["figures"][0]["mean"] == 2.5
    assert b"figures" in api.get("/api/v1/ratings/feed.atom").content.lower()
    assert api.get("/api/v1/ratings/?period=2019-Q1").json()["results"] == []
    assert api.get("/api/v1/ratings/?period=spring").status_code == 400


def test_what_residents_say_stands_beside_the_claim_with_the_gap(
    api: CheckingClient, commitment: Commitment
) -> None:
    update = make.update(commitment, by=make.responder(commitment.owners.get().organisation))
    assert update.status == "in_progress"
    theme = Theme.objects.select_related("assembly").get()
    cut(theme, *[4] * 12)
    cut_later = clock.today() + timedelta(days=7)
    for score in (2, 2, 5, 2, 2, 2, 5, 2, 2, 2, 2, 2):
        actions.cast(commitment, by=make.person(), today=clock.today(), said=Said(score))
    actions.cut_figures(cut_later)
    period = periods.of(clock.today())
    voice = {"period": period, "n": 10, "mean": 2.5, "low": 1.9, "high": 3.2, "withheld": None}
    for found in (
        api.get("/api/v1/commitments/").json()["results"][0],
        api.get("/api/v1/commitments/AT25-C001/").json(),
    ):
        assert found["voices"]["residents"] == voice
        assert found["voices"]["gap"] == {"value": 0.125, "method": "gap/1"}
    shown = api.get("/api/v1/assemblies/anytown-2025/themes/be-there/").json()["voices"]
    assert (shown["residents"]["n"], shown["residents"]["mean"]) == (10, 4.0)
    assert shown["gap"]["value"] == -0.25


def test_no_answer_of_the_api_holds_a_single_rating(
    api: CheckingClient, commitment: Commitment, headers: dict[str, str], resident: User
) -> None:
    api.put(OF_COMMITMENT, {"score": 2}, content_type="application/json", headers=headers)
    other = {"Authorization": f"Bearer {accounts.issue_key(make.person(), scopes=['all'])[1]}"}
    assert api.get(OF_COMMITMENT, headers=other).status_code == 404
    assert "2026" not in str(api.get("/api/v1/ratings/").json()["results"])
    assert not Ballot.objects.exists()
