"""What the database counts for summaries: commitments under themes and of owners, and what waits for an answer."""

from datetime import date
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)

from commitments.choices import ChallengeState, Finding, Status
from commitments.models import Answering, Asked, Challenge, Commitment, Owner, Recommendation, Theme
from commitments.models.commitments import (
    CLAIM_STANDS,
    IS_CONTESTED,
    IS_MEASURABLE,
    NO_CLAIM_STANDS,
    is_overdue,
    is_silent,
)
from commitments.models.residents import CLAIMED
from record.models import Entry, Head
from record.prepared import Among, Blank, Prepared

PROMISED = Q(accepted_on__isnull=False)
VERIFIED = Q(status=Status.COMPLETED, finding=Finding.VERIFIED, disputed=False)
CARD = ("promised", "verified", "claimed", "late", "late_first", "silent", "contested", "not_measurable")
_TODAY = Blank.day("today")


class _Days(Func):
    """Whole days from the second date to the first."""

    output_field = IntegerField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """Dates can be taken off one another."""
        return self.as_sql(compiler, connection, template="(%(expressions)s)", arg_joiner=" - ")

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """Dates are texts; as Julian days they end in .5, all of them."""
        (later, first), (earlier, second) = (compiler.compile(one) for one in self.source_expressions)
        return f"CAST(julianday({later}) - julianday({earlier}) AS INTEGER)", [*first, *second]


def holds(today: Any) -> dict[str, Q]:
    """What must hold of a commitment for each number of a scorecard, where its subject promised it itself."""
    return {
        "promised": PROMISED,
        "verified": VERIFIED,
        "claimed": Q(status=Status.COMPLETED),
        "late": is_overdue(today),
        "late_first": PROMISED & Q(first_due_on__lt=today) & NO_CLAIM_STANDS,
        "silent": is_silent(today),
        "contested": IS_CONTESTED,
        "not_measurable": PROMISED & ~IS_MEASURABLE,
    }


def _card() -> dict[str, Count]:
    """What a scorecard counts, of what its subject promised itself."""
    return {name: Count("pk", filter=one) for name, one in holds(_TODAY).items()}


def counted(owner: str, key: int, name: str, today: date) -> QuerySet[Commitment]:
    """The commitments behind a number of the scorecard of a team or organisation (by key), each once."""
    own = Owner.objects.filter(
        owns(owner), **{"commitment": OuterRef("pk"), owner: key}, accepted_on__isnull=False
    )
    rows: QuerySet[Commitment] = Commitment.objects.filter(Exists(own), holds(today)[name])
    return rows


def _late(name: str) -> dict[str, Any]:
    """Among the promised with such a date: how many are late, by how many days in all and at most."""
    dated = PROMISED & Q(**{f"{name}_days__isnull": False})
    late = dated & Q(**{f"{name}_days__gt": 0})
    return {
        f"{name}_dated": Count("pk", filter=dated),
        f"{name}_late": Count("pk", filter=late),
        f"{name}_sum": Sum(f"{name}_days", filter=late),
        f"{name}_most": Max(f"{name}_days", filter=late),
    }


def _under_themes() -> QuerySet[Any]:
    """The commitments under themes, each counted once in a theme however many of its recommendations it answers."""
    mine = Answering.objects.filter(commitment=OuterRef("pk"), recommendation__theme=OuterRef("theme"))
    until = Case(When(CLAIM_STANDS, then=F("claimed_on")), default=_TODAY)
    found: Any = Commitment.objects.annotate(
        theme=F("answering__recommendation__theme"),
        through=F("answering__pk"),
        present_days=_Days(until, F("due_on")),
        first_days=_Days(until, F("first_due_on")),
    )
    found = found.filter(Among("theme", "keys"), ~Exists(mine.filter(pk__lt=OuterRef("through"))))
    counted: QuerySet[Any] = (
        found.with_standing(_TODAY)
        .order_by()
        .values("theme", "standing")
        .annotate(
            commitments=Count("pk"),
            measurable=Count("pk", filter=IS_MEASURABLE),
            **_card(),
            **_late("present"),
            **_late("first"),
            **_said(),
        )
    )
    return counted


def claims_under_theme() -> Subquery:
    """Of the themes that another question is about: the mean claim of each, in thousandths (see `summaries`)."""
    through = Answering.objects.filter(
        commitment=OuterRef("pk"), recommendation__theme=OuterRef(OuterRef("pk"))
    )
    worth = Case(*(When(status=status, then=Value(one)) for status, one in CLAIMED.items()))
    n: Any = Count("pk")
    mean = (Sum(worth, output_field=IntegerField()) * 50 + n) / (n * 2)
    said = Commitment.objects.filter(Exists(through), status__in=CLAIMED).order_by()
    return Subquery(said.values(every=Value(1)).annotate(mean=mean).values("mean"))


def _unanswered() -> QuerySet[Asked]:
    return Asked.objects.filter(answered_on=None, due_on__lt=_TODAY).order_by()


def _passed() -> QuerySet[Challenge]:
    return Challenge.objects.filter(state=ChallengeState.OPEN, reply_due_on__lt=_TODAY).order_by()


ASKED_UNDER_THEMES = Prepared(
    lambda: (
        _unanswered()
        .filter(Among("recommendation__theme", "keys"))
        .values("recommendation__theme")
        .annotate(n=Count("recommendation", distinct=True))
    )
)
CHALLENGED_UNDER_THEMES = Prepared(
    lambda: (
        _passed()
        .annotate(theme=F("commitment__answering__recommendation__theme"))
        .filter(Among("theme", "keys"))
        .values("theme")
        .annotate(n=Count("pk", distinct=True))
    )
)
UNDER_THEMES = Prepared(_under_themes)


def _owned(owner: str) -> QuerySet[Any]:
    """What present owners published or accepted; a body that owns through two teams is counted once."""
    found = Commitment.objects.annotate(
        owner=F(f"owners__{owner}"),
        owned_since=F("owners__accepted_on"),
        owned_until=F("owners__ended_on"),
        passed_to=F("owners__passed_to"),
        through=F("owners__pk"),
    ).filter(Among("owner", "keys"), owned_since__isnull=False)
    same = Owner.objects.filter(
        **{"commitment": OuterRef("pk"), owner: OuterRef("owner")}, accepted_on__isnull=False
    )
    found = found.filter(
        owns(owner, "owned_until"), ~Exists(same.filter(owns(owner), pk__lt=OuterRef("through")))
    )
    counted: QuerySet[Any] = found.order_by().values("owner").annotate(**_card(), **_said(), **_heard())
    return counted


def owns(owner: str, until: str = "ended_on", passed_to: str = "passed_to") -> Q:
    """At present; what a team owned when it ended stays on its card, for there one sees what became of it."""
    present = Q(**{until: None})
    return present | Q(**{f"{passed_to}__isnull": False}) if owner == "team" else present


def _said() -> dict[str, Any]:
    """What owners say, and what the panel found."""
    return {f"says_{status}": Count("pk", filter=Q(status=status)) for status in CLAIMED} | {
        f"found_{finding}": Count("pk", filter=Q(finding=finding)) for finding in Finding.values
    }


def _heard() -> dict[str, Any]:
    """Residents' published figures (tenths) and the gaps (fortieths), added up; `aside` have none but set aside."""
    sums = {f"sum_{name}": Sum(f"residents_{name}") for name in ("mean", "low", "high")}
    aside = Count("pk", filter=Q(residents_period__isnull=False, residents_mean=None))
    heard = {"heard": Count("residents_mean"), "aside": aside}
    return {**heard, "gaps": Count("gap"), "sum_gap": Sum("gap"), **sums}


def _challenged(owner: str) -> QuerySet[Any]:
    """Only the lead owner has to reply."""
    found: Any = _passed().annotate(
        owner=F(f"commitment__owners__{owner}"),
        leads=F("commitment__owners__lead"),
        owned_until=F("commitment__owners__ended_on"),
    )
    found = found.filter(Among("owner", "keys"), leads=True, owned_until=None)
    counted: QuerySet[Any] = found.values("owner").annotate(n=Count("pk", distinct=True))
    return counted


OWNED = {
    "organisation": Prepared(lambda: _owned("organisation")),
    "team": Prepared(lambda: _owned("team")),
}
CHALLENGED = {
    "organisation": Prepared(lambda: _challenged("organisation")),
    "team": Prepared(lambda: _challenged("team")),
}
ASKED = Prepared(
    lambda: (
        _unanswered()
        .filter(Among("organisation", "keys"))
        .values("organisation")
        .annotate(n=Count("recommendation", distinct=True))
    )
)


def _last(entries: QuerySet[Entry]) -> Subquery:
    return Subquery(entries.order_by("-position").values("position")[:1])


def by_standing(today: date) -> list[dict[str, Any]]:
    """Every commitment, counted by what the record shows of it."""
    rows: QuerySet[Any] = Commitment.objects.with_standing(today).order_by()
    counts = {"promised": Count("pk", filter=PROMISED), "invented": Count("pk", filter=Q(invented=True))}
    return list(rows.values("standing").annotate(n=Count("pk"), **counts))


def asked_by_theme() -> dict[int, int]:
    """How many recommendations each theme has."""
    rows = Recommendation.objects.filter(theme__isnull=False).order_by().values_list("theme")
    return dict(rows.annotate(n=Count("pk")))


def answered_by_theme() -> dict[int, int]:
    """How many commitments answer a recommendation of each theme, each counted once."""
    rows = Answering.objects.filter(recommendation__theme__isnull=False).order_by()
    return dict(rows.values_list("recommendation__theme").annotate(n=Count("commitment", distinct=True)))


HEAD = Prepared(lambda: Head.objects.values("position", "revision"))
LAST_OF_THEMES = Prepared(
    lambda: (
        Theme.objects.filter(Among("pk", "keys"))
        .order_by()
        .values(
            "pk",
            mark=_last(Entry.objects.filter(assembly=OuterRef("assembly__slug"))),
            shared=_last(Entry.objects.filter(assembly="")),
            revision=Subquery(Head.objects.values("revision")[:1]),
        )
    )
)
"""For each theme the last entry of its assembly, the last that belongs to none, and the record's revision."""
