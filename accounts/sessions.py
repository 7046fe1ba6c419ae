"""Sessions in the database, found again by a digest of their key: who copies the table cannot sign in as anybody."""

import hashlib
from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as InDatabase
from django.utils import timezone

from accounts.models import Session

BEGAN = "began"


class SessionStore(InDatabase):
    """As Django's, with whose it is in a column of its own, so that people can see and end theirs."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The table."""
        return Session

    def exists(self, session_key: str) -> bool:
        """Whether there is one with this key."""
        return Session.objects.filter(pk=digest(session_key)).exists()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row of the present state."""
        began = data.setdefault(BEGAN, timezone.now().isoformat())
        return Session(
            session_key=digest(self._get_or_create_session_key()),  # type: ignore[attr-defined]
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            user_id=data.get(SESSION_KEY),
            began_at=datetime.fromisoformat(began),
        )

    def delete(self, session_key: str | None = None) -> None:
        """End it."""
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(pk=digest(key)).delete()

    def _get_session_from_db(self) -> Session | None:
        found = Session.objects.filter(pk=digest(self.session_key or ""), expire_date__gt=timezone.now())
        row = found.first()
        if row is None:
            self._session_key = None
        return row


def digest(key: str) -> str:
    """By what a session is known in the table; its key, which is random, does not follow from it."""
    return hashlib.blake2b(key.encode(), digest_size=20).hexdigest()
