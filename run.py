#!/usr/bin/env python3
"""Install, prepare, serve, test and check Said & Done, with nothing but Python: `python3 run.py help`.

Only the standard library is used here, and only what old versions of Python can read, so that a machine with an old
one is told so in words.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
VAR = HERE / "var"
OLDEST = (3, 11)
NEWER_NAMES = ("python3.13", "python3.12", "python3.11")
# Each set of requirements contains those before it.
SETS = ("runtime", "test", "quality")
PIP = "pip install --require-hashes --only-binary :all: --disable-pip-version-check --no-input -q"
SECONDS_TO_SERVE = 60
SECONDS_TO_SIGN = 5
SECONDS_TO_TRY_AGAIN = 30
HELP = """\
python3 run.py            serve the real record at http://127.0.0.1:8000/ (data in var/run)
python3 run.py demo       the same with an invented year and a half of life (data in var/demo)
python3 run.py test       the tests, on SQLite and on a real PostgreSQL; what follows goes to pytest
python3 run.py check      format, lint, types, imports, migrations, openapi.yaml
python3 run.py coverage   the tests on SQLite, and which branches none of them took
python3 run.py crash      kill what writes, and databases; nothing that was acknowledged may be lost
python3 run.py bench      how fast it answers, beside a stock API and bare SQL (--help, docs/performance.md)
python3 run.py pictures   pictures of every kind of page, in var/pictures, and README's (needs Chromium)
python3 run.py messages   bring the portal's words into its translations, and compile them
python3 run.py format     put the code into the agreed form
python3 run.py openapi    write openapi.yaml anew
python3 run.py requirements   compile requirements/ anew, with hashes (--upgrade for newer versions)
python3 run.py manage …   one of Django's or our management commands
PORT, HOST, DATA_DIR and DATABASE_URL are honoured; docs/operating.md explains every variable."""


class Sorry(Exception):
    """Something is missing or in the way; the words say what, and how to mend it."""


# --- Installing ---------------------------------------------------------------------------------------------


def python() -> Path:
    """The Python of our own environment."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def install(level: str) -> None:
    """Have the requirements of `level` in .venv; nothing is done when they are there already."""
    with one_at_a_time():
        if not works():
            make_venv()
        file = HERE / "requirements" / f"{level}.txt"
        if stamp(level).exists() and stamp(level).read_text() == digest(level):
            return
        say(f"Installing requirements/{file.name} (a minute or so, this once) …")
        if run([str(python()), "-m", *PIP.split(), "-r", str(file)], PIP_USER="0") != 0:
            raise Sorry("The requirements could not be installed: pip says why above. It needs the registry.")
        for included in SETS[: SETS.index(level) + 1]:
            stamp(included).write_text(digest(included))


def works() -> bool:
    """Whether .venv is there and its Python starts (it does not after an upgrade of the system's)."""
    return python().exists() and run([str(python()), "-c", "import pip"], quiet=True) == 0


def make_venv() -> None:
    """Make .venv, or say what is missing."""
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        raise Sorry(venv_words())
    say(f"Making .venv with Python {sys.version.split()[0]} …")
    shutil.rmtree(VENV, ignore_errors=True)
    if run([sys.executable, "-m", "venv", str(VENV)]) != 0:
        raise Sorry(venv_words())


def venv_words() -> str:
    """How to get the part of Python that makes environments."""
    own = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    return (
        "Python's venv module is missing or incomplete, and without it nothing can be installed here.\n"
        f"  Debian, Ubuntu:  sudo apt install python3-venv    (or {own})\n"
        "  elsewhere:       install Python from your system's packages in full, or from the Python project\n"
        "Then give the same command again."
    )


def stamp(level: str) -> Path:
    """Where it is noted which requirements are installed."""
    return VENV / f"installed-{level}"


def digest(level: str) -> str:
    """What stands for the content of one file of requirements."""
    return hashlib.sha256((HERE / "requirements" / f"{level}.txt").read_bytes()).hexdigest()


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let two commands that start together install one after the other."""
    VAR.mkdir(exist_ok=True)
    with (VAR / "installing").open("w") as file:
        with contextlib.suppress(ImportError):
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield


# --- Serving ------------------------------------------------------------------------------------------------


def serve(folder: str = "run", *options: str) -> int:
    """Prepare the database, the record and the pages, then serve until stopped."""
    host, port = address()
    check_free(host, port)
    os.environ.setdefault("DATA_DIR", str(VAR / folder))
    install("runtime")
    os.umask(0o077)  # what is recorded about people is for the one who serves
    Path(os.environ["DATA_DIR"]).mkdir(parents=True, exist_ok=True)
    signs = signs_here()
    manage("migrate", "--verbosity", "0")
    if signs:
        # Before anything is added to a record that an old backup made shorter.
        manage("sign_record", "--check")
    manage("prepare", *options)
    if "--demo" in options:
        manage("invent_ratings")
    if os.environ.get("ENVIRONMENT") == "production":
        manage("collectstatic", "--noinput", "--verbosity", "0")
    if not signs:
        return supervise(server(host, port), host, port)
    manage("sign_record", "--verbosity", "0")
    signing = [str(python()), "manage.py", "sign_record", "--watch", str(SECONDS_TO_SIGN)]
    with beside([str(python()), "record/keeping.py", str(SECONDS_TO_TRY_AGAIN), *signing]):
        return supervise(server(host, port), host, port)


def signs_here() -> bool:
    """Whether the record is signed by a process beside the server."""
    where = os.environ.get("RECORD_SIGNER") or "here"
    if where not in ("here", "elsewhere"):
        raise Sorry(f'RECORD_SIGNER is "{where}", and must be "here" or "elsewhere".')
    return where == "here"


@contextlib.contextmanager
def beside(command: list[str]) -> Iterator[None]:
    """Run a second process as long as the first."""
    process = subprocess.Popen(command, cwd=str(HERE))
    try:
        yield
    finally:
        stop(process)


def address() -> tuple[str, int]:
    """Where to serve."""
    words = os.environ.setdefault("PORT", "8000")
    if not (words.isascii() and words.isdigit()) or not 0 < int(words) < 65536:
        raise Sorry(f'PORT is "{words}", and must be a number from 1 to 65535.')
    return os.environ.setdefault("HOST", "127.0.0.1"), int(words)


def check_free(host: str, port: int) -> None:
    """Say so, before any work is done, if something listens there already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Sorry(
                f"Cannot serve at {host}, port {port}: {error.strerror or error}. If another program is there (perhaps "
                f"this one, started before), stop it, or choose another port: PORT={port + 1} python3 run.py"
            ) from error


def server(host: str, port: int) -> list[str]:
    """The command that serves (why this one: docs/decisions/0003-granian.md)."""
    workers = os.environ.get("WEB_WORKERS", "1")
    threads = os.environ.get("WEB_THREADS", "4")
    return [
        *(str(python()), "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--workers", workers, "--blocking-threads", threads, "--no-ws", "--respawn-failed-workers"),
        *("--workers-kill-timeout", "10", "--log-level", "warning", "config.wsgi:application"),
    ]


def supervise(command: list[str], host: str, port: int) -> int:
    """Start the server, say where it is once it answers, and pass on the wish to stop."""
    process = subprocess.Popen(command, cwd=str(HERE))
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    try:
        if wait_until_it_answers(process, host, port):
            say(where_to_look(host, port))
        code = process.wait()
    except KeyboardInterrupt:
        stop(process)
        say("\nStopped. What was recorded is kept.")
        return 0
    return 0 if code in (0, -signal.SIGTERM) else code


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the server: politely, and if it does not listen, not."""
    with contextlib.suppress(KeyboardInterrupt, subprocess.TimeoutExpired):
        process.terminate()
        process.wait(timeout=15)
    if process.poll() is None:
        process.kill()


def wait_until_it_answers(process: subprocess.Popen[bytes], host: str, port: int) -> bool:
    """Whether the server came up."""
    near = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + SECONDS_TO_SERVE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            direct.open(f"http://{near}:{port}/health/", timeout=5).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            time.sleep(0.1)
        else:
            return True
    return False


def where_to_look(host: str, port: int) -> str:
    """The addresses worth opening first."""
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104
    base = f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"
    return (
        f"\nSaid & Done is at  {base}/\n"
        f"  the record       {base}/api/v1/recommendations/?assembly=waltham-forest-2024\n"
        f"  the reference    {base}/api/v1/docs/\n"
        f"  the data         {os.environ['DATA_DIR']}\n"
        "Ctrl-C stops it."
    )


# --- Testing and checking -----------------------------------------------------------------------------------


def tried(module: str, *arguments: str) -> int:
    """Run a module that needs what tests need, a real PostgreSQL among it."""
    install("test")
    return run([str(python()), "-m", module, *arguments])


def check() -> int:
    """Everything that can be said about the code without running it."""
    install("quality")
    return run([str(python()), "-m", "tests.checks"])


def tidy() -> int:
    """Put the code into the agreed form."""
    install("quality")
    fixed = run([str(python()), "-m", "ruff", "check", "--fix", "-q", "."])
    return run([str(python()), "-m", "ruff", "format", "."]) or fixed


def openapi() -> int:
    """Write openapi.yaml anew."""
    install("test")
    return run([str(python()), "-m", "tests.openapi", "--write"])


def requirements(*options: str) -> int:
    """Compile requirements/ anew from pyproject.toml, with hashes and without the name of any registry."""
    install("quality")
    common = [
        *(str(python()), "-m", "uv", "pip", "compile", "-q", "pyproject.toml", "--python-version", "3.11"),
        *("--universal", "--generate-hashes", "--no-emit-index-url", "--no-annotate"),
        *("--custom-compile-command", "make requirements", *options),
    ]
    contents: dict[str, list[str]] = {
        "runtime": [],
        "test": ["--group", "test"],
        "quality": ["--group", "test", "--group", "quality"],
    }
    for level, groups in contents.items():
        before = SETS[: SETS.index(level)][-1:]
        pinned = [word for name in before for word in ("-c", f"requirements/{name}.txt")]
        if run([*common, *groups, *pinned, "-o", f"requirements/{level}.txt"]) != 0:
            return 1
    return 0


# --- Small things -------------------------------------------------------------------------------------------


def manage(*arguments: str) -> int:
    """One management command; its failure ends ours."""
    code = run([str(python()), "manage.py", *arguments])
    if code != 0:
        raise Sorry(f"`manage.py {arguments[0]}` did not succeed; what it says is above.")
    return code


def command_line(*arguments: str) -> int:
    """Pass a management command on."""
    install("runtime")
    return run([str(python()), "manage.py", *arguments])


def run(command: list[str], quiet: bool = False, **environment: str) -> int:
    """Run `command` from the project's folder; its exit code."""
    silence = subprocess.DEVNULL if quiet else None
    return subprocess.call(
        command, cwd=str(HERE), env={**os.environ, **environment}, stdout=silence, stderr=silence
    )


def say(words: str) -> None:
    """Print at once, so that lines of ours and of what we start stay in order."""
    print(words, flush=True)


def explain() -> int:
    """Print what can be asked for."""
    say(HELP)
    return 0


def check_python() -> None:
    """Go on with a newer Python if this one is too old, or say what is needed."""
    if sys.version_info >= OLDEST:
        return
    newer = next((found for found in map(shutil.which, NEWER_NAMES) if found), None)
    if newer:
        os.execv(newer, [newer, *sys.argv])  # noqa: S606
    raise Sorry(
        "Python 3.11 or newer is needed, and this is {}.{}.\n"
        "  Debian, Ubuntu:  sudo apt install python3 python3-venv".format(*sys.version_info[:2])
    )


COMMANDS: dict[str, Callable[..., int]] = {
    "serve": serve,
    "demo": lambda: serve("demo", "--demo"),
    "test": lambda *arguments: tried("tests.suite", *arguments),  # what follows the word goes to pytest
    "coverage": lambda: tried("tests.suite", "--coverage"),
    "crash": lambda *arguments: tried("tests.crash", *arguments),
    "check": check,
    "bench": lambda *arguments: tried("bench", *arguments),
    "pictures": lambda *arguments: tried("tests.screenshots", *arguments),
    "messages": lambda: tried("tests.translating"),
    "format": tidy,
    "openapi": openapi,
    "requirements": requirements,
    "manage": command_line,
    "help": explain,
}


def main(arguments: list[str]) -> int:
    """Do what the first word says."""
    name = arguments[0] if arguments else "serve"
    name = "help" if name in ("-h", "--help") else name
    if os.environ.get("DATA_DIR"):
        os.environ["DATA_DIR"] = str(Path(os.environ["DATA_DIR"]).resolve())
    try:
        check_python()
        if name not in COMMANDS:
            raise Sorry(f'There is no "{name}" here.\n{HELP}')
        return COMMANDS[name](*arguments[1:])
    except Sorry as sorry:
        print(sorry, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
