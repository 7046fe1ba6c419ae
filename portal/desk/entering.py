"""Entering what was published elsewhere: recommendations, answers to them, promises; each with its source and date.

What a source does not say stays unknown, and is shown as unknown: nobody fills it in.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise as Later
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from accounts.models import Organisation
from commitments import actions, permissions
from commitments.actions.corrections import LONGEST_TITLE
from commitments.choices import ResponsePosition
from commitments.models import Assembly, Recommendation, Theme
from portal import sources, wording
from portal.desk import guard
from portal.desk.assembly import convened
from portal.desk.door import desk
from portal.desk.reading import fault_of_line, line
from portal.desk.sending import Sending, person
from portal.desk.sourcing import Source
from portal.private import Fault
from portal.templatetags.desk_forms import Option
from portal.typed import fault_of_prose
from record.refusals import Missing

TITLE, BODY, REASON, THEME, STANCE, BODY_OF = "title", "body", "reason", "theme", "position", "organisation"
SORTED_BY = "sorted_by_source"
MOST = 300


@desk
def recommendation(request: HttpRequest, slug: str) -> HttpResponse:
    """What the assembly asked for."""
    return EnteringRecommendation(request, convened(request, slug)).answer()


@desk
def response(request: HttpRequest, reference: str) -> HttpResponse:
    """What an organisation answered elsewhere."""
    found = Recommendation.objects.select_related("assembly").filter(reference=reference).first()
    if found is None:
        raise Missing
    permissions.check_convenor(person(request), found.assembly.slug)
    return EnteringResponse(request, found).answer()


class Entering(Sending):
    """Something with a source."""

    preview = "portal/desk/convenor/entered.html"
    title: ClassVar[str | Later]

    def __init__(self, request: HttpRequest, assembly: Assembly) -> None:
        super().__init__(request)
        self.assembly = assembly
        self.source = Source.of(request.POST)

    def text(self, name: str) -> str:
        """One line that was typed."""
        return line(self.request.POST.get(name, ""))

    def context(self) -> dict[str, Any]:
        """What was typed, and the source."""
        return self.page() | self.source.context() | {"typed": self.request.POST}

    def page(self) -> dict[str, Any]:
        """What form and preview share."""
        return {"assembly": self.assembly, "title": self.title}

    def shown(self) -> dict[str, Any]:
        """With the source as everybody will see it."""
        return self.page() | {"sources": sources.sources(self.source.sources())}

    def words(self) -> Sequence[guard.Typed]:
        """The note about the source."""
        return self.source.words()


class EnteringRecommendation(Entering):
    """A recommendation, with its theme if it has one."""

    form = "portal/desk/convenor/enter_recommendation.html"
    preview = "portal/desk/convenor/enter_recommendation_preview.html"
    fields: ClassVar[dict[str, str]] = {"number": "number", THEME: THEME}
    title = later("Enter a recommendation")

    def __init__(self, request: HttpRequest, assembly: Assembly) -> None:
        super().__init__(request, assembly)
        self.themes = list(Theme.objects.filter(assembly=assembly).order_by("order", "pk"))

    @property
    def theme(self) -> Theme | None:
        """The one that was chosen."""
        return next((one for one in self.themes if one.slug == self.request.POST.get(THEME)), None)

    @property
    def number(self) -> int | None:
        """The number that the source gives it."""
        text = self.text("number")
        return int(text) if text.isascii() and text.isdigit() and 0 < int(text[:5]) <= 9999 else None

    def faults(self) -> list[Fault]:
        """A title, and a source."""
        title = self.text(TITLE)
        found = [
            fault_of_line(TITLE, title, LONGEST_TITLE)
            if title
            else Fault(TITLE, _("Say in one line what was asked for.")),
            fault_of_prose(BODY, self.typed(BODY)),
        ]
        if self.text("number") and self.number is None:
            found.append(Fault("number", _("Write a number such as 12, or leave it empty.")))
        if self.text(THEME) and self.theme is None:
            found.append(Fault(THEME, _("Choose one of the answers.")))
        return [*(one for one in found if one), *self.source.faults()]

    def context(self) -> dict[str, Any]:
        """With the themes."""
        return super().context() | {"themes": [Option(one.slug, one.title) for one in self.themes]}

    def shown(self) -> dict[str, Any]:
        """As its page will begin."""
        told = {
            "title": self.text(TITLE),
            "body": self.typed(BODY),
            "theme": self.theme,
            "number": self.number,
        }
        return super().shown() | {"told": told, "ours": self._is_ours()}

    def words(self) -> Sequence[guard.Typed]:
        """What was asked for."""
        return [
            guard.Typed(TITLE, _("In one line"), self.text(TITLE)),
            guard.Typed(BODY, _("In full"), self.typed(BODY)),
            *super().words(),
        ]

    def send(self) -> str:
        """Enter it; asking organisations comes next."""
        made = actions.publish_recommendation(
            self.assembly,
            by=self.by,
            today=self.today,
            title=self.text(TITLE),
            body=self.typed(BODY),
            theme=self.theme,
            theme_assigned_by=f"convenor:{self.assembly.slug}" if self._is_ours() else "",
            number=self.number,
            source=self.source.sources(),
        )
        return reverse("desk_ask", args=[made.reference])

    def _is_ours(self) -> bool:
        return self.theme is not None and SORTED_BY not in self.request.POST


class EnteringResponse(Entering):
    """An answer that was given elsewhere."""

    form = "portal/desk/convenor/enter_response.html"
    preview = "portal/desk/convenor/enter_response_preview.html"
    fields: ClassVar[dict[str, str]] = {
        "position": STANCE,
        BODY: BODY,
        REASON: REASON,
        "source": "source_url",
    }
    title = later("Enter an answer from a source")

    def __init__(self, request: HttpRequest, it: Recommendation) -> None:
        super().__init__(request, it.assembly)
        self.it = it
        self.bodies = list(Organisation.objects.order_by("name", "pk")[:MOST])

    @property
    def body_of(self) -> Organisation | None:
        """Who answered."""
        return next((one for one in self.bodies if one.slug == self.request.POST.get(BODY_OF)), None)

    @property
    def stance(self) -> str:
        """What it answered."""
        return self.request.POST.get(STANCE, "")

    def faults(self) -> list[Fault]:
        """Who answered, what, in which words, and where that stands."""
        found = [fault_of_prose(BODY, self.typed(BODY)), fault_of_prose(REASON, self.typed(REASON))]
        if self.body_of is None:
            found.append(Fault(BODY_OF, _("Choose who answered.")))
        if self.stance not in ResponsePosition.values:
            found.append(Fault(STANCE, _("Choose one of the answers.")))
        if not self.typed(BODY):
            found.append(Fault(BODY, _("Give the words of the answer, as the source has them.")))
        return [*(one for one in found if one), *self.source.faults()]

    def context(self) -> dict[str, Any]:
        """With who can have answered, and how."""
        return super().context() | {
            "bodies": [Option(one.slug, one.name) for one in self.bodies],
            "positions": [Option(one.key, one.label, one.meaning) for one in wording.POSITIONS.values()],
        }

    def page(self) -> dict[str, Any]:
        """With the recommendation."""
        return super().page() | {"it": self.it}

    def shown(self) -> dict[str, Any]:
        """The answer as the recommendation's page will show it."""
        body = self.body_of
        told = {
            "name": body.name if body else "",
            "slug": body.slug if body else "",
            "word": wording.POSITIONS[self.stance],
            "answered_on": self.today,
            "body": self.typed(BODY),
            "reason": self.typed(REASON),
            "sources": sources.sources(self.source.sources()),
        }
        return super().shown() | {"told": told, "versions": [told]}

    def words(self) -> Sequence[guard.Typed]:
        """The answer and its reason."""
        return [
            guard.Typed(BODY, _("The answer"), self.typed(BODY)),
            guard.Typed(REASON, _("The reason"), self.typed(REASON)),
            *super().words(),
        ]

    def send(self) -> str:
        """Enter it."""
        if self.body_of is None:
            raise Missing
        actions.enter_response(
            self.it,
            by=self.by,
            today=self.today,
            organisation=self.body_of,
            stance=self.stance,
            body=self.typed(BODY),
            reason=self.typed(REASON),
            source=self.source.sources(),
        )
        return reverse("desk_ask", args=[self.it.reference])
