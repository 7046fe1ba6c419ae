"""What a view promises for one method: the view declares it, openapi.yaml says it, the tests hold it."""

from dataclasses import dataclass
from typing import Any

from api.http.answers import JSON
from api.http.filters import StrictFilterSet
from api.http.paging import Ordering


@dataclass(frozen=True)
class Promise:
    """One method of one address. `output` is a serializer class, a raw JSON Schema, or None for an empty answer."""

    output: Any = None
    body: Any = None
    body_form: str = JSON
    status: int = 200
    listed: bool = False
    public: bool = False
    if_match: str = ""
    """`required`, `optional`, or blank where it has no meaning."""
    scope: str = ""
    signed_in: bool = False
    filterset: type[StrictFilterSet] | None = None
    ordering: Ordering | None = None
    forms: tuple[str, ...] = ()
    """Further media types of a list."""
    absent: bool = False
    """Whether there may be nothing yet at an address that names nothing: 404."""
    withdrawn: bool = False
    """Whether what was at an address may be withdrawn: 410."""
    withheld: bool = False
    """Whether what is public may be held back for a time: 403."""
    instead: tuple[str, ...] = ()
    """The media types of what is never JSON."""
    versioned: bool = False
    """Whether the answer carries the ETag of one object."""
