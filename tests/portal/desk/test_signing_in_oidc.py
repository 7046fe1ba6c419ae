"""A force's own accounts open what is here already, for its own offices alone, by an address that it verified."""

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from accounts import actions
from accounts.models import Organisation, Role, User
from config import oidc
from tests import make
from tests.portal.desk.issuers import CLIENT, SECRET, Issuer, issuing

pytestmark = pytest.mark.django_db
GIVEN = {"NAME": "Anytown Police", "CLIENT_ID": CLIENT, "CLIENT_SECRET": SECRET, "ORGANISATION": "police"}
BACK = "/desk/sign-in/oidc/own/back/"


@pytest.fixture
def issuer(settings: Any) -> Iterator[Issuer]:
    """The police's own issuer, which is set."""
    cache.clear()
    with issuing() as one:
        settings.OIDC = GIVEN | {"ISSUER": one.address}
        settings.SOCIALACCOUNT_PROVIDERS = oidc.providers(settings.OIDC, in_production=False)
        yield one


@pytest.fixture
def officer() -> User:
    """Somebody who answers for the police."""
    return make.responder(make.organisation("police"))


def come_back(issuer: Issuer, **claims: Any) -> tuple[Client, Any]:
    """A browser that went to the issuer and came back with a code, and what it was answered."""
    issuer.claims = claims
    client = Client()
    away = client.get("/desk/sign-in/oidc/?next=/desk/security/")
    asked = parse_qs(urlsplit(away["Location"]).query)
    assert asked["redirect_uri"] == [f"http://testserver{BACK}"]
    assert "code_challenge" in asked
    return client, client.get(BACK, {"code": "a-code", "state": asked["state"][0]})


def acts(client: Client) -> bool:
    """Whether this browser comes in at the desk."""
    return client.get("/desk/security/").status_code == 200


def test_an_officer_of_the_force_comes_in_by_an_address_that_it_verified(
    issuer: Issuer, officer: User
) -> None:
    client, answer = come_back(issuer, email=officer.email.upper(), email_verified=True)
    assert answer["Location"] == "/desk/security/"
    assert acts(client)
    again = client.get(BACK, {"code": "a-code", "state": "guessed"})
    assert again.status_code == 400


def test_an_address_that_it_did_not_verify_opens_nothing(issuer: Issuer, officer: User) -> None:
    for verified in (False, None, "no", "true"):
        client, answer = come_back(issuer, email=officer.email, email_verified=verified)
        assert answer.status_code == 403, verified
        assert not acts(client)


def test_nobody_new_gets_an_account_and_a_shut_one_stays_shut(issuer: Issuer, officer: User) -> None:
    before = User.objects.count()
    assert come_back(issuer, email="new@example.org", email_verified=True)[1].status_code == 403
    actions.disable_account(officer)
    assert come_back(issuer, email=officer.email, email_verified=True)[1].status_code == 403
    assert User.objects.count() == before


def test_the_force_does_not_speak_for_those_who_judge_it(issuer: Issuer, officer: User) -> None:
    police = Organisation.objects.get(slug="police")
    both = make.responder(police)
    actions.grant_role(both, Role.PANEL, assembly=make.SLUG)
    operator = User.objects.create_superuser("operator@example.org")
    actions.grant_role(operator, Role.RESPONDER, organisation=police)
    for person in (both, operator):
        client, answer = come_back(issuer, email=person.email, email_verified=True)
        assert answer["Location"].startswith("/desk/second-factor/"), person.memberships.all()
        assert not acts(client)


def test_it_opens_no_account_of_a_resident_or_of_another_office(issuer: Issuer, officer: User) -> None:
    former = make.responder(Organisation.objects.get(slug="police"))
    actions.end_role(former.memberships.get())
    council = make.responder(make.organisation("council"))
    for person in (make.person(), make.convenor(), make.panel(), council, former):
        client, answer = come_back(issuer, email=person.email, email_verified=True)
        assert answer.status_code == 403
        assert client.get("/api/v1/me/").status_code == 401


def test_who_takes_up_another_office_gives_a_second_factor_before_acting_in_any(
    issuer: Issuer, officer: User
) -> None:
    client, _ = come_back(issuer, email=officer.email, email_verified=True)
    assert acts(client)
    actions.grant_role(officer, Role.PANEL, assembly=make.SLUG)
    assert not acts(client)
    assert client.get("/admin/").status_code == 302


def test_a_token_of_another_key_issuer_or_audience_or_of_before_is_refused(
    issuer: Issuer, officer: User
) -> None:
    good = {"email": officer.email, "email_verified": True}
    for wrong in ({"iss": "https://evil.example"}, {"aud": "another"}, {"exp": int(time.time()) - 10}):
        assert come_back(issuer, **good, **wrong)[1].status_code == 503, wrong
    issuer.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    client, answer = come_back(issuer, **good)
    assert answer.status_code == 503
    assert not acts(client)


def test_it_is_not_there_unless_all_of_it_is_set() -> None:
    assert Client().get("/desk/sign-in/oidc/").status_code == 404
    assert Client().get(f"{BACK}?code=1&state=1").status_code == 404
    assert "oidc" not in Client().get("/desk/sign-in/").content.decode()
    with pytest.raises(ImproperlyConfigured, match="OIDC_ISSUER is missing"):
        oidc.providers(GIVEN | {"ISSUER": ""}, in_production=False)
    with pytest.raises(ImproperlyConfigured, match="https"):
        oidc.providers(GIVEN | {"ISSUER": "http://issuer.example"}, in_production=True)
