"""What makes a start unsafe: each problem a sentence, all of them at once."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

Settings = Mapping[str, Any]
SHORTEST_SECRET = 50
FEWEST_LETTERS = 10


def problems(settings: Settings, environment: Mapping[str, str]) -> list[str]:
    """The sentences about `settings` that forbid a start; empty when there is nothing to mend."""
    kind = settings["ENVIRONMENT"]
    if kind not in {"development", "production"}:
        return [f'ENVIRONMENT is "{kind}", and must be "development" or "production".']
    engine = settings["DATABASES"]["default"].get("ENGINE") or ""
    if not engine.endswith(("sqlite3", "postgresql")):
        return [
            "DATABASE_URL must begin with postgres:// or sqlite:///, for the two databases that we test on."
        ]
    if settings["ENGINE"] not in {"thread", "worker", "off"}:
        return [f'ENGINE is "{settings["ENGINE"]}", and must be "thread", "worker" or "off".']
    if kind == "development":
        return []
    found = [check(settings) for check in _CHECKS]
    if environment.get("DATA_DIR", "") == "":
        found.append("DATA_DIR is not set: name the folder that is backed up.")
    return [sentence for sentence in found if sentence]


def words(found: list[str]) -> str:
    """The refusal as people read it."""
    lines = "\n".join(f"  - {sentence}" for sentence in found)
    return f"This start is refused; docs/operating.md explains each setting.\n{lines}"


def _secret(settings: Settings) -> str:
    key = settings["SECRET_KEY"]
    if not key:
        return "SECRET_KEY is not set: make one with python3 -c 'import secrets; print(secrets.token_urlsafe(64))'."
    if len(key) < SHORTEST_SECRET or len(set(key)) < FEWEST_LETTERS:
        return f"SECRET_KEY is too easy to guess: it needs {SHORTEST_SECRET} characters made at random."
    return ""


def _debug(settings: Settings) -> str:
    return (
        "DEBUG is on: it shows settings and people's words to strangers; unset it."
        if settings["DEBUG"]
        else ""
    )


def _hosts(settings: Settings) -> str:
    hosts = settings["ALLOWED_HOSTS"]
    if not hosts:
        return "ALLOWED_HOSTS is not set: name the hosts that this service answers for, with commas."
    if "*" in hosts:
        return 'ALLOWED_HOSTS has "*": name the hosts, or anyone can make our links point elsewhere.'
    return ""


def _public_url(settings: Settings) -> str:
    parts = urlsplit(settings["PUBLIC_URL"])
    if parts.scheme == "https" and parts.hostname:
        return ""
    return "PUBLIC_URL is not an https:// address: set the address at which people find this service."


def _database(settings: Settings) -> str:
    if not settings["ON_SQLITE"] or settings["SQLITE_IN_PRODUCTION"]:
        return ""
    return (
        "DATABASE_URL is not PostgreSQL: set postgres://user:password@host/name, or SQLITE_IN_PRODUCTION=true "
        "if one machine and one file are really what you want."
    )


def _cache(settings: Settings) -> str:
    alone = "locmem" in settings["CACHES"]["default"]["BACKEND"]
    if settings["WEB_WORKERS"] > 1 and alone:
        return "CACHE_URL is not set, and WEB_WORKERS is more than 1: limits must be counted in one shared cache."
    return ""


def _webhooks(settings: Settings) -> str:
    if not settings["WEBHOOKS_TO_THIS_MACHINE"]:
        return ""
    return "WEBHOOKS_TO_THIS_MACHINE is on: strangers could have this machine call itself; unset it."


_CHECKS: tuple[Callable[[Settings], str], ...] = (
    _secret,
    _debug,
    _hosts,
    _public_url,
    _database,
    _cache,
    _webhooks,
)
