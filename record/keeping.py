"""Keeps a process up that works beside the server: `python record/keeping.py SECONDS COMMAND …`.

One that ends by itself is started again after so many seconds, and it is said once that it stopped. Python's own
library alone, since run.py starts it.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading

LOOK = 0.2


def keep_up(command: list[str], pause: float, ended: threading.Event) -> None:
    """Start it again and again until `ended`.

    What it says itself is heard until it first ends, so that the same words do not fill the log.
    """
    process, has_stopped = start(command), False
    while not ended.wait(LOOK):
        if process.poll() is None:
            continue
        if not has_stopped:
            tell(process.returncode, pause)
            has_stopped = True
        if not ended.wait(pause):
            process = start(command, is_heard=False)
    stop(process)


def tell(code: int, pause: float) -> None:
    """Say that nothing is signed, and what happens now."""
    sys.stderr.write(
        f"The record is NOT SIGNED at present: its signer ended with {code}, and what it said is above. "
        f"It is started again every {pause:g} seconds, without repeating that; "
        'docs/operating.md, "The signed record", says what to do.\n'
    )


def start(command: list[str], *, is_heard: bool = True) -> subprocess.Popen[bytes]:
    """Start what run.py named."""
    return subprocess.Popen(command, stderr=None if is_heard else subprocess.DEVNULL)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End it: politely, and if it does not listen, not."""
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()


def main() -> None:
    """Keep it up until told to stop."""
    ended = threading.Event()
    for wish in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wish, lambda *_: ended.set())
    keep_up(sys.argv[2:], float(sys.argv[1]), ended)


if __name__ == "__main__":
    main()
