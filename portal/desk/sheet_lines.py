"""What stands on the weekly sheet: sections of one-line entries, each with how many more there are, and where."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from commitments import sentences, summaries, tallies, voices
from commitments.choices import ChallengeState, Finding, Standing, Status
from commitments.models import Asked, Assembly, Challenge, Commitment, Owner
from commitments.models.commitments import is_overdue, is_silent, standing
from portal import missed, wording
from portal.desk.queue import gathering, seats
from portal.desk.queue.items import Item, when
from portal.desk.queue.kinds import Kind
from portal.desk.queue.registry import KINDS
from portal.wording import Words
from record import clock
from record.entries import body_of
from record.models import Entry

WEEK, ONE_DAY = timedelta(days=6), timedelta(days=1)
THEMES = 8
"""So many themes stand on the sheet."""


class Line(NamedTuple):
    """One thing, on one line."""

    reference: str
    title: str
    said: str
    is_invented: bool = False


class Section(NamedTuple):
    """A heading, its first lines, how many there are in all, and where all of them are."""

    title: Words
    lines: list[Line]
    number: int
    address: str

    @property
    def more(self) -> int:
        """How many do not fit."""
        return self.number - len(self.lines)


def counted(assembly: Assembly, today: date) -> dict[str, int]:
    """How the promises of the assembly stand, in numbers; each number by its own definition, as on scorecards."""
    asked: dict[str, Any] = {name: Count("pk", filter=holds) for name, holds in tallies.holds(today).items()}
    found: dict[str, int] = Commitment.objects.filter(assembly=assembly).aggregate(all=Count("pk"), **asked)
    return found


def changed(assembly: Assembly, today: date) -> Section:
    """What the record holds of the last seven days, today among them, and what the clock decided in them."""
    first = today - WEEK
    since = datetime.combine(first, time(), tzinfo=clock.LONDON)
    rows = Entry.objects.filter(assembly=assembly.slug, at__gte=since)
    unwritten = [one for one in missed.passed(first, today, today) if _of(one.root, assembly)]
    newest = [(row, body_of(row)) for row in rows.order_by("-position")[:12]]
    names = sentences.names_in(
        [(row.actor, body["facts"]) for row, body in newest] + [("clock", one.facts) for one in unwritten]
    )
    said = [
        _happened(one.on, (one.type, "clock", one.subject, one.root, one.facts, names), one.invented)
        for one in unwritten
    ] + [
        _happened(
            row.occurred_on, (row.type, row.actor, row.subject, row.root, body["facts"], names),
            bool(body.get("invented")),
        )
        for row, body in newest
    ]  # fmt: skip
    address = f"{reverse('changes')}?from={first.isoformat()}"
    return Section(later("What changed this week"), said[:12], rows.count() + len(unwritten), address)


def _happened(on: date, entry: tuple[Any, ...], is_invented: bool) -> Line:
    return Line(date_format(on, "j M"), "", sentences.sentence(*entry), is_invented)


def _of(root: str, assembly: Assembly) -> bool:
    return root.partition(":")[2].startswith(f"{assembly.prefix}-")


def late(assembly: Assembly, today: date) -> Section:
    """Late and very late, the longest first."""
    rows = Commitment.objects.filter(is_overdue(today), assembly=assembly)

    def said(row: dict[str, Any]) -> str:
        word = wording.standing(row["standing"]).label
        return _("%(word)s: due %(on)s, %(when)s. %(who)s") % _dated(row, "due_on", today, word=word)

    return _promises(later("Late"), rows, "due_on", said, 14, today, f"assembly={assembly.slug}&overdue=true")


def silent(assembly: Assembly, today: date) -> Section:
    """Of which nothing is heard, the longest first."""
    rows = Commitment.objects.filter(is_silent(today), assembly=assembly)

    def said(row: dict[str, Any]) -> str:
        return _("Update due %(on)s, %(when)s. %(who)s") % _dated(row, "update_due_on", today)

    query = f"assembly={assembly.slug}&silent=true"
    return _promises(later("Silent"), rows, "update_due_on", said, 8, today, query)


def claims(assembly: Assembly, today: date) -> Section:
    """Claimed and not verified: the oldest claims first."""
    rows = Commitment.objects.filter(assembly=assembly, status=Status.COMPLETED)
    rows = rows.exclude(finding=Finding.VERIFIED, disputed=False)

    def said(row: dict[str, Any]) -> str:
        word = wording.standing(row["standing"]).label
        found = wording.FINDINGS[row["finding"]].label if row["finding"] else _("no finding yet")
        return _("%(word)s: claimed %(on)s, panel: %(found)s. %(who)s") % _dated(
            row, "claimed_on", today, word=word, found=found
        )

    standings = ",".join((Standing.CLAIMED, Standing.UNVERIFIED, Standing.CONTESTED))
    query = f"assembly={assembly.slug}&standing={standings}"
    return _promises(later("Claimed, and not verified"), rows, "claimed_on", said, 10, today, query)


def _promises(
    title: Words, rows: QuerySet[Commitment], order: str, said: Callable[[dict[str, Any]], str], most: int,
    today: date, query: str,
) -> Section:  # fmt: skip
    """Commitments of a sort, with who leads each. Two questions."""
    lead = Owner.objects.filter(commitment=OuterRef("pk"), ended_on=None).order_by("-lead", "pk")
    named = Subquery(lead.values(its_name=Coalesce("team__name", "organisation__name"))[:1])
    shown: Any = rows.annotate(its_lead=named, standing=standing(today))
    columns = (
        "reference", "title", "held_on", "invented", "standing", "its_lead", "due_on", "update_due_on",
        "claimed_on", "finding",
    )  # fmt: skip
    lines = [
        Line(row["reference"], _title(row["title"], row["held_on"]), said(row), row["invented"])
        for row in shown.order_by(order, "pk").values(*columns)[:most]
    ]
    return Section(title, lines, rows.count(), f"{reverse('commitments')}?{query}")


def _dated(row: dict[str, Any], column: str, today: date, **more: Any) -> dict[str, Any]:
    on = row[column]
    return {"on": _day(on), "when": when(on, today), "who": row["its_lead"] or _("no owner named"), **more}


def _day(on: date) -> str:
    return date_format(on, "DATE_FORMAT")


def _title(title: str, held: date | None) -> str:
    return _("(words held back for now)") if held else title


def unanswered(assembly: Assembly, today: date) -> Section:
    """Recommendations whose day for an answer has passed."""
    rows = Asked.objects.filter(recommendation__assembly=assembly, answered_on=None, due_on__lt=today)
    found = rows.order_by("due_on", "pk").values_list(
        "recommendation__reference", "recommendation__title", "recommendation__held_on",
        "organisation__name", "due_on", "invented",
    )  # fmt: skip
    lines = [
        Line(
            reference,
            _title(title, held),
            _("%(who)s was to answer by %(on)s, %(when)s")
            % {"who": who, "on": _day(on), "when": when(on, today)},
            invented,
        )
        for reference, title, held, who, on, invented in found[:6]
    ]
    address = reverse("assembly", args=[assembly.slug])
    return Section(later("Recommendations without an answer"), lines, rows.count(), address)


def challenged(assembly: Assembly, today: date) -> Section:
    """Challenges that are open, unanswered, or answered and not resolved."""
    rows = Challenge.objects.filter(
        commitment__assembly=assembly, state__in=(ChallengeState.OPEN, ChallengeState.ANSWERED)
    )
    found: Any = rows.with_state(today)
    listed = found.order_by("reply_due_on", "pk").values_list(
        "commitment__reference", "commitment__title", "commitment__held_on", "shown_state", "reply_due_on",
        "invented",
    )  # fmt: skip
    lines = [
        Line(
            reference,
            _title(title, held),
            _("%(word)s: reply due %(on)s, %(when)s")
            % {"word": wording.CHALLENGE_STATES[state].label, "on": _day(on), "when": when(on, today)},
            invented,
        )
        for reference, title, held, state, on, invented in listed[:8]
    ]
    address = f"/api/v1/challenges/?assembly={assembly.slug}&state=open,unanswered,answered"
    return Section(later("Challenges open and unanswered"), lines, rows.count(), address)


def owed(assembly: Assembly, today: date) -> Section:
    """What waits for the convenor's office, one line for each kind: how much, and since when the oldest."""
    office = seats.of_convenor(assembly.slug)
    found = [(kind, gathering.items(kind, office, today)) for kind in KINDS if kind.is_for(office)]
    lines = [_owed(kind, waiting, today) for kind, waiting in found if waiting]
    return Section(later("What the convenor owes"), lines, len(lines), reverse("desk"))


def _owed(kind: Kind, waiting: list[Item], today: date) -> Line:
    oldest = min(one.on for one in waiting)
    said = _("%(n)s, the oldest since %(on)s, %(when)s") % {
        "n": len(waiting),
        "on": _day(oldest),
        "when": when(oldest, today),
    }
    return Line("", str(kind.title), said, all(one.is_invented for one in waiting))


PARTS: tuple[Callable[[Assembly, date], Section], ...] = (
    late, silent, unanswered, claims, challenged, owed, changed,
)  # fmt: skip


class Voices(NamedTuple):
    """The three voices of a theme, and the gap between the first two."""

    title: str
    owners: str
    residents: str
    panel: str
    gap: str
    is_invented: bool


def themes(assembly: Assembly, today: date) -> list[Voices]:
    """Three voices of each theme; figures with their n, or why there is none. Few questions, however many themes."""
    columns = ("pk", "title", "held_on", "invented", *voices.RESIDENTS)
    rows = list(assembly.themes.order_by("order", "slug").values(*columns)[:THEMES])
    found = summaries.of_themes([row["pk"] for row in rows], today)
    return [_voices(row, found[row["pk"]]) for row in rows]


def _voices(row: dict[str, Any], counted: dict[str, Any]) -> Voices:
    claimed, gap = counted["claims"], voices.gap_to(counted["claims"]["mean"], row["residents_mean"])["value"]
    return Voices(
        title=_title(row["title"], row["held_on"]),
        owners=_("%(mean).2f of 1 (n = %(n)s)") % claimed if claimed["n"] else _("no word yet"),
        residents=_residents(voices.residents_of(row)),
        panel=_found(counted["findings"].items()),
        gap="–" if gap is None else f"{gap:+.2f}",
        is_invented=row["invented"],
    )


def _residents(heard: dict[str, Any]) -> str:
    if heard["withheld"] == "set_aside":
        return _("withheld: set aside")
    if heard["withheld"]:
        return _("withheld: few or none")
    return _("%(mean).1f of 5 (%(low).1f–%(high).1f), n ≈ %(n)s, %(period)s") % heard


def _found(findings: Iterable[tuple[str, int]]) -> str:
    told = [f"{number} {str(wording.FINDINGS[name].label).lower()}" for name, number in findings if number]
    return ", ".join(told) or _("nothing yet")


__all__ = ["PARTS", "THEMES", "WEEK", "Line", "Section", "Voices", "counted", "themes"]
