#!/usr/bin/env python3
"""Keep a copy of a public record, and shout when it was rewritten: for people who do not run it.

    monitor.py URL FOLDER [--key KEY] [--witness KEY …] [--needed N] [--tell "mail -s Record me@example.org"]

Python 3.9 or newer; verify.py, unwritten.py and shown.py lie beside this file. Each run takes what is new, holds it
against every state that this folder ever saw, reads again all that is shown, and recomputes the deadlines. It ends with
0 where all holds, 1 where something does not (FOLDER/shouts keeps the words), 2 where nothing could be asked.
The folder has the layout of C2SP tlog-tiles: from it the record's own people can restore what they lost.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from record import shown, unwritten, verify
else:
    shown, unwritten, verify = (
        import_module(("record." if __package__ else "") + name) for name in ("shown", "unwritten", "verify")
    )

API, RECORD, NDJSON = "api/v1/", "api/v1/record/", "application/x-ndjson"
PAUSES = (1, 5, 25)  # seconds before asking again
UNSIGNED, UNREACHED = timedelta(hours=24), timedelta(hours=48)
Fetch = Callable[[str, str], bytes]


class Unreached(Exception):
    """Nothing came back; that is a shout only when it lasts."""


class Monitor:
    """One run: what it keeps (`folder`), how it asks (`fetch`), and what it found (`shouts`, `remarks`)."""

    def __init__(
        self, folder: pathlib.Path, fetch: Fetch, state_of: Callable[[str], Any], now: datetime
    ) -> None:
        self.folder, self.fetch, self.state_of, self.now = folder, fetch, state_of, now
        self.shouts: list[str] = []
        self.remarks: list[str] = []

    def run(self) -> None:
        """Look at everything; what does not hold is in `shouts`."""
        note = self.fetch(RECORD + "checkpoint", "text/plain").decode()
        size, root, signed = self.tried(lambda: self.state_of(note)) or (0, b"", {})
        if not size:
            return
        self.keep_state(note, size, root)
        leaves = self.tried(lambda: self.taken(size, root))
        if leaves is None:
            return
        keep(self.folder / "checkpoint", note.encode())
        self.remarks.append(f"{size} entries hold, signed by {len(signed)} witnesses too.")
        entries = self.tried(lambda: verify.check_entries(leaves, [])) or []
        events = self.tried(lambda: self.reread(leaves)) or []
        self.look_at_objects(events)
        for kind, subject, on in unwritten.unwritten(entries, self.now.date()):
            self.shouts.append(f"{subject} was missed on {on}, and no {kind} says so: the clock stands.")
        for position, days in unwritten.written_late(entries):
            self.remarks.append(f"Entry {position} was written {days} days after what it tells.")

    def tried(self, do: Callable[[], Any]) -> Any:
        """What comes of it, or None and a shout."""
        try:
            return do()
        except (ValueError, LookupError, TypeError) as error:
            self.shouts.append(str(error))
            return None

    def keep_state(self, note: str, size: int, root: bytes) -> None:
        """Keep every signed state for ever, before it is judged: two that differ are the proof."""
        name = f"{size:012d}-{hashlib.sha256(root).hexdigest()[:12]}"
        keep(self.folder / "checkpoints" / name, note.encode())

    def states(self) -> list[tuple[str, Any]]:
        """Every state that was ever seen here, by the name of its file."""
        files = sorted((self.folder / "checkpoints").iterdir())
        return [
            (file.name, self.state_of(file.read_bytes().decode())) for file in files if file.name[0] != "."
        ]

    def taken(self, size: int, root: bytes) -> list[bytes]:
        """The entries, those kept here and those that are new, once all states ever seen are theirs; kept then."""
        known = self.known()
        verify.check(
            len(known) <= size, f"ROLLED BACK: {size} entries are signed, and there were {len(known)} before."
        )
        parts = {
            path: self.fetch(RECORD + path, "application/octet-stream") for path in bundles(len(known), size)
        }
        first = len(known) // verify.WIDTH * verify.WIDTH
        leaves = known[:first] + [leaf for data in parts.values() for leaf in unbundled(data)]
        verify.check(
            leaves[: len(known)] == known, "FORK: an entry that is kept here is given otherwise now."
        )
        verify.check(len(leaves) == size, f"{len(leaves)} entries are given, and {size} are signed.")
        roots = roots_of(leaves)
        for name, state in self.states():
            verify.check(
                state[0] > size or roots[state[0]] == state[1],
                f"FORK: checkpoints/{name} is of another record.",
            )
            verify.check(
                state[0] <= size, f"ROLLED BACK: checkpoints/{name} has more entries than are signed now."
            )
        hashes = [verify.sha256(b"\0", leaf) for leaf in leaves]
        for path, made in tiles(len(known), hashes):
            given = self.fetch(RECORD + path, "application/octet-stream")
            verify.check(given == made, f"{path} is given with other hashes than those of its entries.")
            parts[path] = given
        for path, data in parts.items():
            keep(self.folder / path, data)
        return leaves

    def known(self) -> list[bytes]:
        """The entries that are kept here."""
        state = self.folder / "checkpoint"
        size = self.state_of(state.read_bytes().decode())[0] if state.exists() else 0
        return verify.leaves_of(lambda name: (self.folder / name).read_bytes(), size)

    def reread(self, leaves: list[bytes]) -> list[dict[str, Any]]:
        """The change feed, each event held against its leaf."""
        events = self.rows("events/?after=0")
        verify.check(len(events) >= len(leaves), f"DROPPED: {len(events)} of {len(leaves)} events are shown.")
        for position, (event, leaf) in enumerate(zip(events, leaves), 1):
            verify.check(event["position"] == position, f"DROPPED: event {position} is not shown.")
            self.tried(partial(verify.check_event, event, leaf))
        hidden = sum(text is None for event in events for text in event["words"].values())
        self.remarks.append(f"{hidden} words are not shown: not looked at yet, held, hidden or erased.")
        self.look_for_unsigned(events[len(leaves) :])
        return events

    def look_for_unsigned(self, events: list[dict[str, Any]]) -> None:
        """Shout where what is shown has waited long for its signature."""
        if events and moment(events[0]["at"]) < self.now - UNSIGNED:
            self.shouts.append(
                f"STALE: event {events[0]['position']} of {events[0]['at']} is not signed yet."
            )

    def look_at_objects(self, events: list[dict[str, Any]]) -> None:
        """Shout where an object is shown otherwise than the events tell."""
        said, subjects = shown.told(events), [event["subject"] for event in events]
        for name in shown.LISTS:
            for row in self.tried(partial(self.rows, name + "/")) or []:
                detail = API + row["url"].partition("/" + API)[2] if row.get("url") else ""
                both = [row, json.loads(self.fetch(detail, "application/json"))] if detail else [row]
                found = {one for value in both for one in shown.differences(value, subjects, said)}
                self.shouts += ["CHANGED: " + one for one in sorted(found)]

    def rows(self, path: str) -> list[dict[str, Any]]:
        """A whole list."""
        return [json.loads(line) for line in self.fetch(API + path, NDJSON).split(b"\n") if line]


def roots_of(leaves: list[bytes]) -> list[bytes]:
    """The root of every size, from 0 on: of a tree that grows, the perfect parts so far (RFC 9162, 2.1)."""
    parts: list[tuple[int, bytes]] = []
    roots = [verify.root_of([])]
    for leaf in leaves:
        width, found = 1, verify.sha256(b"\0", leaf)
        while parts and parts[-1][0] == width:
            width, found = 2 * width, verify.sha256(b"\1", parts.pop()[1], found)
        parts.append((width, found))
        root = parts[-1][1]
        for _, left in reversed(parts[:-1]):
            root = verify.sha256(b"\1", left, root)
        roots.append(root)
    return roots


def bundles(known: int, size: int, folder: str = "entries") -> list[str]:
    """The bundles (or tiles) of a record of `size` that hold something beyond what is known (C2SP tlog-tiles)."""
    paths = []
    for number in range(known // verify.WIDTH, -(-size // verify.WIDTH)):
        width = min(verify.WIDTH, size - number * verify.WIDTH)
        above = "".join(f"x{number // part % 1000:03d}/" for part in (10**6, 10**3) if number >= part)
        end = f".p/{width}" if width < verify.WIDTH else ""
        paths.append(f"tile/{folder}/{above}{number % 1000:03d}{end}")
    return paths


def tiles(known: int, hashes: list[bytes]) -> Iterator[tuple[str, bytes]]:
    """The tiles over these leaf hashes, level by level, that hold something beyond what is known."""
    level = 0
    while hashes:
        first = known // verify.WIDTH
        for number, path in enumerate(bundles(known, len(hashes), str(level)), first):
            yield path, b"".join(hashes[number * verify.WIDTH : (number + 1) * verify.WIDTH])
        full = range(len(hashes) // verify.WIDTH)
        hashes = [verify.root_of(hashes[one * verify.WIDTH : (one + 1) * verify.WIDTH]) for one in full]
        known, level = known // verify.WIDTH, level + 1


def unbundled(data: bytes) -> list[bytes]:
    """The entries of a bundle."""
    leaves = []
    while data:
        end = int.from_bytes(data[:2], "big") + 2
        leaves.append(data[2:end])
        data = data[end:]
    return leaves


def keep(file: pathlib.Path, content: bytes) -> None:
    """Put a file in its place whole, to outlive a fall of the machine."""
    if file.exists() and file.read_bytes() == content:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    with beside.open("wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    beside.replace(file)


def moment(text: str) -> datetime:
    """A moment as the API writes it."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def asker(url: str, pauses: tuple[int, ...] = PAUSES) -> Fetch:
    """What fetches a path below `url` in a form, and asks again where nothing came."""

    def fetch(path: str, form: str) -> bytes:
        trouble: Exception | None = None
        request = urllib.request.Request(url.rstrip("/") + "/" + path, headers={"Accept": form})
        for pause in (*pauses, 0):
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return bytes(answer.read())
            except urllib.error.HTTPError as error:
                trouble = error
                if error.code < 500 and error.code != 429:
                    raise ValueError(f"MISSING: {path} answers {error.code}.") from error
            except OSError as error:
                trouble = error
            time.sleep(pause)
        raise Unreached(f"{request.full_url} cannot be reached: {trouble}")

    return fetch


def watch(
    folder: pathlib.Path, fetch: Fetch, state_of: Callable[[str], Any], now: datetime
) -> tuple[int, str]:
    """One run: how it ends, and in which words. What was shouted is kept in the folder."""
    monitor = Monitor(folder, fetch, state_of, now)
    reached = folder / "reached"
    try:
        monitor.run()
        keep(reached, now.isoformat().encode())
    except Unreached as silence:
        last = datetime.fromisoformat(reached.read_text()) if reached.exists() else now
        if now - last < UNREACHED and not monitor.shouts:
            return 2, str(silence)
        monitor.shouts.append(f"SILENT: {silence} It answered last at {last:%Y-%m-%d %H:%M} UTC.")
    if monitor.shouts:
        with (folder / "shouts").open("a", encoding="utf-8") as file:
            file.writelines(f"{now:%Y-%m-%d %H:%M} {one}\n" for one in monitor.shouts)
    return (1 if monitor.shouts else 0), "\n".join([*monitor.shouts, *monitor.remarks])


def main() -> int:
    """Read the command line, run once, say and tell what was found."""
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("url", help="where the service is, as https://record.example.org/")
    parser.add_argument("folder", type=pathlib.Path, help="where the copy is kept; begun where there is none")
    parser.add_argument("--key", help="the record's key, at the first run; FOLDER/vkey remembers it")
    parser.add_argument("--witness", action="append", default=[], help="a witness's key; may be repeated")
    parser.add_argument("--needed", type=int, default=0, help="how many witnesses must have signed")
    parser.add_argument("--tell", help="a command that gets the words of a shout, such as mail")
    given = parser.parse_args()
    if not given.url.startswith(("http://", "https://")):
        parser.error("The address begins with http:// or https://.")
    given.folder.mkdir(parents=True, exist_ok=True)
    remembered = given.folder / "vkey"
    if given.key:
        keep(remembered, (given.key + "\n").encode())
    if not remembered.exists():
        parser.error(
            "Give the record's key with --key this once; ask for it in another way than at the record."
        )
    keys = remembered.read_text().split()

    def state_of(note: str) -> Any:
        for key in keys[:-1]:  # after a change of keys FOLDER/vkey may name several, a line each
            with suppress(ValueError):
                return verify.checkpoint(note, key, given.witness, given.needed)
        return verify.checkpoint(note, keys[-1], given.witness, given.needed)

    code, words = watch(given.folder, asker(given.url), state_of, datetime.now(timezone.utc))
    sys.stdout.write(words + "\n")
    if code == 1 and given.tell:
        subprocess.run(shlex.split(given.tell), input=words.encode(), check=False)
    return code


if __name__ == "__main__":
    sys.exit(main())
