"""The floor: the same SQL answered as bytes, with no framework: a bare WSGI application for the same server."""

import json
import os
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import psycopg

from bench import floor_posting

Start = Callable[[str, list[tuple[str, str]]], object]
ADDRESS = os.environ.get("DATABASE_URL", "")
ASKED = json.loads(Path(os.environ["BENCH_QUESTIONS"]).read_text()) if "BENCH_QUESTIONS" in os.environ else {}
SQL: dict[str, Any] = ASKED.get("sql", {})
HEAD = "SELECT position FROM record_head WHERE id = 1"
_here = threading.local()
_kept: dict[str, tuple[int, bytes]] = {}


def database() -> Any:
    """This thread's connection."""
    if not hasattr(_here, "connection"):
        _here.connection = connected(ADDRESS)
    return _here.connection


def connected(address: str) -> Any:
    """A connection set as the service's own."""
    if address.startswith("sqlite:///"):
        opened = sqlite3.connect(address.removeprefix("sqlite:///"), isolation_level=None, timeout=20)
        opened.execute("PRAGMA journal_mode=WAL")
        opened.execute("PRAGMA synchronous=NORMAL")
        return opened
    return psycopg.connect(address, autocommit=True, prepare_threshold=2, options="-c TimeZone=UTC")


def application(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    """Answer by the table of questions."""
    path = environ["PATH_INFO"]
    if environ["REQUEST_METHOD"] == "POST":
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = json.loads(environ["wsgi.input"].read(length))
        token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")[2]
        return sent(
            start, "201 Created", floor_posting.post(database(), path, body, token), secrets.token_hex(4)
        )
    query = environ.get("QUERY_STRING", "")
    return read(environ, start, f"{path}?{query}" if query else path)


def read(environ: dict[str, Any], start: Start, address: str) -> Iterable[bytes]:
    """One of the questions; `/kept/…` answers from memory while the record stands, and If-None-Match with 304."""
    known = address.removeprefix("/kept")
    wanted = environ.get("HTTP_IF_NONE_MATCH")
    if wanted is None and known == address:
        return sent(start, "200 OK", computed(known), "0")
    position = database().execute(HEAD).fetchone()[0]
    if wanted == f'"{position}"':
        start("304 Not Modified", [("ETag", wanted)])
        return [b""]
    kept = _kept.get(known)
    if kept is None or kept[0] != position:
        kept = _kept[known] = (position, computed(known))
    return sent(start, "200 OK", kept[1], position)


def computed(address: str) -> bytes:
    """The answer of the database."""
    sql, params = SQL[address]
    text: str = database().execute(sql, params).fetchone()[0]
    return f'{{"next":null,"previous":null,"results":{text}}}'.encode() if text[0] == "[" else text.encode()


def sent(start: Start, status: str, body: bytes, tag: object) -> Iterable[bytes]:
    """A JSON answer."""
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body))), ("ETag", f'"{tag}"')]
    start(status, headers)
    return [body]
