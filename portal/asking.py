"""What the address of a list asks for, read strictly: as the API reads it, but that a field left blank asks nothing.

A form sends its empty fields too, so blanks are left out; everything else that is unknown or cannot be read is a 400
that names it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from record import cursors, values
from record.cursors import Place
from record.keyset import By, Order, Page

MOST_OF_A_NAME = 60
LONGEST = 10 * values.LONGEST_VALUE
CURSOR, ORDERING, PAGE_SIZE = "cursor", "ordering", "page_size"
PAGE_SIZES = values.Whole(1, 100)
USUAL_PAGE = 25


@dataclass(frozen=True)
class Fault:
    """What is wrong with one parameter; `detail` is the sentence of the reader itself, in English."""

    name: str
    said: str | Promise
    detail: str = ""


class NotUnderstood(ValueError):
    """An address that asks for something that is not there, or not as it can be read."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__()
        self.faults = faults


@dataclass(frozen=True)
class Asked:
    """What was read: each value by name, and the address's own words for it."""

    found: dict[str, Any] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)

    def address(self, **other: str | None) -> str:
        """The same question with other words for some of it, None for none; a new question starts at its first page."""
        pairs = {**self.words, CURSOR: None, **other}
        said = urlencode([(name, word) for name, word in pairs.items() if word])
        return f"?{said}" if said else "?"


def read(data: QueryDict, known: Mapping[str, values.Value]) -> Asked:
    """Every value by name. Raises NotUnderstood with all that is wrong."""
    asked, faults = Asked(), []
    for name in data:
        several = isinstance(known.get(name), values.Several)
        given = [text for text in data.getlist(name) if text.strip()]
        if name in known and not given:
            continue
        text = ",".join(given) if several else given[0] if given else ""
        fault = _fault(name, given, several, known) or _read_into(asked, name, known[name], text)
        faults += [fault] if fault else []
    if faults:
        raise NotUnderstood(faults)
    return asked


def _fault(name: str, given: list[str], several: bool, known: Iterable[str]) -> Fault | None:
    """What is wrong before asking what it means."""
    if name not in known:
        return Fault(ascii(name)[1:-1][:MOST_OF_A_NAME], _("This list cannot be narrowed by that."))
    if len(given) > 1 and not several:
        return Fault(name, _("It is there more than once."))
    if any(values.has_control_characters(text) for text in given):
        return Fault(name, _("It holds signs that cannot be read."))
    if sum(map(len, given)) > LONGEST:
        return Fault(name, _("It is too long."))
    return None


def _read_into(asked: Asked, name: str, value: values.Value, text: str) -> Fault | None:
    try:
        asked.found[name] = value.read(text)
    except values.Malformed as exc:
        return Fault(name, _("It cannot be read."), str(exc))
    asked.words[name] = text
    return None


def order_of(asked: Asked, names: Mapping[str, By], usual: str, path: str, tie: str = "position") -> Order:
    """The order that is asked for, or the usual one."""
    word = asked.found.get(ORDERING) or usual
    return Order(word, names[word.removeprefix("-")], tie, word.startswith("-"), path)


def place_of(asked: Asked, order: Order) -> Place | None:
    """Where the page starts. Raises NotUnderstood for a place in another list."""
    if CURSOR not in asked.found:
        return None
    try:
        return cursors.read(asked.found[CURSOR], order.mark)
    except cursors.BadCursor:
        said = _("It marks no place in this list as it is now asked for; start again from the first page.")
        raise NotUnderstood([Fault(CURSOR, said)]) from None


class Cursor(values.Value):
    """A place in a list, which is as long as a title may be."""

    def read(self, text: str) -> str:
        """As it is: its seal says whether it is ours."""
        if len(text) > cursors.LONGEST:
            raise values.Malformed("It is longer than any place in a list.")
        return text


def paging(orders: Iterable[str]) -> dict[str, values.Value]:
    """What every list takes beside what narrows it."""
    words = [sign + name for name in orders for sign in ("", "-")]
    return {CURSOR: Cursor(), PAGE_SIZE: PAGE_SIZES, ORDERING: values.Choice(words)}


def size_of(asked: Asked) -> int:
    """How many rows stand on a page."""
    return int(asked.found.get(PAGE_SIZE, USUAL_PAGE))


def pages(asked: Asked, page: Page) -> dict[str, str]:
    """The addresses of the pages before and after, where there are any, and of the first."""
    beside = {"previous": page.previous, "next": page.next}
    found = {name: asked.address(cursor=place.written()) for name, place in beside.items() if place}
    return found | ({"first": asked.address()} if page.previous else {})


def understood(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that answers with a 400, which names what was not understood, where its address asks for it."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotUnderstood as exc:
            context = {"faults": exc.faults, "back": request.path}
            answer = render(request, "portal/not_understood.html", context, status=400)
            answer["Cache-Control"] = "no-store"
            return answer

    return page
