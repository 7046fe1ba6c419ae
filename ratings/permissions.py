"""WHO may rate; each check raises Forbidden with a sentence."""

from accounts import roles
from accounts.models import User
from commitments.errors import AddressNotConfirmed
from ratings import errors
from ratings.booths import Booth


def check_may_rate(by: User, booth: Booth) -> None:
    """A resident with a confirmed address, of no body that owns what is rated, and no judge in its assembly."""
    if not roles.is_resident(by):
        raise AddressNotConfirmed
    if booth.owns:
        raise errors.OwnersDoNotRate
    if booth.judges:
        raise errors.JudgesDoNotRate
