"""Setting a flagged quarter aside, and counting it again: one convenor asks, another decides, both on record.

Nothing is deleted or recounted: figures stay as they were cut, marked, and what residents say is then the latest
quarter that counts.
"""

from datetime import date
from typing import Any

from accounts.models import User
from commitments import events, lifecycle, permissions
from commitments.choices import RequestState
from commitments.errors import OwnRequest
from commitments.models import Assembly, Commitment, Theme
from ratings import errors
from ratings.actions.showing import lock_all_ordered, order_anew, show
from ratings.choices import PeriodChange
from ratings.models import Figure, Flag, RatingPeriod, SettingAside
from ratings.subjects import Rated
from record import clock
from record.event_types import EventType
from record.guarded import Recorded
from record.ledger import action, append
from record.models import Entry

EVENTS: dict[str, EventType] = {
    PeriodChange.SET_ASIDE: events.PERIOD_SET_ASIDE,
    PeriodChange.RESTORE: events.PERIOD_RESTORED,
}


@action
def propose_setting_aside(
    flag: Flag, *, by: User, today: date, reason: str, subject: Rated | None = None
) -> SettingAside:
    """Ask that what a detector flagged be set aside; it waits for another convenor.

    A flag on one subject is about that subject. One on a whole assembly may be answered for one subject alone.
    """
    period = _locked(flag.period)
    office = permissions.check_convenor(by, period.assembly.slug)
    lifecycle.check_reason(reason)
    name = _scope(flag, subject, period.assembly)
    if name in aside_in(period):
        raise errors.SetAsideAlready(period=period.name)
    return _ask(
        period, name, PeriodChange.SET_ASIDE, by=by, office=office, today=today, reason=reason, flag=flag
    )


@action
def propose_restoring(one: SettingAside, *, by: User, today: date, reason: str) -> SettingAside:
    """Ask that what was set aside count again; it waits for another convenor."""
    period = _locked(one.period)
    office = permissions.check_convenor(by, period.assembly.slug)
    lifecycle.check_reason(reason)
    if one.subject not in aside_in(period):
        raise errors.NotSetAside(period=period.name)
    return _ask(period, one.subject, PeriodChange.RESTORE, by=by, office=office, today=today, reason=reason)


@action
def approve_setting_aside(one: SettingAside, *, by: User, today: date, reason: str = "") -> SettingAside:
    """Agree, as another convenor: from now on it is set aside, or counts again.

    Who asked must be an independent convenor still, so that two are.
    """
    period, one, office = _to_decide(one, by)
    lifecycle.check_request_move(one.state, "approve")
    if not permissions.is_allowed(permissions.check_convenor, one.author, period.assembly.slug):
        raise errors.AskedByNoConvenor
    shown = _locked_subjects(period, one.subject)
    _decide(one, RequestState.APPROVED, by=by, office=office, today=today, reason=reason)
    mark_figures(period)
    for subject in shown:
        show(subject)
    order_anew()
    words = {"reason": one.reason, "decision_reason": reason}
    entry = _tell(EVENTS[one.change], one, actor=office, today=today, words=words)
    _touch(shown, entry)
    return one


@action
def refuse_setting_aside(one: SettingAside, *, by: User, today: date, reason: str) -> SettingAside:
    """Refuse, as another convenor, with a reason: everything stays as it is."""
    _, one, office = _to_decide(one, by)
    lifecycle.check_request_move(one.state, "refuse")
    lifecycle.check_reason(reason)
    _decide(one, RequestState.REFUSED, by=by, office=office, today=today, reason=reason)
    _tell(events.PERIOD_CHANGE_REFUSED, one, actor=office, today=today, words={"reason": reason})
    return one


def aside_in(period: RatingPeriod) -> frozenset[str]:
    """The subjects whose ratings of this quarter are set aside; the blank one is the whole assembly."""
    decided = SettingAside.objects.filter(period=period, state=RequestState.APPROVED)
    latest = dict(decided.order_by("updated_position").values_list("subject", "change"))
    return frozenset(name for name, change in latest.items() if change == PeriodChange.SET_ASIDE)


def is_set_aside(period: RatingPeriod, subject: str) -> bool:
    """Whether the ratings of a subject in this quarter are set aside, alone or with the whole assembly's."""
    return not aside_in(period).isdisjoint({"", subject})


def mark_figures(period: RatingPeriod) -> None:
    """Mark the figures of a quarter that is set aside, and no others."""
    aside = aside_in(period)
    figures = Figure.objects.filter(period=period)
    inside = figures if "" in aside else figures.filter(subject__in=aside)
    outside = figures.none() if "" in aside else figures.exclude(subject__in=aside)
    inside.filter(set_aside=False).update(set_aside=True, updated_at=clock.now())
    outside.filter(set_aside=True).update(set_aside=False, updated_at=clock.now())


def _ask(
    period: RatingPeriod,
    subject: str,
    change: str,
    *,
    by: User,
    office: str,
    today: date,
    reason: str,
    flag: Flag | None = None,
) -> SettingAside:
    if SettingAside.objects.filter(period=period, subject=subject, state=RequestState.REQUESTED).exists():
        raise errors.SettingAsideWaits(period=period.name)
    one = SettingAside.objects.create(
        period=period,
        subject=subject,
        change=change,
        flag=flag,
        reason=reason,
        requested_by=office,
        requested_on=today,
        author=by,
    )
    _tell(events.PERIOD_CHANGE_PROPOSED, one, actor=office, today=today, words={"reason": reason})
    return one


def _to_decide(one: SettingAside, by: User) -> tuple[RatingPeriod, SettingAside, str]:
    period = _locked(one.period)
    office = permissions.check_convenor(by, period.assembly.slug)
    one = SettingAside.objects.select_related("flag").get(pk=one.pk)
    one.period = period
    if one.author_id == by.pk:
        raise OwnRequest
    return period, one, office


def _decide(one: SettingAside, state: str, *, by: User, office: str, today: date, reason: str) -> None:
    one.state, one.decided_by, one.decided_by_office = state, by, office
    one.decided_on, one.decision_reason = today, reason
    one.save()


def _tell(event: EventType, one: SettingAside, *, actor: str, today: date, words: dict[str, str]) -> Entry:
    """Write the entry, in the story of what is rated; of a whole assembly, in the assembly's."""
    facts = {
        "assembly": one.period.assembly.slug,
        "subject": one.subject or one.period.assembly.record_subject,
        "period": one.period.name,
        "requested_by": one.requested_by,
    }
    if event not in EVENTS.values():
        facts["change"] = one.change
    if one.flag is not None:
        facts |= _found(one.flag)
    return append(
        event,
        one,
        actor=actor,
        today=today,
        facts=facts,
        words=words,
        root=_thing(one),
        assembly=one.period.assembly.slug,
    )


def _found(flag: Flag) -> dict[str, Any]:
    """What a detector found, as far as it is told: by which rule, when, and how rarely chance brings it."""
    hour = flag.hour.strftime("%Y-%m-%dT%H:00Z") if flag.hour else None
    return {"rule": flag.rule, "day": flag.day.isoformat(), "hour": hour, "chance": flag.chance}


def _scope(flag: Flag, subject: Rated | None, assembly: Assembly) -> str:
    name = flag.subject if subject is None else subject.record_subject
    is_here = subject is None or subject.assembly.pk == assembly.pk
    if not is_here or flag.subject not in ("", name):
        raise errors.NotFlagged(field="subject")
    return name


def _locked(period: RatingPeriod) -> RatingPeriod:
    rows = RatingPeriod.objects.select_for_update(of=("self",)).select_related("assembly")
    return rows.get(pk=period.pk)


def _locked_subjects(period: RatingPeriod, subject: str) -> list[Rated]:
    """Those whose residents' figure may change, locked before the head is; with all whose place in the order may."""
    if not subject:
        Assembly.objects.select_for_update(of=("self",)).get(pk=period.assembly_id)
    figures = Figure.objects.filter(period=period).values_list("subject", flat=True).distinct().order_by()
    names = [subject] if subject else list(figures)
    commitments = Commitment.objects.filter(reference__in=_keys("commitment:", names))
    slugs = [key.rpartition("/")[2] for key in _keys("theme:", names)]
    themes = Theme.objects.filter(assembly=period.assembly, slug__in=slugs)
    lock_all_ordered({Commitment: commitments.values("pk"), Theme: themes.values("pk")})
    found: list[Rated] = []
    for rows in (commitments, themes):
        found += rows.select_for_update(of=("self",)).select_related("assembly").order_by("pk")
    return found


def _touch(subjects: list[Rated], entry: Entry) -> None:
    """What residents say of these changed with this entry; they are locked already."""
    for model in (Commitment, Theme):
        keys = [one.pk for one in subjects if isinstance(one, model)]
        model._default_manager.filter(pk__in=keys).update(
            updated_at=entry.at, updated_position=entry.position
        )


def _keys(kind: str, names: list[str]) -> list[str]:
    return [name.removeprefix(kind) for name in names if name.startswith(kind)]


def _thing(one: SettingAside) -> Recorded:
    """What the entry's story is about; locked, since the entry stamps it."""
    kind, _, key = one.subject.partition(":")
    if kind == "commitment":
        return Commitment.objects.select_for_update(of=("self",)).get(reference=key)
    assembly = one.period.assembly
    if kind == "theme":
        themes = Theme.objects.select_for_update(of=("self",)).select_related("assembly")
        return themes.get(assembly=assembly, slug=key.rpartition("/")[2])
    return Assembly.objects.select_for_update(of=("self",)).get(pk=assembly.pk)
