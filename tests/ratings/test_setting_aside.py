"""Setting aside: only what was flagged, only by two people, and nothing that was published is lost."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction

from accounts import actions as accounts
from accounts.models import Role, User
from commitments.errors import AlreadyDecided, NotIndependent, NotTheConvenor, OwnRequest, ReasonMissing
from commitments.models import Assembly, Commitment, Theme
from ratings import actions, errors
from ratings.actions import setting_aside
from ratings.models import Ballot, Figure, Flag, RatingPeriod, SettingAside
from record import clock
from record.guarded import opened
from tests import make
from tests.make import days
from tests.ratings.crowds import NOON, burst, crowd, shift
from tests.recording import one, refused, telling, told

pytestmark = pytest.mark.django_db
WHY = "Twenty people in an hour, all the same."
LATER = days(20)


@pytest.fixture(autouse=True)
def _nobody_cast_yet() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def assembly() -> Assembly:
    return make.assembly()


@pytest.fixture
def commitment(assembly: Assembly) -> Commitment:
    return make.commitment(assembly)


@pytest.fixture
def flag(commitment: Commitment) -> Flag:
    return burst(commitment)


@pytest.fixture
def ann() -> User:
    return make.convenor()


@pytest.fixture
def bea() -> User:
    return make.convenor()


def asked(flag: Flag, by: User, subject: Commitment | None = None) -> SettingAside:
    return actions.propose_setting_aside(flag, by=by, today=LATER, reason=WHY, subject=subject)


def set_aside(flag: Flag, ann: User, bea: User, subject: Commitment | None = None) -> SettingAside:
    return actions.approve_setting_aside(asked(flag, ann, subject), by=bea, today=LATER, reason="I agree.")


def marks(of: Commitment | Theme) -> set[bool]:
    figures = Figure.objects.filter(subject=of.record_subject)
    return set(figures.values_list("set_aside", flat=True))


def cut(on: Commitment | Theme) -> None:
    with clock.at(NOON + timedelta(days=15)):
        crowd(on, 12, 4, NOON + timedelta(days=14))
        actions.cut_figures(days(15))


def test_one_person_asks_and_the_record_says_so(
    flag: Flag, commitment: Commitment, assembly: Assembly, ann: User
) -> None:
    cut(commitment)
    with telling() as entries:
        request = asked(flag, ann)
    facts = {
        "assembly": "anytown-2025",
        "subject": "assembly:anytown-2025",
        "period": "2026-Q2",
        "requested_by": "convenor:anytown-2025",
        "change": "set_aside",
        "rule": "burst/1",
        "day": "2026-06-10",
        "hour": "2026-06-10T12:00Z",
        "chance": 1e-12,
    }
    told(
        one(entries),
        "period.change_proposed",
        actor="convenor:anytown-2025",
        subject=f"set_aside:{request.pk}",
        root="assembly:anytown-2025",
        facts=facts,
        words={"reason": WHY},
        on=LATER,
    )
    assert marks(commitment) == {False}, "asking changes nothing"


def test_another_decides_and_the_figures_stay_marked(
    flag: Flag, commitment: Commitment, ann: User, bea: User
) -> None:
    cut(commitment)
    before = list(Figure.objects.values("pk", "n", "mean", "low", "high", "slot", "latest", "position"))
    ballots = Ballot.objects.count()
    request = asked(flag, ann, commitment)
    with telling() as entries:
        actions.approve_setting_aside(request, by=bea, today=LATER, reason="I agree.")
    told(
        one(entries),
        "period.set_aside",
        actor="convenor:anytown-2025",
        subject=f"set_aside:{request.pk}",
        root=commitment.record_subject,
        facts={
            "assembly": "anytown-2025",
            "subject": commitment.record_subject,
            "period": "2026-Q2",
            "requested_by": "convenor:anytown-2025",
            "rule": "burst/1",
            "day": "2026-06-10",
            "hour": "2026-06-10T12:00Z",
            "chance": 1e-12,
        },
        words={"reason": WHY, "decision_reason": "I agree."},
        on=LATER,
    )
    assert marks(commitment) == {True}
    assert (
        list(Figure.objects.values("pk", "n", "mean", "low", "high", "slot", "latest", "position")) == before
    )
    assert Ballot.objects.count() == ballots
    commitment.refresh_from_db()
    assert commitment.updated_position == entries[0].position
    assert (commitment.residents_mean, commitment.residents_period) == (None, "2026-Q2")


def test_it_is_undone_by_two_people_too(flag: Flag, commitment: Commitment, ann: User, bea: User) -> None:
    cut(commitment)
    aside = set_aside(flag, ann, bea)
    request = actions.propose_restoring(aside, by=ann, today=LATER, reason="It was the town meeting.")
    assert marks(commitment) == {True}
    with refused(OwnRequest):
        actions.approve_setting_aside(request, by=ann, today=LATER)
    with telling() as entries:
        actions.approve_setting_aside(request, by=bea, today=LATER)
    assert [entry.type for entry in entries] == ["period.restored"]
    assert marks(commitment) == {False}
    commitment.refresh_from_db()
    figure = Figure.objects.get(by="all")
    assert figure.mean is not None
    assert (commitment.residents_mean, commitment.residents_n) == (int(figure.mean * 10), 35)
    with refused(errors.NotSetAside):
        actions.propose_restoring(aside, by=ann, today=LATER, reason="Again.")
    set_aside(flag, bea, ann)
    assert marks(commitment) == {True}


def test_nobody_decides_alone(flag: Flag, ann: User) -> None:
    request = asked(flag, ann)
    with refused(OwnRequest):
        actions.approve_setting_aside(request, by=ann, today=LATER)
    with refused(OwnRequest):
        actions.refuse_setting_aside(request, by=ann, today=LATER, reason="No.")


def test_nor_does_the_database_let_one_person_decide(flag: Flag, ann: User) -> None:
    request = asked(flag, ann)
    with (
        pytest.raises(IntegrityError, match="nobody_sets_a_period_aside_alone"),
        transaction.atomic(),
        opened(),
    ):
        SettingAside.objects.filter(pk=request.pk).update(state="approved", decided_by=ann, decided_on=LATER)


def test_nor_does_it_hold_a_setting_aside_without_a_flag(flag: Flag, ann: User) -> None:
    request = asked(flag, ann)
    with pytest.raises(IntegrityError, match="only_what_was_flagged"), transaction.atomic(), opened():
        SettingAside.objects.filter(pk=request.pk).update(flag=None)


def test_a_refusal_is_recorded_with_its_reason(
    flag: Flag, commitment: Commitment, ann: User, bea: User
) -> None:
    cut(commitment)
    request = asked(flag, ann)
    with refused(ReasonMissing, "reason"):
        actions.refuse_setting_aside(request, by=bea, today=LATER, reason=" ")
    with telling() as entries:
        actions.refuse_setting_aside(request, by=bea, today=LATER, reason="They came from the meeting.")
    assert one(entries).type == "period.change_refused"
    assert marks(commitment) == {False}
    for verb in (actions.approve_setting_aside, actions.refuse_setting_aside):
        with refused(AlreadyDecided):
            verb(request, by=bea, today=LATER, reason="Still.")
    assert asked(flag, ann).state == "requested", "it can be asked again"


def test_who_belongs_to_an_owner_neither_asks_nor_decides(
    flag: Flag, commitment: Commitment, ann: User
) -> None:
    torn = make.convenor()
    accounts.grant_role(torn, Role.TEAM_MEMBER, team=make.lead_team(commitment))
    with refused(NotIndependent):
        asked(flag, torn)
    request = asked(flag, ann)
    for verb in (actions.approve_setting_aside, actions.refuse_setting_aside):
        with refused(NotIndependent):
            verb(request, by=torn, today=LATER, reason="Of course.")
    aside = actions.approve_setting_aside(request, by=make.convenor(), today=LATER)
    with refused(NotIndependent):
        actions.propose_restoring(aside, by=torn, today=LATER, reason="Of course.")


def test_who_asked_and_then_joins_an_owner_is_no_second_voice(
    flag: Flag, commitment: Commitment, ann: User, bea: User
) -> None:
    request = asked(flag, ann)
    accounts.grant_role(ann, Role.TEAM_MEMBER, team=make.lead_team(commitment))
    with refused(errors.AskedByNoConvenor):
        actions.approve_setting_aside(request, by=bea, today=LATER)
    actions.refuse_setting_aside(request, by=bea, today=LATER, reason="Asked by somebody who answers for it.")
    third = make.convenor()
    assert set_aside(flag, bea, third).state == "approved"
    assert marks(commitment) == set()


@pytest.mark.parametrize("role", [Role.PANEL, Role.CONVENOR])
def test_only_convenors_of_the_assembly_do(flag: Flag, ann: User, role: str) -> None:
    stranger = make.person()
    accounts.grant_role(
        stranger, role, assembly="elsewhere-2025" if role == Role.CONVENOR else "anytown-2025"
    )
    with refused(NotTheConvenor):
        asked(flag, stranger)
    request = asked(flag, ann)
    with refused(NotTheConvenor):
        actions.approve_setting_aside(request, by=stranger, today=LATER)


def test_a_subject_of_a_flagged_assembly_is_set_aside_alone(
    flag: Flag, assembly: Assembly, commitment: Commitment, ann: User, bea: User
) -> None:
    other = make.commitment(assembly)
    crowd(other, 12, 5, NOON + timedelta(days=14))
    cut(commitment)
    set_aside(flag, ann, bea, commitment)
    assert (marks(commitment), marks(other)) == ({True}, {False})
    with refused(errors.SetAsideAlready):
        asked(flag, ann, commitment)
    whole = set_aside(flag, ann, bea)
    assert marks(other) == {True}
    request = actions.propose_restoring(whole, by=ann, today=LATER, reason="Too much.")
    actions.approve_setting_aside(request, by=bea, today=LATER)
    assert (marks(commitment), marks(other)) == ({True}, {False}), "what was set aside alone stays so"


def test_a_flag_on_a_subject_is_about_no_other(assembly: Assembly, commitment: Commitment, ann: User) -> None:
    flag = shift(commitment)
    other, elsewhere = make.commitment(assembly), make.commitment(make.assembly("elsewhere-2025"))
    for subject in (other, elsewhere):
        with refused(errors.NotFlagged, "subject"):
            asked(flag, ann, subject)
    assert asked(flag, ann).subject == commitment.record_subject


def test_nothing_of_another_assembly_is_set_aside(flag: Flag, ann: User) -> None:
    elsewhere = make.commitment(make.assembly("elsewhere-2025"))
    with refused(errors.NotFlagged, "subject"):
        asked(flag, ann, elsewhere)


def test_one_request_waits_at_a_time(flag: Flag, ann: User, bea: User) -> None:
    asked(flag, ann)
    with refused(errors.SettingAsideWaits):
        asked(flag, bea)


def test_a_reason_is_given(flag: Flag, ann: User, bea: User) -> None:
    with refused(ReasonMissing, "reason"):
        actions.propose_setting_aside(flag, by=ann, today=LATER, reason=" ")
    aside = set_aside(flag, ann, bea)
    with refused(ReasonMissing, "reason"):
        actions.propose_restoring(aside, by=ann, today=LATER, reason="")


def test_figures_cut_later_in_the_quarter_are_marked_too(
    flag: Flag, commitment: Commitment, ann: User, bea: User
) -> None:
    set_aside(flag, ann, bea)
    cut(commitment)
    assert marks(commitment) == {True}


def test_other_quarters_are_untouched(flag: Flag, commitment: Commitment, ann: User, bea: User) -> None:
    set_aside(flag, ann, bea)
    later = NOON + timedelta(days=40)
    crowd(commitment, 12, 5, later)
    with clock.at(later):
        actions.cut_figures(clock.today())
    figures = Figure.objects.filter(by="all", subject=commitment.record_subject)
    found = dict(figures.values_list("period__name", "set_aside"))
    assert found == {"2026-Q2": True, "2026-Q3": False}
    commitment.refresh_from_db()
    assert commitment.residents_period == "2026-Q3"


def test_what_residents_say_is_the_latest_quarter_that_counts(
    flag: Flag, commitment: Commitment, ann: User, bea: User
) -> None:
    earlier = NOON - timedelta(days=90)
    crowd(commitment, 12, 5, earlier)
    with clock.at(earlier):
        actions.cut_figures(clock.today())
    cut(commitment)
    commitment.refresh_from_db()
    assert commitment.residents_period == "2026-Q2"
    set_aside(flag, ann, bea)
    commitment.refresh_from_db()
    assert (commitment.residents_period, commitment.residents_mean) == ("2026-Q1", 48)


def test_a_quarter_is_set_aside_with_its_assembly(
    flag: Flag, commitment: Commitment, ann: User, bea: User
) -> None:
    period = RatingPeriod.objects.get()
    assert not setting_aside.is_set_aside(period, commitment.record_subject)
    set_aside(flag, ann, bea)
    assert setting_aside.aside_in(period) == {""}
    assert setting_aside.is_set_aside(period, commitment.record_subject)
