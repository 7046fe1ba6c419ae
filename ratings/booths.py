"""Where one rates: what is rated, in which assembly and quarter, and how one stands to it, in one question.

It is compiled once (`record/prepared.py`), for it is asked with every ballot that is cast.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    CharField,
    Exists,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from accounts import roles
from accounts.models import INDEPENDENT_ROLES, User
from commitments.models import Commitment, Theme
from ratings import periods
from ratings.choices import Stratum
from ratings.models import Belonging
from ratings.subjects import Rated, owners
from record.prepared import Blank, Prepared, Row
from record.refusals import Missing


class Place(NamedTuple):
    """An assembly, as far as ballots know it."""

    pk: int
    slug: str


@dataclass(frozen=True, slots=True)
class Booth:
    """One person's place to rate one thing in one quarter."""

    record_subject: str
    stage: str
    """Of a commitment; themes have none."""
    assembly: Place
    voter: int
    period: str
    period_id: int | None
    """None until somebody rates in this assembly's quarter."""
    key_check: str
    key_destroyed_on: date | None
    owns: bool
    """Whether the person belongs to a body that owns what is rated."""
    judges: bool
    """Whether the person convenes the assembly or sits on its panel."""
    stratum: str

    @property
    def is_of_theme(self) -> bool:
        """Whether a theme as a whole is rated."""
        return self.record_subject.startswith(f"{Theme.record_kind}:")

    @property
    def reference(self) -> str:
        """What is rated, as its address names it."""
        return self.record_subject.partition(":")[2]


def enter(subject: str, *, by: User, today: date) -> Booth:
    """The booth for `commitment:WF24-C012` or `theme:waltham-forest-2024/presence`. Raises Missing."""
    kind, _, name = subject.partition(":")
    period = periods.of(today)
    where = _of_themes(name) if kind == Theme.record_kind else {"name": name}
    row = _QUESTIONS[kind].row(**where, by=by.pk, period=period)
    if row is None:
        raise Missing
    return _booth(row, subject, by, period)


def of(subject: "Rated | Booth", *, by: User, today: date) -> Booth:
    """The person's booth for a commitment or theme; the same again if it is theirs of this quarter."""
    if isinstance(subject, Booth) and (subject.voter, subject.period) == (by.pk, periods.of(today)):
        return subject
    return enter(subject.record_subject, by=by, today=today)


def _of_themes(name: str) -> dict[str, str]:
    assembly, _, theme = name.partition("/")
    return {"assembly": assembly, "name": theme}


def _booth(row: Row, subject: str, by: User, period: str) -> Booth:
    return Booth(
        record_subject=subject,
        stage=row.get("stage", ""),
        assembly=Place(row["assembly_id"], row["assembly__slug"]),
        voter=by.pk,
        period=period,
        period_id=row["quarter__pk"],
        key_check=row["quarter__key_check"] or "",
        key_destroyed_on=row["quarter__key_destroyed_on"],
        owns=bool(row["owns"]),
        judges=bool(row["judges"]),
        stratum=row["belongs"] or Stratum.OTHER,
    )


_BY: Any = Blank("by", BigIntegerField())
_NAME: Any = Blank("name", CharField())
_ASSEMBLY: Any = Blank("assembly", CharField())
_PERIOD: Any = Blank("period", CharField())


def _asked(kind: type[Rated], **where: Any) -> QuerySet[Any]:
    """The thing at this address, its assembly's quarter, and how the person stands to it."""
    held = roles.held(_BY)
    bodies = held.filter(organisation__isnull=False)
    mine = owners(kind, OuterRef("pk")).filter(organisation_id__in=bodies.values("organisation_id"))
    belongs = Belonging.objects.filter(user=_BY, assembly=OuterRef("assembly_id")).order_by()
    model: Any = kind
    rows: QuerySet[Any] = (
        model.objects.filter(**where)
        .order_by()
        .annotate(
            quarter=FilteredRelation("assembly__periods", condition=Q(assembly__periods__name=_PERIOD)),
            # Few belong to a body: then the owners, of whom a large theme has many, are not looked at.
            owns=Case(
                When(Exists(bodies), then=Exists(mine)), default=Value(False), output_field=BooleanField()
            ),
            judges=Exists(held.filter(role__in=INDEPENDENT_ROLES, assembly=OuterRef("assembly__slug"))),
            belongs=Subquery(belongs.values("stratum")[:1]),
        )
    )
    return rows


_ALSO = (
    "assembly_id",
    "assembly__slug",
    "quarter__pk",
    "quarter__key_check",
    "quarter__key_destroyed_on",
    "owns",
    "judges",
    "belongs",
)


def _prepared(build: Callable[[], QuerySet[Any]], *more: str) -> Prepared:
    return Prepared(lambda: build().values(*_ALSO, *more))


_QUESTIONS = {
    Commitment.record_kind: _prepared(lambda: _asked(Commitment, reference=_NAME), "stage"),
    Theme.record_kind: _prepared(lambda: _asked(Theme, assembly__slug=_ASSEMBLY, slug=_NAME)),
}
