"""What was measured as tables: answers a second, ratios with their spread, memory, and what was promised."""

import os
import platform
import re
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench import rounds
from bench.load import WrongAnswer
from bench.rounds import Case
from bench.served import FLOOR, KEPT, OURS, STOCK
from bench.store import HERE, POSTGRES

PAGE = HERE / "docs" / "performance.md"
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Target:
    """What must be shown: a ratio of one case to another, at least or at most so much."""

    words: str
    one: tuple[str, str]
    other: tuple[str, str]
    at_least: float = 0.0
    at_most: float = 0.0


_THEME = rounds.THEME_UNCHANGED
TARGETS = (
    Target("list of 50 computed anew, against stock", (rounds.LIST, OURS), (rounds.LIST, STOCK), at_least=4),
    Target("detail computed anew, against stock", (rounds.DETAIL, OURS), (rounds.DETAIL, STOCK), at_least=4),
    Target("list unchanged, against stock", (rounds.UNCHANGED, KEPT), (rounds.UNCHANGED, STOCK), at_least=30),
    Target("304, against stock", (rounds.CONDITIONAL, KEPT), (rounds.CONDITIONAL, STOCK), at_least=50),
    Target("text search, against the floor", (rounds.SEARCH, OURS), (rounds.SEARCH, FLOOR), at_least=0.4),
    Target("theme summary, against stock", (_THEME, KEPT), (_THEME, STOCK), at_least=30),
    Target(
        "commitment's page unchanged, against anew",
        (rounds.PORTAL_UNCHANGED, KEPT), (rounds.PORTAL, OURS), at_least=30,
    ),
    Target("page 1 to page 300", (rounds.FIRST_PAGE, OURS), (rounds.FAR_PAGE, OURS), at_most=1.2),
)  # fmt: skip


PAGES = (
    ("commitment's page made anew, of a worker", rounds.PORTAL, 50.0),
    ("start page made anew, of a worker", rounds.START, 50.0),
)
"""What a page for people may cost a worker, in milliseconds of its processor."""


@dataclass
class Report:
    """The cases of one run, and the memory of its peers."""

    cases: list[Case]
    memory: dict[str, int]

    def case(self, work: str, peer: str) -> Case | None:
        """The one of this work and peer, if it was measured."""
        return next((one for one in self.cases if (one.work, one.peer) == (work, peer)), None)

    def lines(self, database: str) -> list[str]:
        """All tables."""
        return [*self._figures(), "", *self._memory(), "", *self._targets(database)]

    def _figures(self) -> list[str]:
        lines = [
            "| work | peer | a second | p50 ms | p99 ms | CPU ms | against stock | against the floor |",
            "|---|---|--:|--:|--:|--:|--:|--:|",
        ]
        for case in sorted(self.cases, key=lambda one: self._works().index(one.work)):
            stock, floor = self.case(case.work, STOCK), self.case(case.work, FLOOR)
            lines.append(
                f"| {case.work} | {case.peer} | {case.rate:,.0f} | {case.within(0.5):.2f} | {case.within(0.99):.2f}"
                f" | {case.processor:.2f} | {spread(case, stock)} | {spread(case, floor)} |"
            )
        return lines

    def _works(self) -> list[str]:
        return list(dict.fromkeys(case.work for case in self.cases))

    def _memory(self) -> list[str]:
        lines = ["| peer | memory a worker, after the run |", "|---|--:|"]
        return [*lines, *(f"| {peer} | {size / MEBIBYTE:,.0f} MiB |" for peer, size in self.memory.items())]

    def _targets(self, database: str) -> list[str]:
        title = (
            "must be shown" if database == POSTGRES else "must be shown on PostgreSQL; here for comparison"
        )
        lines = [f"| {title} | | measured | |", "|---|--:|--:|---|"]
        for target in TARGETS:
            one, other = self.case(*target.one), self.case(*target.other)
            if one and other:
                lines.append(judged(target.words, ratios(one, other), target.at_least, target.at_most))
        for words, work, most in PAGES:
            page = self.case(work, OURS)
            if page:
                met = "met" if page.processor <= most else "**short**"
                lines.append(f"| {words} | ≤ {most:g} ms | {page.processor:.1f} ms | {met} |")
        return lines


def ratios(one: Case, other: Case) -> list[float]:
    """How many times as many answers, round by round."""
    return [a.rate / b.rate for a, b in zip(one.results, other.results, strict=True)]


def spread(one: Case, other: Case | None) -> str:
    """The median ratio of the rounds, and the least and the most."""
    return spoken(ratios(one, other)) if other and other is not one else ""


def spoken(found: list[float]) -> str:
    """A median with its spread."""
    return f"{median(found):.2f}× ({min(found):.2f}–{max(found):.2f})"


def judged(words: str, found: list[float], at_least: float = 0.0, at_most: float = 0.0) -> str:
    """A line that says whether a promise is met by the median."""
    met = median(found) >= at_least if at_least else median(found) <= at_most
    bound = f"≥ {at_least:g}×" if at_least else f"≤ {at_most:g}×"
    return f"| {words} | {bound} | {spoken(found)} | {'met' if met else '**short**'} |"


def heading(database: str, options: Any) -> str:
    """What was run, and on what."""
    words = (
        f"{options.commitments:,} commitments, {6 * options.commitments:,} updates; "
        f"{options.rounds} interleaved rounds of {options.seconds:g} s, {options.connections} connections, "
        f"{options.workers} worker of {options.threads} threads a peer"
    )
    name = "PostgreSQL" if database == POSTGRES else "SQLite"
    return f"{name}. {words}. {machine()}.\n"


def machine() -> str:
    """The machine, without a name."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}, {platform.system()}"
    )


def write(database: str, text: str, page: Path = PAGE) -> None:
    """Put the tables between the marks that the page has for this database."""
    begin, end = f"<!-- {database} -->", f"<!-- /{database} -->"
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), flags=re.S)
    written, found = pattern.subn(lambda _: f"{begin}\n{text}\n{end}", page.read_text())
    if not found:
        raise WrongAnswer(f"{page.name} has no place for these tables: {begin} … {end}")
    page.write_text(written)
