"""What two people do at once to roles: one of them is heard first, and the other by what is true then."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

from django.db import connection

from accounts import roles
from accounts.models import Membership, Role, RoleRequest, User
from accounts.offices import Office
from commitments.actions import granting
from record import clock
from record.refusals import Refusal
from tests import make


def at_once(*verbs: Callable[[], object]) -> list[str]:
    """The codes of the refusals, blank for what was done."""
    gate = Barrier(len(verbs))

    def one(verb: Callable[[], object]) -> str:
        gate.wait()
        try:
            verb()
        except Refusal as no:
            return no.code
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(verbs)) as pool:
        return sorted(pool.map(one, verbs))


def convening() -> tuple[str, User, User]:
    """An assembly with two convenors and no more."""
    slug = make.assembly().slug
    first, second = make.convenor(), make.convenor()
    for one in roles.convenors(slug).exclude(pk__in=(first.pk, second.pk)):
        granting.take_role_away(one.memberships.get(), by=first)
    return slug, first, second


def role_of(user: User) -> Membership:
    """The only role that somebody holds."""
    return roles.held(user).get()


def test_two_convenors_who_end_each_other_at_once_leave_one(committed_db: None) -> None:
    slug, first, second = convening()
    its, others = role_of(first), role_of(second)
    done = at_once(
        lambda: granting.take_role_away(others, by=first), lambda: granting.take_role_away(its, by=second)
    )
    assert done == ["", "not_yours_to_administer"]
    assert roles.convenors(slug).count() == 1


def test_two_convenors_who_leave_at_once_leave_one(committed_db: None) -> None:
    slug, first, second = convening()
    leaving = [
        partial(granting.leave_post, role_of(one), by=one, today=clock.today()) for one in (first, second)
    ]
    assert at_once(*leaving) == ["", "last_convenor"]
    assert roles.convenors(slug).count() == 1


def test_a_role_is_decided_once_and_taken_up_once(committed_db: None) -> None:
    slug, first, second = convening()
    third, who = make.convenor(), make.person("new")
    request = granting.propose_role(who.email, Office(Role.PANEL, assembly=slug), by=first)
    done = at_once(
        lambda: granting.approve_role(request, by=second), lambda: granting.approve_role(request, by=third)
    )
    assert done == ["", "request_over"]
    again = [lambda: granting.take_up_role(request, by=who)] * 2
    assert at_once(*again) == ["", "request_over"]
    assert Membership.objects.filter(user=who).count() == 1


def test_the_same_person_is_proposed_once(committed_db: None) -> None:
    slug, first, second = convening()
    make.convenor()
    office = Office(Role.PANEL, assembly=slug)
    done = at_once(
        lambda: granting.propose_role("new@example.org", office, by=first),
        lambda: granting.propose_role("new@example.org", office, by=second),
    )
    assert done == ["", "role_proposed"]
    assert RoleRequest.objects.count() == 1
