"""The doors of an operator: people, roles and keys from the command line."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts import keys, roles
from accounts.models import Key, Membership, Organisation, Team, User
from record import clock
from tests import make

pytestmark = pytest.mark.django_db
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def someone() -> User:
    """Somebody with an account."""
    return make.person("someone")


@pytest.fixture
def team() -> Team:
    """A team of the police."""
    return make.team(make.organisation("police"), "beat")


def test_a_key_is_printed_alone_and_opens_everything_of_its_owner(someone: User, capsys: Captured) -> None:
    call_command("issue_key", "Someone@Example.org")
    printed = capsys.readouterr()
    assert printed.err == ""
    found = keys.find(printed.out.removesuffix("\n"))
    assert found
    assert (found.user, found.scopes, found.expires_at) == (someone, ["all"], None)


def test_a_key_may_be_named_narrow_and_short_lived(someone: User) -> None:
    call_command(
        "issue_key",
        someone.email,
        "--scope",
        "updates:write",
        "--scope",
        "account:read",
        "--name=Bot",
        "--days=7",
    )
    key = Key.objects.get()
    assert (key.name, key.scopes) == ("Bot", ["account:read", "updates:write"])
    assert key.expires_at
    assert timedelta(days=6) < key.expires_at - clock.now() <= timedelta(days=7)


def test_no_key_is_issued_to_nobody(capsys: Captured) -> None:
    with pytest.raises(CommandError, match=r"Nobody here has the address nobody@example\.org"):
        call_command("issue_key", "nobody@example.org")
    assert capsys.readouterr().out == ""


def test_an_unknown_scope_is_refused_with_the_known_ones(someone: User) -> None:
    with pytest.raises(CommandError, match="updates:write"):
        call_command("issue_key", someone.email, "--scope", "everything")


def test_a_person_is_made_with_a_password_printed_alone(capsys: Captured) -> None:
    call_command("create_person", "New@Example.org")
    password = capsys.readouterr().out.removesuffix("\n")
    made = User.objects.get(email="new@example.org")
    assert made.check_password(password)
    assert roles.is_resident(made)
    assert not made.is_staff


def test_an_address_is_taken_once(someone: User) -> None:
    with pytest.raises(CommandError, match=r"has the address someone@example\.org already"):
        call_command("create_person", someone.email)


GRANTS: list[tuple[list[str], dict[str, Any]]] = [
    (["convenor", "--assembly", "anytown"], {"role": "convenor", "assembly": "anytown"}),
    (["panel", "--assembly", "anytown"], {"role": "panel", "assembly": "anytown"}),
    (["responder", "--organisation", "police"], {"role": "responder", "organisation__slug": "police"}),
    (["team_member", "--team", "beat"], {"role": "team_member", "team__slug": "beat"}),
]


@pytest.mark.parametrize(("arguments", "held"), GRANTS, ids=[one[0][0] for one in GRANTS])
def test_each_role_is_given_where_it_is_held_and_ended_there(
    someone: User, team: Team, arguments: list[str], held: dict[str, Any], capsys: Captured
) -> None:
    call_command("grant_role", someone.email, *arguments)
    assert "someone@example.org is " in capsys.readouterr().out
    assert Membership.objects.filter(user=someone, ended_at=None, **held).exists()
    call_command("end_role", someone.email, *arguments)
    assert "is no longer" in capsys.readouterr().out
    assert not roles.held(someone).exists()


def test_a_role_is_held_once(someone: User, team: Team) -> None:
    call_command("grant_role", someone.email, "team_member", "--team=beat")
    with pytest.raises(CommandError, match="holds this role already"):
        call_command("grant_role", someone.email, "team_member", "--team=beat")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nobody@example.org", "convenor", "--assembly=a"], "create_person nobody@example.org"),
        (["someone@example.org", "responder", "--organisation=army"], "the organisations are: police"),
        (["someone@example.org", "team_member", "--team=navy"], "the teams are: beat"),
        (["someone@example.org", "convenor", "--team=beat"], "named for an assembly"),
        (["someone@example.org", "responder", "--assembly=a"], "named for an organisation"),
        (["someone@example.org", "convenor"], "one of the arguments --assembly --organisation --team"),
        (["someone@example.org", "king", "--assembly=a"], "invalid choice: 'king'"),
    ],
)
def test_a_role_that_cannot_be_is_refused_in_words(
    someone: User, team: Team, arguments: list[str], sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("grant_role", *arguments)


def test_a_role_that_is_not_held_cannot_end(someone: User) -> None:
    call_command("grant_role", someone.email, "panel", "--assembly=anytown")
    with pytest.raises(CommandError, match="their roles are: panel of anytown"):
        call_command("end_role", someone.email, "convenor", "--assembly=anytown")


def test_where_nothing_is_yet_the_refusal_says_so(someone: User) -> None:
    assert not Organisation.objects.exists()
    with pytest.raises(CommandError, match="the organisations are: none yet"):
        call_command("grant_role", someone.email, "responder", "--organisation=police")
