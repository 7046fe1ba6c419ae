"""A small town for tests of finding: places, bodies, and promises in every state that a list can be narrowed by."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import actions
from commitments.choices import Finding
from commitments.models import Commitment
from commitments.promises import Due
from tests import make

TODAY = make.TODAY
BEGIN = make.days(-200)


def text(path: str, status: int = 200, **headers: Any) -> str:
    """What a page says."""
    answer = Client().get(path, headers=headers)
    assert answer.status_code == status, (path, answer.status_code)
    return " ".join(answer.content.decode().split())


def asks(path: str) -> int:
    """How many questions a page asks the database."""
    with CaptureQueriesContext(connection) as asked:
        text(path)
    return len(asked)


@dataclass
class Town:
    """One borough with two wards, one other place, two bodies, and ten promises. Ask for it on TODAY."""

    promises: dict[str, Commitment] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.borough = make.area("E09000031")
        self.ward = make.area("E05013893", kind="ward", parent=self.borough)
        self.other_ward = make.area("E05013896", kind="ward", parent=self.borough)
        self.assembly = make.assembly(area=self.borough, prefix="AT25")
        self.theme = make.theme(self.assembly, "be-there")
        self.recommendation = make.recommendation(self.assembly, theme=self.theme)
        self.police = make.organisation("police", area=self.borough.code)
        self.council = make.organisation("council", kind="council")
        self.lead, self.partner = make.team(self.police, "north-team"), make.team(self.council, "youth-team")
        self._promise()

    def _promise(self) -> None:
        past, soon = Due(make.days(-10), "day"), Due(make.days(20), "day")
        long_past = Due(make.days(-120), "day")
        answers = {"recommendations": [self.recommendation]}
        self._add("late", due=past, areas=[self.ward], **answers)
        self._add("very_late", due=long_past, areas=[self.borough], lead=self.partner)
        self._add("silent")
        self._add("on_track", due=soon, co_owners=(self.partner,), **make.MEASURABLE)
        self._add("claimed", due=soon, **answers)
        self._add("verified", areas=[self.other_ward])
        self._add("contested")
        self._add("abandoned", lead=self.partner)
        for name in ("on_track", "late", "very_late"):
            make.update(self.promises[name], today=make.days(-5))
        make.claim(self.promises["claimed"], today=make.days(-3))
        found = make.claim(self.promises["verified"], today=make.days(-3))
        self._verify(found, Finding.VERIFIED)
        self._verify(make.claim(self.promises["contested"], today=make.days(-3)), Finding.NOT_VERIFIED)
        make.update(self.promises["abandoned"], today=make.days(-3), status="abandoned", reason="No money.")
        self.promises["no_word"] = make.entered(self.assembly)

    def _add(self, name: str, *, lead: Any = None, **more: Any) -> None:
        title = f"Walk the high street: {name.replace('_', ' ')}"
        self.promises[name] = make.commitment(
            self.assembly, lead=lead or self.lead, today=BEGIN, title=title, **more
        )

    def _verify(self, claim: Any, finding: str) -> None:
        actions.verify(
            claim.commitment,
            by=make.panel(self.assembly.slug),
            today=make.days(-2),
            claim=claim,
            finding=finding,
            reason="We looked.",
        )

    def reference(self, name: str) -> str:
        """Of one of the promises."""
        return self.promises[name].reference


def day(number: int) -> date:
    """That many days after TODAY."""
    return make.days(number)
