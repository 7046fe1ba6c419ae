"""API keys: found by their token while they are valid, and their use noted at most once a minute."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import actions, keys
from accounts.models import Key, User
from record import clock
from tests import make
from tests.make import TODAY

pytestmark = pytest.mark.django_db

NOON = make.noon(TODAY)


@pytest.fixture
def user() -> User:
    return make.person()


def test_a_token_has_its_form_and_no_two_are_alike() -> None:
    tokens = {keys.new_token() for _ in range(50)}
    assert len(tokens) == 50
    for token, prefix in tokens:
        assert re.fullmatch(r"sd_[0-9a-f]{8}_[A-Za-z0-9_-]{43}", token)
        assert token.startswith(f"{prefix}_")


def test_a_key_is_found_by_its_token_alone(user: User) -> None:
    key, token = actions.issue_key(user, scopes=["all"])
    assert keys.find(token) == key
    for wrong in ("", "sd_", token[:-1], token + "x", key.prefix, token.upper(), token[3:]):
        assert keys.find(wrong) is None


def test_a_strangers_token_costs_no_query(user: User) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert keys.find("Bearer of another service") is None
    assert len(queries) == 0


def test_an_expired_key_opens_nothing_from_that_moment(user: User) -> None:
    _, token = actions.issue_key(user, scopes=["all"], expires_at=NOON)
    with clock.at(NOON - timedelta(microseconds=1)):
        assert keys.find(token) is not None
    with clock.at(NOON):
        assert keys.find(token) is None


def test_a_revoked_key_opens_nothing_and_keeps_when_it_was_revoked(user: User) -> None:
    key, token = actions.issue_key(user, scopes=["all"])
    with clock.at(NOON):
        actions.revoke_key(key)
    with clock.at(NOON + timedelta(days=1)):
        actions.revoke_key(key)
    assert Key.objects.get(pk=key.pk).revoked_at == NOON
    assert keys.find(token) is None


def test_the_keys_of_a_closed_account_open_nothing(user: User) -> None:
    _, token = actions.issue_key(user, scopes=["all"])
    user.is_active = False
    user.save()
    assert keys.find(token) is None


def test_its_use_is_noted_at_most_once_a_minute(user: User) -> None:
    key, token = actions.issue_key(user, scopes=["all"])
    noted = []
    for seconds in (0, 59, 60):
        with clock.at(NOON + timedelta(seconds=seconds)):
            keys.find(token)
        noted.append(Key.objects.get(pk=key.pk).last_used_at)
    assert noted == [NOON, NOON, NOON + timedelta(seconds=60)]


def test_every_scope_says_what_it_opens() -> None:
    assert all(sentence.endswith(".") for sentence in keys.SCOPES.values())
