"""How answers slow down as the record grows: every size and layout served at once, asked in turn."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench import rounds
from bench.report import judged, ratios, spoken
from bench.rounds import Case
from bench.served import FLOOR, KEPT, OURS, Server, Staff
from bench.store import DataSet, Store

WORKS = (
    rounds.LIST,
    rounds.DETAIL,
    rounds.SEARCH,
    rounds.THEME,
    rounds.FIRST_PAGE,
    rounds.FAR_PAGE,
    rounds.FEED,
)
AT_MOST = 1.3
EVEN, ALIKE = "even", 2_000
"""Up to so many commitments there are two assemblies in either layout."""
PROMISED = ((rounds.LIST, OURS), (rounds.THEME_UNCHANGED, KEPT), (rounds.THEME, OURS))
WAYS = {"even": "more assemblies of a thousand commitments", "large": "larger themes in two assemblies"}

Asked = Callable[[str, str], Path]


@dataclass
class Growth:
    """The cases of every size of a layout."""

    found: dict[DataSet, list[Case]]
    layouts: list[str]

    def lines(self) -> list[str]:
        """A table a layout, and what was promised."""
        lines: list[str] = []
        for layout in self.layouts:
            lines += ["", *self._table(layout)]
        return lines

    def _table(self, layout: str) -> list[str]:
        alike = (data for data in self.found if data.layout == layout or data.size <= ALIKE)
        grown = sorted(alike, key=lambda data: data.size)
        smallest, largest = grown[0], grown[-1]
        sizes = " | ".join(f"{data.size:,}" for data in grown)
        lines = [f"Growth by {WAYS[layout]}; answers a second, computed anew unless it says kept:", ""]
        lines += [f"| work | peer | {sizes} | slower by |", f"|---|---|{'--:|' * len(grown)}--:|"]
        for small, large in zip(self.found[smallest], self.found[largest], strict=True):
            rates = [self._same(data, small).rate for data in grown]
            shown = " | ".join(f"{rate:,.0f}" for rate in rates)
            lines.append(f"| {small.work} | {small.peer} | {shown} | {spoken(ratios(small, large))} |")
        return [*lines, *(self._judged(smallest, largest, layout) if smallest != largest else [])]

    def _judged(self, smallest: DataSet, largest: DataSet, layout: str) -> list[str]:
        lines = ["", "| must be shown | | measured | |", "|---|--:|--:|---|"]
        for work, peer in PROMISED:
            pair = [self._find(data, work, peer) for data in (smallest, largest)]
            if pair[0] and pair[1]:
                words = f"{work} ({peer}), from {smallest.size:,} to {largest.size:,}, {layout}"
                lines.append(judged(words, ratios(pair[0], pair[1]), at_most=AT_MOST))
        return lines

    def _same(self, data: DataSet, like: Case) -> Case:
        found = self._find(data, like.work, like.peer)
        if found is None:
            raise LookupError(f"{like.work} was not measured at {data.size}.")
        return found

    def _find(self, data: DataSet, work: str, peer: str) -> Case | None:
        return next((one for one in self.found[data] if (one.work, one.peer) == (work, peer)), None)


def data_sets(options: argparse.Namespace) -> list[DataSet]:
    """Every size in every layout; the smallest are the same in each."""
    sizes = sorted(options.sizes)
    found = [DataSet(size, layout if size > ALIKE else EVEN) for layout in options.layouts for size in sizes]
    return list(dict.fromkeys(found))


def prepare(store: Store, options: argparse.Namespace) -> None:
    """Make the data sets that are missing."""
    store.address(DataSet(options.commitments, "even"))
    for data in data_sets(options) if options.growth or options.only_growth else []:
        store.address(data)


def measured(store: Store, options: argparse.Namespace, asked: Asked) -> Growth:
    """Measure every size, in turns."""
    staff = Staff(options.workers, options.threads)
    found: dict[DataSet, list[Case]] = {}
    servers: list[Server] = []
    try:
        for data in data_sets(options):
            address = store.address(data)
            file = asked(address, data.name)
            own = {peer: Server(peer, address, file, staff) for peer in (OURS, KEPT, FLOOR)}
            servers += own.values()
            for server in own.values():
                server.wait()
            works = rounds.questions_in(file)
            found[data] = [*_cases(works, own, options.only)]
        _run(found, options)
    finally:
        for server in servers:
            server.stop()
    return Growth(found, options.layouts)


def _cases(
    works: dict[str, dict[str, list[dict[str, str]]]], servers: dict[str, Server], only: str
) -> list[Case]:
    made = rounds.cases(works, servers, only)
    return [
        case
        for case in made
        if case.work in WORKS or (case.work, case.peer) == (rounds.THEME_UNCHANGED, KEPT)
    ]


def _run(found: dict[DataSet, list[Case]], options: argparse.Namespace) -> None:
    """The same work of every size one after another, then the next work; then all again."""
    for number in range(options.rounds + 1):
        for alike in zip(*found.values(), strict=True):
            for case in alike:
                if number:
                    case.results.append(rounds.turn(case, options.seconds / 2, options.connections))
                else:
                    rounds.warm_up(case, options.seconds / 2, options.connections)
