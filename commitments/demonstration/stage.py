"""Who plays, and what has been made so far, by the names that the stories use."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from accounts.models import Organisation, Team, User
from commitments.choices import Precision
from commitments.models import (
    Area,
    Assembly,
    Challenge,
    Commitment,
    Correction,
    DueDateChange,
    Milestone,
    ProgressUpdate,
    Recommendation,
)
from commitments.promises import Due, Ownership, Promise

MARK = "Invented for the demonstration:"
SEASONS = ("winter", "spring", "summer", "autumn")


def sentence(text: str) -> str:
    """A text that says of itself that it is invented; nothing stays nothing."""
    return f"{MARK} {text}" if text else ""


def title(text: str) -> str:
    """A title that says of itself that it is invented."""
    return f"{text} (invented)"


@dataclass(frozen=True)
class Plan:
    """An invented promise. `due` is how many days before the story's end (negative: after it) and how exactly."""

    key: str
    title: str
    body: str
    answers: Sequence[int]
    owners: Sequence[str]
    due: tuple[int, Precision] | None = None
    measure: str = ""
    baseline: str = ""
    target: str = ""
    proof: str = ""
    wards: Sequence[str] = ()


@dataclass
class Stage:
    """The story's last day, its people by the part before the @, and everything made so far by name."""

    assembly: Assembly
    end: date
    commitments: dict[str, Commitment] = field(default_factory=dict)
    updates: dict[str, ProgressUpdate] = field(default_factory=dict)
    milestones: dict[str, Milestone] = field(default_factory=dict)
    challenges: dict[str, Challenge] = field(default_factory=dict)
    changes: dict[str, DueDateChange] = field(default_factory=dict)
    corrections: dict[str, Correction] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)

    def person(self, name: str) -> User:
        """Somebody of example.org."""
        if name not in self.people:
            self.people[name] = User.objects.get(email=f"{name}@example.org")
        return self.people[name]

    def day(self, ago: int) -> date:
        """The day so many days before the story's end."""
        return self.end - timedelta(days=ago)

    def organisation(self, slug: str) -> Organisation:
        """A body."""
        return Organisation.objects.get(slug=slug)

    def recommendation(self, number: int) -> Recommendation:
        """What the assembly really asked for; it is answered here by inventions."""
        return Recommendation.objects.get(assembly=self.assembly, number=number)

    def commitment(self, key: str) -> Commitment:
        """The commitment as it is now."""
        return Commitment.objects.get(pk=self.commitments[key].pk)

    def owners(self, slugs: Sequence[str]) -> list[Ownership]:
        """Teams, the first of which leads."""
        teams = {
            team.slug: team for team in Team.objects.select_related("organisation").filter(slug__in=slugs)
        }
        return [Ownership(team=teams[slug], lead=order == 0) for order, slug in enumerate(slugs)]

    def due(self, ago: int, precision: Precision) -> Due:
        """A due date with the owner's words for it."""
        if precision == Precision.ONGOING:
            return Due(precision=precision, text=title("ongoing"))
        return Due(on=self.day(ago), precision=precision, text=title(words_for(self.day(ago), precision)))

    def promise(self, plan: Plan) -> Promise:
        """The plan with what it names."""
        return Promise(
            title=title(plan.title),
            body=sentence(plan.body),
            recommendations=[self.recommendation(number) for number in plan.answers],
            owners=self.owners(plan.owners),
            due=self.due(*plan.due) if plan.due else None,
            measure=sentence(plan.measure),
            baseline=sentence(plan.baseline),
            target=sentence(plan.target),
            proof=sentence(plan.proof),
            areas=list(Area.objects.filter(name__in=plan.wards, kind="ward")),
        )


def words_for(day: date, precision: Precision) -> str:
    """How an owner says when."""
    season = SEASONS[day.month % 12 // 3]
    return {
        Precision.DAY: f"by {day.day} {day:%B %Y}",
        Precision.MONTH: f"by the end of {day:%B %Y}",
        Precision.QUARTER: f"in the {('first', 'second', 'third', 'last')[(day.month - 1) // 3]} quarter of {day.year}",
        Precision.SEASON: f"by {season}",
        Precision.YEAR: f"during {day.year}",
    }[precision]


Step = Callable[[Stage, date], object]
Diary = list[tuple[int, Step]]
"""Steps, each with how many days before the story's end it happens; those of one day in their order."""
