"""The base of every view of the API, and the two that read: a list and one thing.

A resource's file says which rows, which filters, which shape; everything that HTTP asks for happens here.
"""

from datetime import date
from functools import cached_property
from http import HTTPStatus
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponseBase
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from accounts.models import User
from api.http import authentication, caching, negotiation, paging, tables, throttling
from api.http.answers import empty_answer, json_answer
from api.http.authentication import KeyAuthentication, SessionAuthentication
from api.http.errors import handle
from api.http.filters import PAGING, StrictFilterSet
from api.http.paging import Ordering
from api.http.parsing import StrictJSON
from api.http.promises import Promise
from api.http.schema import Grammar
from record import clock
from record.keyset import page_of
from record.refusals import Missing

Shape = dict[str, Any]
Output = type[BaseSerializer[Any]]
READING = frozenset({"GET", "HEAD", "OPTIONS"})


class Machine(APIView):
    """The base: who asks, how much, in which form, and errors as problem+json."""

    schema = Grammar()
    parser_classes = (StrictJSON,)
    permission_classes = ()
    reads_publicly: ClassVar[bool] = True
    """Whether GET needs no account; then sessions are not looked at: public answers never differ by person."""
    forms: ClassVar[tuple[str, ...]] = (negotiation.JSON,)
    form: str = ""
    """Set in urls.py (`as_view(form="text/csv")`) where the address itself names the form."""
    extra_parameters: ClassVar[frozenset[str]] = frozenset()
    called: str = ""
    """What the operation is called in openapi.yaml, where its address does not say it: set in urls.py."""
    link: str = ""
    """What a success says in its Link header: set in urls.py where there is something beside the address."""

    _count: throttling.Count | None = None

    @cached_property
    def today(self) -> date:
        """The London day of this request."""
        return clock.today()

    @cached_property
    def base(self) -> str:
        """Scheme and host, to put before paths: `f"{self.base}/api/v1/…"`."""
        return f"{self.request.scheme}://{self.request.get_host()}"

    @property
    def by(self) -> User:
        """The person who asks. Raises NotAuthenticated (401)."""
        return authentication.signed_in(self.request)

    def get_exception_handler(self) -> Any:
        """Problem+json, whatever the settings say."""
        return handle

    def get_authenticators(self) -> list[BaseAuthentication]:
        """Keys first, so that a stranger's write is a 401; sessions only where the person matters."""
        request = getattr(self, "request", None)
        if self.reads_publicly and request is not None and request.method in READING:
            authentication.disregard_session(request)
            return [KeyAuthentication()]
        return [KeyAuthentication(), SessionAuthentication()]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check who asks and how often, bad keys included, and in which form the answer is wanted."""
        try:
            self.perform_authentication(request)
        except Exception:
            self._limit(request, None, None)
            raise
        self._limit(request, request.user, request.auth)
        if "\x00" in request._request.path:
            raise Missing
        if request.method in READING:
            self.form = self.form or negotiation.chosen(request.META.get("HTTP_ACCEPT", ""), self.forms)

    def _limit(self, request: Request, user: object, auth: object) -> None:
        self._count = throttling.count(request, user, auth)
        if self._count and self._count.is_over:
            raise throttling.refusal(self._count)

    def finalize_response(
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> Any:
        """Put on what every answer carries."""
        response.headers.setdefault("Allow", self.default_response_headers["Allow"])
        if self._count:
            self._count.stamp(response)
        if self.link and response.status_code == HTTPStatus.OK:
            response.headers.setdefault("Link", self.link)
        if not self.reads_publicly or request.method not in READING:
            caching.keep_private(response)
        return response

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Which methods this address takes, in the Allow header."""
        return empty_answer({"Allow": self.default_response_headers["Allow"]})

    def check_parameters(self) -> dict[str, Any]:
        """Refuse query parameters that this address does not know."""
        return StrictFilterSet.check(self.request.query_params, self.extra_parameters)

    def check_readable(self) -> None:
        """Where reading is not public, ask who reads, and whether the key may."""
        if not self.reads_publicly:
            authentication.signed_in(self.request)
            authentication.check_scope(self.request, getattr(self, "read_scope", ""))

    @classmethod
    def promises(cls) -> dict[str, Promise]:
        """What is promised for each method."""
        return {}


class PublicDetail(Machine):
    """GET one thing. Say `output`, `row()` and `shape(row)`."""

    output: ClassVar[Output]
    read_scope: ClassVar[str] = ""

    def row(self) -> Any:
        """The row at this address: a model or a dictionary. Raises Missing."""
        raise NotImplementedError

    def shape(self, row: Any) -> Shape:
        """The JSON of the row, as plain values."""
        raise NotImplementedError

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Read it."""
        self.check_readable()
        self.check_parameters()
        if not self.reads_publicly:
            row = self.row()
            return json_answer(self.shape(row), headers={"ETag": self.tag_of(row, self.request.path)})
        present = caching.edition_for(request._request)
        known = caching.known_answer(request._request, present, "json")
        if known is not None:
            return known
        row = self.row()
        version = caching.version_of(row)
        unmodified = caching.not_modified(request._request, present, "json", version)
        if unmodified is not None:
            return unmodified
        return caching.published(request._request, json_answer(self.shape(row)), present, "json", version)

    def tag_of(self, row: Any, path: str) -> str:
        """The ETag that a reader of `path` gets for `row` at present."""
        return caching.edition().tag(caching.version_of(row), "json", self.base + path)

    @classmethod
    def promises(cls) -> dict[str, Promise]:
        """GET."""
        own = Promise(
            cls.output,
            public=cls.reads_publicly,
            signed_in=not cls.reads_publicly,
            scope=cls.read_scope,
            versioned=True,
        )
        return {**super().promises(), "GET": own}


class PublicList(Machine):
    """GET a list. Say `output`, `filterset`, `ordering`, `rows()` and `shapes(rows)`."""

    output: ClassVar[Output]
    filterset: ClassVar[type[StrictFilterSet]] = StrictFilterSet
    ordering: ClassVar[Ordering]
    read_scope: ClassVar[str] = ""
    forms: ClassVar[tuple[str, ...]] = negotiation.LISTS
    version: int = 0
    """For the tag, where a page shows something that the record's position does not fix."""

    def rows(self) -> QuerySet[Any]:
        """All rows of this list, before filters; model rows or `.values()`. Raises Missing where a parent is."""
        raise NotImplementedError

    def shapes(self, rows: list[Any]) -> list[Shape]:
        """The JSON of one page's rows at once: what belongs to them is fetched in a constant number of queries."""
        raise NotImplementedError

    def usual_order(self, found: dict[str, Any]) -> str | None:
        """The order where none is asked for; None is the ordering's own. `found` are the filters' values."""
        return None

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Read a page of it."""
        self.check_readable()
        if not self.reads_publicly:
            return self.page()
        present = caching.edition_for(request._request)
        form = negotiation.SHORT[self.form]
        known = caching.known_answer(request._request, present, form)
        if known is not None:
            return known
        # If-Modified-Since names no address: a wrong parameter or parent is found before it counts.
        answer = self.page()
        unmodified = caching.not_modified(request._request, present, form, self.version)
        return unmodified or caching.published(request._request, answer, present, form, self.version)

    def page(self) -> HttpResponseBase:
        """The answer of the asked page or, in CSV and NDJSON, of every row."""
        data = self.request.query_params
        found = self.filterset.check(data, PAGING | self.extra_parameters)
        order = self.ordering.chosen(data.get("ordering") or self.usual_order(found), self.request.path)
        size, place = paging.page_size(data), paging.place_in(data, order)
        rows = self.filterset(data, self.rows(), today=self.today).apply(found)
        if self.form != negotiation.JSON:
            return tables.streamed(rows, order, self.shapes, self.output, self.form)
        page = page_of(rows, order, place, size)
        here = self.base + self.request.path
        return json_answer(paging.envelope(here, data, page, self.shapes(page.rows) if page.rows else []))

    @classmethod
    def promises(cls) -> dict[str, Promise]:
        """GET."""
        own = Promise(
            cls.output,
            listed=True,
            public=cls.reads_publicly,
            signed_in=not cls.reads_publicly,
            scope=cls.read_scope,
            filterset=cls.filterset,
            ordering=cls.ordering,
            forms=cls.forms[1:],
        )
        return {**super().promises(), "GET": own}


class PrivateDetail(PublicDetail):
    """GET one thing of one's own; never kept by caches. `read_scope` is what a key needs."""

    reads_publicly = False


class PrivateList(PublicList):
    """GET a list of one's own; never kept by caches. `read_scope` is what a key needs."""

    reads_publicly = False
    forms = (negotiation.JSON,)


def found(rows: QuerySet[Any], **lookup: Any) -> Any:
    """The one row with these values. Raises Missing (404)."""
    row = rows.filter(**lookup).first()
    if row is None:
        raise Missing
    return row
