"""What waits for convenors about words and figures: moderation, holds, and what only a second person may do."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from commitments.choices import RedactionState, RequestState, WithholdingKind
from commitments.models import Redaction, Withholding
from portal.desk.queue.kinds import Columns, Kind, Said, office
from portal.desk.queue.seats import Seats
from portal.models import WaitingImport
from ratings.models import Flag, RatingWords, Report, SettingAside, WordsStage
from record import clock

KEPT = timedelta(hours=1)
"""So long an upload is kept."""
FRESH = timedelta(days=28)
"""So long a flag stands in the queue: it asks for a look, and no state says that somebody looked."""


def _of_all(seats: Seats, column: str) -> Any:
    """The convenor's office; what belongs to no assembly waits for every convenor, in the first office of each."""
    first = seats.convened[0] if seats.convened else ""
    return Case(
        When(Q(**{column: ""}) | Q(**{f"{column}__isnull": True}), then=Value(f"convenor:{first}")),
        default=office("convenor", column),
        output_field=CharField(),
    )


def _words(seats: Seats, today: date) -> QuerySet[Any]:
    return RatingWords.objects.filter(period__assembly__slug__in=seats.convened, stage=WordsStage.WAITING)


def _words_columns(seats: Seats) -> Columns:
    return Columns(
        office=office("convenor", "period__assembly__slug"), since=F("waits_since"), key=F("pk"),
        invented=F("invented"),
    )  # fmt: skip


def _reports(seats: Seats, today: date) -> QuerySet[Any]:
    return Report.objects.filter(assembly__in=[*seats.convened, ""], decided_on=None)


def _reports_columns(seats: Seats) -> Columns:
    return Columns(
        office=_of_all(seats, "assembly"), since=F("reported_on"), key=F("pk"),
        barred=Q(reporter=seats.user),
    )  # fmt: skip


def _here(seats: Seats) -> Q:
    return Q(assembly__slug__in=seats.convened) | Q(assembly=None)


def _holds(seats: Seats, today: date) -> QuerySet[Any]:
    return Withholding.objects.filter(_here(seats), kind=WithholdingKind.HELD, lifted_on=None)


def _holds_columns(seats: Seats) -> Columns:
    return Columns(
        office=_of_all(seats, "assembly__slug"), since=F("placed_on"), key=F("pk"), invented=F("invented")
    )


def _redactions(seats: Seats, today: date) -> QuerySet[Any]:
    return Redaction.objects.filter(_here(seats), state=RedactionState.ASKED)


def _redactions_columns(seats: Seats) -> Columns:
    return Columns(
        office=_of_all(seats, "assembly__slug"), since=F("asked_on"), key=F("pk"), invented=F("invented"),
        barred=Q(asked_by=seats.user),
    )  # fmt: skip


def _set_asides(seats: Seats, today: date) -> QuerySet[Any]:
    rows = SettingAside.objects.filter(period__assembly__slug__in=seats.convened)
    return rows.filter(state=RequestState.REQUESTED)


def _set_asides_columns(seats: Seats) -> Columns:
    return Columns(
        office=office("convenor", "period__assembly__slug"), since=F("requested_on"), key=F("pk"),
        title=F("period__name"), invented=F("invented"), barred=Q(author=seats.user),
    )  # fmt: skip


def _flags(seats: Seats, today: date) -> QuerySet[Any]:
    answered = SettingAside.objects.filter(flag=OuterRef("pk"))
    rows = Flag.objects.filter(period__assembly__slug__in=seats.convened, found_on__gt=today - FRESH)
    return rows.filter(~Exists(answered))


def _flags_columns(seats: Seats) -> Columns:
    return Columns(
        office=office("convenor", "period__assembly__slug"), since=F("found_on"), key=F("pk"),
        title=F("period__name"), invented=F("invented"),
    )  # fmt: skip


def _imports(seats: Seats, today: date) -> QuerySet[Any]:
    """This person's own, while they are kept."""
    rows = WaitingImport.objects.filter(user=seats.user, assembly__in=seats.convened)
    return rows.filter(created_at__gt=clock.now() - KEPT)


def _imports_columns(seats: Seats) -> Columns:
    return Columns(office=office("convenor", "assembly"), since=F("created_at"), key=F("pk"))


SECOND = _(
    "Two people do this: who asked cannot agree. No rule sets a date; nothing happens until a second one does."
)
KINDS = (
    Kind(
        "import", "convened", _("Uploads to import"),
        _("They were checked, and nothing is imported until you say so. An hour after it was uploaded a file is gone."),
        _imports, _imports_columns,
        Said(since=_("It was uploaded and checked on %(on)s, %(when)s.")),
        ("desk_import_checked", ("key",)),
        frozenset({"WaitingImport"}),
    ),
    Kind(
        "redaction", "convened", _("Erasures that wait for a second person"), SECOND,
        _redactions, _redactions_columns,
        Said(since=_("Words are to be erased because the law asks for it; asked on %(on)s, %(when)s.")),
        ("desk_redaction", ("key",)),
        frozenset({"Redaction.state=asked", "Redaction.decided_on"}),
    ),
    Kind(
        "report", "convened", _("Reports of words that should not be shown"),
        _("Somebody says that words which are shown should not be. No rule sets a date; they are shown until you"
          " decide."),
        _reports, _reports_columns,
        Said(since=_("It was reported on %(on)s, %(when)s.")),
        ("desk_report", ("key",)),
        frozenset({"Report.decided_on"}),
    ),
    Kind(
        "words", "convened", _("Residents' words to be read"),
        _("Words that came with ratings are shown once the convenor has read them. No rule sets a date."),
        _words, _words_columns,
        Said(since=_("Words have waited to be read since %(on)s, %(when)s.")),
        ("desk_word", ("key",)),
        frozenset({"RatingWords.stage=waiting", "RatingWords.waits_since"}),
    ),
    Kind(
        "set_aside", "convened", _("Quarters that wait for a second person"), SECOND,
        _set_asides, _set_asides_columns,
        Said(since=_("Setting its ratings aside, or counting them again, was asked for on %(on)s, %(when)s.")),
        ("desk_set_aside", ("key",)),
        frozenset({"SettingAside.state=requested", "SettingAside.decided_on"}),
    ),
    Kind(
        "flag", "convened", _("Something rare in the ratings"),
        _("A flag changes nothing and asks for a look. It stands here for 28 days, or until somebody asks to set"
          " the quarter aside."),
        _flags, _flags_columns,
        Said(since=_("It was found on %(on)s, %(when)s.")),
        ("desk_flag", ("key",)),
        frozenset({"Flag"}),
        mild=True,
    ),
    Kind(
        "hold", "convened", _("Words that are held back"),
        _("A hold lasts until somebody lifts it. Look whether its case is live still; no rule ends it."),
        _holds, _holds_columns,
        Said(since=_("Words are held back since %(on)s, %(when)s.")),
        ("desk_hold", ("key",)),
        frozenset({"Withholding.kind=held", "Withholding.lifted_on"}),
        mild=True,
    ),
)  # fmt: skip
