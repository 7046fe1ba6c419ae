"""Keyset pages, `{"next", "previous", "results"}`: which are asked for, and how their neighbours are addressed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from api.http.errors import at_parameter, bad_parameters
from record import cursors
from record.cursors import BadCursor, Place
from record.keyset import By, Order, Page

LARGEST_PAGE = 100
USUAL_PAGE = 50


@dataclass(frozen=True)
class Ordering:
    """The documented names of a list, the usual one (`-` before it: descending), and the unique tie-break column."""

    names: Mapping[str, By]
    usual: str
    tie: str = "position"

    def words(self) -> list[str]:
        """Every value that `ordering` takes."""
        return [sign + name for name in self.names for sign in ("", "-")]

    def chosen(self, word: str | None, path: str = "") -> "Order":
        """The order that `word` asks for, of the list at `path`. Raises a 400 that names `ordering`."""
        word = word or self.usual
        by = self.names.get(word.removeprefix("-"))
        if by is None or word.startswith("--"):
            detail = f"One of {', '.join(self.words())} is expected."
            raise bad_parameters([at_parameter("ordering", "malformed", detail)])
        return Order(word, by, self.tie, word.startswith("-"), path)


def by(usual: str, /, tie: str = "position", **columns: str | By) -> Ordering:
    """Short for an Ordering: `by("-published_at", published_at="published_at", due=By("due_on", nullable=True))`."""
    return Ordering({n: c if isinstance(c, By) else By(c) for n, c in columns.items()}, usual, tie)


def page_size(data: QueryDict) -> int:
    """The asked page size, 1 to 100. Raises a 400 that names it."""
    text = data.get("page_size")
    if text is None:
        return USUAL_PAGE
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= LARGEST_PAGE):
        raise bad_parameters(
            [at_parameter("page_size", "malformed", "A whole number from 1 to 100 is expected.")]
        )
    return int(text)


def place_in(data: QueryDict, order: Order) -> Place | None:
    """Where the asked page starts. Raises a 400 that names `cursor`."""
    text = data.get("cursor")
    if text is None:
        return None
    try:
        return cursors.read(text, order.mark)
    except BadCursor:
        detail = "This cursor was not made for this list in this order; start again from the first page."
        raise bad_parameters([at_parameter("cursor", "malformed", detail)]) from None


def address(base: str, data: QueryDict, place: Place | None) -> str | None:
    """The address of the page at `place`: the same filters, another cursor."""
    if place is None:
        return None
    kept = [(name, value) for name, several in data.lists() for value in several if name != "cursor"]
    return f"{base}?{urlencode([*kept, ('cursor', place.written())])}"


def envelope(base: str, data: QueryDict, page: Page, shapes: list[dict[str, Any]]) -> dict[str, Any]:
    """The body of a list."""
    return {
        "next": address(base, data, page.next),
        "previous": address(base, data, page.previous),
        "results": shapes,
    }
