"""Fifty canaries go through a full run: none sings in a log, a trace, a mail, a kept answer or an admin page."""

import io
import logging
import sys
import traceback
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts import actions as accounts
from accounts.models import User
from commitments.models import Commitment, Theme
from config import logs
from ratings import actions, keystore, periods
from ratings.actions import casting
from ratings.models import FreshBallot
from ratings.subjects import Said
from record import clock
from tests import make
from tests.ratings import errand
from tests.ratings.errand import Rater

pytestmark = pytest.mark.django_db
THEME = "assemblies/anytown-2025/themes/presence/rating/"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """All that is logged, as production writes it, to the last detail."""
    logs.configure(level="DEBUG", as_json=True)
    buffer = io.StringIO()
    (handler,) = (one for one in logging.getLogger().handlers if type(one) is logging.StreamHandler)
    handler.setStream(buffer)
    yield buffer
    logs.configure(level="WARNING", as_json=False)


@pytest.fixture
def commitment() -> Commitment:
    cache.clear()
    assembly = make.assembly(prefix="AT25")
    asked = make.recommendation(assembly, theme=make.theme(assembly, "presence"))
    return make.commitment(assembly, recommendations=[asked])


@pytest.fixture
def raters(commitment: Commitment) -> list[Rater]:
    """Ten people with their keys and codes."""
    _, codes = actions.issue_codes(commitment.assembly, by=make.convenor(), number=errand.RATERS)
    found = []
    for number, code in enumerate(codes):
        user = User.objects.create_user(errand.address_of(number))
        _, key = accounts.issue_key(user, scopes=["all"])
        _, other = accounts.issue_key(user, scopes=["account:read"])
        found.append(Rater(number, key, other, code))
    return found


def ask(method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> tuple[int, bytes]:
    """In this process, where a failure is an answer as it is behind a server."""
    client = Client(raise_request_exception=False)
    answer = client.generic(method, path, body or b"", headers.get("Content-Type", ""), headers=dict(headers))
    return answer.status_code, answer.content


def singing(raters: list[Rater], text: str) -> list[str]:
    """Which canaries stand in a text."""
    canaries = set().union(*(rater.canaries for rater in raters))
    assert len(canaries) >= 50
    return sorted(one for one in canaries if one.lower() in text.lower())


def test_no_canary_sings_in_logs_mails_or_kept_answers(
    commitment: Commitment, raters: list[Rater], written: io.StringIO, settings: Settings
) -> None:
    settings.ADMINS = [("Operator", "operator@example.org")]
    statuses = errand.run(ask, raters, "AT25-C001", THEME)
    assert {200, 204, 400, 401, 403, 405, 415, 429} <= set(statuses)
    assert written.getvalue().count("commitments/<slug:reference>/rating/") >= errand.RATERS
    assert singing(raters, written.getvalue()) == []
    assert singing(raters, "".join(f"{one.subject}{one.body}{one.to}" for one in mail.outbox)) == []
    kept = apps.get_model("api", "IdempotentAnswer").objects.values()
    assert singing(raters, str([{**row, "body": bytes(row["body"]).decode()} for row in kept])) == []


def test_no_canary_sings_when_things_break(
    commitment: Commitment, raters: list[Rater], written: io.StringIO, settings: Settings, monkeypatch: Any
) -> None:
    settings.ADMINS = [("Operator", "operator@example.org")]

    def broken(subject: Any, key: bytes, **said: Any) -> None:
        raise RuntimeError(f"could not write {said} of {raters[0].words} and {raters[0].address}")

    monkeypatch.setattr(casting, "_put", broken)
    statuses = errand.run(ask, raters[:2], "AT25-C001", THEME)
    assert statuses.count(500) == 6
    keystore.store().make("anytown-2025/codes")
    settings.BALLOT_KEYS_COMMAND = f"{sys.executable} -c print('{raters[0].mark}')"
    statuses = errand.run(ask, raters[2:4], "AT25-C001", THEME)
    assert statuses.count(503) >= 10
    log = written.getvalue()
    assert "RuntimeError" in log
    assert "casting.py" in log
    assert singing(raters, log) == []
    assert mail.outbox == []


def test_a_failing_answer_shows_its_reader_no_page_for_developers(
    commitment: Commitment, raters: list[Rater], monkeypatch: Any
) -> None:
    monkeypatch.setattr(casting, "_put", lambda *args, **more: 1 / 0)
    headers = {"Authorization": f"Bearer {raters[0].key}", "Content-Type": "application/json"}
    status, body = ask("PUT", "/api/v1/commitments/AT25-C001/rating/", b'{"score": 2}', headers)
    assert status == 500
    assert b"Traceback" not in body
    assert singing(raters, body.decode()) == []


def test_a_job_that_fails_shows_no_ballot_in_its_trace(commitment: Commitment, raters: list[Rater]) -> None:
    errand.run(ask, raters, "AT25-C001", THEME)
    name = keystore.name_of("anytown-2025", periods.of(clock.today()))
    keystore.store().destroy(name)
    keystore.store().make(name)
    with pytest.raises(keystore.KeysUnavailable) as lost:
        actions.cast(commitment, by=make.person(), today=clock.today(), said=Said(2))
    assert actions.mix_ballots(clock.today()) == 0
    assert FreshBallot.objects.count() == 2 * errand.RATERS
    assert singing(raters, "".join(traceback.format_exception(lost.value))) == []


def pages(operator: Client, text: str) -> Iterator[tuple[str, str]]:
    """Every page of every window: its list, searched too, and each row with its history."""
    yield "index", operator.get("/admin/").content.decode()
    for model in admin.site._registry:
        label = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        for path in (reverse(f"{label}_changelist"), reverse(f"{label}_changelist") + f"?q={text}"):
            yield path, operator.get(path).content.decode()
        for row in model._default_manager.all()[:40]:
            for view in ("change", "history"):
                path = reverse(f"{label}_{view}", args=[row.pk])
                yield path, operator.get(path).content.decode()


def test_no_canary_sings_on_an_admin_page(commitment: Commitment, raters: list[Rater]) -> None:
    errand.run(ask, raters, "AT25-C001", THEME)
    with_figures = Theme.objects.get()
    for voter in [make.person() for _ in range(12)]:
        actions.cast(with_figures, by=voter, today=clock.today(), said=Said(3))
    actions.cut_figures(clock.today())
    operator = Client()
    operator.force_login(User.objects.create_superuser("operator@example.org"))
    looked_at = 0
    for path, page in pages(operator, "unmistakable"):
        looked_at += 1
        assert singing(raters, page) == [], path
    assert looked_at > 100
