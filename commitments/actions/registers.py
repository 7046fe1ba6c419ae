"""The ground an assembly stands on: areas, the assembly itself, its themes."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from accounts.models import User
from commitments import errors, events, lifecycle, permissions
from commitments.choices import ReplyDays
from commitments.models import Area, Assembly, Theme
from commitments.withholding import vault
from record.ledger import action, append

CLOCKS = (
    "response_days",
    "rhythm_days",
    "verification_days",
    "reply_days",
    "reply_days_are",
    "support_needed",
)
LONGEST_CLOCK, LONGEST_TITLE = 3650, 200
Sources = Sequence[Mapping[str, Any]]


@action
def publish_area(
    code: str,
    *,
    by: User,
    today: date,
    name: str,
    kind: str,
    vintage: str = "",
    parent: Area | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
    source: Sources | None = None,
) -> Area:
    """Enter a place under its ONS code. `latitude` and `longitude` in degrees (WGS 84)."""
    office = permissions.check_any_convenor(by)
    if Area.objects.filter(code=code).exists():
        raise errors.AlreadyPublished(field="code", name=code)
    area = Area.objects.create(
        code=code,
        name=name,
        kind=kind,
        vintage=vintage,
        parent=parent,
        path=f"{parent.path if parent else ''}{code}/",
        latitude=latitude,
        longitude=longitude,
        entered_from=source,
    )
    facts = {
        "name": name,
        "kind": kind,
        "vintage": vintage,
        "parent": parent.code if parent else None,
        "latitude": latitude,
        "longitude": longitude,
        "entered_from": events.without_words(source) if source else None,
    }
    words = {"source_notes": events.source_notes(source or ())}
    append(events.AREA_PUBLISHED, area, actor=office, today=today, facts=facts, words=words)
    return area


@action
def correct_area(area: Area, *, by: User, today: date, reason: str, **new: str) -> Area:
    """Correct an area's `name` or `vintage`; the old stays in the record."""
    office = permissions.check_any_convenor(by)
    area = Area.objects.select_for_update().get(pk=area.pk)
    old = _change(area, new, ("name", "vintage"))
    append(
        events.AREA_CORRECTED,
        area,
        actor=office,
        today=today,
        facts={"old": old, "new": dict(new)},
        words={"reason": reason},
    )
    return area


@action
def publish_assembly(
    slug: str,
    *,
    by: User,
    today: date,
    prefix: str,
    title: str,
    question: str = "",
    area: Area | None = None,
    held: str = "",
    held_from: str = "",
    held_to: str = "",
    facts: Sequence[Mapping[str, Any]] = (),
    source: Sources | None = None,
    clocks: Mapping[str, Any] | None = None,
) -> Assembly:
    """Publish an assembly; `prefix` begins its references, `clocks` sets its deadlines in days where they differ."""
    office = permissions.check_convenor(by, slug)
    if Assembly.objects.filter(slug=slug).exists():
        raise errors.AlreadyPublished(field="slug", name=slug)
    if Assembly.objects.filter(prefix=prefix).exists():
        raise errors.AlreadyPublished(field="prefix", name=prefix)
    _check_clocks(clocks or {})
    assembly = Assembly.objects.create(
        slug=slug,
        prefix=prefix,
        title=title,
        question=question,
        area=area,
        held=held,
        held_from=held_from,
        held_to=held_to,
        facts=list(facts),
        entered_from=source,
        **(clocks or {}),
    )
    said = {
        "prefix": prefix,
        "area": area.code if area else None,
        "held": held,
        "held_from": held_from,
        "held_to": held_to,
        "facts": events.without_words(facts),
        "clocks": {name: getattr(assembly, name) for name in CLOCKS},
        "entered_from": events.without_words(source) if source else None,
    }
    sources = [*(source or ()), *(one for fact in facts for one in fact["sources"])]
    append(
        events.ASSEMBLY_PUBLISHED,
        assembly,
        actor=office,
        today=today,
        facts=said,
        words={
            "title": title,
            "question": question,
            "reported": events.reported_words(facts),
            "source_notes": events.source_notes(sources),
        },
        assembly=slug,
    )
    return assembly


@action
def correct_assembly(assembly: Assembly, *, by: User, today: date, reason: str, **new: Any) -> Assembly:
    """Set an assembly's clocks anew; deadlines that run already keep the day they were given."""
    office = permissions.check_convenor(by, assembly.slug)
    assembly = Assembly.objects.select_for_update().get(pk=assembly.pk)
    _check_clocks(new)
    old = _change(assembly, new, CLOCKS)
    append(
        events.ASSEMBLY_CORRECTED,
        assembly,
        actor=office,
        today=today,
        facts={"old": old, "new": dict(new)},
        words={"reason": reason},
        assembly=assembly.slug,
    )
    return assembly


@action
def publish_theme(
    assembly: Assembly,
    *,
    by: User,
    today: date,
    slug: str,
    title: str,
    summary: str = "",
    order: int = 0,
    findings: Sequence[Mapping[str, Any]] = (),
    origin: Mapping[str, Any] | None = None,
) -> Theme:
    """Publish a theme with what residents said; `findings` are `{"text", "sources"}`."""
    office = permissions.check_convenor(by, assembly.slug)
    assembly = Assembly.objects.select_for_update().get(pk=assembly.pk)
    if Theme.objects.filter(assembly=assembly, slug=slug).exists():
        raise errors.AlreadyPublished(field="slug", name=slug)
    theme = Theme.objects.create(
        assembly=assembly,
        slug=slug,
        title=title,
        summary=summary,
        order=order,
        findings=list(findings),
        origin=origin,
    )
    sources = [finding.get("sources") or [] for finding in findings]
    append(
        events.THEME_PUBLISHED,
        theme,
        actor=office,
        today=today,
        facts={"order": order, "origin": origin, "sources": [events.without_words(one) for one in sources]},
        words={
            "title": title,
            "summary": summary,
            "findings": "\n".join(f["text"] for f in findings),
            "source_notes": events.source_notes(one for some in sources for one in some),
        },
        root=assembly,
        assembly=assembly.slug,
    )
    return theme


@action
def correct_theme(theme: Theme, *, by: User, today: date, field: str, text: str, reason: str) -> Theme:
    """Correct a theme's `title` or `summary`; both wordings are in the record."""
    office = permissions.check_convenor(by, theme.assembly.slug)
    theme = _locked_theme(theme)
    if field == "title":
        lifecycle.check_said(text, "text", LONGEST_TITLE)
    old = _change(theme, {field: text}, ("title", "summary"))
    append(
        events.THEME_CORRECTED,
        theme,
        actor=office,
        today=today,
        facts={"field": field},
        words={"old": old[field], "new": text, "reason": reason},
        root=theme.assembly,
        assembly=theme.assembly.slug,
    )
    return theme


def _locked_theme(theme: Theme) -> Theme:
    found = Theme.objects.select_for_update(of=("self",)).select_related("assembly")
    theme = found.get(pk=theme.pk)
    return found.get(pk=theme.pk) if vault.opened(theme) else theme


def _check_clocks(clocks: Mapping[str, Any]) -> None:
    for name, value in clocks.items():
        counts = isinstance(value, int) and 1 <= value <= LONGEST_CLOCK
        if name not in CLOCKS or not (value in ReplyDays.values if name == "reply_days_are" else counts):
            raise errors.UnknownField(field=name, name=name)


def _change(thing: Area | Assembly | Theme, new: Mapping[str, Any], allowed: Sequence[str]) -> dict[str, Any]:
    for name in new:
        if name not in allowed:
            raise errors.UnknownField(field=name, name=name)
    old = {name: getattr(thing, name) for name in new}
    if old == dict(new):
        raise errors.NothingChanged
    for name, value in new.items():
        setattr(thing, name, value)
    thing.save(update_fields=list(new))
    return old
