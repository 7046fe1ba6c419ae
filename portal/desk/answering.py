"""Answering a recommendation in the name of an organisation that was asked, with its clock in sight."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts import roles
from accounts.models import Organisation, User
from commitments import actions, deadlines, errors, lifecycle
from commitments.choices import ResponsePosition
from commitments.models import Asked, Recommendation, Response
from portal import wording
from portal.desk import guard
from portal.desk.door import desk
from portal.desk.sending import Sending
from portal.private import Fault
from portal.templatetags.desk_forms import Option
from portal.typed import fault_of_prose
from record.refusals import Missing

STANCE, BODY, REASON, FOR = "position", "body", "reason", "organisation"


@desk
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    """The form, what it will look like, and the answer."""
    rows = Recommendation.objects.select_related("assembly", "theme")
    recommendation = rows.filter(reference=reference).first()
    if recommendation is None:
        raise Missing
    return Answer(request, recommendation).answer()


class Answer(Sending):
    """An answer; a later one is a new version, and the older stay readable."""

    form, preview = "portal/desk/answer.html", "portal/desk/answer_preview.html"
    fields = {BODY: BODY, REASON: REASON, "position": STANCE}

    def __init__(self, request: HttpRequest, recommendation: Recommendation) -> None:
        super().__init__(request)
        self.recommendation = recommendation
        self.bodies = asked_bodies(self.by, recommendation)
        self.asked = self._asked()
        self.stance = request.POST.get(STANCE, "")

    def faults(self) -> list[Fault]:
        """A position, words, and a reason where it is no."""
        found = [fault_of_prose(BODY, self.typed(BODY)), fault_of_prose(REASON, self.typed(REASON))]
        if self.stance not in ResponsePosition.values:
            found.insert(0, Fault(STANCE, _("Choose one of the answers.")))
        elif lifecycle.RESPONSE_NEEDS[self.stance] and not self.typed(REASON):
            found.append(Fault(REASON, _("Say why: who says no, in whole or in part, gives the reason.")))
        if not self.typed(BODY):
            found.insert(1, Fault(BODY, _("Say what your organisation answers.")))
        return [one for one in found if one]

    def context(self) -> dict[str, Any]:
        """The recommendation, the clock, what was answered before, and what was typed."""
        return self._about() | {
            "bodies": self.bodies,
            "positions": [Option(one.key, one.label, one.meaning) for one in wording.POSITIONS.values()],
            "stance": self.stance,
            "words": {name: self.typed(name) for name in (BODY, REASON)},
            "before": self._before(),
            "draft": f"{self.request.path}?{self._query()}",
        }

    def shown(self) -> dict[str, Any]:
        """The answer as the page of the recommendation will show it."""
        late = deadlines.days_late(self.asked.due_on, self.today, None)
        told = {
            "name": self.asked.organisation.name,
            "slug": self.asked.organisation.slug,
            "word": wording.POSITIONS[self.stance],
            "answered_on": self.today,
            "late_by_days": late if self.asked.answered_on is None else None,
            "body": self.typed(BODY),
            "reason": self.typed(REASON),
        }
        return self._about() | {"told": told, "versions": [told]}

    def words(self) -> Sequence[guard.Typed]:
        """The answer and its reason."""
        return [
            guard.Typed(BODY, _("Your answer"), self.typed(BODY)),
            guard.Typed(REASON, _("The reason"), self.typed(REASON)),
        ]

    def send(self) -> str:
        """Publish it."""
        actions.respond(
            self.recommendation,
            by=self.by,
            today=self.today,
            organisation=self.asked.organisation,
            stance=self.stance,
            body=self.typed(BODY),
            reason=self.typed(REASON),
        )
        return f"{reverse('desk_answer', args=[self.recommendation.reference])}?{self._query()}"

    def _query(self) -> str:
        return urlencode({FOR: self.asked.organisation.slug})

    def _asked(self) -> Asked:
        """For which of them one answers now: the one that was chosen, else the first that still owes an answer."""
        given = {**self.request.GET.dict(), **self.request.POST.dict()}
        slug = given.get(FOR)
        found = [one for one in self.bodies if slug in (None, one.organisation.slug)]
        if not found:
            raise Missing
        return min(found, key=lambda one: (one.answered_on is not None, one.due_on, one.pk))

    def _about(self) -> dict[str, Any]:
        left = (self.asked.due_on - self.today).days
        return {"it": self.recommendation, "asked": self.asked, "left": left, "over": -left}

    def _before(self) -> Response | None:
        rows = Response.objects.filter(
            recommendation=self.recommendation, organisation=self.asked.organisation
        )
        found: Response | None = rows.order_by("-position").first()
        return found


def asked_bodies(by: User, recommendation: Recommendation) -> list[Asked]:
    """The asked organisations for which the person answers. Raises NotAResponder; NotAsked where theirs was not."""
    mine = roles.responds_for(by)
    asked = Asked.objects.filter(recommendation=recommendation).select_related("organisation")
    listed = list(asked.order_by("asked_on", "pk"))
    found = [one for one in listed if one.organisation_id in mine]
    if found:
        return found
    if mine:
        raise errors.NotAsked(organisation=Organisation.objects.filter(pk__in=mine).order_by("pk")[0].name)
    names = [one.organisation.name for one in listed]
    raise errors.NotAResponder(organisation=" / ".join(names) or _("an organisation that was asked"))
