"""The windows for operators answer no question about what they hide, however the address asks it."""

import pytest
from django.test import Client

from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def window(admin_client: Client) -> Client:
    """A client that may open the windows; there is a challenge to look at."""
    make.challenge(make.claim(make.commitment()))
    return admin_client


@pytest.mark.parametrize(
    "question",
    [
        "commitments/challenge/?proposer__id__exact=1",
        "commitments/challenge/?proposer=1",
        "commitments/challenge/?proposer_id=1",
        "commitments/challenge/?reason__contains=nobody",
        "commitments/progressupdate/?author=1",
        "accounts/user/?password__startswith=md5",
        "accounts/user/?last_login__gte=2026-01-01",
        "accounts/key/?digest__startswith=0",
        "accounts/key/?last_used_at__gte=2026-01-01",
    ],
)
def test_a_hidden_field_is_no_filter(window: Client, question: str) -> None:
    assert window.get(f"/admin/{question}").status_code == 400


def test_what_is_offered_filters(window: Client) -> None:
    assert window.get("/admin/commitments/challenge/?state__exact=proposed").status_code == 200
