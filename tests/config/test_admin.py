"""The windows of operators: one looks, nothing opens, and nobody's name stands beside what they said."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.actions import issue_key
from accounts.models import Key, User
from commitments import actions
from commitments.models import Challenge, Commitment, SearchDocument, Support
from record.models import Entry, Words
from tests import make

OURS = ("accounts", "commitments", "notifications", "record")
WINDOWS = sorted(admin.site._registry, key=lambda model: model._meta.label)


@pytest.fixture
def operator(db: None) -> Client:
    """A browser in which the operator is signed in."""
    client = Client()
    client.force_login(User.objects.create_superuser("operator@example.org"))
    return client


@pytest.fixture
def life(db: None) -> Challenge:
    """A commitment with an update, a finding and a challenge, and people behind each."""
    claimed = make.claim(make.commitment())
    challenge = make.open_challenge(claimed)
    actions.verify(
        claimed.commitment,
        by=make.panel(claimed.commitment.assembly.slug),
        today=make.TODAY,
        claim=claimed,
        finding="verified",
        reason="We looked.",
    )
    issue_key(make.person(), scopes=["all"])
    return challenge


def address(model: type[Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def shown(operator: Client, model: type[Model]) -> Iterator[tuple[Model, str]]:
    """Each row of a model with its page."""
    for row in model._default_manager.all():
        yield row, operator.get(address(model, "change", row.pk)).content.decode()


def test_every_window_can_be_looked_through(operator: Client, life: Challenge) -> None:
    request = RequestFactory().get("/admin/")
    for model in WINDOWS:
        assert operator.get(address(model, "changelist")).status_code == 200
        for row in admin.site._registry[model].get_queryset(request)[:1]:
            assert operator.get(address(model, "change", row.pk)).status_code == 200


def test_nothing_is_added_through_a_window(operator: Client, life: Challenge) -> None:
    for model in WINDOWS:
        assert operator.get(address(model, "add")).status_code == 403
        assert operator.post(address(model, "add"), {}).status_code == 403


def test_nothing_is_changed_or_deleted_through_a_window(operator: Client, life: Challenge) -> None:
    for model in WINDOWS:
        rows = model._default_manager
        before = rows.count()
        for row in rows.all()[:1]:
            assert operator.post(address(model, "change", row.pk), {}).status_code == 403
            assert operator.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
            many = {"action": "delete_selected", "_selected_action": [str(row.pk)]}
            operator.post(address(model, "changelist"), many)
        assert rows.count() == before


def test_only_our_rooms_have_windows_and_those_about_supporters_and_words_have_none() -> None:
    assert {model._meta.app_label for model in WINDOWS} == set(OURS)
    assert {Support, Words, SearchDocument}.isdisjoint(WINDOWS)


def test_no_window_of_the_domain_shows_a_person(operator: Client, life: Challenge) -> None:
    addresses = set(User.objects.exclude(is_superuser=True).values_list("email", flat=True))
    for model in WINDOWS:
        if model._meta.app_label != "accounts":
            pages = [operator.get(address(model, "changelist")).content.decode()]
            pages += [page for _, page in shown(operator, model)]
            assert [email for email in addresses if any(email in page for page in pages)] == []


def test_no_window_shows_what_opens_an_account_or_when_somebody_was_here(
    operator: Client, life: Challenge
) -> None:
    request = RequestFactory().get("/admin/")
    for model in WINDOWS:
        if model._meta.app_label == "accounts":
            fields = admin.site._registry[model].get_fields(request)
            assert {"password", "digest", "last_login", "last_used_at"}.isdisjoint(fields)


def test_no_window_shows_the_account_or_the_key_of_a_resident(operator: Client, life: Challenge) -> None:
    resident, convenor = make.person("a-resident"), make.convenor()
    keys = [issue_key(one, scopes=["all"])[0] for one in (resident, convenor)]
    users = operator.get(address(User, "changelist") + "?q=example.org").content.decode()
    assert (resident.email in users, convenor.email in users) == (False, True)
    listed = operator.get(address(Key, "changelist")).content.decode()
    assert [key.prefix in listed for key in keys] == [False, True]
    assert operator.get(address(User, "change", resident.pk)).status_code == 302
    assert operator.get(address(Key, "change", keys[0].pk)).status_code == 302


def test_words_that_no_convenor_has_read_are_not_shown(operator: Client, db: None) -> None:
    make.challenge(make.claim(make.commitment()), reason="Unread words.")
    for _, page in shown(operator, Challenge):
        assert "Unread words." not in page


def test_a_leaf_is_shown_as_it_is_hashed(operator: Client, life: Challenge) -> None:
    _, page = next(shown(operator, Entry))
    assert "&quot;position&quot;" in page


def test_a_resident_sees_no_window(life: Challenge) -> None:
    client = Client()
    client.force_login(make.person())
    assert client.get(address(Commitment, "changelist")).status_code == 302
