"""Administration at the desk: three hands to grant a role, one to end it, leave, hand on or shut an account."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts import roles, second_factor
from accounts.actions import issue_key
from accounts.models import Membership, Organisation, Role, RoleRequest, Session, Team, User
from accounts.offices import Office
from commitments.actions import granting, reorganise
from notifications import feeds, links, post
from notifications.errors import LinkGone
from notifications.models import Follower
from record import clock
from tests import make
from tests.notifications.following import follower
from tests.portal.desk.windows import at_desk, with_password
from tests.portal.people import fill

pytestmark = pytest.mark.django_db
NEW = "new@example.org"


@pytest.fixture(autouse=True)
def _counted_anew() -> None:
    cache.clear()


def send(client: Client, path: str, needing: str, **typed: str) -> Any:
    """Fill in the form of a page."""
    return fill(client, client.get(path), path, needing=needing, **typed)


def test_a_seat_on_the_panel_goes_through_three_hands() -> None:
    slug = make.assembly().slug
    first, second = at_desk(make.convenor()), at_desk(make.convenor())
    office = f"panel:{slug}"
    assert send(first, "/desk/invite/", "address", address=NEW, office=office)["Location"] == "/desk/grants/"
    assert not mail.outbox
    page = first.get("/desk/grants/").content.decode()
    assert NEW in page
    assert 'value="approve"' not in page
    which = str(RoleRequest.objects.get().pk)
    assert send(first, "/desk/grants/", "which", which=which, press="approve").status_code == 403
    assert "1 role waits for you" in second.get("/desk/people/").content.decode()
    answer = send(second, "/desk/grants/", "which", which=which, press="approve")
    assert "The invitation is mailed." in second.get(answer["Location"]).content.decode()
    [invitation] = mail.outbox
    assert invitation.to == [NEW]
    said = f"{invitation.subject} {invitation.body}".lower()
    assert not [word for word in ("panel", slug, "police", "assembly", "convenor") if word in said]
    link = re.search(r"/sign-in/\S+", str(invitation.body))
    assert link is not None
    assert Client().get(link[0]).status_code == 200
    # Signed in by the code alone it is not theirs yet; with a second factor they see it and say yes.
    who = at_desk(make.person("new"))
    assert office.partition(":")[2] in who.get("/desk/invited/").content.decode()
    path = f"/desk/invited/{which}/"
    assert at_desk(make.person()).get(path).status_code == 404
    assert send(who, path, "csrfmiddlewaretoken")["Location"] == "/desk/"
    assert roles.is_panel(User.objects.get(email=NEW), slug)
    assert who.get(path).status_code == 404


def test_a_refusal_stands_beside_its_field_and_nothing_typed_is_lost() -> None:
    slug = make.assembly().slug
    convenor = make.convenor()
    client = at_desk(convenor)
    for typed, words in (
        ({"address": "no address", "office": f"panel:{slug}"}, "Type an email address"),
        ({"address": NEW, "office": ""}, "Choose for what."),
        ({"address": make.panel().email, "office": f"panel:{slug}"}, "holds this role already"),
    ):
        answer = send(client, "/desk/invite/", "address", **typed)
        assert answer.status_code in (400, 409)
        assert words in answer.content.decode()
        assert typed["address"] in answer.content.decode()
    assert send(client, "/desk/invite/", "address", address=NEW, office="panel:other").status_code == 404


def test_each_sees_the_people_whom_they_administer_and_no_others() -> None:
    slug, body = make.assembly().slug, make.organisation()
    team = make.team(body)
    convenor, panel, member = make.convenor(), make.panel(), make.member(team)
    responder, other = make.responder(body), make.responder(body)
    make.convenor("other-2026")
    seen = {
        convenor: {convenor, panel},
        responder: {responder, other, member},
        panel: set(),
        member: set(),
    }
    for by, there in seen.items():
        page = at_desk(by).get("/desk/people/").content.decode()
        for one in (convenor, panel, member, responder, other):
            assert (one.email in page) == (one in there), (by.email, one.email)
    for by in (panel, member, convenor):
        path = f"/desk/people/{other.memberships.get().pk}/end/"
        assert at_desk(by).get(path).status_code == 404
        assert at_desk(responder).get(path).status_code == 200
    assert slug


def test_the_page_of_people_asks_the_same_number_of_questions_however_many_there_are(
    django_assert_max_num_queries: Any,
) -> None:
    make.assembly()
    client = at_desk(make.convenor())
    for _ in range(3):
        make.team(make.organisation())
        make.panel()
    with django_assert_max_num_queries(24):
        client.get("/desk/people/")
    for _ in range(4):
        make.team(make.organisation())
        make.responder(make.organisation())
        make.panel()
    with django_assert_max_num_queries(24):
        client.get("/desk/people/")


def test_ending_a_role_takes_the_desk_away_at_the_next_request() -> None:
    body = make.organisation()
    ann, bo = make.responder(body), make.responder(body)
    client, path = at_desk(ann), f"/desk/people/{bo.memberships.get().pk}/end/"
    there = at_desk(bo)
    assert there.get("/desk/people/").status_code == 200
    assert send(client, path, "csrfmiddlewaretoken")["Location"] == "/desk/people/"
    assert there.get("/desk/people/").status_code == 403
    assert Membership.objects.get(user=bo).ended_by == ann


def test_a_shut_account_has_no_session_no_key_and_no_link_from_that_moment() -> None:
    slug = make.assembly().slug
    convenor, panel = make.convenor(), with_password(make.panel())
    second_factor.give_app(panel)
    _, token = issue_key(panel, scopes=["all"])
    reader = post.readers([panel.pk])[panel.pk]
    link = links.address(links.POST, reader).partition("//")[2].partition("/")[2]
    browser, api = at_desk(panel), Client(headers={"Authorization": f"Bearer {token}"})
    before = [browser.get("/desk/people/"), api.get("/api/v1/me/"), Client().get(f"/{link}")]
    assert [one.status_code for one in before] == [200, 200, 200]
    path = f"/desk/people/{panel.memberships.get().pk}/shut/"
    send(at_desk(convenor), path, "csrfmiddlewaretoken")
    after = [browser.get("/desk/people/"), api.get("/api/v1/me/"), Client().get(f"/{link}")]
    assert [one.status_code for one in after] == [302, 401, 410]
    assert not Session.objects.filter(user=panel).exists()
    assert not roles.is_panel(User.objects.get(pk=panel.pk), slug)
    # It opens when two people grant it a role again, and what was revoked stays so.
    request = granting.propose_role(panel.email, Office(Role.PANEL, assembly=slug), by=convenor)
    granting.approve_role(request, by=make.convenor())
    panel.refresh_from_db()
    assert panel.is_active
    assert api.get("/api/v1/me/").status_code == 401
    assert not second_factor.is_set_up(panel), "who stole the telephone has it still"
    assert panel.has_usable_password(), "else the mailbox alone would set up another"


def test_a_post_is_left_on_a_day_handed_on_and_kept_after_all() -> None:
    team = make.team()
    member, responder = make.member(team), make.responder(team.organisation)
    membership = member.memberships.get()
    client, path = at_desk(member), f"/desk/hand-on/{membership.pk}/"
    last_day = clock.today() + timedelta(days=10)
    assert "Say your last day" in send(client, path, "last_day").content.decode()
    past = send(client, path, "last_day", last_day="2020-01-01", address=NEW)
    assert (past.status_code, NEW in past.content.decode()) == (400, True)
    assert not RoleRequest.objects.exists(), "both or neither"
    send(client, path, "last_day", last_day=last_day.isoformat(), address=NEW)
    assert Membership.objects.get(pk=membership.pk).last_day == last_day
    assert NEW in at_desk(responder).get("/desk/grants/").content.decode()
    send(client, path, "csrfmiddlewaretoken", stay="1")
    assert Membership.objects.get(pk=membership.pk).last_day is None
    assert send(client, path, "last_day", now="1")["Location"] == "/account/"
    assert not roles.held(member).exists()
    assert at_desk(responder).get(path).status_code == 404


def test_bodies_and_teams_are_entered_corrected_and_reorganised() -> None:
    make.assembly()
    client = at_desk(make.convenor())

    def sent(path: str, needing: str, **typed: str) -> Any:
        page = send(client, path, needing, **typed)
        assert "This is what everybody will see" in page.content.decode(), page.content.decode()
        return fill(client, page, path, needing="once", send="1")

    typed = {"slug": "met", "name": "The Met", "kind": "police_force", "area": ""}
    assert sent("/desk/bodies/enter/", "slug", **typed)["Location"].startswith("/desk/bodies/?sent=")
    sent("/desk/bodies/met/correct/", "name", name="Metropolitan Police", reason="Its name.")
    for slug in ("beat", "foot"):
        sent("/desk/bodies/met/team/", "slug", slug=slug, name=slug.title(), area="")
    sent("/desk/teams/beat/correct/", "name", name="Beat team", reason="Its name.")
    assert Organisation.objects.get(slug="met").name == "Metropolitan Police"
    assert "Beat team" in client.get("/desk/bodies/").content.decode()
    sent("/desk/teams/beat/reorganise/", "reason", successor="foot", reason="Both are one now.")
    assert Team.objects.get(slug="beat").ended_on == clock.today()
    wrong = send(client, "/desk/bodies/enter/", "slug", slug="Not so", name="", kind="none", area="x")
    assert wrong.status_code == 400
    assert wrong.content.decode().count('class="error"') == 4
    assert at_desk(make.member(make.team())).get("/desk/bodies/enter/").status_code == 403


def test_a_proposal_for_a_team_that_ended_meanwhile_is_shown_nowhere_and_breaks_nothing() -> None:
    make.assembly()
    team, who = make.team(), make.person("new")
    ann, bo = make.responder(team.organisation), make.responder(team.organisation)
    office = Office(Role.TEAM_MEMBER, organisation=team.organisation, team=team)
    request = granting.propose_role(NEW, office, by=ann)
    granting.approve_role(request, by=bo)
    reorganise(team, by=ann, today=clock.today(), reason="Both are one now.")
    for client, path in ((at_desk(ann), "/desk/grants/"), (at_desk(bo), "/desk/people/")):
        answer = client.get(path)
        assert (answer.status_code, NEW in answer.content.decode()) == (200, False)
    assert at_desk(who).get(f"/desk/invited/{request.pk}/").status_code == 404
    assert at_desk(who).get("/desk/invited/").status_code == 200


def test_links_of_a_shut_account_do_not_open_but_those_that_stop() -> None:
    who = make.panel()
    reader = post.readers([who.pk])[who.pk]
    one = follower(who.email, make.assembly().record_subject)
    Follower.objects.filter(pk=one.pk).update(user=who)
    feeds.begin(one)
    opening: list[tuple[Callable[[str], object], str]] = [
        (links.reader_of, links.token(links.POST, reader)),
        (links.follower_of, links.token(links.MANAGE, one)),
        (feeds.reader_of, feeds.token(one)),
    ]
    for opens, token in opening:
        assert opens(token)
    granting.shut_account(who, by=make.convenor())
    for opens, token in opening:
        with pytest.raises(LinkGone):
            opens(token)
    assert links.stopper_of(links.token(links.STOP, one)) == one
