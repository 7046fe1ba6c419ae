"""What the commands about people have in common: their arguments, and refusals that end them in words."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandError, CommandParser

from accounts import people
from accounts.models import Role
from record.refusals import Refusal


@contextmanager
def in_words() -> Iterator[None]:
    """Let a refusal end a command with its sentence and a failing exit code."""
    try:
        yield
    except Refusal as refusal:
        raise CommandError(refusal.detail) from refusal


def take_role(parser: CommandParser) -> None:
    """Take a person, a role, and where it is held."""
    parser.add_argument("email", help="whose role it is")
    parser.add_argument("role", choices=Role.values)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--assembly", default="", help="slug: for a convenor or a panel member")
    where.add_argument("--organisation", help="slug: for a responder")
    where.add_argument("--team", help="slug: for a team member")


def place(options: dict[str, Any]) -> dict[str, Any]:
    """Where a role is held, from the arguments."""
    organisation, team = options["organisation"], options["team"]
    return {
        "assembly": options["assembly"],
        "organisation": people.organisation(organisation) if organisation else None,
        "team": people.team(team) if team else None,
    }
