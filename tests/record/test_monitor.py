"""Somebody who watches the record from outside: a copy, every state ever seen, and a shout for what does not hold."""

import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from commitments import actions
from commitments.models import Commitment
from record import clock, monitor, verify
from record.models import Entry
from tests import make
from tests.make import TODAY, days, noon
from tests.record.copies import KEY, VKEY, kept, leaf, note
from tests.record.watched import Watched

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_first_day() -> Iterator[None]:
    """Calendar and clock agree, or the clock would stand."""
    with clock.at(noon(TODAY)):
        yield


@pytest.fixture
def commitment() -> Commitment:
    """A promise."""
    return make.commitment(due=None)


@pytest.fixture
def watched(tmp_path: Path, settings: Any, commitment: Commitment) -> Watched:
    """A signed record that somebody watches from the beginning."""
    settings.RECORD_KEY_FILE = ""  # put back afterwards
    found = Watched(tmp_path)
    found.sign()
    return found


def test_a_record_that_grows_is_copied_and_holds(watched: Watched, commitment: Commitment) -> None:
    for number in range(3):
        assert watched.look()[0] == 0, watched.look()[1]
        make.update(commitment, today=days(number))
        watched.sign()
    code, words = watched.look()
    assert code == 0, words
    assert f"{Entry.objects.count()} entries hold" in words
    copied = verify.leaves_of(lambda name: (watched.copy / name).read_bytes(), Entry.objects.count())
    assert copied == [
        bytes(body) for body in Entry.objects.order_by("position").values_list("body", flat=True)
    ]
    assert len(list((watched.copy / "checkpoints").iterdir())) == 4


def test_a_copy_holds_by_the_verifier_too(watched: Watched) -> None:
    watched.look()
    words = [sys.executable, "record/verify.py", watched.vkey, "copy", str(watched.copy)]
    words += [str(file) for file in (watched.copy / "checkpoints").iterdir()]
    assert subprocess.run(words, capture_output=True, check=False).returncode == 0


def test_a_second_run_without_news_changes_no_file(watched: Watched) -> None:
    def all_files() -> dict[str, bytes]:
        return {str(file): file.read_bytes() for file in watched.copy.rglob("*") if file.is_file()}

    watched.look()
    before = all_files()
    assert watched.look()[0] == 0
    changed = {name for name, content in all_files().items() if before.get(name) != content}
    assert {Path(name).name for name in changed} <= {"reached"}


def test_an_outage_is_no_shout_until_it_lasts(watched: Watched) -> None:
    watched.look()

    def away(path: str, form: str) -> bytes:
        raise monitor.Unreached("nothing there")

    def look(later: timedelta) -> int:
        return monitor.watch(watched.copy, away, watched.state_of, watched.now() + later)[0]

    assert look(timedelta(hours=1)) == 2
    assert look(timedelta(hours=49)) == 1
    assert "SILENT" in (watched.copy / "shouts").read_text()
    assert watched.look()[0] == 0


def test_an_outage_in_the_middle_leaves_the_copy_as_it_was(watched: Watched, commitment: Commitment) -> None:
    watched.look()
    make.update(commitment)
    watched.sign()
    asked = watched.fetch

    def breaks_off(path: str, form: str) -> bytes:
        if "tile/" in path:
            raise monitor.Unreached("broken off")
        return asked(path, form)

    before = (watched.copy / "checkpoint").read_bytes()
    assert monitor.watch(watched.copy, breaks_off, watched.state_of, watched.now())[0] == 2
    assert (watched.copy / "checkpoint").read_bytes() == before
    assert watched.look()[0] == 0


def test_events_that_are_not_signed_in_a_day_are_shouted(watched: Watched, commitment: Commitment) -> None:
    make.update(commitment)
    assert watched.look()[0] == 0
    code, words = watched.look(timedelta(hours=25))
    assert (code, "STALE" in words) == (1, True)


def test_a_clock_that_stands_is_shouted(watched: Watched) -> None:
    assert watched.look()[0] == 0
    code, words = watched.look(timedelta(days=400))
    assert code == 1
    assert "the clock stands" in words


def test_words_that_were_never_shown_are_counted_and_shouted_by_nobody(
    watched: Watched, commitment: Commitment
) -> None:
    make.challenge(make.claim(commitment))
    watched.sign()
    code, words = watched.look()
    assert code == 0, words
    assert "1 words are not shown" in words


def test_corrected_wordings_hold(watched: Watched, commitment: Commitment) -> None:
    officer = make.member(make.lead_team(commitment))
    correction = actions.correct_commitment(
        commitment, by=officer, today=days(1), field="title", text="Another title", reason="A slip."
    )
    actions.approve_correction(correction, by=make.convenor(), today=days(1))
    watched.sign()
    code, words = watched.look()
    assert code == 0, words


def test_it_runs_on_the_command_line_and_tells_nothing_false(tmp_path: Path) -> None:
    words = [sys.executable, "record/monitor.py", "file:///etc", str(tmp_path / "copy"), "--key", VKEY]
    assert subprocess.run(words, capture_output=True, check=False).returncode == 2
    words = [sys.executable, "record/monitor.py", "http://127.0.0.1:9/", str(tmp_path / "copy")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "--key" in done.stderr


class Site:
    """A site that gives files of a folder, and of objects none."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, path: str, form: str) -> bytes:
        if path.startswith(monitor.RECORD):
            return (self.folder / path.removeprefix(monitor.RECORD)).read_bytes()
        if path.startswith(monitor.API + "events/"):
            rows = []
            for data in verify.leaves_of(lambda name: (self.folder / name).read_bytes(), self.size()):
                body = json.loads(data)
                shown = {name: body[name] for name in body if name not in ("v", "facts")}
                rows.append({**shown, "body": body, "words": {}, "salts": {}})
            return "\n".join(map(json.dumps, rows)).encode()
        return b""

    def size(self) -> int:
        return verify.checkpoint((self.folder / "checkpoint").read_text(), VKEY, [])[0]


def laid(folder: Path, leaves: list[bytes]) -> Site:
    """A site with these entries, its tiles included."""
    kept(folder, leaves)
    for path, data in monitor.tiles(0, [verify.sha256(b"\0", one) for one in leaves]):
        monitor.keep(folder / path, data)
    return Site(folder)


def test_a_long_record_is_copied_in_steps_of_bundles(tmp_path: Path) -> None:
    leaves = [
        leaf(position, at=f"2026-06-01T00:00:00.{position:06d}Z", actor="x") for position in range(1, 1301)
    ]
    now = monitor.moment("2026-06-02T00:00:00Z")
    for size in (1, 255, 256, 257, 512, 1300):
        site = laid(tmp_path / "site", leaves[:size])
        code, words = monitor.watch(
            tmp_path / "copy", site, lambda text: verify.checkpoint(text, VKEY, []), now
        )
        assert (code, f"{size} entries hold" in words) == (0, True), words
    roots = monitor.roots_of(leaves[:300])
    assert roots == [
        verify.root_of([verify.sha256(b"\0", one) for one in leaves[:size]]) for size in range(301)
    ]


@pytest.mark.parametrize(
    ("change", "shout"),
    [
        (lambda leaves: leaves[:3], "ROLLED BACK"),
        (lambda leaves: [*leaves[:3], leaf(4, actor="y"), *leaves[4:]], "FORK"),
        (lambda leaves: [*leaves, leaf(7, at="2026-05-01T00:00:00.000000Z")], "out of its turn"),
        (lambda leaves: [*leaves, leaf(9)], "not in order"),
    ],
    ids=["truncated", "edited", "back-dated", "a gap"],
)
def test_a_rewritten_record_is_shouted_though_it_is_signed(change: Any, shout: str, tmp_path: Path) -> None:
    leaves = [leaf(position) for position in range(1, 7)]

    def look(given: list[bytes]) -> tuple[int, str]:
        now = monitor.moment("2026-06-02T00:00:00Z")
        site = laid(tmp_path / f"site-{len(given)}-{given == leaves}", given)
        return monitor.watch(tmp_path / "copy", site, lambda text: verify.checkpoint(text, VKEY, []), now)

    assert look(leaves)[0] == 0
    code, words = look(change(leaves))
    assert code == 1
    assert shout in words


def test_false_tiles_and_other_keys_are_shouted(tmp_path: Path) -> None:
    leaves = [leaf(position) for position in range(1, 7)]
    now = monitor.moment("2026-06-02T00:00:00Z")
    spoilt: dict[str, Any] = {
        "tile": lambda folder: (folder / "tile/0/000.p/6").write_bytes(bytes(192)),
        "key": lambda folder: (folder / "checkpoint").write_text(
            note(leaves, type(KEY)(KEY.name, bytes(32)))
        ),
        "none": lambda folder: (folder / "checkpoint").write_text(b64encode(b"x").decode()),
    }
    for name, spoil in spoilt.items():
        site = laid(tmp_path / name, leaves)
        spoil(tmp_path / name)
        copy = tmp_path / f"copy-{name}"
        copy.mkdir()
        code, words = monitor.watch(copy, site, lambda text: verify.checkpoint(text, VKEY, []), now)
        assert code == 1, words
        assert not (copy / "checkpoint").exists()
