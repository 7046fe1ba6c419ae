"""Interleaved rounds: each peer in turn answers each work for a moment, over and over, so a slow minute hits all."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from bench import agreement
from bench.load import Request, Result, measure, once
from bench.served import FLOOR, KEPT, OURS, STOCK, Server

LIST, DETAIL, SEARCH, THEME, FEED, POST = (
    "list", "detail", "text search", "theme summary", "change feed", "posting an update",
)  # fmt: skip
FIRST_PAGE, FAR_PAGE = "page 1", "page 300"
SUBSTRINGS = "text search, icontains"
UNCHANGED, UNCHANGED_DETAIL, CONDITIONAL = "list, unchanged", "detail, unchanged", "list, 304"
THEME_UNCHANGED = "theme summary, unchanged"
PORTAL, START = "commitment's page", "start page"
PORTAL_UNCHANGED = "commitment's page, unchanged"
COMPARED = 8
"""So many questions of each work are compared before anything is measured."""


@dataclass
class Case:
    """One work as one peer is asked it."""

    work: str
    peer: str
    server: Server
    requests: list[Request]
    status: bytes = b"200"
    results: list[Result] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers a second, the median of the rounds."""
        return median(result.rate for result in self.results)

    @property
    def processor(self) -> float:
        """Milliseconds that a worker computes for one answer, over all rounds."""
        answers = sum(len(result.times) for result in self.results)
        return sum(result.processor for result in self.results) / answers * 1000

    def within(self, share: float) -> float:
        """The time within which this share came, in milliseconds: the median of the rounds."""
        return median(result.within(share) for result in self.results) * 1000


def questions_in(file: Path) -> dict[str, Any]:
    """The works in a file of questions."""
    works: dict[str, Any] = json.loads(file.read_text())["works"]
    return works


def requests_of(works: dict[str, Any], work: str, kind: str, server: Server) -> list[Request]:
    """The requests of a work to a server of this kind."""
    asked = [Request(one["path"], one["body"], one["token"]) for one in works.get(work, {}).get(kind, [])]
    if work == FAR_PAGE and kind == "ours":
        return [Request(_followed(server, int(one.path.rpartition("=")[2]))) for one in asked]
    return asked


def _followed(server: Server, page: int) -> str:
    """The address of a page that only its forerunners know."""
    path = "/api/v1/commitments/"
    for _ in range(page - 1):
        _, body = once(server.port, Request(path))
        path = "/api/v1/" + json.loads(body)["next"].partition("/api/v1/")[2]
    return path


def cases(works: dict[str, Any], servers: dict[str, Server], wanted: str = "") -> list[Case]:
    """Every work of every peer that can do it."""
    made: list[Case] = []
    for work in (LIST, DETAIL, SEARCH, THEME, FIRST_PAGE, FAR_PAGE, FEED):
        for peer, kind in ((OURS, "ours"), (STOCK, "stock"), (FLOOR, "floor")):
            made += _case(work, peer, kind, works, servers, wanted)
    made += _case(SUBSTRINGS, STOCK, "stock", works, servers, wanted)
    for work, name in ((LIST, UNCHANGED), (DETAIL, UNCHANGED_DETAIL), (THEME, THEME_UNCHANGED)):
        if not wanted or wanted in name:
            made += [_named(case, name) for case in _unchanged(work, works, servers)]
    made += _portal(works, servers, wanted)
    if not wanted or wanted in CONDITIONAL:
        made += _conditional(works, servers)
    for peer, kind in ((OURS, "ours"), (STOCK, "stock"), (FLOOR, "floor")):
        made += [_created(case) for case in _case(POST, peer, kind, works, servers, wanted)]
    return made


def _case(
    work: str, peer: str, kind: str, works: dict[str, Any], servers: dict[str, Server], wanted: str
) -> list[Case]:
    if peer not in servers or (wanted and wanted not in work):
        return []
    requests = requests_of(works, work, kind, servers[peer])
    return [Case(work, peer, servers[peer], requests)] if requests else []


def _unchanged(work: str, works: dict[str, Any], servers: dict[str, Server]) -> list[Case]:
    """What was asked before, and nothing has changed since: kept by the service and the floor, made anew by stock."""
    found = _case(work, KEPT, "ours", works, servers, "") + _case(work, STOCK, "stock", works, servers, "")
    for case in _case(work, FLOOR, "floor", works, servers, ""):
        case.requests = [Request(f"/kept{one.path}") for one in case.requests]
        found.append(case)
    return found


def _portal(works: dict[str, Any], servers: dict[str, Server], wanted: str) -> list[Case]:
    """The pages for people of the same commitments, and the first page; no peer has such."""
    paths = {
        PORTAL: [
            one.path.removeprefix("/api/v1") for one in requests_of(works, DETAIL, "ours", servers[OURS])
        ],
        START: ["/"],
    }
    asked = ((PORTAL, PORTAL, OURS), (START, START, OURS), (PORTAL_UNCHANGED, PORTAL, KEPT))
    return [
        Case(name, peer, servers[peer], [Request(path) for path in paths[work]])
        for name, work, peer in asked
        if paths[work] and wanted in name
    ]


def _conditional(works: dict[str, Any], servers: dict[str, Server]) -> list[Case]:
    """The list, with the tag of the answer that it still has; of the service as it runs."""
    found = []
    for peer, kind in ((KEPT, "ours"), (STOCK, "stock"), (FLOOR, "floor")):
        for case in _case(LIST, peer, kind, works, servers, ""):
            path = [f"/kept{one.path}" if peer == FLOOR else one.path for one in case.requests]
            case.requests = [Request(one, tag=tag_of(case.server, one)) for one in path]
            case.work, case.status = CONDITIONAL, b"304"
            found.append(case)
    return found


def tag_of(server: Server, path: str) -> str:
    """The ETag that an address has now."""
    headers, _ = once(server.port, Request(path))
    return headers["etag"]


def _named(case: Case, name: str) -> Case:
    case.work = name
    return case


def _created(case: Case) -> Case:
    case.status = b"201"
    return case


def compare(made: list[Case]) -> int:
    """Hold the peers' answers against one another; how many questions were compared. Raises Disagreement."""
    compared = 0
    for work in dict.fromkeys(case.work for case in made):
        peers = [case for case in made if case.work == work and case.status == b"200"]
        for at in range(min(COMPARED, *(len(case.requests) for case in peers)) if len(peers) > 1 else 0):
            answers = {case.peer: once(case.server.port, case.requests[at])[1] for case in peers}
            agreement.check(f"{work}, {peers[0].requests[at].path}", answers)
            compared += 1
    return compared


def turn(case: Case, seconds: float, connections: int) -> Result:
    """One round of one case."""
    before = case.server.processor()
    result = measure(case.server.port, case.requests, case.status, seconds, connections)
    result.processor = case.server.processor() - before
    return result


def warm_up(case: Case, seconds: float, connections: int) -> None:
    """A moment for each case; what is kept is asked for once at least, so that the rounds find it."""
    keeps = case.peer == KEPT or case.requests[0].path.startswith("/kept")
    least = len(case.requests) if keeps else 0
    measure(case.server.port, case.requests, case.status, seconds, connections, least)


def run(made: list[Case], rounds: int, seconds: float, connections: int) -> None:
    """A short warm-up of each case, then the rounds; what reads comes first, for what writes changes the record."""
    for writing in (False, True):
        part = [case for case in made if (case.status == b"201") is writing]
        for case in part:
            warm_up(case, min(0.5, seconds), connections)
        for _ in range(rounds):
            for case in part:
                case.results.append(turn(case, seconds, connections))
