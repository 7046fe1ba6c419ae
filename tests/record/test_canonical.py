"""RFC 8785: the bytes that the record's hashes are made from are the published ones."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
import rfc8785

PUBLISHED = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "vectors" / "jcs" / "testdata"
NAMES = ("arrays", "french", "structures", "unicode", "values", "weird")

OURS = [
    ({"b": 1, "a": 2}, b'{"a":2,"b":1}'),
    ({"€": 1, "\r": 2, "\ufb33": 3, "1": 4, "😀": 5, "\x80": 6, "ö": 7}, None),
    (["é", "\u2028", '"', "\\", "\n", "\x1f"], '["é","\u2028","\\"","\\\\","\\n","\\u001f"]'.encode()),
    ([1.0, -0.0, 1e21, 1e-7, 0.000001, 333333333.33333329], b"[1,0,1e+21,1e-7,0.000001,333333333.3333333]"),
    ([None, True, False, [], {}], b"[null,true,false,[],{}]"),
    (2**53 - 1, b"9007199254740991"),
]


@pytest.mark.parametrize("name", NAMES)
def test_the_published_vectors_hold(name: str) -> None:
    if not PUBLISHED.is_dir():
        pytest.skip("the published vectors of RFC 8785 are not beside this project")
    value = json.loads((PUBLISHED / "input" / f"{name}.json").read_text(encoding="utf-8"))
    hexadecimal = (PUBLISHED / "outhex" / f"{name}.txt").read_text(encoding="ascii")
    assert rfc8785.dumps(value) == bytes.fromhex("".join(hexadecimal.split()))


@pytest.mark.parametrize(("value", "expected"), OURS)
def test_our_own_vectors_hold(value: Any, expected: bytes | None) -> None:
    written = rfc8785.dumps(value)
    if expected is not None:
        assert written == expected
    assert json.loads(written) == value


def test_names_are_in_the_order_of_their_utf_16_units() -> None:
    names = ["\r", "1", "\x80", "ö", "€", "😀", "\ufb33"]
    written = rfc8785.dumps(dict.fromkeys(reversed(names), 0))
    assert list(json.loads(written)) == names


@pytest.mark.parametrize("value", [math.nan, math.inf, 2**53, "\ud800"])
def test_what_has_no_canonical_form_is_refused(value: Any) -> None:
    with pytest.raises(rfc8785.CanonicalizationError):
        rfc8785.dumps(value)
