"""Evidence files over HTTP: sent, named in an update, shown, held, hidden and erased with its words."""

import zipfile
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from accounts.models import User
from api.archiving import packing
from commitments import actions
from commitments.evidence import checking, storage
from commitments.models import Commitment, EvidenceFile, ProgressUpdate
from record import clock
from record.models import Entry
from tests import make, signed
from tests.api.scene import EVIDENCE, V1, Scene, key_of, on
from tests.commitments.evidence.pictures import CANARY, MARK, photo
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db
HOSTILE = 'a"\r\nSet-Cookie: b=c\u202egpj.<script>' + "n" * 900 + "/../../x.exe"


@pytest.fixture
def scene(api: CheckingClient) -> Any:
    with on(make.TODAY):
        yield Scene(api)


def send(scene: Scene, content: bytes, key: str, name: str = "photo.jpg", **more: Any) -> Any:
    """What sending a file is answered."""
    headers = {"Authorization": f"Bearer {key}", **more.pop("headers", {})}
    sent = {"file": SimpleUploadedFile(name, content, "text/html"), **more}
    return scene.api.post(f"{V1}/evidence/", sent, headers=headers)


def shown(scene: Scene) -> tuple[Any, Any]:
    """A claim with a photo and a link, and the photo as it stands in it."""
    sent = send(scene, make.PICTURE, scene.member)
    assert sent.status_code == 201, sent.content
    evidence = [{"title": f"The corner {CANARY}", "file": sent.json()["id"]}, *EVIDENCE]
    said = {"body": "It is done.", "status": "completed", "evidence": evidence}
    update = scene.post(f"{scene.path}updates/", said, key=scene.member)
    return update, update["evidence"][0]


def get(scene: Scene, address: str, key: str = "", **headers: str) -> Any:
    """The answer of an address."""
    if key:
        headers["Authorization"] = f"Bearer {key}"
    return scene.api.get("/" + address.partition("://")[2].partition("/")[2], headers=headers)


def kept() -> list[Path]:
    """Every file on the disk."""
    return [one for one in storage.folder().glob("*/*") if one.is_file()]


def test_a_photo_is_sent_named_and_read_by_everybody(scene: Scene) -> None:
    answer = send(scene, photo(), scene.member, HOSTILE)
    sent = answer.json()
    assert answer.status_code == 201
    assert (sent["media_type"], sent["width"], sent["height"], sent["pages"]) == ("image/jpeg", 32, 48, None)
    for waits in (sent["url"], sent["file"]):
        assert get(scene, waits, scene.member).status_code == 404
    said = {"body": "Done.", "status": "completed", "evidence": [{"title": "The corner", "file": sent["id"]}]}
    update = scene.post(f"{scene.path}updates/", said, key=scene.member)
    [evidence] = update["evidence"]
    assert evidence == {
        "title": "The corner", "url": sent["file"], "dated": None, "file": sent["id"],
        "media_type": "image/jpeg", "bytes": sent["bytes"], "sha256": sent["sha256"],
    }  # fmt: skip
    told = scene.get(f"evidence/{sent['id']}/")
    assert (told["update"], told["standing"], told["title"]) == (update["id"], "shown", "The corner")
    entry = scene.get(f"events/{update['position']}/")
    fact = {name: sent[name] for name in ("id", "sha256", "media_type", "bytes")}
    assert entry["body"]["facts"]["evidence"] == [{"dated": None, "file": fact}]
    file = get(scene, sent["file"])
    assert len(file.content) == sent["bytes"]
    assert MARK not in file.content
    assert file["Content-Type"] == "image/jpeg"
    assert file["Content-Disposition"] == f'attachment; filename="evidence-{sent["sha256"][:12]}.jpg"'
    assert (file["X-Content-Type-Options"], file["Content-Security-Policy"]) == (
        "nosniff", "default-src 'none'; sandbox; frame-ancestors 'none'"
    )  # fmt: skip
    assert get(scene, sent["file"], **{"If-None-Match": file["ETag"]}).status_code == 304
    row = EvidenceFile.objects.get()
    place = storage.path_of(row.sha256, row.pk)
    assert place.stat().st_mode & 0o777 == 0o600
    assert place.read_bytes() == file.content


def test_everywhere_that_evidence_is_shown_a_file_is_a_link_with_kind_and_size(scene: Scene) -> None:
    update, file = shown(scene)
    path = file["url"].partition("testserver")[2]
    page = scene.api.get(f"/commitments/{scene.commitment.reference}/").content.decode()
    assert page.count(f'href="{path}"') >= 2
    assert "(PNG, 67" in page.replace("\xa0", " ")
    assert scene.api.get(f"{V1}/events/feed.atom").content.decode().count(path) >= 1
    table = b"".join(scene.api.get(f"{V1}/updates.csv")).decode()
    assert file["url"] in table
    assert file["sha256"] in table
    lines = scene.api.get(f"{V1}/updates/", headers={"Accept": "application/x-ndjson"})
    assert file["url"].encode() in b"".join(lines)
    assert scene.get(f"updates/{update['id']}/")["evidence"][1]["url"] == EVIDENCE[0]["url"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"file": None, "url": "https://example.org/"}, "evidence_needs_one"),
        ({"url": None, "file": None}, "evidence_needs_one"),
        ({"twice": True}, "evidence_not_waiting"),
    ],
)
def test_evidence_is_one_link_or_one_waiting_file(scene: Scene, change: Any, code: str) -> None:
    key = send(scene, make.PICTURE, scene.member).json()["id"]
    piece = {"title": "x", "file": key}
    pieces = [piece, piece] if "twice" in change else [{"title": "x"}]
    if change.get("url"):
        pieces = [{**piece, "url": change["url"]}]
    said = {"body": "Begun.", "status": "in_progress", "evidence": pieces}
    assert scene.refused(f"{scene.path}updates/", said, key=scene.member, status=400) == code
    assert EvidenceFile.objects.get().evidence is None


def test_a_file_is_its_senders_once_and_for_a_day(scene: Scene) -> None:
    def said(file: str) -> Any:
        return {"body": "So.", "status": "in_progress", "evidence": [{"title": "x", "file": file}]}

    path = f"{scene.path}updates/"
    first, second = (send(scene, make.PICTURE, scene.member).json()["id"] for _ in range(2))
    assert scene.refused(path, said(first), key=scene.responder, status=400) == "evidence_not_waiting"
    scene.post(path, said(first), key=scene.member)
    assert scene.pointer(path, said(first), key=scene.member) == "/evidence/0/file"
    with on(make.TODAY + timedelta(days=1)):
        assert scene.refused(path, said(second), key=scene.member, status=400) == "evidence_not_waiting"
        gone = storage.path_of(
            EvidenceFile.objects.get(pk=second).sha256, EvidenceFile.objects.get(pk=second).pk
        )
        assert gone.exists()
        assert actions.forget_files(clock.now()) >= 1
        assert not gone.exists()
    assert [str(row.pk) for row in EvidenceFile.objects.all()] == [first]


def test_who_may_not_report_cannot_send_and_nothing_is_opened(scene: Scene, monkeypatch: Any) -> None:
    monkeypatch.setattr("api.evidence.clean", lambda data: pytest.fail("It was opened."))
    for key in (scene.resident, scene.convenor, scene.panel):
        assert send(scene, photo(), key).json()["code"] == "owners_send_evidence"
    assert (
        send(
            scene, photo(), key_of(User.objects.get(pk=make.member(scene.lead).pk), "ratings:write")
        ).status_code
        == 403
    )


def test_what_is_wrong_with_a_form_is_said(scene: Scene, settings: Any) -> None:
    bad = send(scene, b"<svg onload=alert(1)>", scene.member).json()
    assert (bad["status"], bad["code"], bad["errors"][0]["pointer"]) == (400, "evidence_refused", "/file")
    assert "PNG or PDF" in bad["detail"]
    assert send(scene, make.PICTURE, scene.member, more="x").json()["errors"][0]["pointer"] == "/more"
    key = {"Authorization": f"Bearer {scene.member}"}
    assert scene.api.post(f"{V1}/evidence/", {"file": "text"}, headers=key).json()["code"] == "invalid"
    assert scene.api.post(f"{V1}/evidence/", {}, headers=key).json()["errors"][0]["code"] == "required"
    broken = scene.api.generic("POST", f"{V1}/evidence/", "x", "multipart/form-data; boundary=", headers=key)
    assert broken.status_code == 400
    settings.EVIDENCE_LARGEST = 100
    assert "larger than" in send(scene, make.PICTURE + b"\0" * 100, scene.member).json()["detail"]
    assert send(scene, b"\0" * 2000, scene.member).status_code == 413
    settings.EVIDENCE_WAITING = 1
    assert send(scene, make.PICTURE, scene.member).status_code == 201
    kept = set(storage.folder().glob("*/*"))
    assert send(scene, make.PICTURE, scene.member).json()["code"] == "too_many_waiting"
    assert set(storage.folder().glob("*/*")) == kept


def test_nobody_has_files_opened_without_end(scene: Scene, settings: Any) -> None:
    settings.EVIDENCE_PER_ACCOUNT = "2/7200"
    answers = [send(scene, b"no picture", scene.member) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [400, 400, 429]
    assert int(answers[2]["Retry-After"]) > 0


def test_the_same_key_and_file_wait_once(scene: Scene) -> None:
    again: Any = {"headers": {"Idempotency-Key": "one"}}
    first, second = (send(scene, make.PICTURE, scene.member, **again).json() for _ in range(2))
    assert first == second
    assert send(scene, photo(), scene.member, **again).status_code == 422
    assert EvidenceFile.objects.count() == 1


def test_a_file_is_held_and_hidden_with_its_words_and_its_convenor_sees_it(scene: Scene) -> None:
    update, file = shown(scene)
    before = get(scene, file["url"])
    hold = actions.place_hold(
        Commitment.objects.get(), by=make.convenor(), today=make.TODAY, ground="live_case"
    )
    for key in ("", scene.member, scene.responder, scene.panel, scene.resident):
        refused = get(scene, file["url"], key, **{"If-None-Match": before["ETag"]})
        assert (refused.status_code, refused.json()["code"]) == (403, "evidence_withheld")
        assert "no-store" in refused["Cache-Control"]
    private = get(scene, file["url"], scene.convenor)
    assert (private.content, private["Cache-Control"]) == (before.content, "private, no-store")
    assert scene.get(f"evidence/{file['file']}/")["standing"] == "withheld"
    assert CANARY not in scene.api.get(f"{V1}/evidence/{file['file']}/").content.decode()
    actions.lift_hold(hold, by=make.convenor(), today=make.TODAY)
    assert get(scene, file["url"]).content == before.content
    actions.hide_words(
        ProgressUpdate.objects.get(pk=update["id"]),
        by=make.convenor(),
        today=make.TODAY,
        ground="personal_data",
    )
    assert get(scene, file["url"]).status_code == 403


def test_an_erased_file_is_gone_from_the_disk_and_the_record_holds(
    scene: Scene, django_capture_on_commit_callbacks: Any
) -> None:
    update, file = shown(scene)
    row = EvidenceFile.objects.get()
    place = storage.path_of(row.sha256, row.pk)
    request = actions.ask_redaction(
        ProgressUpdate.objects.get(pk=update["id"]),
        by=make.convenor(), today=make.TODAY, ground="data_protection", category="identity",
    )  # fmt: skip
    assert place.exists()
    with django_capture_on_commit_callbacks(execute=True):
        actions.approve_redaction(request, by=make.convenor(), today=make.TODAY)
    assert not place.exists()
    for key in ("", scene.convenor):
        gone = get(scene, file["url"], key)
        assert (gone.status_code, gone.json()["code"]) == (410, "evidence_erased")
    assert scene.get(f"evidence/{file['file']}/")["standing"] == "erased"
    assert list(checking.faults()) == []


def test_a_file_that_was_exchanged_lost_or_kept_is_found(scene: Scene) -> None:
    _, file = shown(scene)
    row = EvidenceFile.objects.get()
    place = storage.path_of(row.sha256, row.pk)
    assert list(checking.faults()) == []
    place.write_bytes(photo())
    assert get(scene, file["url"]).json()["code"] == "evidence_lost"
    with pytest.raises(SystemExit):
        call_command("check_record", stdout=StringIO(), stderr=(told := StringIO()))
    assert f"position {Entry.objects.get(type='update.posted').position}: the bytes of" in told.getvalue()
    place.unlink()
    assert [str(fault) for fault in checking.faults()] != []


def test_an_archive_holds_the_file_that_is_shown(scene: Scene, tmp_path: Path) -> None:
    _, file = shown(scene)
    signed.now()
    with zipfile.ZipFile(packing.pack(tmp_path)) as archive:
        assert archive.read(f"evidence/{file['sha256']}") == get(scene, file["url"]).content
    actions.place_hold(Commitment.objects.get(), by=make.convenor(), today=make.TODAY, ground="live_case")
    signed.now()
    later = packing.pack(tmp_path / "later")
    assert not [
        name for name in zipfile.ZipFile(BytesIO(later.read_bytes())).namelist() if "evidence/" in name
    ]
