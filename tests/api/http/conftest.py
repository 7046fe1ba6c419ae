"""The toy resource's addresses, contract, key and rows."""

from functools import cache
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

from accounts import keys
from accounts.models import Key, Organisation, User
from record.guarded import opened
from tests.api.http import toy
from tests.contract import CheckingClient, Contract


@cache
def document() -> dict[str, Any]:
    """The toy's openapi document."""
    generator: Any = SchemaGenerator
    made: dict[str, Any] = generator(patterns=toy.urlpatterns).get_schema(request=None, public=True)
    return made


@pytest.fixture(autouse=True)
def _toy_addresses(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.api.http.toy"
    settings.KEPT_ANSWERS_BYTES = 0  # the toy's rows change without the record's knowing


@pytest.fixture
def client() -> CheckingClient:
    """The checking client, on the toy's contract."""
    client = CheckingClient()
    client.contract = Contract(document())
    return client


@pytest.fixture
def user(db: None) -> User:
    """Somebody."""
    return User.objects.create_user("team@example.org")


@pytest.fixture
def key(user: User) -> str:
    """A key that may do everything."""
    return issue(user, "all")


def issue(user: User, *scopes: str, **kwargs: Any) -> str:
    """A token of a fresh key."""
    token, prefix = keys.new_token()
    with opened():
        Key.objects.create(user=user, prefix=prefix, digest=keys.digest(token), scopes=list(scopes), **kwargs)
    return token


def body(slug: str, **kwargs: Any) -> Organisation:
    """A stored body."""
    with opened():
        row: Organisation = Organisation.objects.create(
            **{"slug": slug, "name": slug, "kind": "council", "version": 1, **kwargs}
        )
        return row


NEW = {"slug": "new", "name": "New", "kind": "council"}
BODIES = "/api/v1/bodies/"
