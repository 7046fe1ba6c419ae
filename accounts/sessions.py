"""Sessions in the database, found again by a digest of their key: who copies the table cannot sign in as anybody.

A session in office is short: it ends half a day after the second factor was given, and after an hour without a request.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as InDatabase
from django.utils import timezone

from accounts.backends import OF_OFFICES
from accounts.models import Session

BEGAN, IN_OFFICE_SINCE = "began", "in_office_since"
NOTED_EVERY = timedelta(minutes=5)
"""A request puts the end of an idle session off; it is written down this often."""


class SessionStore(InDatabase):
    """As Django's, with whose it is in a column of its own, so that people can see and end theirs."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The table."""
        return Session

    def exists(self, session_key: str) -> bool:
        """Whether there is one with this key."""
        return Session.objects.filter(pk=digest(session_key)).exists()

    def load(self) -> dict[str, Any]:
        """What it holds; one in office is still in use, then."""
        row = self._get_session_from_db()
        if row is None:
            return {}
        data: dict[str, Any] = self.decode(row.session_data)
        if data.get(BACKEND_SESSION_KEY) in OF_OFFICES:
            self._put_off(row, data)
        return data

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row of the present state."""
        began = data.setdefault(BEGAN, timezone.now().isoformat())
        if data.get(BACKEND_SESSION_KEY) in OF_OFFICES:
            data.setdefault(IN_OFFICE_SINCE, timezone.now().isoformat())
        return Session(
            session_key=digest(self._get_or_create_session_key()),  # type: ignore[attr-defined]
            session_data=self.encode(data),
            expire_date=self._end_of(data),
            user_id=data.get(SESSION_KEY),
            began_at=datetime.fromisoformat(began),
        )

    def delete(self, session_key: str | None = None) -> None:
        """End it."""
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(pk=digest(key)).delete()

    def _end_of(self, data: dict[str, Any]) -> datetime:
        """When it ends if nothing happens any more."""
        at_most: datetime = self.get_expiry_date(expiry=data.get("_session_expiry"))
        if data.get(BACKEND_SESSION_KEY) not in OF_OFFICES:
            return at_most
        since = datetime.fromisoformat(data[IN_OFFICE_SINCE])
        return min(at_most, since + settings.OFFICE_SESSION, timezone.now() + settings.OFFICE_IDLE)

    def _put_off(self, row: Session, data: dict[str, Any]) -> None:
        end = self._end_of(data)
        if end - row.expire_date > NOTED_EVERY:
            Session.objects.filter(pk=row.pk).update(expire_date=end)

    def _get_session_from_db(self) -> Session | None:
        found = Session.objects.filter(pk=digest(self.session_key or ""), expire_date__gt=timezone.now())
        row = found.first()
        if row is None:
            self._session_key = None
        return row


def digest(key: str) -> str:
    """By what a session is known in the table; its key, which is random, does not follow from it."""
    return hashlib.blake2b(key.encode(), digest_size=20).hexdigest()
