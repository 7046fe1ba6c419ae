"""What changed from one wording to the next, word by word."""

import re
from difflib import SequenceMatcher
from typing import NamedTuple

MOST_WORDS = 4000
"""Longer texts are shown whole, the old one and the new one: to compare them would take too long."""
_PIECES = re.compile(r"\s+|[^\s]+")


class Piece(NamedTuple):
    """A run of text that stayed (`same`), went (`old`) or came (`new`)."""

    kind: str
    text: str


def between(old: str, new: str) -> list[Piece]:
    """The pieces of which both wordings are made: without the new ones they are `old`, without the old ones `new`."""
    before, after = _PIECES.findall(old), _PIECES.findall(new)
    if len(before) + len(after) > MOST_WORDS:
        return [piece for piece in (Piece("old", old), Piece("new", new)) if piece.text]
    found: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Piece("same", "".join(before[a:b])))
            continue
        found += [
            Piece(name, "".join(run)) for name, run in (("old", before[a:b]), ("new", after[c:d])) if run
        ]
    return found
