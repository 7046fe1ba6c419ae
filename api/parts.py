"""What several resources have in common: sources, names, and the members of everything recorded."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.validators import RegexValidator
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from api.http import inputs
from api.http.views import Shape
from commitments.choices import Reliability

MOST_SOURCES = 20
_PARTIAL_DATE = RegexValidator(
    r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?\Z", "A date, a month or a year is expected: 2025-05-06.", "not_a_date"
)


class SourceOut(serializers.Serializer[Any]):
    """Where something was published before it was entered here."""

    url = serializers.CharField(allow_null=True)
    date = serializers.CharField(
        allow_null=True, help_text="A day, a month or a year, as far as it is known."
    )
    reliability = serializers.ChoiceField(Reliability.choices, allow_null=True)
    note = serializers.CharField(allow_null=True)


class EnteredFromOut(serializers.Serializer[Any]):
    """By whom something was entered from elsewhere, and from which sources; null for what its owner published here."""

    by = serializers.ChoiceField([("convenor", "the convenor")])
    sources = SourceOut(many=True)


class ThemeNameOut(serializers.Serializer[Any]):
    """A theme by name."""

    in_tables = "slug"

    slug = serializers.CharField()
    title = serializers.CharField()


class AreaNameOut(serializers.Serializer[Any]):
    """A place by name."""

    in_tables = "code"

    code = serializers.CharField()
    name = serializers.CharField()


class SourceIn(inputs.StrictSerializer):
    """A published source: its address, its date as far as it is known, and how good it is."""

    url = inputs.WebAddress()
    date = inputs.Line(required=False, max_length=10, validators=[_PARTIAL_DATE])
    reliability = serializers.ChoiceField(Reliability.choices)
    note = inputs.Line(required=False, max_length=500)


_SOURCE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "url": {
            "type": "string",
            "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://",
            "maxLength": inputs.LONGEST_ADDRESS,
        },
        "date": {"type": "string", "pattern": "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"},
        "reliability": {"type": "string", "enum": list(Reliability.values)},
        "note": {"type": "string", "minLength": 1, "maxLength": 500},
    },
    "required": ["url", "reliability"],
    "additionalProperties": False,
}


@extend_schema_field(
    {
        "oneOf": [
            _SOURCE,
            {"type": "array", "items": _SOURCE, "minItems": 1, "maxItems": MOST_SOURCES},
        ],
        "description": "The published source, or several.",
    }
)
class Sources(serializers.Field[Any, Any, Any, Any]):
    """One source, or several; read as a list of plain dictionaries that the record can hold."""

    def to_internal_value(self, data: Any) -> list[dict[str, Any]]:
        """The sources as a list."""
        given = [data] if isinstance(data, Mapping) else data
        if not isinstance(given, list) or not 1 <= len(given) <= MOST_SOURCES:
            detail = f"A source, or 1 to {MOST_SOURCES} of them, is expected."
            raise ValidationError([ErrorDetail(detail, "not_a_source")])
        forms = [SourceIn(data=one) for one in given]
        faults = {str(place): form.errors for place, form in enumerate(forms) if not form.is_valid()}
        if faults:
            raise ValidationError(faults["0"] if isinstance(data, Mapping) else faults)
        return [dict(form.validated_data) for form in forms]


def sources(given: Iterable[Mapping[str, Any]] | None) -> list[Shape]:
    """Sources as they were entered, each with the same members."""
    return [
        {
            "url": one.get("url"),
            "date": one.get("date"),
            "reliability": one.get("reliability"),
            "note": one.get("note"),
        }
        for one in given or ()
    ]


def entered_from(given: Iterable[Mapping[str, Any]] | None) -> Shape | None:
    """By whom something was entered, and from what; null for what its owner published here."""
    return None if given is None else {"by": "convenor", "sources": sources(given)}


def recorded(row: Any) -> Shape:
    """What every recorded thing carries, from a model or a dictionary of its columns."""
    names = ("position", "invented", "published_at", "updated_at")
    return {name: row[name] if isinstance(row, dict) else getattr(row, name) for name in names}
