"""The kinds of spreadsheet, a CSV each, and their columns."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from commitments.actions.registers import CLOCKS
from commitments.importing import cells, owner_lists
from commitments.importing.cells import Column, choice, day, number, text, tidy, whole, wholes, word, words

Item = dict[str, Any]
SOURCE = re.compile(r"source(_(?P<place>[0-9]{1,2}))?_(?P<part>url|date|reliability|note)")
SOURCE_PARTS = ("url", "date", "reliability", "note")
OWNERS = Column(
    "owners", ("owners",), lambda cell: owner_lists.parsed(cells.unguarded(cell)), owner_lists.written
)


@dataclass(frozen=True)
class Sheet:
    """One kind of spreadsheet. What has no source says `unsourced`; `collapsing` parts are unknown where all is blank.

    A `valued` sheet has a value of any kind in each row, a `corrected` one may say why a row differs from before.
    """

    name: str
    columns: tuple[Column, ...]
    sourced: bool = True
    unsourced: Any = None
    collapsing: tuple[str, ...] = ()
    valued: bool = False
    corrected: bool = False

    def names(self, sources: int = 1) -> list[str]:
        """The columns in their order, with those of so many sources."""
        own = [column.name for column in self.columns] + ["value_is", "value"] * self.valued
        of_sources = [_source_column(place, part) for place in range(sources) for part in SOURCE_PARTS]
        return own + of_sources * self.sourced + ["reason"] * self.corrected

    def needed(self) -> list[str]:
        """The columns without which a spreadsheet is not of this kind."""
        spare = {column.name for column in self.columns if not column.needed} | set(
            ["reason"] * self.corrected
        )
        return [name for name in self.names() if name not in spare]

    def is_known(self, name: str) -> bool:
        """Whether a column of this name belongs here."""
        return name in self.names() or (self.sourced and SOURCE.fullmatch(name) is not None)

    def item(self, row: Mapping[str, str]) -> Item:
        """What the cells of a row say."""
        item: Item = {}
        for column in self.columns:
            _put(item, column.path, column.read(row.get(column.name, "")))
        for part in self.collapsing:
            if not any(item[part].values()):
                item[part] = None
        if self.valued:
            item["value"] = cells.value_of(row.get("value_is", ""), row.get("value", ""))
        if self.sourced:
            item["sources"] = _sources(row) or self.unsourced
        if self.corrected and row.get("reason", "").strip():
            item["reason"] = tidy(row["reason"])
        return _FINISH.get(self.name, _as_it_is)(item)

    def row(self, item: Mapping[str, Any]) -> dict[str, str]:
        """A thing as the cells of a row."""
        row = {column.name: column.write(_get(item, column.path)) for column in self.columns}
        if self.valued:
            row["value_is"], row["value"] = cells.value_written(item["value"])
        for place, source in enumerate(item.get("sources") or []):
            for part in SOURCE_PARTS:
                row[_source_column(place, part)] = cells.guarded(source.get(part) or "")
        return row

    def places(self) -> dict[str, str]:
        """The column in which each part of a thing stands, by its place within the thing."""
        found = {"/".join(column.path): column.name for column in self.columns}
        found |= {part: _under(found, part)[0] for part in self.collapsing}
        if self.sourced:
            found["sources"] = _source_column(0, "url")
            for place in range(20):
                found |= {f"sources/{place}/{part}": _source_column(place, part) for part in SOURCE_PARTS}
        return found


def _under(places: Mapping[str, str], part: str) -> list[str]:
    return [name for path, name in places.items() if path.startswith(f"{part}/")]


def _source_column(place: int, part: str) -> str:
    return f"source_{part}" if place == 0 else f"source_{place + 1}_{part}"


def _sources(row: Mapping[str, str]) -> list[Item]:
    places = {int(found["place"] or 1) - 1 for name in row if (found := SOURCE.fullmatch(name))}
    given = (_source(row, place) for place in sorted(places))
    return [source for source in given if source]


def _source(row: Mapping[str, str], place: int) -> Item:
    said = {part: row.get(_source_column(place, part), "") for part in SOURCE_PARTS}
    if not any(cell.strip() for cell in said.values()):
        return {}
    source = {
        "url": cells.unguarded(said["url"].strip()),
        "date": day("date").read(said["date"]),
        "reliability": choice("reliability").read(said["reliability"]),
    }
    note = text("note").read(said["note"])
    return source | ({"note": note} if note else {})


def _put(item: Item, path: tuple[str, ...], value: Any) -> None:
    for part in path[:-1]:
        item = item.setdefault(part, {})
    item[path[-1]] = value


def _get(item: Any, path: tuple[str, ...]) -> Any:
    for part in path:
        item = item.get(part) if isinstance(item, Mapping) else None
    return item


def _as_it_is(item: Item) -> Item:
    return item


def _commitment(item: Item) -> Item:
    due = item["due"]
    if due and due["on"] and not due["precision"]:
        due["precision"] = "day"
    return {**item, "notes": []}


def _assembly(item: Item) -> Item:
    clocks = {name: value for name, value in item.pop("clocks").items() if value != ""}
    return {**item, "facts": [], **({"clocks": clocks} if clocks else {})}


def _theme(item: Item) -> Item:
    return {**item, "findings": []}


_FINISH = {"commitments": _commitment, "assembly": _assembly, "themes": _theme}
_MEASURES = tuple(text(name) for name in ("measure", "baseline", "target", "proof"))
_CLOCKS = tuple(
    choice(name, f"clocks/{name}", needed=False)
    if name == "reply_days_are"
    else whole(name, f"clocks/{name}", needed=False)
    for name in CLOCKS
)
SHEETS = (
    Sheet(
        "areas",
        (
            word("code"),
            text("name"),
            choice("kind"),
            text("vintage"),
            word("parent", unknown=None),
            number("latitude"),
            number("longitude"),
        ),
        corrected=True,
    ),
    Sheet(
        "organisations",
        (word("slug"), text("name"), choice("kind"), word("area", unknown=None)),
        sourced=False,
        corrected=True,
    ),
    Sheet(
        "teams",
        (
            word("slug"),
            text("name"),
            word("organisation"),
            word("area", unknown=None),
            day("ended_on", needed=False),
        ),
        sourced=False,
        corrected=True,
    ),
    Sheet(
        "assembly",
        (
            word("slug"),
            word("prefix"),
            text("title"),
            text("question"),
            word("area", unknown=None),
            text("held", "held/text"),
            day("held_from", "held/from", unknown=""),
            day("held_to", "held/to", unknown=""),
            *_CLOCKS,
        ),
        corrected=True,
    ),
    Sheet("facts", (text("name"),), unsourced=[], valued=True),
    Sheet(
        "themes",
        (
            word("slug"),
            whole("order"),
            text("title"),
            text("summary"),
            text("origin_by", "origin/by"),
            word("origin_url", "origin/url", unknown=None),
            choice("origin_reliability", "origin/reliability", unknown=None),
        ),
        sourced=False,
        collapsing=("origin",),
        corrected=True,
    ),
    Sheet("findings", (word("theme"), text("text")), unsourced=[]),
    Sheet(
        "recommendations",
        (
            whole("number"),
            text("title"),
            text("body"),
            word("theme", unknown=None),
            text("theme_assigned_by"),
        ),
        corrected=True,
    ),
    Sheet(
        "responses",
        (
            whole("recommendation"),
            word("organisation"),
            whole("version", unknown=1, needed=False),
            choice("position"),
            text("body"),
            text("reason"),
        ),
        unsourced=[],
    ),
    Sheet(
        "commitments",
        (
            word("slug"),
            whole("number", unknown=None, needed=False),
            text("title"),
            text("body"),
            wholes("recommendations"),
            OWNERS,
            day("due_on", "due/on"),
            choice("due_precision", "due/precision"),
            text("due_text", "due/text"),
            *_MEASURES,
            text("reported_state"),
            words("areas"),
        ),
        unsourced=[],
        collapsing=("due",),
        corrected=True,
    ),
    Sheet(
        "notes", (word("commitment"), choice("kind"), text("about"), text("text")), sourced=False, valued=True
    ),
    Sheet(
        "corrections",
        (choice("kind"), word("of"), choice("field"), text("old"), text("new"), text("reason")),
        sourced=False,
    ),
)
BY_NAME: Mapping[str, Sheet] = {sheet.name: sheet for sheet in SHEETS}
