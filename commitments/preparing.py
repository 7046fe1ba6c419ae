"""What a start prepares: people to try it with, the real record, and, for the demonstration, invented life."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from accounts import people, second_factor
from accounts.actions import grant_role
from accounts.models import Membership, Organisation, Team, User
from commitments import demonstration
from commitments.importing import FileRefused, import_record, read
from commitments.models import Assembly, Commitment
from record import clock
from record.refusals import NotNow

REAL_RECORD = Path(__file__).resolve().parent / "data" / "waltham-forest.json"
ASSEMBLY = "waltham-forest-2024"
CONVENORS = ("convenor@example.org", "convenor2@example.org")
PANEL, RESPONDER, TEAM = "panel@example.org", "responder@example.org", "team@example.org"
RESIDENTS = tuple(f"resident{number}@example.org" for number in range(1, 21))
RESIDENT = "resident"
POLICE, LEAD_TEAM = "metropolitan-police", "wf-safer-neighbourhoods"
ROLES = {
    **dict.fromkeys(CONVENORS, f"convenor of {ASSEMBLY}"),
    RESPONDER: f"responder of {POLICE}",
    TEAM: f"member of {LEAD_TEAM}",
    PANEL: f"panel member of {ASSEMBLY}",
    **dict.fromkeys(RESIDENTS, RESIDENT),
}
Opened = dict[str, tuple[str, str]]
"""By address, a password and the secret of an app."""
HEAD = """\
People to try it with, shown this once: a password and, for the desk (/desk/), the secret to type into an app that shows
codes. Residents need neither: they get a code by mail (keys: manage.py issue_key EMAIL)."""
IN_PRODUCTION = f"""\
This is a production start: nobody and nothing is put into the record by itself. To begin one:
  python3 run.py manage createsuperuser
  python3 run.py manage create_person EMAIL
  python3 run.py manage grant_role EMAIL convenor --assembly {ASSEMBLY}
  python3 run.py manage import_record {REAL_RECORD.relative_to(settings.BASE_DIR)} --by EMAIL"""


class AnotherRecord(NotNow):
    """The demonstration tells its story from a beginning in the past."""

    code = "another_record"
    sentence = (
        "This data folder holds a record already, and invented life is not mixed into it; "
        "give the demonstration a folder of its own (DATA_DIR)."
    )


class NotInPublic(NotNow):
    """Invented life has no place in a public record."""

    code = "not_in_public"
    sentence = "This is a production start, and a public record holds nothing invented; leave --demo out."


def prepare(*, demo: bool, say: Callable[[str], object]) -> None:
    """Bring an empty data folder to life, once; later starts find everything there and change nothing.

    Raises NotInPublic and AnotherRecord where a demonstration has no place.
    """
    if settings.IN_PRODUCTION:
        _prepare_production(demo, say)
        return
    with transaction.atomic():
        opened = make_people(ROLES)
        _demonstrate(clock.today(), opened, say) if demo else _enter(clock.today(), say)
    if opened:
        say(table(opened))


def make_people(roles: dict[str, str]) -> Opened:
    """Accounts for those addresses that have none: what opens each, by address."""
    there = set(User.objects.filter(email__in=roles).values_list("email", flat=True))
    return {email: _made(email, role) for email, role in roles.items() if email not in there}


def _made(email: str, role: str) -> tuple[str, str]:
    """The password, and for whoever holds an office the secret of an app that shows codes."""
    user, password = people.create_person(email)
    return password, "" if role == RESIDENT else second_factor.give_app(user)


def table(opened: Opened) -> str:
    """The new people with what opens their accounts, as it is shown this once."""
    known = ROLES | demonstration.ROLES
    lines = [
        f"  {email:<26}{password:<22}{secret:<34}{known[email]}"
        for email, (password, secret) in opened.items()
    ]
    return "\n".join([HEAD, *lines])


def _prepare_production(demo: bool, say: Callable[[str], object]) -> None:
    if demo:
        raise NotInPublic
    if not Assembly.objects.exists():
        say(IN_PRODUCTION)


def _enter(today: date, say: Callable[[str], object]) -> None:
    """The real record, entered by the convenor, and who may go on from there."""
    for email in CONVENORS:
        _grant(email, "convenor", assembly=ASSEMBLY)
    _import(today, say)
    _grant(PANEL, "panel", assembly=ASSEMBLY)
    _grant(RESPONDER, "responder", organisation=people.organisation(POLICE))
    _grant(TEAM, "team_member", team=people.team(LEAD_TEAM))


def _import(today: date, say: Callable[[str], object]) -> None:
    """Enter what is new. A file that came with an update and says something differently stops no start."""
    try:
        import_record(read(REAL_RECORD), today=today)
    except FileRefused as refused:
        if not Assembly.objects.filter(slug=ASSEMBLY).exists():
            raise
        say(refused.detail)


def _grant(
    email: str,
    role: str,
    *,
    assembly: str = "",
    organisation: Organisation | None = None,
    team: Team | None = None,
) -> None:
    """A role at the first start; one that an operator ended since stays ended."""
    user = User.objects.get(email=email)
    if not Membership.objects.filter(user=user, role=role).exists():
        grant_role(user, role, assembly=assembly, organisation=organisation, team=team)


def _demonstrate(today: date, opened: Opened, say: Callable[[str], object]) -> None:
    """The same, entered at the beginning of the story, and then the story."""
    if Commitment.objects.filter(invented=True).exists():
        _enter(today, say)
        return
    if Assembly.objects.exists():
        raise AnotherRecord
    opened |= make_people(demonstration.ROLES)
    begin = today - timedelta(days=demonstration.DAYS)
    with clock.at(datetime.combine(begin, time(9), tzinfo=clock.LONDON)):
        _enter(begin, say)
    demonstration.make(ASSEMBLY, today)
