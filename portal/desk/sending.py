"""Saying something in public from the desk: the form, then what everybody will see, then the verb, once.

What is refused, at whatever step, comes back to the form in its own sentence, with all that was typed.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.models import User
from portal.desk import guard
from portal.desk.once import ONCE, PRESSED, SentBefore, once, token
from portal.private import Fault, said, status_of
from portal.typed import prose
from record import clock
from record.refusals import Forbidden, Missing, Refusal

CHANGE, MORE, SEND, MEANT = "change", "more", "send", "meant"
FORM = "form"
"""Where a refusal stands that no field can mend."""


class Sending(ABC):
    """One form of the desk. `fields` says at which field a refusal is shown that the verb gives another name."""

    form: ClassVar[str]
    preview: ClassVar[str]
    fields: ClassVar[Mapping[str, str]] = {}

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.today: date = clock.today()
        self.by = person(request)

    @abstractmethod
    def faults(self) -> list[Fault]:
        """What is to be mended before it can be shown."""

    @abstractmethod
    def context(self) -> dict[str, Any]:
        """What the form shows."""

    @abstractmethod
    def shown(self) -> dict[str, Any]:
        """What the preview shows: what everybody will see."""

    @abstractmethod
    def words(self) -> Sequence[guard.Typed]:
        """What was typed and everybody will read."""

    @abstractmethod
    def send(self) -> str:
        """Do it; the page that comes after."""

    def agreed(self) -> bool:
        """Whether the sender has seen what this page warns of."""
        return True

    def answer(self) -> HttpResponse:
        """The page for this request."""
        post = self.request.POST
        if self.request.method != "POST" or CHANGE in post or MORE in post:
            return self._form([])
        faults = self.faults()
        if faults:
            return self._form(faults)
        marked = guard.marked(self.words())
        if SEND not in post or not self.agreed():
            return self._preview(marked)
        if marked and MEANT not in post:
            return self._preview(marked, asked_again=True)
        try:
            return once(self.request, self.send)
        except Missing:
            raise
        except Refusal as no:
            return self._form([self.fault(no)], status_of(no), anew=isinstance(no, SentBefore))

    def fault(self, no: Refusal) -> Fault:
        """A refusal at the field that mends it."""
        return Fault(self.fields.get(no.field or "", FORM), said(no))

    def typed(self, name: str) -> str:
        """Words of several lines."""
        return prose(self.request.POST.get(name, ""))

    def _form(self, faults: list[Fault], status: int = 400, *, anew: bool = False) -> HttpResponse:
        key = "" if anew else self.request.POST.get(ONCE, "")
        given = {"faults": faults, "once": key or token(), "today": self.today}
        page = {"sent": "sent" in self.request.GET, **given, **self.context()}
        return render(self.request, self.form, page, status=status if faults else 200)

    def _preview(self, marked: list[guard.Marked], *, asked_again: bool = False) -> HttpResponse:
        words = _("Take out what is marked, or say that it is meant to be public.")
        page = {
            "carried": self._carried(),
            "marked": marked,
            "faults": [Fault(MEANT, words)] if asked_again else [],
            "today": self.today,
            **self.shown(),
        }
        return render(self.request, self.preview, page, status=400 if asked_again else 200)

    def _carried(self) -> list[tuple[str, str]]:
        """All that was typed, and the form's token, as hidden fields."""
        kept = {name: values for name, values in self.request.POST.lists() if name not in PRESSED - {ONCE}}
        return [(name, str(value)) for name, values in kept.items() for value in values]


def person(request: HttpRequest) -> User:
    """Who asks; behind the door of the desk it is somebody."""
    if not isinstance(request.user, User):
        raise Forbidden
    return request.user
