"""The guard that marks what may lead to a person before words are shown: names, numbers, addresses.

A help for whoever reads the words, and no filter: it marks and removes nothing. It knows English in Latin letters; a
name that is an ordinary word, a nickname, or a description ("the man with the dog") it does not see.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from commitments.naming import marked_names

Span = tuple[int, int]


@dataclass(frozen=True, order=True)
class Mark:
    """From where to where in the text (in characters), and what it looks like."""

    start: int
    end: int
    kind: str


KINDS = {
    "email": "An email address.",
    "phone": "A telephone number.",
    "vehicle": "A vehicle's registration.",
    "postcode": "A full postcode.",
    "address": "A house or flat, with its number.",
    "number": "An officer's collar or shoulder number.",
    "name": "The name of a person.",
}
"""What is marked, the surest first: of two marks that overlap, the surer one stays."""

STREETS = (
    "street|st|road|rd|avenue|ave|lane|ln|close|cl|drive|dr|crescent|cres|grove|gardens|gdns|place|pl|terrace|square|sq|"
    "court|ct|way|walk|hill|park|row|mews|green|rise|view|parade|broadway|house|mansions|villas|buildings|yard|wharf|"
    "path|passage|approach|estate|point|tower|lodge|heights"
)
RANKS = r"pc|pcso|wpc|dc|ds|di|dci|ps|sgt|sergeant|insp|inspector|constable|officer|special|sarge"
# Words that stand between a number and a street where no address is meant: "2 officers on the street".
_NO_STREET_NAME = (
    r"(?!(?:on|the|in|of|at|a|an|our|this|that|my|your|their|every|each|per|times?|officers?|people|men|women|boys|girls|"
    r"kids|cars?|days?|weeks?|months?|years?|hours?|minutes?|and|or|to|from|down|up|patrols?|visits?|more|am|pm|one|same|"
    r"new|local|whole|main)\b)"
)
_LETTERS = r"(?:[a-z]{1,2}| (?-i:[A-Z]{2}))?"
_NO_UNIT = "AM|PM|AD|UK|EU|US|KM|CM|MM|KG|ML|TV|GB|MB|OK"
_SPEAKING_OF_PHONES = r"(?:call|ring|rang|phone|telephone|tel|text|mobile|whatsapp|number is|number)"

PATTERNS: dict[str, tuple[re.Pattern[str], ...]] = {
    "email": (
        re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"),
        re.compile(r"\b[\w.]{2,40}\s?[(\[]at[)\]]\s?[\w.]{2,40}", re.IGNORECASE),
        re.compile(r"\b[\w.]{2,40} at \w{2,30} dot (?:com|co|org|net|uk)\b", re.IGNORECASE),
    ),
    "phone": (
        re.compile(r"(?<![\w+])(?:\+\s?44|0044|\(?0)(?:[ \t().-]{0,3}\d){9,11}(?!\d)"),
        re.compile(rf"\b{_SPEAKING_OF_PHONES}\b\D{{0,20}}?\d(?:[ -]?\d){{5,10}}(?!\d)", re.IGNORECASE),
    ),
    "vehicle": (
        re.compile(r"\b[A-Z]{2}\d{2}\s?[A-Z]{3}\b", re.IGNORECASE),
        re.compile(r"\b(?:[A-Z]\d{1,3}\s?[A-Z]{3}|[A-Z]{3}\s?\d{1,3}[A-Z])\b"),
        re.compile(
            r"\b(?:reg|registration|number ?plate|licen[cs]e plate)\b(?: number| no\.?)?(?: is| was|:)? "
            r"(?=[A-Z0-9]*\d)[A-Z0-9]{2,5}(?: [A-Z0-9]{1,4})?\b",
            re.IGNORECASE,
        ),
    ),
    "postcode": (re.compile(r"\b(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2})\b", re.IGNORECASE),),
    "address": (
        re.compile(
            r"\b(?:flat|apartment|apt|maisonette|bedsit)\.? (?:no\.? ?)?(?:\d{1,4}[a-z]?|[a-h])\b"
            rf"(?:,? (?:[a-z][\w'’]{{1,24}} ){{1,3}}(?:{STREETS})\b)?",
            re.IGNORECASE,
        ),
        re.compile(
            rf"\b(?!(?:19|20)\d\d\b)\d{{1,4}}[a-z]?(?:\s?[-–/]\s?\d{{1,4}}[a-z]?)?,?[ \t]+"
            rf"(?:{_NO_STREET_NAME}[a-z][\w'’.-]{{0,24}}[ \t]+){{1,3}}(?:{STREETS})\b(?! ?(?:lights?|lamps?|corners?))",
            re.IGNORECASE,
        ),
        re.compile(
            r"\b(?:live[sd]?|living|house|home|door|address)\b[^.!?\n]{0,25}?\b(?:number|no\.?) ?\d{1,4}[a-z]?\b",
            re.IGNORECASE,
        ),
    ),
    "number": (
        re.compile(rf"\b(?:{RANKS})\.? ?(?:number|no\.?|#)? ?\d{{2,6}}{_LETTERS}\b", re.IGNORECASE),
        re.compile(
            r"\b(?:collar|shoulder|badge|warrant|epaulette)(?: (?:number|no\.?|num))?(?: is| was|:| #|#)? ?"
            rf"[a-z]{{0,3}} ?\d{{2,6}}{_LETTERS}\b",
            re.IGNORECASE,
        ),
        re.compile(rf"\b\d{{2,5}} ?(?!(?:{_NO_UNIT})\b)[A-Z]{{2}}\b"),
        re.compile(r"\b[A-Z]{2} ?\d{3,5}\b"),
    ),
}  # fmt: skip


def marked(text: str) -> list[Mark]:
    """What in a text may lead to a person, in its order; marks do not overlap."""
    found: list[Mark] = []
    covered = bytearray(len(text))
    for kind in KINDS:
        for start, end in _spans(kind, text):
            if not any(covered[start:end]):
                covered[start:end] = b"\1" * (end - start)
                found.append(Mark(start, end, kind))
    return sorted(found)


def _spans(kind: str, text: str) -> Iterator[Span]:
    if kind == "name":
        yield from marked_names(text)
        return
    for pattern in PATTERNS[kind]:
        for match in pattern.finditer(text):
            yield match.span()
