"""Strict filtering: a parameter that is unknown, blank, malformed or given twice is a 400 that names it."""

import copy
from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.http import QueryDict

from api.http.errors import at_parameter, bad_parameters
from record import values

PAGING = frozenset({"cursor", "page_size", "ordering"})


class Parameter(django_filters.Filter):
    """A filter whose value is read by a `Value`: strict, and described in openapi.yaml.

    Without `method` it filters `field_name` by `lookup_expr`; with it, that method of the filter set does
    it, called with `(queryset, name, value)`. `label` is the sentence in the reference.
    """

    default: ClassVar[values.Value] = values.Value()

    def __init__(
        self, field_name: str | None = None, *, value: values.Value | None = None, **kwargs: Any
    ) -> None:
        self.value = value or self.default
        self.words: str = kwargs.get("label") or ""
        super().__init__(field_name=field_name, **kwargs)

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """Apply the value that was read; unlike in django-filter, false and 0 are values."""
        keep = qs.exclude if self.exclude else qs.filter
        return keep(**{f"{self.field_name}__{self.lookup_expr}": value})


class Several(Parameter):
    """Values with commas between them; any of them may match."""

    def __init__(
        self, field_name: str | None = None, *, one: values.Value | None = None, **kwargs: Any
    ) -> None:
        kwargs.setdefault("lookup_expr", "in")
        super().__init__(field_name, value=values.Several(one or self.default), **kwargs)


class Slugs(Several):
    """Slugs with commas between them."""

    default = values.SLUG


class References(Several):
    """References such as WF24-C012 with commas between them."""

    default = values.REFERENCE


class AreaCodes(Several):
    """ONS codes with commas between them."""

    default = values.AREA_CODE


class Choices(Several):
    """Words of a short list with commas between them."""

    def __init__(self, field_name: str | None = None, *, choices: Iterable[str], **kwargs: Any) -> None:
        super().__init__(field_name, one=values.Choice(tuple(choices)), **kwargs)


class TrueFalse(Parameter):
    """`true` or `false`."""

    default = values.TrueFalse()


class Day(Parameter):
    """A date."""

    default = values.Day()


class Moment(Parameter):
    """A moment with its offset."""

    default = values.Moment()


class Text(Parameter):
    """Words to search for."""


class Whole(Parameter):
    """A whole number."""

    default = values.Whole()


class Identifier(Parameter):
    """A UUID."""

    default = values.Identifier()


class UpdatedSince(Moment):
    """Changed at or after a moment."""

    def __init__(self, field_name: str = "updated_at", **kwargs: Any) -> None:
        kwargs.setdefault("label", "Only what changed at or after this moment.")
        super().__init__(field_name, lookup_expr="gte", **kwargs)


class StrictFilterSet(django_filters.FilterSet):
    """The base of every list's filters. `self.today` is the London day of the request.

    Reads the values itself: django-filter's form would be built anew for each request, and takes blanks
    and strangers.
    """

    today: date

    def __init__(self, data: QueryDict, queryset: QuerySet[Any], *, today: date) -> None:
        self.data, self.rows, self.today = data, queryset, today

    @classmethod
    def parameters(cls) -> dict[str, Parameter]:
        """Every parameter by name, in the order declared."""
        found: Any = cls.base_filters
        return dict(found)

    def _own(self, name: str) -> Any:
        """A copy of the parameter that knows this filter set, so that its `method` is found here."""
        own: Any = copy.copy(self.base_filters[name])
        own.parent = self
        own.method = own.method  # binds `filter` to this copy
        return own

    @classmethod
    def check(cls, data: QueryDict, also: frozenset[str] = PAGING) -> dict[str, Any]:
        """Read every value. Raises a 400 that names all parameters that are wrong, strangers first."""
        rows = [_unknown(name, cls.base_filters, also) for name in data if not _is_known(name, cls, also)]
        found: dict[str, Any] = {}
        for name in data:
            given = _given(data, name, cls)
            row = _shape_fault(name, given) if _is_known(name, cls, also) else None
            if row:
                rows.append(row)
            elif name in cls.base_filters:
                row = _read_into(found, name, cls.base_filters[name], given[0])
                rows += [row] if row else []
        if rows:
            raise bad_parameters(rows)
        return found

    def apply(self, found: dict[str, Any]) -> QuerySet[Any]:
        """The queryset with every filter applied to the values that `check` read."""
        queryset = self.rows
        for name, value in found.items():
            queryset = self._own(name).filter(queryset, value)
        return queryset


def _given(data: QueryDict, name: str, filterset: type[StrictFilterSet]) -> list[str]:
    """What was given; of several values, some generated clients repeat the name where we write a comma."""
    given = [str(text) for text in data.getlist(name)]
    return [",".join(given)] if isinstance(filterset.base_filters.get(name), Several) else given


def _is_known(name: str, filterset: type[StrictFilterSet], also: frozenset[str]) -> bool:
    return name in filterset.base_filters or name in also


def _unknown(name: str, filters: Iterable[str], also: frozenset[str]) -> dict[str, str]:
    known = ", ".join(sorted({*filters, *also})) or "none"
    shown = ascii(name)[1:-1][:60]
    return at_parameter(shown, "unknown_parameter", f"There is no such parameter here. Known: {known}.")


def _shape_fault(name: str, given: list[str]) -> dict[str, str] | None:
    """What is wrong with the text itself, before asking what it means."""
    if len(given) > 1:
        return at_parameter(name, "repeated", "It is given more than once; put commas between values.")
    text = given[0]
    if not text.strip():
        return at_parameter(name, "blank", "It is blank; give a value or leave it out.")
    if values.has_control_characters(text):
        return at_parameter(name, "control_characters", "It holds control characters.")
    if len(text) > values.LONGEST_VALUE * 10:
        return at_parameter(name, "too_long", "It is too long.")
    return None


def _read_into(found: dict[str, Any], name: str, parameter: Any, text: str) -> dict[str, str] | None:
    try:
        found[name] = parameter.value.read(text)
    except values.Malformed as exc:
        return at_parameter(name, "malformed", str(exc))
    return None
