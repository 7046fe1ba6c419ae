"""The few things that PostgreSQL and SQLite say differently when SQL itself builds JSON."""

from abc import ABC, abstractmethod


class Dialect(ABC):
    """How one database builds JSON and counts days."""

    mark = "%s"
    lock = ""
    object = "json_build_object"

    def obj(self, **members: str) -> str:
        """An object of these members, each an SQL expression."""
        pairs = ", ".join(f"'{name}', {value}" for name, value in members.items())
        return f"{self.object}({pairs})"

    @abstractmethod
    def all(self, item: str, rest: str) -> str:
        """A list of `item` over `rest` (FROM, WHERE, ORDER BY), as a subquery."""

    @abstractmethod
    def flag(self, value: str) -> str:
        """A truth."""

    @abstractmethod
    def at(self, value: str) -> str:
        """A moment."""

    @abstractmethod
    def json(self, value: str) -> str:
        """A column that holds JSON."""

    @abstractmethod
    def days(self, since: str, until: str) -> str:
        """Days from one date to another."""

    @abstractmethod
    def most(self, one: str, other: str) -> str:
        """The larger of two."""

    @abstractmethod
    def words_of(self, column: str) -> str:
        """Bytes as text."""

    @abstractmethod
    def hexed(self, column: str) -> str:
        """Bytes as hexadecimal digits, in small letters."""

    @abstractmethod
    def parsed(self, text: str) -> str:
        """A text that is JSON, as JSON."""

    @abstractmethod
    def text(self, value: str) -> str:
        """A text as an item of a list."""

    @abstractmethod
    def has(self, text: str, piece: str) -> str:
        """Whether a text holds a piece."""

    @abstractmethod
    def day(self, iso: str) -> str:
        """A date."""

    @abstractmethod
    def named(self, name: str, value: str) -> str:
        """An object of all names and values of a group, without an order of its own."""


class Postgres(Dialect):
    """PostgreSQL."""

    lock = " FOR NO KEY UPDATE"

    def all(self, item: str, rest: str) -> str:
        """As JSON."""
        return f"(SELECT COALESCE(json_agg(item), '[]'::json) FROM (SELECT {item} AS item {rest}) AS items)"

    def flag(self, value: str) -> str:
        """As it is."""
        return value

    def at(self, value: str) -> str:
        """As it is."""
        return value

    def json(self, value: str) -> str:
        """As it is."""
        return value

    def days(self, since: str, until: str) -> str:
        """A difference of dates is a whole number."""
        return f"({until} - {since})"

    def most(self, one: str, other: str) -> str:
        """GREATEST."""
        return f"GREATEST({one}, {other})"

    def words_of(self, column: str) -> str:
        """UTF-8."""
        return f"convert_from({column}, 'UTF8')"

    def hexed(self, column: str) -> str:
        """ENCODE."""
        return f"encode({column}, 'hex')"

    def parsed(self, text: str) -> str:
        """A cast."""
        return f"{text}::json"

    def text(self, value: str) -> str:
        """As it is."""
        return value

    def has(self, text: str, piece: str) -> str:
        """By its place."""
        return f"strpos({text}, '{piece}') > 0"

    def day(self, iso: str) -> str:
        """A date."""
        return f"DATE '{iso}'"

    def named(self, name: str, value: str) -> str:
        """Empty where there are none."""
        return f"COALESCE(json_object_agg({name}, {value}), '{{}}'::json)"


class Sqlite(Dialect):
    """SQLite, as Django keeps things in it."""

    mark = "?"
    object = "json_object"

    def all(self, item: str, rest: str) -> str:
        """As JSON."""
        return f"json((SELECT json_group_array(json(item)) FROM (SELECT {item} AS item {rest}) AS items))"

    def flag(self, value: str) -> str:
        """From 0 and 1."""
        return f"json(CASE WHEN {value} THEN 'true' ELSE 'false' END)"

    def at(self, value: str) -> str:
        """From text in UTC."""
        return f"(replace({value}, ' ', 'T') || 'Z')"

    def json(self, value: str) -> str:
        """From text."""
        return f"json({value})"

    def days(self, since: str, until: str) -> str:
        """Through Julian days."""
        return f"CAST(julianday({until}) - julianday({since}) AS INTEGER)"

    def most(self, one: str, other: str) -> str:
        """MAX of two."""
        return f"max({one}, {other})"

    def words_of(self, column: str) -> str:
        """UTF-8."""
        return f"CAST({column} AS TEXT)"

    def hexed(self, column: str) -> str:
        """HEX, made small."""
        return f"lower(hex({column}))"

    def parsed(self, text: str) -> str:
        """From text."""
        return f"json({text})"

    def text(self, value: str) -> str:
        """In quotation marks."""
        return f"json_quote({value})"

    def has(self, text: str, piece: str) -> str:
        """By its place."""
        return f"instr({text}, '{piece}') > 0"

    def day(self, iso: str) -> str:
        """Text."""
        return f"'{iso}'"

    def named(self, name: str, value: str) -> str:
        """Empty where there are none."""
        return f"json_group_object({name}, {value})"
