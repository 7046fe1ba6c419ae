"""What requests are fed with so that many of them succeed: the permission matrix's addresses, bodies and keys."""

import random
import re
import zlib
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from tests import contract
from tests.api.matrix import PAGES, ROLES, ROWS, Cell
from tests.api.test_permissions import filled
from tests.api.world import World

API = "/api/v1/"
NOBODY = ""
TAGS = re.compile(r'[*"W]')
BAD_KEY = "Bearer sd_of-nobody"
NAMES = {
    "assembly": "anytown-2025",
    "theme": "{theme}",
    "area": "{area}",
    "areas": "{area}",
    "parent": "{area}",
    "organisation": "police",
    "team": "north-team",
    "recommendation": "{recommendation}",
    "recommendations": "{recommendation}",
    "commitment": "{active}",
    "successor": "{second}",
    "others": "{second}",
    "claim": "{claim}",
    "q": "street",
}
"""Members and parameters that name another thing, and what is there by that name; of words, one that is said."""


@dataclass
class Known:
    """One operation: where real things of its kind are, and who sends what there."""

    places: list[dict[str, str]] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)


class References:
    """The world's real things, by operation. What is drawn depends on the case alone, so a failure can be repeated."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.names: dict[str, str] = filled(NAMES, world.names)
        self.known: dict[tuple[str, str], Known] = defaultdict(Known)
        for address, cells in ROWS:
            if address not in PAGES:
                self._learn(API + filled(address, world.names), cells)

    def _learn(self, address: str, cells: tuple[Cell, ...]) -> None:
        path = contract.project().path_of(address)
        if path is None:
            return
        place = _variables(path, address)
        for cell in cells:
            known = self.known[cell.method, path]
            known.places.append(place)
            known.cells.append(cell)

    def dress(self, case: Any) -> dict[str, str]:
        """Put real things into what was drawn to be right, and give the headers of who asks."""
        dice = random.Random(zlib.crc32(repr(case).encode(errors="replace")))
        known = self.known[case.operation.method.upper(), case.path]
        index = dice.randrange(len(known.cells)) if known.cells else None
        cell = None if index is None else known.cells[index]
        right = {where for where, part in case.meta.components.items() if part.mode.is_positive}
        if index is not None and "path" in right and known.places[index] and dice.random() < 0.9:
            case.path_parameters = dict(known.places[index])
        if "query" in right and case.query:
            case.query = self._query(case.query, dice)
        if "body" in right and isinstance(case.body, dict):
            case.body = self._body(case.body, cell, dice)
        # Schemathesis at times calls a header right that its pattern does not fit.
        tags = case.headers.get("If-Match") if "header" in right else None
        if tags is not None and (dice.random() < 0.8 or not TAGS.match(tags)):
            case.headers["If-Match"] = "*"
        return {**self._who(dice, cell), "Accept": dice.choice(_forms(case))}

    def _who(self, dice: random.Random, cell: Cell | None) -> dict[str, str]:
        allowed = sorted(cell.allowed) if cell else []
        draw = dice.random()
        if draw < 0.05:
            return {"Authorization": BAD_KEY}
        role = dice.choice(allowed) if allowed and draw < 0.8 else dice.choice(ROLES)
        key = self.world.keys.get(role, NOBODY)
        return {"Authorization": f"Bearer {key}"} if key else {}

    def _query(self, drawn: dict[str, Any], dice: random.Random) -> dict[str, Any]:
        kept = {name: value for name, value in drawn.items() if name != "cursor" or dice.random() < 0.1}
        return {name: self._real(name, value, dice) for name, value in kept.items()}

    def _real(self, name: str, value: Any, dice: random.Random) -> Any:
        if isinstance(value, str) and dice.random() < 0.8:
            value = "".join(sign for sign in value if sign.isprintable()) or "Words"
        is_named = name in self.names and value not in (None, True, False, "true", "false")
        if not is_named or dice.random() < 0.3:
            return value
        return [self.names[name]] if isinstance(value, list) else self.names[name]

    def _body(self, drawn: dict[str, Any], cell: Cell | None, dice: random.Random) -> Any:
        mixed = {name: self._real_inside(name, value, dice) for name, value in drawn.items()}
        usual = filled(cell.body, self.world.names) if cell else None
        if not usual or dice.random() < 0.25:
            return mixed
        # The body that the matrix knows to succeed, with a few members as they were drawn.
        return {**usual, **{name: value for name, value in mixed.items() if dice.random() < 0.25}}

    def _real_inside(self, name: str, value: Any, dice: random.Random) -> Any:
        if isinstance(value, dict):
            return {inner: self._real_inside(inner, part, dice) for inner, part in value.items()}
        if isinstance(value, list) and any(isinstance(part, dict) for part in value):
            return [self._real_inside(name, part, dice) for part in value]
        return self._real(name, value, dice)


def _forms(case: Any) -> list[str]:
    """What may be asked for: any form of a success, and anything."""
    answers = case.operation.definition.raw.get("responses", {})
    return [
        "*/*",
        *(form for status, one in answers.items() if status[0] == "2" for form in one.get("content", {})),
    ]


def _variables(path: str, address: str) -> dict[str, str]:
    """The variables of a path template, as they stand in an address."""
    form = re.sub(r"\\\{([^}]+)\\\}", r"(?P<\1>[^/]+)", re.escape(path))
    found = re.fullmatch(form, address)
    return found.groupdict() if found else {}
