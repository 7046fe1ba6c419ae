"""After each crash: all that was acknowledged is there, without a gap, in one history that the signer goes on with."""

from django.core.management import call_command
from django.db import transaction

from accounts import actions as accounts
from accounts.models import Role, User
from commitments.models import Area
from record import signing, tree, verify
from record.models import Entry, Head


def prepare() -> User:
    """An empty record with somebody who may write to it."""
    call_command("migrate", verbosity=0)
    convenor = User.objects.create_user("convenor@example.org")
    accounts.grant_role(convenor, Role.CONVENOR, assembly="anytown-2026")
    return convenor


def size() -> int:
    """How many entries there are."""
    return Head.objects.get().position


def check(acknowledged: dict[int, str]) -> None:
    """Raise AssertionError where an acknowledged entry is lost, a position is missing, or history was rewritten."""
    _wait_for_who_was_killed()
    rows = list(Entry.objects.order_by("position").values_list("position", "subject", "body"))
    assert [position for position, _, _ in rows] == list(range(1, size() + 1)), "There is a gap."
    subjects = {position: subject for position, subject, _ in rows}
    lost = {at: code for at, code in acknowledged.items() if subjects.get(at) != f"area:{code}"}
    assert not lost, f"Lost though it was acknowledged: {lost}"
    assert Area.objects.count() == sum(subject.startswith("area:") for subject in subjects.values())
    root = verify.root_of([verify.sha256(b"\0", bytes(body)) for _, _, body in rows])
    assert tree.root(size()) == root, "The tree does not fit its entries."
    signed = signing.sign(signing.signer())  # refuses what does not follow from what it signed before
    assert signed is not None
    assert (signed.size, bytes(signed.root)) == (size(), root)


@transaction.atomic
def _wait_for_who_was_killed() -> None:
    """Whose process is gone may still be committing at the server; it lets go of the head when it has."""
    Head.objects.select_for_update().get()
