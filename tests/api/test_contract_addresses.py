"""Addresses without their last slash: reading is led on, and a write stays a write."""

import pytest
from django.test import Client

from tests.api.scene import V1

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    """A plain one: openapi.yaml promises nothing at addresses without their slash."""
    return Client()


def test_reading_without_the_slash_is_led_on(client: Client) -> None:
    answer = client.get(f"{V1}/commitments")
    assert answer.status_code == 301
    assert answer["Location"] == f"{V1}/commitments/"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_write_without_the_slash_is_repeated_as_it_was(client: Client, method: str) -> None:
    answer = client.generic(method, f"{V1}/commitments", b"{}", content_type="application/json")
    assert answer.status_code == 308
    assert answer["Location"] == f"{V1}/commitments/"
