"""Reading a body strictly: UTF-8 JSON, of a bounded size and depth, without NUL, NaN, Infinity or doubled members."""

import json
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from api.http.answers import JSON
from api.http.errors import Problem

LARGEST_WHOLE_NUMBER = 2**63 - 1


def _refuse_constant(word: str) -> NoReturn:
    raise ParseError(f"{word} is not JSON; send a number or null.")


def _whole_number(digits: str) -> int:
    if len(digits) > 20 or abs(int(digits)) > LARGEST_WHOLE_NUMBER:
        raise ParseError("A whole number in the body is too large.")
    return int(digits)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object. Of two members of one name one would be ignored, and nobody could say which."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ParseError("An object in the body has two members of the same name.")
    return found


class StrictJSON(BaseParser):
    """The only parser: `application/json`."""

    media_type = JSON

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The parsed body. `request.body` minds Django's limit on its size, which reading the stream would not."""
        request = (parser_context or {}).get("request")
        raw = request._request.body if request is not None else stream.read()
        try:
            text = raw.decode("utf-8")
            data = json.loads(
                text,
                parse_constant=_refuse_constant,
                parse_int=_whole_number,
                object_pairs_hook=_members,
            )
        except UnicodeDecodeError:
            raise ParseError("The body is not UTF-8.") from None
        except RecursionError:
            raise ParseError("The body is nested too deeply.") from None
        except ValueError as exc:
            raise ParseError(f"The body is not JSON: {exc}.") from None
        if "\\u0000" in text or "\\ud" in text.lower():
            _check_characters(data)
        return data


def _check_characters(data: Any) -> None:
    """Escapes can smuggle in NUL and halves of surrogate pairs, which no database holds."""
    try:
        plain = json.dumps(data, ensure_ascii=False)
        plain.encode()
    except UnicodeEncodeError:
        raise ParseError("The body holds half of a surrogate pair.") from None
    if "\\u0000" in plain:
        raise Problem(400, "control_characters", "The body holds a NUL character.")
