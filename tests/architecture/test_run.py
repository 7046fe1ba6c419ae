"""What run.py says where something is missing or in the way."""

import importlib.util
import os
import socket
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).resolve().parents[2]


def never(command: list[str], **_: object) -> int:
    """Stand where programs are started: no test of words starts one."""
    raise AssertionError(f"{command} was started")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The module, with its folders in a place of the test's own."""
    spec = importlib.util.spec_from_file_location("run_under_test", HERE / "run.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "VAR", tmp_path / "var")
    monkeypatch.setattr(module, "run", never)
    monkeypatch.delenv("PORT", raising=False)
    monkeypatch.delenv("HOST", raising=False)
    return module


@pytest.mark.parametrize("missing", ["venv", "ensurepip"])
def test_a_missing_venv_is_named_with_the_way_to_get_it(
    run: ModuleType, missing: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        run.importlib.util, "find_spec", lambda name: None if name == missing else found(name)
    )
    assert run.main(["manage", "check"]) == 1
    said = capsys.readouterr().err
    assert "venv module is missing" in said
    assert "sudo apt install python3-venv" in said


def test_a_venv_that_cannot_be_made_is_explained_too(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "run", lambda *_, **__: 1)
    assert run.main(["check"]) == 1
    assert "sudo apt install python3-venv" in capsys.readouterr().err


def test_requirements_that_cannot_be_installed_are_explained(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "works", lambda: True)
    monkeypatch.setattr(run, "run", lambda *_, **__: 1)
    assert run.main(["test"]) == 1
    assert "could not be installed" in capsys.readouterr().err


def test_requirements_are_installed_once_and_again_when_they_change(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed: list[str] = []
    monkeypatch.setattr(run, "works", lambda: True)

    def install(command: list[str], **_: object) -> int:
        installed.append(command[-1])
        return 0

    monkeypatch.setattr(run, "run", install)
    run.VENV.mkdir()
    run.install("test")
    run.install("test")
    run.install("runtime")
    assert [Path(name).name for name in installed] == ["test.txt"]
    monkeypatch.setattr(run, "digest", lambda level: "another")
    run.install("runtime")
    assert [Path(name).name for name in installed] == ["test.txt", "runtime.txt"]


def test_an_old_python_is_told_which_one_is_needed(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(run.shutil, "which", lambda name: None)
    assert run.main([]) == 1
    assert "Python 3.11 or newer is needed, and this is 3.9" in capsys.readouterr().err


def test_an_old_python_hands_over_to_a_newer_one(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    handed: list[str] = []
    monkeypatch.setattr(run.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(run.shutil, "which", lambda name: "newer" if name == "python3.12" else None)
    monkeypatch.setattr(run.os, "execv", lambda path, _arguments: handed.append(path))
    monkeypatch.setattr(run.sys, "argv", ["run.py", "help"])
    with pytest.raises(run.Sorry):
        run.check_python()
    assert handed == ["newer"]


def test_a_port_in_use_is_a_sentence(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        assert run.main([]) == 1
    said = capsys.readouterr().err
    assert f"port {port}" in said
    assert f"PORT={port + 1}" in said


@pytest.mark.parametrize("words", ["http", "0", "65536", "-1", "٨٠"])
def test_a_port_that_is_no_port_is_a_sentence(
    run: ModuleType, words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", words)
    assert run.main(["demo"]) == 1
    assert f'PORT is "{words}"' in capsys.readouterr().err


def test_an_unknown_word_shows_the_known_ones(run: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["serv"]) == 1
    assert "python3 run.py demo" in capsys.readouterr().err


def test_help_needs_nothing_installed(tmp_path: Path) -> None:
    command = [sys.executable, "-I", "-S", str(HERE / "run.py"), "help"]
    shown = subprocess.run(command, cwd=tmp_path, env={}, capture_output=True, text=True, check=True).stdout
    assert "python3 run.py test" in shown
    assert list(tmp_path.iterdir()) == []


def test_the_addresses_shown_can_be_opened(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "DATA_DIR", "somewhere")
    assert "http://127.0.0.1:8001/api/v1/docs/" in run.where_to_look("0.0.0.0", 8001)  # noqa: S104
    assert "http://[::1]:8000/" in run.where_to_look("::1", 8000)


def test_a_relative_data_folder_is_where_the_command_was_given(
    run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", "kept")
    run.main(["help"])
    assert os.environ["DATA_DIR"] == str(tmp_path / "kept")
