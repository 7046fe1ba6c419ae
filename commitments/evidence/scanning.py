"""The operator's own scanner, where one is set: a file that it does not call clean is not taken."""

import logging
import os
import shlex
import signal
import subprocess
from contextlib import suppress

from django.conf import settings

from commitments.evidence.faults import Fault

CLEAN, INFECTED = 0, 1
SECONDS = 60.0
PASSED_ON = ("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "TZ", "SYSTEMROOT")
"""All that the scanner gets of our environment: the rest of it holds keys and passwords."""
log = logging.getLogger(__name__)


def check(data: bytes) -> None:
    """Raise Fault unless the scanner, which gets the file as it was sent on its standard input, calls it clean.

    Without `EVIDENCE_SCANNER` nothing is asked. A scanner that cannot be started, takes too long, or answers anything
    but 0 (clean) and 1 (infected) refuses too.
    """
    command = settings.EVIDENCE_SCANNER
    if not command:
        return
    answer = _answer(command, data)
    if answer == INFECTED:
        raise Fault("infected")
    if answer != CLEAN:
        raise Fault("not_scanned")


def _answer(command: str, data: bytes) -> int | None:
    """What the scanner said; None where it did not come to an end."""
    try:
        scanner = subprocess.Popen(
            shlex.split(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
        )
    except (OSError, ValueError):
        log.exception("EVIDENCE_SCANNER cannot be started; every file is refused.")
        return None
    with scanner:
        try:
            scanner.communicate(data, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            _end(scanner)
            log.error("EVIDENCE_SCANNER took too long; the file was refused.")
            return None
    if scanner.returncode not in (CLEAN, INFECTED):
        log.error("EVIDENCE_SCANNER answered %s; the file was refused.", scanner.returncode)
    return scanner.returncode


def _end(scanner: "subprocess.Popen[bytes]") -> None:
    """End it with all that it started."""
    with suppress(ProcessLookupError, AttributeError):
        os.killpg(scanner.pid, signal.SIGKILL)
    scanner.kill()
