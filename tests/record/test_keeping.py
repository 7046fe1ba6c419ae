"""A signer that ended is started again, and somebody is told; one that works is left alone."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

KEEPING = Path(__file__).resolve().parents[2] / "record" / "keeping.py"
LONG = 30.0


def kept_up(program: str, pause: str = "0.1") -> subprocess.Popen[str]:
    """The keeper of a little program."""
    return subprocess.Popen(
        [sys.executable, str(KEEPING), pause, sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait, but not for ever."""
    deadline = time.monotonic() + LONG
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_signer_that_ends_is_started_again_and_that_is_said_once(tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    starts.touch()
    keeper = kept_up(f"open({str(starts)!r}, 'a').write('x'); import sys; sys.exit('Not signed, because.')")
    wait_until(lambda: len(starts.read_text()) > 2)
    keeper.terminate()
    said = keeper.communicate(timeout=LONG)[1]
    assert said.count("NOT SIGNED at present") == 1
    assert said.count("Not signed, because.") == 1


def test_a_signer_that_works_is_left_alone_and_ends_with_its_keeper(tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    starts.touch()
    program = f"import os, time; open({str(starts)!r}, 'a').write(str(os.getpid()) + ' '); time.sleep(60)"
    keeper = kept_up(program)
    wait_until(lambda: " " in starts.read_text())
    time.sleep(0.5)
    keeper.terminate()
    assert keeper.communicate(timeout=LONG) == ("", "")
    [number] = starts.read_text().split()
    assert not Path(f"/proc/{number}/cmdline").exists()
