"""A team reports: what was done, how far it is and what shows it; or, with one tap, that there is nothing to report."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from commitments import actions, events, lifecycle
from commitments.choices import Status
from commitments.evidence import telling
from commitments.models import Commitment
from commitments.promises import EvidenceLink
from portal import happenings, wording
from portal.desk import files, links
from portal.desk.door import desk
from portal.desk.guard import Typed
from portal.desk.once import once, token
from portal.desk.reading import fault_of_line, line
from portal.desk.sending import SEND
from portal.desk.speaking import Speaking, commitment_at
from portal.private import Fault
from portal.templatetags.desk_forms import Option
from portal.typed import fault_of_prose

BODY, STATUS, REASON, FILE_TITLE = "body", "status", "reason", "file-title"
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
    fields = {BODY: BODY, STATUS: STATUS, REASON: REASON, "evidence": files.FILE}

    def __init__(self, request: HttpRequest, commitment: Commitment) -> None:
        super().__init__(request, commitment)
        lifecycle.check_reportable(commitment, self.owner)
        self.rows = links.rows(request)
        self.files = files.taken(request, self.by)
        self.file_title = line(request.POST.get(FILE_TITLE, ""))
        self.status = request.POST.get(STATUS, "")

    @property
    def said_before(self) -> str | None:
        """The status that this team gave last: of the whole as its lead, else of its part."""
        return self.commitment.status if self.owner.lead else self.owner.team_status

    def evidence(self) -> list[EvidenceLink]:
        """All that shows what the update says."""
        return [
            *(EvidenceLink(self.file_title or usual, file=key) for key, usual in self.files.links),
            *(row.link for row in self.rows if row.address),
        ]

    def faults(self) -> list[Fault]:
        """What is missing or cannot be taken, in the order of the form."""
        found = [
            fault_of_prose(BODY, self.typed(BODY)),
            *(() if SEND in self.request.POST else self.files.faults),
            fault_of_line(FILE_TITLE, self.file_title, links.LONGEST_TITLE),
            *(row.fault() for row in self.rows),
        ]
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
        if lifecycle.EVIDENCE in needs and not self.evidence() and not self.files.faults:
            found.append(Fault(files.FILE, _("Show that it is done: add a photo, a document or a link.")))
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
            "files": files.shown(self.files),
            "file_title": self.file_title,
            "more_rows": any(row.address or row.title for row in self.rows[1:]),
        }

    def words(self) -> Sequence[Typed]:
        """All that everybody will read."""
        titles = "\n".join([self.file_title, *(row.title for row in self.rows)]).strip()
        return [
            Typed(BODY, _("What was done"), self.typed(BODY)),
            Typed(REASON, _("The reason"), self.typed(REASON)),
            Typed("link-title-1", _("Titles of what shows it"), titles),
        ]

    def shown(self) -> dict[str, Any]:
        """The owner's word as the page of the commitment will show it, and the entry of its story."""
        shown = self._told()
        last = {
            "id": 0,
            "posted_on": self.today,
            "team_name": self.owner.team.name if self.owner.team else "",
            "body": self.typed(BODY),
            "nothing_to_report": False,
        }
        evidence = [{"update_id": 0, "dated": None, **asdict(one)} for one in shown]
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
        words = {} if nothing else {"body": self.typed(BODY), "reason": self.typed(REASON)}
        entry = happenings.to_be(events.UPDATE_POSTED.name, self.office, facts, words, on=self.today)
        return entry._replace(evidence=[] if nothing else self._told())

    def _told(self) -> list[telling.Told]:
        """The evidence as pages show it; a file still at the address where its sender alone gets it."""
        return [
            files.told(one.file, one.title, self.files) if one.file else telling.Told(one.title, one.url)
            for one in self.evidence()
        ]

    def _carried(self) -> list[tuple[str, str]]:
        """With the files that came with this form."""
        carried = [(name, value) for name, value in super()._carried() if name != files.KEPT]
        return carried + [(files.KEPT, str(key)) for key in self.files.keys]

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
