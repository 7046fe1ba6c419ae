"""Deciding something that waits: what it is, the answers that there are, the reason; then what everybody will see."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from portal.desk import guard
from portal.desk.sending import Sending
from portal.private import Fault
from portal.templatetags.desk_forms import Option
from portal.typed import fault_of_prose

DECISION, REASON = "decision", "reason"
Words = str | Promise


class Decision(Sending):
    """One page on which one thing is decided.

    `about` is the template of what is decided, `seen` that of what everybody will see. The reason is public, unless a
    page says otherwise.
    """

    form, preview = "portal/desk/convenor/decision.html", "portal/desk/convenor/decision_preview.html"
    fields = {REASON: REASON, "ground": DECISION, "outcome": DECISION}
    title: ClassVar[Words]
    question: ClassVar[Words] = later("What do you decide?")
    about: ClassVar[str] = ""
    seen: ClassVar[str] = "portal/desk/convenor/verdict.html"
    reason_label: ClassVar[Words] = later("The reason")
    reason_hint: ClassVar[Words] = later("Everybody will read it. Name no private person.")
    takes_reason = True
    tells = True
    """Whether the words of the reason are published."""

    @abstractmethod
    def options(self) -> Sequence[Option]:
        """The answers."""

    @abstractmethod
    def facts(self) -> dict[str, Any]:
        """What is shown of the thing; `back` is the page to which one goes back."""

    def needs_reason(self) -> bool:
        """Whether the chosen answer needs one."""
        return self.takes_reason

    def effects(self) -> Sequence[Words]:
        """What follows from the chosen answer."""
        return ()

    @property
    def chosen(self) -> str:
        """The answer that was chosen."""
        return self.request.POST.get(DECISION, "")

    @property
    def reason(self) -> str:
        """The reason that was typed."""
        return self.typed(REASON)

    def faults(self) -> list[Fault]:
        """One of the answers, and a reason where it needs one."""
        found = [] if self.chosen in self._named() else [Fault(DECISION, _("Choose one of the answers."))]
        fault = fault_of_prose(REASON, self.reason)
        if fault:
            found.append(fault)
        elif not found and self.needs_reason() and not self.reason:
            found.append(Fault(REASON, _("Give the reason.")))
        return found

    def context(self) -> dict[str, Any]:
        """What is decided, and what was typed."""
        return self._page() | {
            "options": self.options(),
            "decision": self.chosen,
            "reason": self.reason,
            "question": self.question,
            "takes_reason": self.takes_reason,
            "reason_label": self.reason_label,
            "reason_hint": self.reason_hint,
        }

    def shown(self) -> dict[str, Any]:
        """The answer, its reason, and what follows."""
        return self._page() | {
            "seen": self.seen,
            "verdict": self._named().get(self.chosen, ""),
            "reason": self.reason if self.tells else "",
            "note": "" if self.tells else self.reason,
            "effects": self.effects(),
        }

    def words(self) -> Sequence[guard.Typed]:
        """The reason, where it is published."""
        return [guard.Typed(REASON, str(self.reason_label), self.reason)] if self.tells else []

    def _page(self) -> dict[str, Any]:
        return {"title": self.title, "about": self.about, **self.facts()}

    def _named(self) -> dict[str, Any]:
        return {one.value: one.label for one in self.options()}
