"""What the assembly asked for: entered, put to organisations, answered."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from accounts.models import Organisation, User
from commitments import deadlines, errors, events, lifecycle, permissions
from commitments.actions.clock import settle_asked
from commitments.choices import ResponsePosition
from commitments.models import Asked, Assembly, Recommendation, Response, Theme
from commitments.search import index
from commitments.withholding import vault
from record.ledger import action, append

Sources = Sequence[Mapping[str, Any]]
WHOLE_DATE = len("2026-06-01")
MOST_DAYS_TO_ANSWER = 730


@action
def publish_recommendation(
    assembly: Assembly,
    *,
    by: User,
    today: date,
    title: str,
    body: str = "",
    theme: Theme | None = None,
    theme_assigned_by: str = "",
    number: int | None = None,
    source: Sources | None = None,
) -> Recommendation:
    """Enter what an assembly asked for, under the next number or the one that the source gives it."""
    office = permissions.check_convenor(by, assembly.slug)
    assembly = Assembly.objects.select_for_update().get(pk=assembly.pk)
    if theme and theme.assembly_id != assembly.pk:
        raise errors.OtherAssembly(field="theme", name=theme.slug)
    number = number or assembly.recommendation_count + 1
    recommendation = Recommendation.objects.create(
        reference=f"{assembly.prefix}-R{_free(assembly, number):02d}",
        assembly=assembly,
        number=number,
        theme=theme,
        theme_assigned_by=theme_assigned_by,
        title=title,
        body=body,
        entered_from=source,
    )
    assembly.recommendation_count = max(assembly.recommendation_count, number)
    assembly.save(update_fields=["recommendation_count"])
    index(recommendation)
    facts = {
        "assembly": assembly.slug,
        "number": number,
        "theme": theme.slug if theme else None,
        "theme_assigned_by": theme_assigned_by,
        "entered_from": events.without_words(source) if source else None,
    }
    append(
        events.RECOMMENDATION_PUBLISHED,
        recommendation,
        actor=office,
        today=today,
        facts=facts,
        words={"title": title, "body": body, "source_notes": events.source_notes(source or ())},
        assembly=assembly.slug,
    )
    return recommendation


@action
def ask(
    recommendation: Recommendation,
    *,
    by: User,
    today: date,
    organisation: Organisation,
    due_on: date | None = None,
) -> Asked:
    """Put a recommendation to an organisation: from today its clock for answering runs.

    It has the assembly's usual time, or until `due_on`; that day is not moved afterwards.
    """
    recommendation = locked_recommendation(recommendation)
    assembly = recommendation.assembly
    office = permissions.check_convenor(by, assembly.slug)
    if Asked.objects.filter(recommendation=recommendation, organisation=organisation).exists():
        raise errors.AlreadyAsked(field="organisation", organisation=organisation.name)
    due_on = due_on or deadlines.days_after(today, assembly.response_days)
    if not today < due_on <= deadlines.days_after(today, MOST_DAYS_TO_ANSWER):
        raise errors.AnswerDay(field="due_on")
    asked = Asked.objects.create(
        recommendation=recommendation, organisation=organisation, asked_on=today, due_on=due_on
    )
    facts = {
        "recommendation": recommendation.reference,
        "organisation": organisation.slug,
        "due_on": due_on.isoformat(),
    }
    append(
        events.RECOMMENDATION_ASKED,
        asked,
        actor=office,
        today=today,
        facts=facts,
        root=recommendation,
        assembly=assembly.slug,
    )
    return asked


@action
def respond(
    recommendation: Recommendation,
    *,
    by: User,
    today: date,
    organisation: Organisation,
    stance: str,
    body: str,
    reason: str = "",
) -> Response:
    """Answer in the name of an organisation that was asked; a later answer is a new version."""
    recommendation = locked_recommendation(recommendation)
    office = permissions.check_responder(by, organisation)
    asked = Asked.objects.filter(recommendation=recommendation, organisation=organisation).first()
    if asked is None:
        raise errors.NotAsked(organisation=organisation.name)
    lifecycle.check_response(stance, reason)
    settle_asked(asked, today)
    late_by = deadlines.days_late(asked.due_on, today, None) if asked.answered_on is None else None
    if asked.answered_on is None:
        asked.answered_on = today
        asked.save(update_fields=["answered_on"])
    return _publish(
        recommendation,
        organisation,
        office=office,
        by=by,
        today=today,
        stance=stance,
        body=body,
        reason=reason,
        late_by_days=late_by,
    )


@action
def enter_response(
    recommendation: Recommendation,
    *,
    by: User,
    today: date,
    organisation: Organisation,
    stance: str,
    body: str,
    source: Sources,
    reason: str = "",
) -> Response:
    """Enter, from a published source, what an organisation answered elsewhere.

    Where the body was asked here, the answer ends its waiting, dated the day of the earliest source that gives one.
    """
    recommendation = locked_recommendation(recommendation)
    office = permissions.check_convenor(by, recommendation.assembly.slug)
    if not source:
        raise errors.SourceMissing(field="source")
    lifecycle.check_word(stance, ResponsePosition, "position")
    late_by, answered_on = _end_waiting(recommendation, organisation, source, today)
    return _publish(
        recommendation,
        organisation,
        office=office,
        by=by,
        today=today,
        stance=stance,
        body=body,
        reason=reason,
        late_by_days=late_by,
        source=source,
        answered_on=answered_on,
    )


def _end_waiting(
    recommendation: Recommendation, organisation: Organisation, source: Sources, today: date
) -> tuple[int | None, date | None]:
    """Note when a body that was asked here answered elsewhere; by how many days that was late, where a source says.

    An answer older than the asking answers it from that day. Without a dated source it counts from today, and how late
    it was stays unknown.
    """
    asked = Asked.objects.filter(recommendation=recommendation, organisation=organisation).first()
    if asked is None or asked.answered_on is not None:
        return None, None
    given = _published_on(source, today)
    answered_on = max(given or today, asked.asked_on)
    settle_asked(asked, answered_on)
    asked.answered_on = answered_on
    asked.save(update_fields=["answered_on"])
    return deadlines.days_late(asked.due_on, answered_on, None) if given else None, answered_on


def _published_on(source: Sources, today: date) -> date | None:
    """The day of the earliest source that gives a whole date, and not one to come."""
    days = (_day(one.get("date") or "") for one in source)
    return min((day for day in days if day and day <= today), default=None)


def _day(text: str) -> date | None:
    """A whole date; None for a year, a month, or a day that no calendar has."""
    try:
        return date.fromisoformat(text) if len(text) == WHOLE_DATE else None
    except ValueError:
        return None


def _publish(
    recommendation: Recommendation,
    organisation: Organisation,
    *,
    office: str,
    by: User,
    today: date,
    stance: str,
    body: str,
    reason: str,
    late_by_days: int | None = None,
    source: Sources | None = None,
    answered_on: date | None = None,
) -> Response:
    lifecycle.check_said(body, "body")
    response = Response.objects.create(
        recommendation=recommendation,
        organisation=organisation,
        stance=stance,
        body=body,
        reason=reason,
        answered_on=today,
        late_by_days=late_by_days or None,
        entered_from=source,
        author=by,
    )
    facts = {
        "recommendation": recommendation.reference,
        "organisation": organisation.slug,
        "position": stance,
        "late_by_days": response.late_by_days,
        "entered_from": events.without_words(source) if source else None,
        # When a waiting ended that an entry of the past says to run; another day than this entry's.
        **({"answered_on": answered_on.isoformat()} if answered_on else {}),
    }
    append(
        events.RESPONSE_PUBLISHED,
        response,
        actor=office,
        today=today,
        facts=facts,
        words={"body": body, "reason": reason, "source_notes": events.source_notes(source or ())},
        root=recommendation,
        assembly=recommendation.assembly.slug,
    )
    return response


def locked_recommendation(recommendation: Recommendation) -> Recommendation:
    """The recommendation as it is now, its row locked; what is held of it is open to the verb alone."""
    found = Recommendation.objects.select_for_update(of=("self",)).select_related("assembly")
    recommendation = found.get(pk=recommendation.pk)
    return found.get(pk=recommendation.pk) if vault.opened(recommendation) else recommendation


def _free(assembly: Assembly, number: int) -> int:
    if Recommendation.objects.filter(assembly=assembly, number=number).exists():
        raise errors.AlreadyPublished(field="number", name=f"number {number}")
    return number
