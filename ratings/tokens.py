"""The keyed hash by which a ballot knows its voter, and nobody else does once the key is gone."""

import hmac

from accounts.models import User
from ratings.addresses import mailbox

BALLOT, FRESH, WORDS = "ballot", "fresh", "words"


def token(key: bytes, label: str, subject: str, user: User) -> str:
    """HMAC-SHA256, in hex, of the label, the subject and the person's mailbox.

    The subject is in it, so that without the key not even two ballots of one person can be linked; the label, so that
    neither typed words nor a fresh ballot can be linked to a ballot.
    """
    said = "\0".join((label, subject, mailbox(user.email)))
    return hmac.digest(key, said.encode(), "sha256").hex()
