"""Who has signed in, by what: the one place that says what a mailed code alone is enough for."""

from django.contrib.auth.backends import BaseBackend

from accounts.models import User

BY_CODE = "accounts.backends.ByCode"
WAITING = "accounts.backends.ByPassword"
IN_OFFICE = "django.contrib.auth.backends.ModelBackend"


class ByCode(BaseBackend):
    """Signed in by a mailed code and nothing more: acts as a resident, whatever offices the person holds.

    What an office forbids (rating an own promise, say) is forbidden still; what it allows needs a second factor.
    """

    def get_user(self, user_id: int) -> User | None:
        """The person of a session, while the account is open."""
        user = User.objects.filter(pk=user_id, is_active=True).first()
        return as_resident(user) if user else None


def as_resident(user: User) -> User:
    """The same person without the powers of their offices; nothing of it is stored."""
    user.acts_in_office = user.is_staff = user.is_superuser = False
    return user
