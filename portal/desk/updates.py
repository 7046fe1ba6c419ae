"""A team reports: what was done, how far it is and what shows it; or, with one tap, that there is nothing to report."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from commitments import actions, events, lifecycle
from commitments.choices import Status
from commitments.models import Commitment
from commitments.promises import EvidenceLink
from portal import happenings, wording
from portal.desk import links
from portal.desk.door import desk
from portal.desk.guard import Typed
from portal.desk.once import once, token
from portal.desk.speaking import Speaking, commitment_at
from portal.private import Fault
from portal.templatetags.desk_forms import Option
from portal.typed import fault_of_prose

BODY, STATUS, REASON = "body", "status", "reason"
CHOICES = (
    Option(Status.IN_PROGRESS, later("In progress")),
    Option(
        Status.COMPLETED,
        later("Done"),
        later("A claim: show it below. The panel looks at it, and residents may dispute it."),
    ),
    Option(Status.NOT_STARTED, later("Not started")),
    Option(Status.ABANDONED, later("Given up"), later("Say why below. The promise ends with it.")),
)
"""What can be said here; that another promise takes its place is said where that one is named."""


@desk
def update(request: HttpRequest, reference: str) -> HttpResponse:
    """The form, what everybody will see, and the update."""
    return Reporting(request, commitment_at(reference)).answer()


@desk
def nothing(request: HttpRequest, reference: str) -> HttpResponse:
    """Nothing to report: one tap in the list of one's own; this page has the same button."""
    it = Reporting(request, commitment_at(reference))
    if request.method == "POST":
        return once(request, it.say_nothing)
    page = it.context() | {"once": token(), "entry": it.entry(nothing=True), "today": it.today}
    return render(request, "portal/desk/nothing.html", page)


class Reporting(Speaking):
    """An update in the name of a team."""

    form, preview = "portal/desk/update.html", "portal/desk/update_preview.html"
    fields = {BODY: BODY, STATUS: STATUS, REASON: REASON, "evidence": "link-1"}

    def __init__(self, request: HttpRequest, commitment: Commitment) -> None:
        super().__init__(request, commitment)
        lifecycle.check_reportable(commitment, self.owner)
        self.rows = links.rows(request)
        self.status = request.POST.get(STATUS, "")

    @property
    def said_before(self) -> str | None:
        """The status that this team gave last: of the whole as its lead, else of its part."""
        return self.commitment.status if self.owner.lead else self.owner.team_status

    def evidence(self) -> list[EvidenceLink]:
        """All that shows what the update says."""
        return [row.link for row in self.rows if row.address]

    def faults(self) -> list[Fault]:
        """What is missing or cannot be taken, in the order of the form."""
        found = [fault_of_prose(BODY, self.typed(BODY)), *(row.fault() for row in self.rows)]
        if not self.typed(BODY):
            found.insert(0, Fault(BODY, _("Say what was done, or what hinders it.")))
        if self.status not in [one.value for one in CHOICES]:
            found.append(Fault(STATUS, _("Choose how far it is.")))
        else:
            found += self._missing()
        return [one for one in (*found, fault_of_prose(REASON, self.typed(REASON))) if one]

    def _missing(self) -> list[Fault]:
        """What this step from the last status needs, and the form does not hold."""
        needs, found = lifecycle.status_needs(self.said_before, self.status), []
        if lifecycle.EVIDENCE in needs and not self.evidence():
            found.append(Fault("link-1", _("Show that it is done: add a link or a file.")))
        if lifecycle.REASON in needs and not self.typed(REASON):
            words = _("Say why: a step back, and giving up, need a reason that everybody can read.")
            found.append(Fault(REASON, words))
        return found

    def context(self) -> dict[str, Any]:
        """What was typed; at first, the status as it was said last."""
        usual = self.said_before if self.said_before in lifecycle.UNDER_WAY else ""
        return super().context() | {
            "said_before": wording.STATUSES.get(self.said_before or ""),
            "choices_of_status": CHOICES,
            "chosen": self.status or usual,
            "words": {name: self.typed(name) for name in (BODY, REASON)},
            "rows": self.rows,
            "more_rows": any(row.address or row.title for row in self.rows[1:]),
        }

    def words(self) -> Sequence[Typed]:
        """All that everybody will read."""
        titles = "\n".join(row.title for row in self.rows if row.title)
        return [
            Typed(BODY, _("What was done"), self.typed(BODY)),
            Typed(REASON, _("The reason"), self.typed(REASON)),
            Typed("link-title-1", _("Titles of links"), titles),
        ]

    def shown(self) -> dict[str, Any]:
        """The owner's word as the page of the commitment will show it, and the entry of its story."""
        shown = self.evidence()
        last = {
            "id": 0,
            "posted_on": self.today,
            "team_name": self.owner.team.name if self.owner.team else "",
            "body": self.typed(BODY),
            "nothing_to_report": False,
        }
        evidence = [{"update_id": 0, "url": one.url, "title": one.title, "dated": None} for one in shown]
        return super().shown() | {
            "reports": {"last": last, "spoken": last, "evidence": evidence},
            "status": wording.STATUSES[self.status],
            "entry": self.entry(),
            "is_claim": self.owner.lead and self.status == Status.COMPLETED,
            "days": self.commitment.assembly.verification_days,
        }

    def entry(self, *, nothing: bool = False) -> happenings.Happening:
        """The entry of the story that this will be."""
        lead, status = self.owner.lead, self.said_before if nothing else self.status
        facts = {
            "lead": lead,
            "status": status if lead else None,
            "team_status": None if lead else status,
            "claim": lead and status == Status.COMPLETED,
            "nothing_to_report": nothing,
        }
        words: dict[str, str | None] = {} if nothing else self._entry_words()
        return happenings.to_be(events.UPDATE_POSTED.name, self.office, facts, words, on=self.today)

    def _entry_words(self) -> dict[str, str | None]:
        shown = self.evidence()
        return {
            "body": self.typed(BODY),
            "reason": self.typed(REASON),
            "evidence_titles": "\n".join(one.title for one in shown),
            "evidence_urls": "\n".join(one.url for one in shown),
        }

    def send(self) -> str:
        """Post it."""
        actions.post_update(
            self.commitment,
            by=self.by,
            today=self.today,
            body=self.typed(BODY),
            status=self.status,
            evidence=self.evidence(),
            reason=self.typed(REASON),
            team=self.team,
        )
        return self.after()

    def say_nothing(self) -> str:
        """Post that there is nothing to report."""
        actions.report_nothing(self.commitment, by=self.by, today=self.today, team=self.team)
        return self.after()
