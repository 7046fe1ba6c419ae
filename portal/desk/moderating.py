"""Residents' words before they are shown, and words that somebody reported: shown, refused, hidden or left."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_safe

from commitments import errors as domain
from commitments import permissions
from commitments.models import Assembly
from commitments.subjects import path_to
from portal import challenging, days
from portal.desk.assembly import Row, convened, listing, waited
from portal.desk.decision import Decision, Words
from portal.desk.door import desk
from portal.desk.pointing import page_of
from portal.desk.wordings import HIDING
from portal.templatetags.desk_forms import Option
from ratings import actions, errors
from ratings.actions.moderating import check_moderator
from ratings.models import RatingWords, Report, WordsStage
from record.entries import shown_words
from record.models import Entry
from record.refusals import Missing

PUBLISH, DISMISS = "publish", "dismiss"
SHOWN = 100


@desk
@require_safe
def words(request: HttpRequest, slug: str) -> HttpResponse:
    """Words that came with ratings and wait, the oldest first. Who wrote them, and how they rated, nobody sees."""
    assembly = convened(request, slug)
    waiting = RatingWords.objects.filter(stage=WordsStage.WAITING, period__assembly=assembly)
    rows = [
        Row(
            title=one.text,
            href=reverse("desk_word", args=[one.pk]),
            ref=one.subject.partition(":")[2],
            said=(days.quarter(one.period.name),),
            end=waited(one.waits_since) if one.waits_since else "",
        )
        for one in waiting.select_related("period").order_by("waits_since", "pk")[:SHOWN]
    ]
    lead = _("They are shown once you have read them. No score, name or community stands with them.")
    return listing(request, assembly, _("Residents’ words to read"), lead, rows)


@desk
@require_safe
def reports(request: HttpRequest, slug: str) -> HttpResponse:
    """Words that somebody thinks should not be shown, the oldest first; with those that belong to every assembly."""
    assembly = convened(request, slug)
    waiting = list(
        Report.objects.filter(decided_on=None, assembly__in=(slug, "")).order_by("reported_on", "pk")[:SHOWN]
    )
    subjects = dict(
        Entry.objects.filter(position__in=[one.entry for one in waiting]).values_list("position", "subject")
    )
    rows = [
        Row(
            title=subjects.get(one.entry, ""),
            href=reverse("desk_report", args=[one.pk]),
            ref=str(one.entry),
            said=(one.reason,),
            end=waited(one.reported_on),
        )
        for one in waiting
    ]
    lead = _("They stay shown until you decide. Who reported them nobody sees.")
    return listing(request, assembly, _("Reports to look at"), lead, rows)


@desk
def word(request: HttpRequest, key: UUID) -> HttpResponse:
    """Words that came with one rating."""
    found = RatingWords.objects.select_related("period__assembly").filter(pk=key).first()
    if found is None:
        raise Missing
    return Reading(request, found).answer()


@desk
def report(request: HttpRequest, key: UUID) -> HttpResponse:
    """Words that one person reported."""
    found = Report.objects.filter(pk=key).first()
    if found is None:
        raise Missing
    return Reported(request, found).answer()


class Reading(Decision):
    """Whether everybody may read words that came with a rating."""

    title = later("Read a resident’s words")
    question = later("May everybody read these words?")
    about, seen = "portal/desk/convenor/word.html", "portal/desk/convenor/word_seen.html"
    takes_reason = False

    def __init__(self, request: HttpRequest, it: RatingWords) -> None:
        super().__init__(request)
        self.it = it
        self.assembly: Assembly = it.period.assembly
        permissions.check_convenor(self.by, self.assembly.slug)
        if request.method != "POST" and it.stage != WordsStage.WAITING:
            raise errors.WordsDecided

    def options(self) -> Sequence[Option]:
        """Yes, or no on one of the grounds."""
        refusals = [Option(key, _("Refuse: %(why)s") % {"why": why}) for key, why in HIDING.items()]
        return (Option(PUBLISH, _("Show them")), *refusals)

    def facts(self) -> dict[str, Any]:
        """The words with marks, and what they are about."""
        return {
            "assembly": self.assembly,
            "back": reverse("desk_words", args=[self.assembly.slug]),
            "back_name": _("Residents’ words to read"),
            "it": self.it,
            "quarter": days.quarter(self.it.period.name),
            "page": page_of(self.it.subject),
            "parts": challenging.parts(self.it.text),
            "shown": self.chosen == PUBLISH,
            "why": HIDING.get(self.chosen, ""),
        }

    def send(self) -> str:
        """Show or refuse them."""
        if self.chosen == PUBLISH:
            actions.publish_words(self.it, by=self.by, today=self.today)
        else:
            actions.refuse_words(self.it, by=self.by, today=self.today, ground=self.chosen)
        return reverse("desk_words", args=[self.assembly.slug])


class Reported(Decision):
    """Whether words that are shown stay so."""

    title = later("Look at a report")
    question = later("Do these words stay?")
    about, seen = "portal/desk/convenor/report.html", "portal/desk/convenor/report_seen.html"
    reason_label = later("A note for convenors")
    reason_hint = later("If you like. It is never published.")
    tells = False

    def __init__(self, request: HttpRequest, it: Report) -> None:
        super().__init__(request)
        self.it = it
        check_moderator(it.assembly, self.by)
        if it.reporter_id == self.by.pk:
            raise domain.OwnRequest
        if request.method != "POST" and it.decided_on is not None:
            raise errors.ReportDecided
        self.entry = Entry.objects.get(position=it.entry)
        self.assembly = self._assembly()

    def needs_reason(self) -> bool:
        """A note is nobody's duty."""
        return False

    def options(self) -> Sequence[Option]:
        """They stay, or they are hidden on one of the grounds."""
        hidings = [Option(key, _("Hide them: %(why)s") % {"why": why}) for key, why in HIDING.items()]
        return (Option(DISMISS, _("They stay as they are")), *hidings)

    def facts(self) -> dict[str, Any]:
        """The words with marks, where they stand, and why they were reported."""
        told = shown_words([self.it.entry]).get(self.it.entry, {})
        return {
            "assembly": self.assembly,
            "back": reverse("desk_reports", args=[self.assembly.slug]),
            "back_name": _("Reports to look at"),
            "it": self.it,
            "entry": self.entry,
            "page": page_of(self.entry.subject)
            or path_to(self.entry.subject, self.entry.root, self.it.entry),
            "texts": [challenging.parts(text) for text in told.values() if text],
            "stays": self.chosen == DISMISS,
            "why": HIDING.get(self.chosen, ""),
        }

    def effects(self) -> Sequence[Words]:
        """What hiding does."""
        if self.chosen == DISMISS:
            return [_("Nothing is published of it, and the reason of the report is deleted.")]
        return [
            _(
                "The words go from every page, list, feed, mail and export. That they are hidden, and why, is public."
            ),
            _("You can show them again. For words that must go for ever, ask for an erasure."),
        ]

    def send(self) -> str:
        """Leave or hide them."""
        if self.chosen == DISMISS:
            actions.dismiss_report(self.it, by=self.by, today=self.today)
        else:
            actions.hide_reported(self.it, by=self.by, today=self.today, ground=self.chosen, note=self.reason)
        return reverse("desk_reports", args=[self.assembly.slug])

    def _assembly(self) -> Assembly:
        """Where one goes back to: of what belongs to all, the first that this person convenes."""
        slug = self.it.assembly or check_moderator("", self.by).partition(":")[2]
        return Assembly.objects.get(slug=slug)
