"""Archives made before words were held, hidden or erased: nobody is given them, and the list says why."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from api import exports
from api.archiving import packing, withdrawn
from commitments import actions
from commitments.models import ProgressUpdate
from record.shelf import SHELF
from tests import make, signed
from tests.api.scene import key_of
from tests.canaries import CANARY, WORDS
from tests.contract import CheckingClient
from tests.make import TODAY

pytestmark = pytest.mark.django_db
V1 = "/api/v1"
WHY: dict[str, Any] = {"ground": "data_protection", "category": "identity"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    """The folder that is served, with nothing in it."""
    settings.DATA_DIR = tmp_path
    return exports.folder()


@pytest.fixture
def update() -> ProgressUpdate:
    """An update that says the canary."""
    return make.update(make.commitment(), body=WORDS)


def packed() -> Path:
    """An archive of the present state."""
    signed.now()
    return packing.pack(exports.folder())


def says(file: Path | BytesIO) -> bool:
    """Whether the canary is anywhere in an archive."""
    with zipfile.ZipFile(file) as archive:
        return any(CANARY.encode() in archive.read(name) for name in archive.namelist())


def served(api: CheckingClient) -> bool:
    """Whether any archive that is given says the canary; those that the list calls withdrawn answer 410."""
    SHELF.clear()
    found = False
    for row in api.get(f"{V1}/exports/").json()["results"]:
        answer: Any = api.get(row["url"].removeprefix("http://testserver"))
        assert answer.status_code == (410 if row["withdrawn"] else 200)
        if not row["withdrawn"]:
            found |= says(BytesIO(b"".join(answer.streaming_content)))
    return found


def reasons(api: CheckingClient) -> list[str | None]:
    """Why each archive of the list was withdrawn."""
    SHELF.clear()
    rows = api.get(f"{V1}/exports/").json()["results"]
    return [row["withdrawn"] and row["withdrawn"]["because"] for row in rows]


def test_while_words_are_held_no_archive_that_says_them_is_given(
    api: CheckingClient, update: ProgressUpdate
) -> None:
    packed()
    assert served(api)
    hold = actions.place_hold(update.commitment, by=make.convenor(), today=TODAY, ground="live_case")
    assert not served(api)
    packed()
    assert (reasons(api), served(api)) == ([None, "held"], False)
    actions.lift_hold(hold, by=make.convenor(), today=TODAY)
    assert (reasons(api), served(api)) == ([None, None], True)


def test_while_words_are_hidden_no_archive_that_says_them_is_given(
    api: CheckingClient, update: ProgressUpdate
) -> None:
    packed()
    hiding = actions.hide_words(update, by=make.convenor(), today=TODAY, ground="personal_data")
    assert (reasons(api), served(api)) == (["hidden"], False)
    actions.restore_words(hiding, by=make.convenor(), today=TODAY)
    assert (reasons(api), served(api)) == ([None], True)


def test_an_archive_from_before_the_words_were_said_stays(
    api: CheckingClient,
) -> None:
    commitment = make.commitment()
    packed()
    update = make.update(commitment, body=WORDS)
    packed()
    actions.hide_words(update, by=make.convenor(), today=TODAY, ground="personal_data")
    assert (reasons(api), served(api)) == (["hidden", None], False)


def test_a_redaction_deletes_archives_that_say_the_words_and_they_stay_listed(
    api: CheckingClient,
    folder: Path,
    update: ProgressUpdate,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    old = packed()
    (folder / packing.HALF_MADE).write_bytes(WORDS.encode())
    request = actions.ask_redaction(update, by=make.convenor(), today=TODAY, **WHY)
    with django_capture_on_commit_callbacks(execute=True):
        address = f"{V1}/redactions/{request.pk}/approve/"
        done = api.send("POST", address, {}, key=key_of(make.convenor()))
    assert done.status_code == 200
    assert [file.name for file in folder.iterdir()] == [f"{old.stem}.withdrawn"]
    packed()
    new, gone = api.get(f"{V1}/exports/").json()["results"]
    assert (new["withdrawn"], gone["name"], gone["bytes"]) == (None, old.name, None)
    assert gone["withdrawn"]["because"] == "redacted"
    stone = api.get(gone["withdrawn"]["event_url"].removeprefix("http://testserver")).json()
    assert (stone["type"], stone["occurred_on"]) == ("words.redacted", gone["withdrawn"]["on"])
    assert not served(api)


def test_whoever_has_an_archive_asks_again_and_is_told_to_let_go_of_it(
    api: CheckingClient, update: ProgressUpdate
) -> None:
    address = f"{V1}/exports/{packed().name}"
    before: Any = api.get(address)
    assert b"".join(before.streaming_content)
    assert "immutable" not in before["Cache-Control"]
    actions.hide_words(update, by=make.convenor(), today=TODAY, ground="personal_data")
    answer = api.get(address, headers={"If-None-Match": before["ETag"]})
    assert (answer.status_code, answer.json()["code"]) == (410, "archive_withdrawn")
    assert "let go of it" in answer.json()["detail"]


def test_the_daily_job_deletes_what_was_still_being_made_when_words_were_erased(
    update: ProgressUpdate, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old = packed()
    request = actions.ask_redaction(update, by=make.convenor(), today=TODAY, **WHY)
    actions.approve_redaction(request, by=make.convenor(), today=TODAY)
    assert old.exists()
    monkeypatch.setattr("record.signing.signer", lambda: type("NoKey", (), {"exists": False})())
    signed.now()
    call_command("export_archive")
    assert f"{old} is deleted" in capsys.readouterr().out
    assert not any(says(file) for file in folder.glob("*.zip"))


def test_archives_are_judged_without_a_query_for_each(
    api: CheckingClient, update: ProgressUpdate, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    sizes = [update.position or 0] * 50
    actions.hide_words(update, by=make.convenor(), today=TODAY, ground="personal_data")
    with django_assert_max_num_queries(3):
        assert withdrawn.withdrawals(sizes)
