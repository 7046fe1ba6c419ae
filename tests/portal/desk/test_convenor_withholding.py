"""Holds, hidings and erasures at the desk: what is meant is seen first, and nothing is erased by one person."""

from typing import Any

import pytest
from django.core.cache import cache

from commitments.models import ProgressUpdate, Redaction, Withholding
from record import clock
from record.entries import shown_words
from record.models import Entry
from tests import make
from tests.make import SLUG, TODAY
from tests.portal.desk.deciding import said, send
from tests.portal.desk.windows import at_desk
from tests.portal.people import browser, fill

pytestmark = pytest.mark.django_db
HOME = f"/desk/assemblies/{SLUG}/"
WORDS = "We met Tom Reed of Elm Road."


@pytest.fixture(autouse=True)
def _today() -> Any:
    cache.clear()
    with clock.at(make.noon(TODAY)):
        yield


@pytest.fixture
def update() -> ProgressUpdate:
    return make.update(make.commitment(make.assembly(prefix="AT25")), body=WORDS)


def public() -> str:
    return said(browser().get("/commitments/AT25-C001/"))


def test_a_hold_is_put_on_and_lifted_and_judges_nothing(update: ProgressUpdate) -> None:
    client = at_desk(make.convenor())
    assert WORDS in public()
    preview, answer = send(
        client, f"{HOME}holds/new/", what="http://testserver/commitments/AT25-C001/", decision="live_case"
    )
    assert WORDS in preview
    assert "It judges nothing" in preview
    assert WORDS not in public()
    hold = Withholding.objects.get()
    assert (hold.subject, hold.kind) == ("commitment:AT25-C001", "held")
    assert f"/desk/holds/{hold.pk}/" in said(client.get(answer["Location"]))
    again = fill(client, client.get(f"{HOME}holds/new/"), f"{HOME}holds/new/", needing="once",
                 what="commitment:AT25-C001", decision="safety")  # fmt: skip
    refused = fill(client, again, f"{HOME}holds/new/", needing="once", send="1")
    assert refused.status_code == 409
    assert "is held already" in said(refused)
    send(client, f"/desk/holds/{hold.pk}/", decision="lift")
    assert WORDS in public()


def test_words_are_hidden_by_their_entry_and_the_note_is_the_convenors_own(update: ProgressUpdate) -> None:
    client, note = at_desk(make.convenor()), "He rang us."
    preview, _ = send(
        client, f"{HOME}holds/hide/", what=f"#{update.position}", decision="personal_data", reason=note
    )
    assert "Kept for convenors alone" in preview
    assert WORDS not in public()
    hiding = Withholding.objects.get()
    assert (hiding.entries, hiding.note) == ([update.position], note)
    assert note in said(client.get(f"/desk/holds/{hiding.pk}/"))
    assert note not in public()
    send(client, f"/desk/holds/{hiding.pk}/", decision="lift")
    assert WORDS in public()


def test_two_convenors_erase_and_each_sees_what_will_be_gone_for_ever(update: ProgressUpdate) -> None:
    first, second = at_desk(make.convenor()), at_desk(make.convenor())
    why = {"decision": "data_protection", "category": "identity"}
    preview, answer = send(first, f"{HOME}redactions/new/", what=f"/record/{update.position}/", **why)
    assert "These words will be gone for ever." in preview
    assert WORDS in preview
    asked = Redaction.objects.get()
    path = f"/desk/redactions/{asked.pk}/"
    assert path in said(first.get(answer["Location"]))
    own = first.get(path)
    assert "Erase these words for ever" not in said(own)
    alone = fill(first, own, path, needing="once", decision="approve")
    assert alone.status_code == 400
    seen = said(second.get(path))
    assert WORDS in seen
    assert "These words will be gone for ever." in seen
    preview, _ = send(second, path, decision="approve")
    assert "who somebody is" in preview
    assert WORDS not in public()
    asked.refresh_from_db()
    assert (asked.state, asked.erased) == ("approved", [update.position])
    assert shown_words([update.position or 0])[update.position or 0]["body"] is None
    assert second.get(path).status_code == 409


def test_who_asked_takes_it_back_another_refuses_and_nothing_is_public(update: ProgressUpdate) -> None:
    first, second = at_desk(make.convenor()), at_desk(make.convenor())
    entries = Entry.objects.count()
    for client, decision, state in ((first, "withdraw", "withdrawn"), (second, "refuse", "refused")):
        why = {"decision": "defamation", "category": "other"}
        send(first, f"{HOME}redactions/new/", what=f"update:{update.pk}", **why)
        asked = Redaction.objects.get(state="asked")
        send(client, f"/desk/redactions/{asked.pk}/", decision=decision)
        asked.refresh_from_db()
        assert asked.state == state
    assert (Entry.objects.count(), WORDS in public()) == (entries, True)


def test_what_names_nothing_or_another_assemblys_words_is_said_and_kept(update: ProgressUpdate) -> None:
    client, path = at_desk(make.convenor()), f"{HOME}redactions/new/"
    page = client.get(path)
    for what in ("", "/about/method/", "commitment:AT25-C099", "99999", "x" * 400, "https://[", "/%00/"):
        answer = fill(client, page, path, needing="once", what=what, decision="defamation", category="other")
        assert (what, answer.status_code) == (what, 400)
        assert 'href="#what"' in said(answer)
    make.commitment(make.assembly("newtown-2026", prefix="NT26"))
    answer = fill(client, page, path, needing="once", what="/commitments/NT26-C001/", decision="defamation")
    assert answer.status_code == 403
    assert not Redaction.objects.exists()
