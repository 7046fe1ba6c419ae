"""A signed record and somebody else's monitor of it, which asks without a network."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client

from commitments import summaries
from record import clock, files, monitor, signing, verify
from record.models import LogKey
from record.shelf import SHELF


class Watched:
    """The service as it answers, the folder of its files, and the folder of somebody who watches."""

    def __init__(self, folder: Path) -> None:
        settings.RECORD_KEY_FILE = str(folder / "key" / "key")
        self.files, self.copy, self.client = folder / "files", folder / "copy", Client()
        self.copy.mkdir()
        self.vkey = ""

    def sign(self) -> str:
        """Sign the record, and lay its files; the checkpoint."""
        checkpoint = signing.sign(signing.signer())
        assert checkpoint is not None
        files.publish(self.files, checkpoint)
        self.vkey = self.vkey or LogKey.objects.get().vkey
        return checkpoint.note

    def fetch(self, path: str, form: str) -> bytes:
        """Answer the monitor: files of the record from their folder, all else as the service does."""
        if path.startswith(monitor.RECORD):
            file = self.files / path.removeprefix(monitor.RECORD)
            if not file.exists():
                raise ValueError(f"MISSING: {path} answers 404.")
            return file.read_bytes()
        answer: Any = self.client.get("/" + path, headers={"Accept": form})
        if answer.status_code != 200:
            raise ValueError(f"MISSING: {path} answers {answer.status_code}.")
        return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)

    def look(self, later: timedelta = timedelta(0)) -> tuple[int, str]:
        """One run of the monitor, some time from now; how it ends, and in which words."""
        SHELF.clear()
        summaries.forget()
        return monitor.watch(self.copy, self.fetch, self.state_of, self.now() + later)

    def state_of(self, note: str) -> Any:
        """A state, by the one key that the watcher knows."""
        return verify.checkpoint(note, self.vkey, [])

    def now(self) -> datetime:
        """The present moment."""
        return clock.now()
