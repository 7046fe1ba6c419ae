"""A mail server and receivers of webhooks, in a process of their own that nobody kills; what came is written down.

python -m tests.crash.sink FOLDER MAIL_PORT RECEIVERS: the ports of the receivers are printed as one line of JSON.
One answer in ten of a receiver is a 500; one in twenty is good, and comes too late.
"""

import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from typing import Any, TextIO

from aiosmtpd.controller import Controller

FAILS, LATE, SECONDS_LATE = 0.10, 0.05, 3.0
TAKEN, REFUSED, TOO_LATE = "taken", "refused", "late"


class Written:
    """A file of lines, each there before anything is answered."""

    def __init__(self, file: Path) -> None:
        self._file: TextIO = file.open("a", encoding="utf-8")
        self._lock = threading.Lock()

    def add(self, *words: str) -> None:
        """One line."""
        with self._lock:
            self._file.write("\t".join(words) + "\n")
            self._file.flush()


class Mails:
    """What a mail server does with a mail."""

    def __init__(self, written: Written) -> None:
        self._written = written

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep its name and to whom it goes."""
        head = envelope.content.split(b"\r\n\r\n", 1)[0].decode("ascii", "replace")
        (name,) = [line[12:] for line in head.splitlines() if line.lower().startswith("message-id: ")]
        self._written.add(name.strip("<> "), *envelope.rcpt_tos)
        return "250 kept"


def receiver(written: Written, random: Random) -> ThreadingHTTPServer:
    """One that sometimes fails, and sometimes answers too late."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = self.rfile.read(int(self.headers["Content-Length"]))
            if len(said) < int(self.headers["Content-Length"]):
                return  # whoever called was killed before it had said all
            body = json.loads(said)
            drawn = random.random()
            what = REFUSED if drawn < FAILS else TOO_LATE if drawn < FAILS + LATE else TAKEN
            written.add(self.headers["webhook-id"], self.path, str(body["data"].get("position")), what)
            if what == TOO_LATE:
                time.sleep(SECONDS_LATE)
            try:
                self.send_response(500 if what == REFUSED else 204)
                self.end_headers()
            except OSError:
                return  # whoever called was killed, or did not wait

        def log_message(self, *_arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main(folder: str, mail_port: str, receivers: str) -> None:
    """Until standard input ends, so that nothing is left behind."""
    mails = Controller(Mails(Written(Path(folder) / "mails")), hostname="127.0.0.1", port=int(mail_port))
    mails.start()
    calls = Written(Path(folder) / "calls")
    servers = [receiver(calls, Random(number)) for number in range(int(receivers))]
    sys.stdout.write(json.dumps([server.server_address[1] for server in servers]) + "\n")
    sys.stdout.flush()
    sys.stdin.read()
    mails.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
