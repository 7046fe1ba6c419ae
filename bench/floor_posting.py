"""Posting an update with bare SQL: the rows that the service's verb writes, its record entry included."""

import hashlib
import json
import secrets
import sqlite3
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

WHO = "SELECT user_id FROM accounts_key WHERE digest = %s AND revoked_at IS NULL"
COMMITMENT = """
    SELECT c.id, c.reference, a.id, a.slug, a.rhythm_days FROM commitments_commitment c
    JOIN commitments_assembly a ON a.id = c.assembly_id WHERE c.reference = %s{lock_of_c}
"""
TEAM = """
    SELECT t.id, t.slug, t.name, b.slug FROM commitments_owner o JOIN accounts_team t ON t.id = o.team_id
    JOIN accounts_organisation b ON b.id = t.organisation_id
    JOIN accounts_membership m ON m.team_id = t.id AND m.user_id = %s AND m.ended_at IS NULL
    WHERE o.commitment_id = %s AND o.ended_on IS NULL AND o.lead
"""
UPDATE = """
    INSERT INTO commitments_progressupdate (id, commitment_id, team_id, author_id, posted_on, lead, status, is_claim,
        body, reason, version, invented, position, published_at, updated_at, updated_position)
    VALUES (%s, %s, %s, %s, %s, {true}, %s, {false}, %s, '', 1, {false}, %s, %s, %s, %s)
"""
EVIDENCE = 'INSERT INTO commitments_evidence (id, update_id, title, url, "order") VALUES (%s, %s, %s, %s, %s)'
SEARCH = """
    INSERT INTO commitments_searchdocument (assembly_id, update_id, title_words, body_words) VALUES (%s, %s, '', %s)
"""
MOVED = """
    UPDATE commitments_commitment SET status = %s, status_at = %s, last_update_at = %s, clock_moved_on = %s,
        update_due_on = %s, version = version + 1, updated_at = %s, updated_position = %s WHERE id = %s
"""
HEAD = "SELECT position, at FROM record_head WHERE id = 1{lock}"
ENTRY = """
    INSERT INTO record_entry (position, type, at, occurred_on, actor, subject, root, assembly, body)
    VALUES (%s, 'update.posted', %s, %s, %s, %s, %s, %s, %s)
"""
WORDS = "INSERT INTO record_words (position, name, text, salt, state) VALUES (%s, %s, %s, %s, 'published')"
HEAD_MOVED = "UPDATE record_head SET position = %s, at = %s WHERE id = 1"


class Post:
    """One transaction."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.on_sqlite = isinstance(connection, sqlite3.Connection)

    def run(self, sql: str, *params: Any) -> Any:
        """One statement, in the words of the database."""
        lock = "" if self.on_sqlite else " FOR NO KEY UPDATE"
        of_c = f"{lock} OF c" if lock else ""
        sql = sql.format(lock=lock, lock_of_c=of_c, true="TRUE", false="FALSE")
        if self.on_sqlite:
            return self.connection.execute(sql.replace("%s", "?"), [_plain(value) for value in params])
        return self.connection.execute(sql, params)


def post(connection: Any, path: str, body: dict[str, Any], token: str) -> bytes:
    """Write the update that the path and the body ask for; the JSON of its answer."""
    one = Post(connection)
    one.run("BEGIN IMMEDIATE" if one.on_sqlite else "BEGIN")
    try:
        answer = _written(one, path.split("/")[4], body, token)
        one.run("COMMIT")
    except BaseException:
        one.run("ROLLBACK")
        raise
    return json.dumps(answer, default=str).encode()


def _written(one: Post, reference: str, body: dict[str, Any], token: str) -> dict[str, Any]:
    (user,) = one.run(WHO, hashlib.sha256(token.encode()).hexdigest()).fetchone()
    commitment, reference, assembly, slug, rhythm = one.run(COMMITMENT, reference).fetchone()
    team, team_slug, team_name, organisation = one.run(TEAM, user, commitment).fetchone()
    now = datetime.now(UTC)
    today, key, text = now.date(), uuid4(), body["body"]
    due = today + timedelta(days=rhythm)
    position = one.run(HEAD).fetchone()[0] + 1
    at = [now, now, position]
    one.run(UPDATE, key, commitment, team, user, today, body["status"], text, position, *at)
    for order, link in enumerate(body["evidence"]):
        one.run(EVIDENCE, uuid4(), key, link["title"], link["url"], order)
    one.run(SEARCH, assembly, key, text.lower())
    one.run(MOVED, body["status"], now, now, today, due, now, position, commitment)
    words = {"body": text}
    words |= {
        f"evidence_{name}s": "\n".join(link[name] for link in body["evidence"]) for name in ("title", "url")
    }
    leaf = _leaf(position, now, key, reference, slug, team_slug, body, due)
    leaf["words"] = {name: _kept(one, position, name, said) for name, said in words.items()}
    entry = json.dumps(leaf, sort_keys=True, separators=(",", ":")).encode()
    one.run(ENTRY, position, now, today, leaf["actor"], leaf["subject"], leaf["root"], slug, entry)
    one.run(HEAD_MOVED, position, now)
    told = {"id": key, "position": position, "assembly": slug, "commitment": reference, "team": team_slug}
    told |= {"team_name": team_name, "organisation": organisation, "lead": True, "status": body["status"]}
    told |= {
        "body": text,
        "evidence": body["evidence"],
        "posted_on": today,
        "published_at": now,
        "updated_at": now,
    }
    return told


def _kept(one: Post, position: int, name: str, text: str) -> str:
    salt = secrets.token_bytes(16)
    one.run(WORDS, position, name, text, salt)
    return hashlib.sha256(salt + text.encode()).hexdigest()


def _leaf(
    position: int,
    now: datetime,
    key: Any,
    reference: str,
    slug: str,
    team: str,
    body: dict[str, Any],
    due: date,
) -> dict[str, Any]:
    facts = {
        "commitment": reference,
        "team": team,
        "lead": True,
        "status": body["status"],
        "team_status": None,
    }
    facts |= {"claim": False, "verify_by": None, "update_due_on": due.isoformat()}
    return {
        "v": 1,
        "position": position,
        "type": "update.posted",
        "at": now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "occurred_on": now.date().isoformat(),
        "actor": f"team:{team}",
        "subject": f"update:{key}",
        "root": f"commitment:{reference}",
        "assembly": slug,
        "facts": {**facts, "evidence": [{"dated": None} for _ in body["evidence"]]},
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    if isinstance(value, date):
        return value.isoformat()
    return value.hex if hasattr(value, "hex") and not isinstance(value, bytes | float) else value
