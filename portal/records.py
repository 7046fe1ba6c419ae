"""The record as people see it: what it is, one entry of it, and how to check both without believing us."""

import json
from base64 import b64encode
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from commitments.sentences import names_in
from notifications import telling
from portal.kept import kept_while
from record import checkpoints, tree, witnesses
from record.entries import body_of, shown_openings
from record.leaves import word_hash
from record.models import Checkpoint, Entry, Head
from record.proofs import leaf_hash

Row = dict[str, Any]
NEWEST = 20
FARTHEST = 2**53


class Said(NamedTuple):
    """Words of an entry: their name, the text where it may be shown, the salt, and whether both fit the leaf's hash."""

    name: str
    text: str | None
    salt: str | None
    hash: str
    fits: bool


def signed_state() -> str:
    """What a page of the record rests on beside the record: the newest signed state, and who signed it."""
    latest = checkpoints.latest()
    return f"{latest.pk}.{witnesses.count()}" if latest else "0"


@kept_while(signed_state)
def record(request: HttpRequest) -> HttpResponse:
    """What the record is, its newest signed state, and its newest entries."""
    latest = checkpoints.latest()
    context = {
        "entries": Head.objects.values_list("position", flat=True).first() or 0,
        "latest": latest,
        "root": _base64(latest.root) if latest else "",
        "keys": checkpoints.vkeys(),
        "signers": witnesses.signers([latest.pk])[latest.pk] if latest else [],
        "newest": telling.lines(Entry.objects.order_by("-position")[:NEWEST], with_names=True),
    }
    return render(request, "portal/record.html", context)


@kept_while(signed_state)
def entry(request: HttpRequest, position: int) -> HttpResponse:
    """One entry: what it says, its leaf byte for byte, its hash, and the proof that it is in the signed record."""
    row = Entry.objects.filter(position=position).first() if position < FARTHEST else None
    if row is None:
        raise Http404
    latest, leaf, body = checkpoints.latest(), bytes(row.body), body_of(row)
    [line] = telling.lines([row], with_names=True)
    context = {
        "it": row,
        "line": line,
        "actor": names_in([(row.actor, body["facts"])]).get(row.actor, row.actor),
        "invented": bool(body.get("invented")),
        "leaf": leaf.decode(),
        "pretty": json.dumps(body, indent=2, ensure_ascii=False, sort_keys=True),
        "leaf_hash": _base64(leaf_hash(leaf)),
        "said": _said(position, body),
        "before": position - 1,
        "after": position + 1 if Entry.objects.filter(position=position + 1).exists() else None,
        "proof": _proof(position, latest),
    }
    return render(request, "portal/entry.html", context)


def _said(position: int, body: Row) -> list[Said]:
    hashes = body.get("words") or {}
    openings = shown_openings([position])[position]
    return [_one(name, *opening, hashes.get(name, "")) for name, opening in openings.items()]


def _one(name: str, text: str | None, salt: str | None, hashed: Any) -> Said:
    known = hashed if isinstance(hashed, str) else ""
    fits = text is not None and salt is not None and word_hash(bytes.fromhex(salt), text) == known
    return Said(name, text, salt, known, fits)


def _proof(position: int, latest: Checkpoint | None) -> Row | None:
    """The path from the leaf to the signed root; None while nothing that is signed holds the entry."""
    if latest is None or position > latest.size:
        return None
    return {
        "index": position - 1,
        "size": latest.size,
        "root": _base64(latest.root),
        "path": [_base64(one) for one in tree.inclusion(position - 1, latest.size)],
        "note": latest.cosigned,
    }


def _base64(data: Any) -> str:
    return b64encode(bytes(data)).decode()
