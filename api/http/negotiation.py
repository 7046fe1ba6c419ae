"""In which form an answer is wanted: JSON unless the Accept header prefers another that the address offers."""

from functools import lru_cache

from api.http.errors import Problem

JSON = "application/json"
CSV = "text/csv"
NDJSON = "application/x-ndjson"
ATOM = "application/atom+xml"
CALENDAR = "text/calendar"
LISTS = (JSON, CSV, NDJSON)
SHORT = {JSON: "json", CSV: "csv", NDJSON: "ndjson", ATOM: "atom", CALENDAR: "ics"}
LONGEST_HEADER = 1000
READING = ["get", "head", "options"]
"""The methods of an address that is for reading alone."""


def chosen(header: str, offered: tuple[str, ...]) -> str:
    """The best of the offered media types. Raises a 406 where none will do."""
    if not header or header == "*/*":
        return offered[0]
    best = _best(header[:LONGEST_HEADER], offered)
    if best is None:
        raise Problem(406, "not_acceptable", f"This can be had as {', '.join(offered)}.")
    return best


@lru_cache(maxsize=256)
def _best(header: str, offered: tuple[str, ...]) -> str | None:
    """Highest quality first; among equals the one offered first (RFC 9110, 12.5.1)."""
    wanted = [_parsed(part) for part in header.split(",")]
    scored = [(_quality(media, wanted), -index, media) for index, media in enumerate(offered)]
    quality, _, media = max(scored)
    return media if quality > 0 else None


def _parsed(part: str) -> tuple[str, float]:
    media, *parameters = (piece.strip().lower() for piece in part.split(";"))
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return media, min(1.0, max(0.0, float(parameter[2:])))
            except ValueError:
                return media, 0.0
    return media, 1.0


def _quality(media: str, wanted: list[tuple[str, float]]) -> float:
    """The quality of the most specific range that covers the media type."""
    for form in (media, media.partition("/")[0] + "/*", "*/*"):
        found = [quality for name, quality in wanted if name == form]
        if found:
            return max(found)
    return 0.0
