"""The connection to a mail server: one for many mails, and a new one after anything went wrong with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from smtplib import SMTPRecipientsRefused
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends import filebased


class Line:
    """Through Django's mail settings. Outside of `kept` each mail has a connection of its own."""

    def __init__(self) -> None:
        self._backend: Any = None

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep the connection until the block ends; mails that go to files go to one each."""
        backend = get_connection()
        self._backend = None if isinstance(backend, filebased.EmailBackend) else backend
        try:
            yield
        finally:
            self._hang_up()
            self._backend = None

    def send(self, mail: EmailMessage) -> None:
        """Send it, whatever became of those before it. Raises what smtplib raises."""
        if self._backend is None:
            mail.send()
            return
        try:
            self._backend.open()
            self._backend.send_messages([mail])
        except SMTPRecipientsRefused:
            raise  # the mailbox was refused, the connection is as good as before
        except Exception:
            self._hang_up()
            raise

    def _hang_up(self) -> None:
        if self._backend is not None:
            self._backend.close()
