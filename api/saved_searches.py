"""Saved searches: which lists of the API can be followed with their filters, and which events belong to one."""

import re
from collections.abc import Iterable
from io import BytesIO
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import QueryDict
from django.urls import Resolver404, resolve
from rest_framework.request import Request

from api.feeds import TOLD, Told
from api.http.errors import Problem, at_pointer
from api.http.filters import PAGING
from api.http.views import PublicList
from notifications.models import SavedSearch
from record import clock
from record.models import Entry
from record.refusals import Refusal

V1 = "/api/v1/"
PAGES = re.compile(rf"/(?:(?:{'|'.join(code for code, _ in settings.LANGUAGES)})/)?(commitments|search)/")
"""Lists that are pages for people, in any language."""
LONGEST_PATH, LONGEST_QUERY = 200, 1000


def taken_apart(address: str) -> tuple[str, str]:
    """A list's path and its filters in one order, without pages and orderings. Raises a 400 that says what is wrong."""
    if address.startswith("/"):
        address = settings.PUBLIC_URL + address
    parts, ours = urlsplit(address), urlsplit(settings.PUBLIC_URL)
    if (parts.scheme, parts.netloc) != (ours.scheme, ours.netloc):
        raise _wrong("It is no address of this service.")
    path, data = _as_the_api_has_it(parts.path, QueryDict(parts.query))
    view, kwargs = _list_at(path)
    found = view.filterset.check(data)
    if TOLD[view].is_asked and not found:
        raise _wrong("This list shows nothing until something is asked of it.")
    _parents_are_there(view, kwargs, data)
    kept = [(name, value) for name, several in data.lists() for value in several if name not in PAGING]
    query = urlencode(sorted(kept))
    if len(path) > LONGEST_PATH or len(query) > LONGEST_QUERY:
        raise _wrong("It is too long to be followed.")
    return path, query


def _as_the_api_has_it(path: str, data: QueryDict) -> tuple[str, QueryDict]:
    """A page's list asks as the API's does; but its form sends fields that are blank, and boxes of one name apart."""
    page = PAGES.fullmatch(path)
    if page is None:
        return path, data
    found = QueryDict(mutable=True)
    for name, several in data.lists():
        given = [text for text in several if text.strip()]
        if given:
            found[name] = ",".join(given)
    return f"{V1}{page[1]}/", found


def found_by(search: SavedSearch, positions: list[int]) -> Iterable[int]:
    """Of these entries those that the list's feed has: they tell of what the list shows now, with its filters.

    A search whose list or parent is gone, or whose filters changed meanwhile, finds nothing.
    """
    try:
        view, kwargs = _list_at(search.path)
        return _found(view, kwargs, QueryDict(search.query), positions)
    except (Problem, Refusal):
        return []


def _found(view: type[PublicList], kwargs: dict[str, Any], data: QueryDict, positions: list[int]) -> set[int]:
    given = view.filterset.check(data)
    today = clock.today()
    rows = view.filterset(data, _made(view, kwargs, data).rows(), today=today).apply(given)
    told: Told = TOLD[view]
    if not told.stories:
        return set(rows.filter(position__in=positions).values_list("position", flat=True))
    found: set[int] = set()
    for story in told.stories:
        entries = Entry.objects.filter(story.of(rows), position__in=positions)
        found |= set(entries.values_list("position", flat=True))
    return found


def _list_at(path: str) -> tuple[type[PublicList], dict[str, Any]]:
    try:
        match = resolve(path) if path.startswith(V1) else None
    except Resolver404:
        match = None
    view: Any = getattr(match.func, "view_class", None) if match else None
    if match is None or view not in TOLD or path.endswith(".csv"):
        raise _wrong(
            "It is no list that can be followed; give one that has a feed, such as /api/v1/commitments/."
        )
    return view, dict(match.kwargs)


def _made(view: type[PublicList], kwargs: dict[str, Any], data: QueryDict) -> PublicList:
    """The view as its address makes it, with nobody asking."""
    asking = WSGIRequest({"REQUEST_METHOD": "GET", "QUERY_STRING": data.urlencode(), "wsgi.input": BytesIO()})
    made = view()
    made.kwargs, made.request = kwargs, Request(asking)
    return made


def _parents_are_there(view: type[PublicList], kwargs: dict[str, Any], data: QueryDict) -> None:
    try:
        _made(view, kwargs, data).rows()
    except Refusal as missing:
        raise _wrong("What this list belongs to is not there.") from missing


def _wrong(detail: str) -> Problem:
    return Problem(400, "invalid", detail, errors=[at_pointer("/list", "not_a_list", detail)])
