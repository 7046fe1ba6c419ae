"""The attacker's way in: a town in which people rate, and a stranger who reads all that the API tells of it.

What is read goes to `attacker.solve` as rows; and whatever else HTTP tells of ratings is worked out anew from these
rows alone, as anybody could: so that it is known to tell nothing more.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from accounts.models import Team, User
from api.breakdowns import VIEWS
from commitments.models import Assembly, Commitment, Theme
from ratings import actions, counting
from ratings.choices import COMMUNITIES, Stratum
from ratings.disclosure import Breakdowns
from ratings.models import Counted, RatingWords, WordsStage
from ratings.subjects import Rated, Said
from tests import make
from tests.api.published import set_aside
from tests.api.scene import V1, on
from tests.contract import CheckingClient
from tests.ratings.speaking import SAID

Row = dict[str, Any]
Slot = dict[tuple[str, str], Mapping[str, Any]]
"""What one cut tells, by breakdown and group."""
FIRST, SECOND = date(2026, 7, 13), date(2026, 7, 20)
"""Two weekly slots of one quarter."""
NUMBERS = ("n", "dont_know", "mean", "low", "high", "shares", "withheld")
SEXES, WEIGHTS = ("female", "male", ""), (10, 9, 3)
GROUPS = ("white", "asian", "black", "prefer_not_to_say", "")
FEW = (14, 9, 2, 1, 6)


@dataclass
class Town:
    """A theme and four commitments of one team; local and other residents, four members, and small communities."""

    random: Random
    assembly: Assembly = field(default_factory=lambda: make.assembly(prefix="AT25"))
    theme: Theme = field(init=False)
    team: Team = field(default_factory=lambda: make.team(slug="north-team"))
    promises: list[Commitment] = field(init=False)
    people: list[User] = field(default_factory=list)
    truth: dict[tuple[str, str], list[Breakdowns]] = field(default_factory=dict)
    """What really stood behind each slot, by subject and quarter."""

    def __post_init__(self) -> None:
        self.theme = make.theme(self.assembly, "be-there")
        asked = [make.recommendation(self.assembly, theme=self.theme)]
        self.promises = [
            make.commitment(self.assembly, lead=self.team, recommendations=asked) for _ in range(4)
        ]
        make.update(self.promises[0])

    @property
    def subjects(self) -> list[Rated]:
        """Everything that can be rated."""
        return [self.theme, *self.promises]

    def live(self) -> None:
        """A quarter that two people set aside, then two cuts of the next, with people who change, go and come."""
        with on(make.TODAY):
            self._join(30)
            actions.cast(self.promises[0], by=make.person(), today=make.TODAY, said=Said(4, words=SAID))
            self._cut(make.TODAY)
            actions.bring_words(make.TODAY)
            words = RatingWords.objects.get(stage=WordsStage.WAITING)
            actions.publish_words(words, by=make.convenor(), today=make.TODAY)
            set_aside("2026-Q2", make.TODAY, self.theme)
        with on(FIRST):
            for person in self.people:
                self._rate(person, FIRST)
            self._join(24, FIRST)
            self._cut(FIRST)
        with on(SECOND):
            for person in self.random.sample(self.people, 3):
                self._rate(person, SECOND)
            for person in self.random.sample(self.people, 2):
                actions.withdraw(self.theme, by=person, today=SECOND)
            self._join(self.random.choice((9, 10, 14)), SECOND)
            self._cut(SECOND)

    def _join(self, number: int, today: date = make.TODAY) -> None:
        come = [make.person() for _ in range(number)]
        self._redeem(come[: number // 2], Stratum.LOCAL, today)
        self._redeem(come[number // 2 : number // 2 + 2], Stratum.MEMBER, today)
        for person in come:
            self._rate(person, today)
        self.people += come

    def _redeem(self, people: list[User], stratum: str, today: date) -> None:
        _, codes = actions.issue_codes(self.assembly, by=make.convenor(), number=len(people), stratum=stratum)
        for person, code in zip(people, codes, strict=True):
            actions.redeem(self.assembly, by=person, code=code)

    def _rate(self, person: User, today: date) -> None:
        """The theme with answers on community; of the promises the first by all, the last by hardly anybody."""
        draw = self.random.choices
        [sex], [group] = draw(SEXES, WEIGHTS), draw(GROUPS, FEW)
        said = {question: answer for question, answer in (("sex", sex), ("ethnic_group", group)) if answer}
        actions.cast(self.theme, by=person, today=today, said=Said(self._score(), communities=said))
        for promise, share in zip(self.promises, (1, 0.7, 0.4, 0.12), strict=True):
            if self.random.random() < share:
                score = self._score()
                actions.cast(promise, by=person, today=today, said=Said(score, dont_know=score is None))

    def _score(self) -> int | None:
        return self.random.choices((1, 2, 3, 4, 5), (4, 5, 3, 2, 1))[0]

    def _cut(self, today: date) -> None:
        """Cut, and keep in mind what stood behind it; the product forgets that two weeks after the quarter."""
        actions.cut_figures(today)
        for row in Counted.objects.filter(slot=today).select_related("period"):
            self.truth.setdefault((row.subject, row.period.name), []).append(
                {
                    by: {group: counting.cell(cell) for group, cell in cells.items()}
                    for by, cells in row.behind.items()
                }
            )


# --- Reading ---


@dataclass
class Stranger:
    """Somebody without a key, who reads everything to its end."""

    api: CheckingClient

    def get(self, path: str) -> Any:
        """What is at a path below the API's base."""
        answer = self.api.get(f"{V1}/{path}")
        assert answer.status_code == 200, (path, answer.content)
        return answer.json()

    def status(self, path: str) -> int:
        """How a request is answered."""
        return int(self.api.get(f"{V1}/{path}").status_code)

    def rows(self, path: str, query: str = "") -> list[Row]:
        """A whole list, page by page."""
        page = self.get(f"{path}/?{query}&page_size=50".replace("?&", "?"))
        found: list[Row] = page["results"]
        while page["next"]:
            page = self.api.get(page["next"]).json()
            found += page["results"]
        return found

    def lines(self, path: str) -> list[Row]:
        """The same as NDJSON."""
        answer = self.api.get(f"{V1}/{path}/", headers={"Accept": "application/x-ndjson"})
        assert answer["Content-Type"].startswith("application/x-ndjson")
        return [json.loads(line) for line in b"".join(answer).decode().splitlines()]

    def table(self, path: str, query: str = "") -> list[dict[str, str]]:
        """The same as CSV."""
        return list(csv.DictReader(io.StringIO(self.text(f"{path}.csv", query))))

    def text(self, path: str, query: str = "") -> str:
        """A body."""
        answer = self.api.get(f"{V1}/{path}{query and f'?{query}'}")
        assert answer.status_code == 200, (path, query, answer.content)
        return b"".join(answer).decode()


def slots_of(figures: list[Row]) -> dict[tuple[str, str], list[Slot]]:
    """The rows as the attacker takes them: by subject and quarter, slot after slot."""
    found: dict[tuple[str, str], dict[str, Slot]] = {}
    for row in figures:
        slots = found.setdefault((row["subject"], row["period"]), {})
        slots.setdefault(row["slot"], {})[row["by"], row["group"] or ""] = row
    return {key: [slots[slot] for slot in sorted(slots)] for key, slots in found.items()}


def groups_of(subject: str, slots: list[Slot]) -> dict[str, tuple[str, ...]]:
    """The breakdowns of which anything was ever published; strata in any case."""
    told = {by for slot in slots for by, _ in slot} | {counting.STRATUM}
    return {by: groups for by, groups in counting.groups_of(subject).items() if by in told}


def numbers(row: Mapping[str, Any]) -> Row:
    """What a row of `ratings/`, or a fact of an entry, says in numbers."""
    return {name: row[name] for name in ("by", "group", *NUMBERS)}


def standing(figures: list[Row]) -> Iterator[Row]:
    """The figures that count: the latest, published, and not set aside."""
    for row in figures:
        if row["latest"] and row["n"] is not None and not row["set_aside"]:
            yield row


# --- Asking for part of it ---

Filter = tuple[str, str, Callable[[Row], bool]]
SEVERAL = ("subject", "assembly", "period")
"""These take several values, of which any may match."""


def filters(figures: list[Row]) -> list[Filter]:
    """Every filter of the route with values that occur, and what it means of a row that everybody reads."""
    moment = max(row["updated_at"] for row in figures)
    told = {name: sorted({row[name] for row in figures}) for name in SEVERAL}
    return [
        *(one(name, value, value) for name in SEVERAL for value in told[name]),
        *(one("by", by, by) for by in VIEWS),
        ("by", "period", lambda row: row["by"] == "all" and row["latest"]),
        *(one(name, str(said).lower(), said) for name in ("latest", "set_aside") for said in (True, False)),
        ("updated_since", moment, lambda row: row["updated_at"] >= moment),
    ]


def one(name: str, text: str, value: object) -> Filter:
    """A filter that wants this value in its column."""
    return name, text, lambda row: row[name] == value


def is_refused(given: list[tuple[str, str]]) -> bool:
    """One name twice where one value is taken, and communities of promises."""
    (first, _), (second, _) = given
    asked = dict(given)
    of_promise = asked.get("subject", "").startswith("commitment:")
    return (first == second and first not in SEVERAL) or (of_promise and asked.get("by") in COMMUNITIES)
