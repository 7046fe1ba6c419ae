"""Archives over HTTP: listed newest first, read whole, and never anything else of the folder."""

from pathlib import Path
from typing import Any

import pytest

from api import exports
from tests import make, signed
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db
NAME = "000000041-0123456789abcdef"
ADDRESS = f"/api/v1/exports/{NAME}.zip"
CONTENT = bytes(range(256)) * 10


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    """The folder that is served, with an archive in it."""
    settings.DATA_DIR = tmp_path
    found = exports.folder()
    found.mkdir()
    (found / f"{NAME}.zip").write_bytes(CONTENT)
    (found / ".archive.new").write_bytes(b"half")
    (tmp_path / "secret.zip").write_bytes(b"secret")
    make.assembly()
    signed.now()
    return found


def test_archives_are_listed_newest_first(api: CheckingClient, folder: Path) -> None:
    (folder / "000000099-0123456789abcdef.zip").write_bytes(b"x")
    results = api.get("/api/v1/exports/").json()["results"]
    assert [(row["entries"], row["bytes"]) for row in results] == [(99, 1), (41, len(CONTENT))]
    assert results[1]["url"] == f"http://testserver{ADDRESS}"


def test_a_new_archive_changes_the_lists_tag(api: CheckingClient, folder: Path) -> None:
    before = api.get("/api/v1/exports/")
    assert api.get("/api/v1/exports/", headers={"If-None-Match": before["ETag"]}).status_code == 304
    (folder / "000000099-0123456789abcdef.zip").write_bytes(b"x")
    assert api.get("/api/v1/exports/", headers={"If-None-Match": before["ETag"]}).status_code == 200


def test_an_archive_is_read_whole_and_copies_are_asked_for_again(api: CheckingClient) -> None:
    answer: Any = api.get(ADDRESS)
    assert b"".join(answer.streaming_content) == CONTENT
    assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert api.get(ADDRESS, headers={"If-None-Match": answer["ETag"]}).status_code == 304


@pytest.mark.parametrize("name", ["secret", "..%2fsecret", "000000042-0123456789abcdef", "archive"])
def test_nothing_else_is_given(api: CheckingClient, name: str) -> None:
    assert api.get(f"/api/v1/exports/{name}.zip").status_code == 404
