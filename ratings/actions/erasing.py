"""Erasing a person from all rooms, this one and those below; the account itself last."""

from accounts import actions as accounts
from accounts.models import User
from ratings.models import Belonging
from record.ledger import action


@action
def erase_person(user: User) -> None:
    """Forget that the person redeemed codes, then the account.

    Their ballots name nobody, and stay; whoever wants them gone takes them back first, while the quarter runs.
    """
    Belonging.objects.filter(user=user).delete()
    accounts.erase_account(user)
