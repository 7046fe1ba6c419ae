"""What the assembly asked for: entered, put to organisations, answered, in time or late."""

from datetime import date

import pytest

from accounts.models import Organisation
from commitments import actions, errors
from commitments.models import Asked, Recommendation, Response
from tests import make
from tests.make import SLUG, SOURCE, TODAY, days
from tests.recording import one, refused, telling, told, types

pytestmark = pytest.mark.django_db


@pytest.fixture
def recommendation() -> Recommendation:
    return make.recommendation()


@pytest.fixture
def police() -> Organisation:
    return make.organisation("police")


def ask(recommendation: Recommendation, organisation: Organisation, today: date = TODAY) -> Asked:
    return actions.ask(recommendation, by=make.convenor(), today=today, organisation=organisation)


def state(recommendation: Recommendation, today: date) -> str:
    found = Recommendation.objects.with_state(today).get(pk=recommendation.pk)
    shown: str = vars(found)["state"]
    return shown


def respond(recommendation: Recommendation, organisation: Organisation, today: date, **more: str) -> None:
    by = make.responder(organisation)
    said = {"stance": "accepted", "body": "We will.", **more}
    actions.respond(recommendation, by=by, today=today, organisation=organisation, **said)


def test_a_recommendation_is_published_with_source_and_theme_and_told() -> None:
    assembly = make.assembly(prefix="AT25")
    theme = make.theme(assembly, "presence")
    with telling() as entries:
        found = actions.publish_recommendation(
            assembly,
            by=make.convenor(),
            today=TODAY,
            title="Walk more",
            body="Every evening",
            theme=theme,
            theme_assigned_by="our reading",
            source=SOURCE,
        )
    assert (found.reference, found.number) == ("AT25-R01", 1)
    told(
        one(entries),
        "recommendation.published",
        actor=f"convenor:{SLUG}",
        subject="recommendation:AT25-R01",
        facts={
            "assembly": SLUG,
            "number": 1,
            "theme": "presence",
            "theme_assigned_by": "our reading",
            "entered_from": SOURCE,
        },
        words={"title": "Walk more", "body": "Every evening"},
    )


def test_numbers_follow_the_source_and_continue_after_the_highest() -> None:
    assembly = make.assembly(prefix="AT25")
    fifth = make.recommendation(assembly, number=5)
    sixth = make.recommendation(assembly)
    second = make.recommendation(assembly, number=2)
    assert [each.reference for each in (fifth, sixth, second)] == ["AT25-R05", "AT25-R06", "AT25-R02"]
    convenor = make.convenor()
    with refused(errors.AlreadyPublished, "number"):
        actions.publish_recommendation(assembly, by=convenor, today=TODAY, title="Again", number=5)


def test_only_the_convenor_of_this_assembly_publishes_its_recommendations() -> None:
    assembly, stranger = make.assembly(), make.convenor("elsewhere-2025")
    panel = make.panel()
    for person in (stranger, panel, make.person()):
        with refused(errors.NotTheConvenor):
            actions.publish_recommendation(assembly, by=person, today=TODAY, title="Mine")


def test_a_theme_of_another_assembly_is_refused() -> None:
    assembly, elsewhere = make.assembly(), make.theme(make.assembly("elsewhere-2025"))
    convenor = make.convenor()
    with refused(errors.OtherAssembly, "theme"):
        actions.publish_recommendation(assembly, by=convenor, today=TODAY, title="Mixed", theme=elsewhere)


def test_asking_starts_the_clock_of_56_days_and_is_told(
    recommendation: Recommendation, police: Organisation
) -> None:
    with telling() as entries:
        asked = ask(recommendation, police)
    assert (asked.asked_on, asked.due_on, asked.answered_on) == (TODAY, days(56), None)
    told(
        one(entries),
        "recommendation.asked",
        actor=f"convenor:{SLUG}",
        subject=f"asked:{asked.pk}",
        root=recommendation.record_subject,
        facts={
            "recommendation": recommendation.reference,
            "organisation": "police",
            "due_on": days(56).isoformat(),
        },
    )


def test_the_assembly_sets_how_long_an_answer_may_take(police: Organisation) -> None:
    assembly = make.assembly(clocks={"response_days": 10})
    asked = ask(make.recommendation(assembly), police)
    assert asked.due_on == days(10)
    actions.correct_assembly(assembly, by=make.convenor(), today=TODAY, reason="Too short", response_days=70)
    asked.refresh_from_db()
    assert asked.due_on == days(10)
    assert ask(make.recommendation(assembly), police).due_on == days(70)


def test_a_body_is_asked_once_and_by_the_convenor_alone(
    recommendation: Recommendation, police: Organisation
) -> None:
    responder, convenor = make.responder(police), make.convenor()
    with refused(errors.NotTheConvenor):
        actions.ask(recommendation, by=responder, today=TODAY, organisation=police)
    ask(recommendation, police)
    with refused(errors.AlreadyAsked, "organisation"):
        actions.ask(recommendation, by=convenor, today=days(1), organisation=police)


def test_not_asked_is_not_no_response(recommendation: Recommendation, police: Organisation) -> None:
    assert state(recommendation, days(10_000)) == "not_asked"
    ask(recommendation, police)
    assert state(recommendation, days(56)) == "awaiting_response"
    assert state(recommendation, days(57)) == "no_response"


def test_a_recommendation_has_no_response_while_one_of_those_asked_is_late(
    recommendation: Recommendation, police: Organisation
) -> None:
    council = make.organisation("council", kind="council")
    ask(recommendation, police)
    ask(recommendation, council, days(30))
    respond(recommendation, council, days(31))
    assert state(recommendation, days(56)) == "awaiting_response"
    assert state(recommendation, days(57)) == "no_response"
    respond(recommendation, police, days(60))
    assert state(recommendation, days(60)) == "responded"


def test_asking_another_body_awaits_an_answer_again(
    recommendation: Recommendation, police: Organisation
) -> None:
    ask(recommendation, police)
    respond(recommendation, police, days(1))
    ask(recommendation, make.organisation(), days(2))
    assert state(recommendation, days(2)) == "awaiting_response"


def test_an_answer_in_time_is_told_and_is_not_late(
    recommendation: Recommendation, police: Organisation
) -> None:
    asked, by = ask(recommendation, police), make.responder(police)
    with telling() as entries:
        response = actions.respond(
            recommendation,
            by=by,
            today=days(56),
            organisation=police,
            stance="partly_accepted",
            body="In part.",
            reason="No money for more.",
        )
    asked.refresh_from_db()
    assert (asked.answered_on, response.late_by_days) == (days(56), None)
    told(
        one(entries),
        "response.published",
        actor="organisation:police",
        subject=f"response:{response.pk}",
        root=recommendation.record_subject,
        on=days(56),
        facts={
            "recommendation": recommendation.reference,
            "organisation": "police",
            "position": "partly_accepted",
            "late_by_days": None,
            "entered_from": None,
        },
        words={"body": "In part.", "reason": "No money for more."},
    )


def test_a_late_answer_is_taken_after_the_silence_is_recorded_and_stays_late(
    recommendation: Recommendation, police: Organisation
) -> None:
    asked = ask(recommendation, police)
    with telling() as entries:
        respond(recommendation, police, days(60))
    assert types(entries) == ["recommendation.no_response", "response.published"]
    told(
        entries[0],
        "recommendation.no_response",
        actor="clock",
        subject=f"asked:{asked.pk}",
        root=recommendation.record_subject,
        on=days(57),
        facts={
            "recommendation": recommendation.reference,
            "organisation": "police",
            "due_on": days(56).isoformat(),
        },
    )
    assert recommendation.responses.get().late_by_days == 4
    assert state(recommendation, days(60)) == "responded"
    with telling() as entries:
        respond(recommendation, police, days(90), body="We will, and more.")
    assert types(entries) == ["response.published"]
    assert sorted(recommendation.responses.values_list("late_by_days", flat=True), key=str) == [4, None]
    asked.refresh_from_db()
    assert asked.answered_on == days(60)


@pytest.mark.parametrize("stance", ["partly_accepted", "rejected"])
@pytest.mark.parametrize("reason", ["", "  \n"])
def test_saying_no_even_in_part_needs_a_reason(
    recommendation: Recommendation, police: Organisation, stance: str, reason: str
) -> None:
    ask(recommendation, police)
    by = make.responder(police)
    with refused(errors.ReasonMissing, "reason"):
        actions.respond(
            recommendation,
            by=by,
            today=days(60),
            organisation=police,
            stance=stance,
            body="No.",
            reason=reason,
        )


def test_a_position_that_does_not_exist_is_refused(
    recommendation: Recommendation, police: Organisation
) -> None:
    ask(recommendation, police)
    by, convenor = make.responder(police), make.convenor()
    with refused(errors.UnknownField, "position"):
        actions.respond(recommendation, by=by, today=TODAY, organisation=police, stance="maybe", body="Well")
    with refused(errors.UnknownField, "position"):
        actions.enter_response(
            recommendation,
            by=convenor,
            today=TODAY,
            organisation=police,
            stance="maybe",
            body="Well",
            source=SOURCE,
        )


def test_only_a_responder_of_the_body_answers_and_only_when_it_was_asked(
    recommendation: Recommendation, police: Organisation
) -> None:
    team = make.team(police)
    responder = make.responder(police)
    others = [make.responder(make.organisation()), make.member(team), make.convenor(), make.panel()]
    said = {"stance": "accepted", "body": "We will."}
    with refused(errors.NotAsked):
        actions.respond(recommendation, by=responder, today=TODAY, organisation=police, **said)
    ask(recommendation, police)
    for by in others:
        with refused(errors.NotAResponder):
            actions.respond(recommendation, by=by, today=TODAY, organisation=police, **said)


def enter(recommendation: Recommendation, body: Organisation, *dates: str) -> Response:
    """The convenor enters, 90 days later, an answer found in sources of these dates."""
    source = [{"url": "https://example.org/plan", "reliability": "primary", "date": one} for one in dates]
    return actions.enter_response(
        recommendation,
        by=make.convenor(),
        today=days(90),
        organisation=body,
        stance="rejected",
        body="Not possible.",
        source=source,
    )


def test_an_answer_entered_from_a_source_is_told(
    recommendation: Recommendation, police: Organisation
) -> None:
    source = [{"url": "https://example.org/plan", "reliability": "primary", "date": "2026-06-11"}]
    with telling() as entries:
        response = enter(recommendation, police, "2026-06-11")
    told(
        one(entries),
        "response.published",
        actor=f"convenor:{SLUG}",
        subject=f"response:{response.pk}",
        root=recommendation.record_subject,
        on=days(90),
        facts={
            "recommendation": recommendation.reference,
            "organisation": "police",
            "position": "rejected",
            "late_by_days": None,
            "entered_from": source,
        },
        words={"body": "Not possible."},
    )


@pytest.mark.parametrize(
    ("dates", "answered", "late_by", "told_before"),
    [
        (["2026-06-11"], days(10), None, []),
        (["2026-08-05", "2026-07-30"], days(59), 3, ["recommendation.no_response"]),
        (["2025-01-01"], TODAY, None, []),
        (["2026-06"], days(90), None, ["recommendation.no_response"]),
        (["2026-06-99"], days(90), None, ["recommendation.no_response"]),
        (["2026-12-01"], days(90), None, ["recommendation.no_response"]),
    ],
    ids=[
        "in time",
        "late, the earliest source counts",
        "before it was asked",
        "a month",
        "no day",
        "a day to come",
    ],
)
def test_an_answer_found_elsewhere_ends_the_waiting_on_the_day_of_its_source(
    recommendation: Recommendation,
    police: Organisation,
    dates: list[str],
    answered: date,
    late_by: int | None,
    told_before: list[str],
) -> None:
    asked = ask(recommendation, police)
    assert state(recommendation, days(90)) == "no_response"
    with telling() as entries:
        response = enter(recommendation, police, *dates)
    assert types(entries) == [*told_before, "response.published"]
    asked.refresh_from_db()
    assert (asked.answered_on, response.late_by_days) == (answered, late_by)
    assert state(recommendation, days(90)) == "responded"
    assert actions.tick(days(91)) == 0


def test_an_answer_found_elsewhere_moves_no_answer_that_was_given_here(
    recommendation: Recommendation, police: Organisation
) -> None:
    asked, responder = ask(recommendation, police), make.responder(police)
    actions.respond(
        recommendation, by=responder, today=days(3), organisation=police, stance="accepted", body="Yes."
    )
    assert enter(recommendation, police, "2026-06-11").late_by_days is None
    asked.refresh_from_db()
    assert asked.answered_on == days(3)


def test_an_answer_is_entered_by_the_convenor_and_with_a_source(
    recommendation: Recommendation, police: Organisation
) -> None:
    convenor, responder = make.convenor(), make.responder(police)
    said = {"stance": "accepted", "body": "We will."}
    with refused(errors.SourceMissing, "source"):
        actions.enter_response(
            recommendation, by=convenor, today=TODAY, organisation=police, source=[], **said
        )
    with refused(errors.NotTheConvenor):
        actions.enter_response(
            recommendation, by=responder, today=TODAY, organisation=police, source=SOURCE, **said
        )
