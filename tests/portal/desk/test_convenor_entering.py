"""The convenor enters what was published elsewhere, and asks organisations to answer by a day."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import actions as accounts
from accounts.models import Role
from commitments.models import Asked, Commitment, Recommendation, Response
from portal.desk.once import token
from record import clock
from tests import make
from tests.make import SLUG, TODAY, days
from tests.portal.desk.deciding import said, send
from tests.portal.desk.windows import at_desk
from tests.portal.people import browser, fill

pytestmark = pytest.mark.django_db
HOME = f"/desk/assemblies/{SLUG}/"
SOURCE = {
    "source_url": "HTTPS://example.org/plan",
    "source_date": "6/5/2025",
    "source_reliability": "primary",
    "source_note": "Page 4",
}
KEPT = [{"url": "https://example.org/plan", "date": "2025-05-06", "reliability": "primary", "note": "Page 4"}]


@pytest.fixture(autouse=True)
def _today() -> Any:
    with clock.at(make.noon(TODAY)):
        yield


def test_a_recommendation_an_answer_and_a_promise_are_entered_each_with_its_source() -> None:
    assembly = make.assembly(prefix="AT25")
    theme, met = make.theme(assembly, "be-there"), make.organisation("met")
    client, told = (
        at_desk(make.convenor()),
        {"title": "Walk more", "body": "Every evening.", "theme": theme.slug},
    )
    preview, answer = send(client, f"{HOME}recommendations/new/", **told, **SOURCE)
    assert "sorted so by the convenor, not by the source" in preview
    assert "example.org" in preview
    made = Recommendation.objects.get()
    assert (made.title, made.theme, made.entered_from) == ("Walk more", theme, KEPT)
    assert answer["Location"].startswith("/desk/recommendations/AT25-R01/ask/")
    path = "/desk/recommendations/AT25-R01/responses/new/"
    given = {"organisation": met.slug, "position": "rejected", "body": "No.", "reason": "No money."}
    preview, _ = send(client, path, **given, **SOURCE)
    assert "No money." in preview
    response = Response.objects.get()
    assert (response.stance, response.entered_from) == ("rejected", KEPT)
    promised = {"title": "Walk weekly", "recommendations": "AT25-R01", "lead": "organisation:met"}
    preview, answer = send(client, f"{HOME}commitments/new/", **promised, reported_state="Begun.", **SOURCE)
    assert "cannot be judged" in preview
    entered = Commitment.objects.get()
    assert (entered.reported_state, entered.accepted_on, entered.due_on) == ("Begun.", None, None)
    assert [(one.organisation, one.team, one.lead) for one in entered.owners.all()] == [(met, None, True)]
    assert "Entered as AT25-C001" in said(client.get(answer["Location"]))


def test_without_a_source_nothing_is_entered_and_nothing_typed_is_lost() -> None:
    make.assembly(prefix="AT25")
    client, path = at_desk(make.convenor()), f"{HOME}commitments/new/"
    typed = {**SOURCE, "source_url": "the town hall", "source_date": "last May"}
    answer = fill(
        client, client.get(path), path, needing="once", title="Walk weekly", lead="team:none", **typed
    )
    page = said(answer)
    assert answer.status_code == 400
    for field in ("source_url", "source_date", "lead"):
        assert f'href="#{field}"' in page
    assert 'value="Walk weekly"' in page
    assert 'value="the town hall"' in page


def test_organisations_are_asked_by_a_day_which_everybody_sees() -> None:
    it = make.recommendation(make.assembly(prefix="AT25"))
    met, council = make.organisation("met"), make.organisation("council")
    client, path = at_desk(make.convenor()), f"/desk/recommendations/{it.reference}/ask/"
    assert f'value="{days(56).isoformat()}"' in said(client.get(path))
    page = client.get(path)
    for day in ("31/5/2026", "2028-06-01"):
        preview = fill(client, page, path, needing="once", organisations="met", due_on=day)
        refused = fill(client, preview, path, needing="once", send="1")
        assert refused.status_code == 400
        assert "a day after today and within two years" in said(refused)
    preview, answer = send(client, path, organisations="met", due_on="30/6/2026")
    assert "answer due by 30 June 2026" in preview
    asked = Asked.objects.get()
    assert (asked.organisation, asked.asked_on, asked.due_on) == (met, TODAY, days(29))
    assert "answer due by 30 June 2026" in said(client.get(answer["Location"]))
    both = {"organisations": ["council", "mopac"], "due_on": days(56).isoformat(), "once": token()}
    mopac, csrf = make.organisation("mopac"), client.cookies["csrftoken"].value
    pressed = [client.post(path, {**both, "send": "1", "csrfmiddlewaretoken": csrf}) for _ in range(2)]
    assert [one.status_code for one in pressed] == [302, 302]
    assert {one.due_on for one in Asked.objects.filter(organisation__in=(council, mopac))} == {days(56)}
    assert Asked.objects.count() == 3


def test_the_hub_counts_what_waits_and_costs_the_same_however_much_there_is() -> None:
    assembly = make.assembly(prefix="AT25")
    client = at_desk(make.convenor())

    def questions() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(HOME).status_code == 200
        return len(caught)

    make.recommendation(assembly)
    make.challenge(make.claim(make.commitment(assembly)))
    client.get(HOME)
    one = questions()
    for _ in range(3):
        make.recommendation(assembly)
        make.challenge(make.claim(make.commitment(assembly)))
    assert questions() == one
    page = said(client.get(HOME))
    assert f'{HOME}challenges/">Challenges</a> <span class="mark">4</span>' in page
    assert page.count("nobody asked yet") == 4
    assert one <= 24


def test_the_pages_of_a_convenor_are_theirs_alone() -> None:
    it = make.recommendation(make.assembly(prefix="AT25"))
    make.assembly("newtown-2026", prefix="NT26")
    torn = make.convenor()
    owned = make.commitment(it.assembly)
    accounts.grant_role(torn, Role.TEAM_MEMBER, team=make.lead_team(owned))
    lists = ("", "challenges/", "codes/", "commitments/new/", "corrections/", "date-changes/", "holds/",
             "holds/new/", "holds/hide/", "recommendations/new/", "redactions/", "redactions/new/", "reports/",
             "set-asides/", "words/")  # fmt: skip
    paths = [HOME + one for one in lists] + [f"/desk/recommendations/{it.reference}/ask/"]
    people = {
        "torn": at_desk(torn), "elsewhere": at_desk(make.convenor("newtown-2026")),
        "panel": at_desk(make.panel()), "owner": at_desk(make.member(make.lead_team(owned))),
    }  # fmt: skip
    wrong = [
        (name, path, status)
        for path in paths
        for name, client in people.items()
        if (status := client.get(path).status_code) != 403
    ]
    own = at_desk(make.convenor())
    wrong += [("convenor", path, status) for path in paths if (status := own.get(path).status_code) != 200]
    wrong += [
        ("stranger", path, 0) for path in paths if "/desk/sign-in/" not in browser().get(path)["Location"]
    ]
    assert wrong == []
    assert own.get("/desk/assemblies/nowhere/").status_code == 404
