"""Bodies are published and corrected by convenors, roles granted and ended, keys issued and revoked, people erased."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts import actions, errors, keys, roles
from accounts.models import Key, Membership, Organisation, Role, Team, User
from commitments.actions import reorganise
from record import clock
from record.guarded import opened
from record.refusals import Invalid
from tests import make
from tests.make import SLUG, TODAY
from tests.recording import one, refused, telling, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def police() -> Organisation:
    return make.organisation("police")


@pytest.fixture
def north(police: Organisation) -> Team:
    return make.team(police, "north")


def test_an_organisation_is_published_by_a_convenor_and_told() -> None:
    convenor = make.convenor()
    with telling() as entries:
        actions.publish_organisation(
            "police", by=convenor, today=TODAY, name="The Police", kind="police_force", area="E23000001"
        )
    told(
        one(entries),
        "organisation.published",
        actor=f"convenor:{SLUG}",
        subject="organisation:police",
        assembly="",
        facts={"name": "The Police", "kind": "police_force", "area": "E23000001"},
    )


def test_a_team_is_published_within_its_body_and_told(police: Organisation) -> None:
    convenor = make.convenor()
    with telling() as entries:
        actions.publish_team("north", by=convenor, today=TODAY, name="North", organisation=police)
    told(
        one(entries),
        "team.published",
        actor=f"convenor:{SLUG}",
        subject="team:north",
        assembly="",
        facts={"name": "North", "organisation": "police", "area": None},
    )


def test_a_name_is_corrected_and_both_are_told(police: Organisation, north: Team) -> None:
    convenor = make.convenor()
    with telling() as entries:
        actions.correct_organisation(
            police, by=convenor, today=TODAY, name="The Constabulary", reason="Renamed"
        )
        actions.correct_team(north, by=convenor, today=TODAY, name="North Team", reason="A slip")
    told(
        entries[0],
        "organisation.corrected",
        actor=f"convenor:{SLUG}",
        subject="organisation:police",
        assembly="",
        facts={"old": {"name": "Police"}, "new": {"name": "The Constabulary"}},
        words={"reason": "Renamed"},
    )
    told(
        entries[1],
        "team.corrected",
        actor=f"convenor:{SLUG}",
        subject="team:north",
        assembly="",
        facts={
            "old": {"name": "North", "ended_on": None},
            "new": {"name": "North Team", "ended_on": None},
        },
        words={"reason": "A slip"},
    )


def test_the_day_on_which_a_team_ended_is_corrected_and_no_team_ends_so(north: Team) -> None:
    convenor = make.convenor()
    with refused(errors.NotEnded):
        actions.correct_team(north, by=convenor, today=TODAY, ended_on=TODAY, reason="Closed")
    tomorrow = date(2026, 6, 2)
    with refused(errors.EndsInTheFuture, "ended_on"):
        reorganise(north, by=convenor, today=TODAY, reason="Closed", ended_on=tomorrow)
    reorganise(north, by=convenor, today=TODAY, reason="Closed")
    with refused(errors.EndsInTheFuture, "ended_on"):
        actions.correct_team(north, by=convenor, today=TODAY, ended_on=tomorrow, reason="Later")
    with telling() as entries:
        actions.correct_team(north, by=convenor, today=TODAY, ended_on=date(2026, 5, 1), reason="Earlier")
    told(
        one(entries),
        "team.corrected",
        actor=f"convenor:{SLUG}",
        subject="team:north",
        assembly="",
        facts={
            "old": {"name": "North", "ended_on": "2026-06-01"},
            "new": {"name": "North", "ended_on": "2026-05-01"},
        },
        words={"reason": "Earlier"},
    )


def test_a_correction_changes_something(police: Organisation, north: Team) -> None:
    convenor = make.convenor()
    with refused(errors.NothingToCorrect, "name"):
        actions.correct_organisation(police, by=convenor, today=TODAY, name="Police", reason="None")
    with refused(errors.NothingToCorrect, "name"):
        actions.correct_team(north, by=convenor, today=TODAY, name="North", reason="None")


def test_a_slug_is_given_once(police: Organisation, north: Team) -> None:
    convenor = make.convenor()
    with refused(errors.SlugTaken, "slug"):
        actions.publish_organisation("police", by=convenor, today=TODAY, name="Again", kind="other")
    with refused(errors.SlugTaken, "slug"):
        actions.publish_team("north", by=convenor, today=TODAY, name="Again", organisation=police)


def test_nobody_but_convenors_keeps_the_registers(police: Organisation, north: Team) -> None:
    for by in (make.person(), make.panel(), make.responder(police), make.member(north)):
        with refused(errors.NotAConvenor):
            actions.publish_organisation("mine", by=by, today=TODAY, name="Mine", kind="other")
        with refused(errors.NotAConvenor):
            actions.publish_team("mine", by=by, today=TODAY, name="Mine", organisation=police)
        with refused(errors.NotAConvenor):
            actions.correct_organisation(police, by=by, today=TODAY, name="Mine", reason="Mine")
        with refused(errors.NotAConvenor):
            actions.correct_team(north, by=by, today=TODAY, name="Mine", reason="Mine")


def test_a_role_is_held_once_until_it_ends(north: Team) -> None:
    user = make.person()
    grants: list[tuple[Role, dict[str, Any]]] = [
        (Role.CONVENOR, {"assembly": SLUG}),
        (Role.PANEL, {"assembly": SLUG}),
        (Role.RESPONDER, {"organisation": north.organisation}),
        (Role.TEAM_MEMBER, {"team": north}),
    ]
    for role, scope in grants:
        membership = actions.grant_role(user, role, **scope)
        with refused(errors.RoleHeld):
            actions.grant_role(user, role, **scope)
        actions.end_role(membership)
        actions.grant_role(user, role, **scope)
    assert roles.held(user).count() == 4
    assert roles.organisation_ids(user) == {north.organisation_id}


def test_a_role_names_the_body_that_it_is_for(north: Team) -> None:
    user = make.person()
    wrong: list[tuple[Role, dict[str, Any]]] = [
        (Role.CONVENOR, {}),
        (Role.PANEL, {"assembly": SLUG, "team": north}),
        (Role.RESPONDER, {}),
        (Role.RESPONDER, {"team": north}),
        (Role.RESPONDER, {"assembly": SLUG, "organisation": north.organisation}),
        (Role.TEAM_MEMBER, {"organisation": north.organisation}),
    ]
    for role, scope in wrong:
        with refused(Invalid):
            actions.grant_role(user, role, **scope)
        scope.setdefault("organisation", scope["team"].organisation if "team" in scope else None)
        with pytest.raises(IntegrityError), transaction.atomic(), opened():
            Membership.objects.create(user=user, role=role, **scope)


def test_a_key_opens_what_its_scopes_say_and_its_token_is_nowhere_stored() -> None:
    user = make.person()
    with telling() as entries:
        key, token = actions.issue_key(
            user, scopes=["updates:write", "updates:write", "account:read"], name="Van"
        )
    assert entries == []
    assert key.scopes == ["account:read", "updates:write"]
    assert key.allows("updates:write")
    assert not key.allows("approvals:write")
    assert token.startswith(f"{key.prefix}_")
    assert token not in str(Key.objects.values_list())
    assert key.digest == keys.digest(token)


def test_the_scope_all_opens_everything() -> None:
    key, _ = actions.issue_key(make.person(), scopes=["all"])
    assert all(key.allows(scope) for scope in keys.SCOPES)


def test_a_scope_that_does_not_exist_is_refused() -> None:
    user = make.person()
    with refused(errors.UnknownScope, "scopes"):
        actions.issue_key(user, scopes=["all", "everything"])


def test_an_erased_person_is_forgotten_and_what_their_office_said_stays(north: Team) -> None:
    user = make.person("officer")
    user.set_password("a password")
    user.save()
    actions.grant_role(user, Role.TEAM_MEMBER, team=north)
    _, token = actions.issue_key(user, scopes=["all"])
    update = make.update(make.commitment(lead=north), by=user)
    with telling() as entries:
        actions.erase_account(user)
    assert entries == []
    user = User.objects.get(pk=user.pk)
    assert user.email.startswith("erased-")
    assert user.email.endswith("@invalid.invalid")
    assert user.erased_at is not None
    assert not any([user.is_active, user.is_staff, user.is_superuser, user.has_usable_password()])
    assert user.confirmed_at is None
    assert not roles.is_resident(user)
    assert not roles.held(user).exists()
    assert keys.find(token) is None
    update.refresh_from_db()
    assert (update.team, update.author_id) == (north, user.pk)


def test_the_moment_in_which_a_role_ended_is_kept(north: Team) -> None:
    user = make.person()
    membership = actions.grant_role(user, Role.TEAM_MEMBER, team=north)
    moment = make.noon(TODAY) + timedelta(hours=1)
    with clock.at(moment):
        actions.end_role(membership)
    membership.refresh_from_db()
    assert membership.ended_at == moment


def test_a_convenor_does_not_keep_the_entry_of_an_own_body(police: Organisation, north: Team) -> None:
    torn = make.convenor()
    actions.grant_role(torn, Role.RESPONDER, organisation=police)
    with refused(errors.OwnBody):
        actions.correct_organisation(police, by=torn, today=TODAY, name="The Met", reason="A new name.")
    with refused(errors.OwnBody):
        actions.correct_team(north, by=torn, today=TODAY, name="The North", reason="A new name.")
    with refused(errors.OwnBody):
        actions.publish_team("south", by=torn, today=TODAY, name="South", organisation=police)
