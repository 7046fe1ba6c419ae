"""WHO may rate; each check raises Forbidden with a sentence."""

from accounts import roles
from accounts.models import User
from commitments.errors import AddressNotConfirmed
from ratings import errors
from ratings.subjects import Rated, owners_of


def check_may_rate(by: User, subject: Rated) -> None:
    """A resident with a confirmed address, of no body that owns what is rated, and no judge in its assembly."""
    if not roles.is_resident(by):
        raise AddressNotConfirmed
    if owners_of(subject).filter(organisation_id__in=roles.organisation_ids(by)).exists():
        raise errors.OwnersDoNotRate
    assembly = subject.assembly.slug
    if roles.is_convenor(by, assembly) or roles.is_panel(by, assembly):
        raise errors.JudgesDoNotRate
