"""People: known by their address however it is typed, and holding roles only while their account is open."""

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db import IntegrityError, transaction

from accounts import actions, roles
from accounts.models import Role, User
from record.guarded import opened
from tests import make
from tests.make import SLUG

pytestmark = pytest.mark.django_db


def test_an_address_is_one_person_however_it_is_typed() -> None:
    user = User.objects.create_user(" Someone@Example.ORG ", "a long password")
    assert user.email == "someone@example.org"
    assert User.objects.get_by_natural_key("SOMEONE@example.org ") == user
    assert authenticate(username="someone@EXAMPLE.org", password="a long password") == user
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("someone@example.org")


def test_a_person_made_without_a_password_cannot_sign_in_with_one() -> None:
    user = User.objects.create_user("someone@example.org")
    assert not user.has_usable_password()
    assert authenticate(username="someone@example.org", password="") is None


def test_an_operator_is_made_from_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a long password")
    call_command("createsuperuser", "--noinput", "--email", "operator@example.org", verbosity=0)
    operator = User.objects.get(email="operator@example.org")
    assert operator.is_staff
    assert operator.is_superuser
    assert not roles.held(operator).exists()


def test_roles_are_held_in_one_assembly_or_body_and_nowhere_else() -> None:
    team = make.team()
    convenor, panel, responder, member = (
        make.convenor(),
        make.panel(),
        make.responder(team.organisation),
        make.member(team),
    )
    assert roles.is_convenor(convenor, SLUG)
    assert not roles.is_convenor(convenor, "other-2025")
    assert roles.is_panel(panel, SLUG)
    assert not roles.is_panel(panel, "other-2025")
    assert not roles.is_panel(convenor, SLUG)
    assert roles.is_responder(responder, team.organisation)
    assert not roles.is_responder(member, team.organisation)
    assert not roles.is_responder(responder, make.organisation())
    assert list(roles.teams(member)) == [team]
    assert roles.responds_for(responder) == {team.organisation_id}
    assert roles.organisation_ids(member) == roles.organisation_ids(responder) == {team.organisation_id}
    assert roles.organisation_ids(convenor) == set()


def test_a_closed_account_holds_no_role_and_is_no_resident() -> None:
    user = make.convenor()
    assert roles.is_resident(user)
    assert roles.convened(user) == [SLUG]
    user.is_active = False
    user.save()
    assert not roles.is_convenor(user, SLUG)
    assert roles.convened(user) == []
    assert not roles.is_resident(user)


def test_an_unconfirmed_address_makes_no_resident() -> None:
    user = make.person()
    user.confirmed_at = None
    user.save()
    assert not roles.is_resident(user)


def test_the_database_keeps_roles_from_being_held_twice() -> None:
    user, team = make.person(), make.team()
    for role, scope in (
        (Role.RESPONDER, {"organisation": team.organisation}),
        (Role.TEAM_MEMBER, {"team": team}),
    ):
        membership = actions.grant_role(user, role, **scope)
        membership.pk = None
        membership._state.adding = True
        with pytest.raises(IntegrityError), transaction.atomic(), opened():
            membership.save()
