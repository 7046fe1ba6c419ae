"""What may be in the project's files, and what its documents promise."""

import re
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parents[2]
LONGEST = 400
# Put together here, so that this file does not hold what it looks for.
REGISTRIES = [
    "py" + "pi.org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "crates" + ".io",
    "proxy.golang" + ".org",
]
MACHINE_PATHS = re.compile(r"(?<![\w.>}])/(root|home|Users|work|opt)/[\w.-]+")
SECRETS = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|\bsd_[a-z0-9]{8}_[\w-]{43}\b|\bAKIA[0-9A-Z]{16}\b")
# Words that others wrote, kept as they are.
QUOTED = ("LICENCE", "data/", "tests/vectors/")


def tracked() -> list[Path]:
    """The files of the project: those that are recorded, and new ones that are not ignored."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("this copy has no history to ask which files are the project's")
    paths = [HERE / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def texts() -> list[tuple[str, str]]:
    """Each file of ours that holds text: its name and the text."""
    found = []
    for path in tracked():
        name = path.relative_to(HERE).as_posix()
        if not name.startswith(QUOTED):
            found.append((name, path.read_text(encoding="utf-8", errors="ignore")))
    return found


def test_no_python_file_that_people_write_is_longer_than_400_lines() -> None:
    written = [(name, text) for name, text in texts() if name.endswith(".py") and "/migrations/" not in name]
    lengths = {name: text.count("\n") for name, text in written}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_no_file_names_a_registry_of_packages() -> None:
    assert [(name, host) for name, text in texts() for host in REGISTRIES if host in text] == []


def test_no_file_names_a_place_on_one_machine() -> None:
    assert [(name, found[0]) for name, text in texts() if (found := MACHINE_PATHS.search(text))] == []


def test_no_file_holds_a_secret() -> None:
    assert [name for name, text in texts() if SECRETS.search(text)] == []


@pytest.mark.parametrize("level", ["runtime", "test", "quality"])
def test_requirements_are_pinned_with_hashes_and_name_no_host(level: str) -> None:
    text = (HERE / "requirements" / f"{level}.txt").read_text()
    assert "://" not in text
    assert "--index-url" not in text
    for requirement in re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", text, flags=re.M).strip()):
        assert re.match(r"[\w.-]+==[\w.]+", requirement), requirement
        assert "--hash=sha256:" in requirement


def pins(level: str) -> dict[str, str]:
    text = (HERE / "requirements" / f"{level}.txt").read_text()
    return dict(re.findall(r"^([\w.-]+)==(\S+)", text, flags=re.M))


def test_the_sets_of_requirements_agree() -> None:
    runtime, test, quality = pins("runtime"), pins("test"), pins("quality")
    assert runtime.items() <= test.items() <= quality.items()


def test_each_dependency_says_what_it_is_for() -> None:
    lines = (HERE / "pyproject.toml").read_text().splitlines()
    dependencies = [line for line in lines if re.match(r'\s+"[\w.\[\],-]+[><=]=', line)]
    assert dependencies
    assert [line for line in dependencies if not re.search(r'",\s+# \w', line)] == []


def test_there_are_no_rooms_without_a_name() -> None:
    nameless = re.compile(r"(^|/)(utils?|common|core|helpers?|services?|misc)(\.py)?(/|$)")
    assert [name for name, _ in texts() if name.endswith(".py") and nameless.search(name)] == []


def test_nothing_happens_by_signal() -> None:
    hidden = re.compile(
        r"@receiver\b|\b(pre|post)_(save|delete|init|migrate)\b|\bm2m_changed\b|django\.dispatch"
    )
    rooms = [(name, text) for name, text in texts() if name.endswith(".py") and not name.startswith("tests/")]
    assert [name for name, text in rooms if hidden.search(text)] == []
