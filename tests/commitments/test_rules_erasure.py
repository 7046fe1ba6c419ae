"""Who is erased leaves nothing behind that says who they were or when they were here."""

import pytest
from django.utils import timezone

from accounts import actions as accounts
from accounts import keys
from accounts.models import Key, User
from tests import make

pytestmark = pytest.mark.django_db


def test_when_somebody_was_here_and_what_they_named_a_key_goes_with_them() -> None:
    user = make.person()
    User.objects.filter(pk=user.pk).update(last_login=timezone.now())
    key, token = accounts.issue_key(user, scopes=["all"], name="Amina's laptop")
    assert keys.find(token) == key
    accounts.erase_account(User.objects.get(pk=user.pk))
    user.refresh_from_db()
    assert (user.last_login, user.confirmed_at) == (None, None)
    assert Key.objects.values_list("name", "last_used_at").get() == ("", None)
    assert keys.find(token) is None
