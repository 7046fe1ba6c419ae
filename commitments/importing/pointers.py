"""Where something stands in a file: JSON pointers (RFC 6901)."""

from typing import Any


def pointer(*parts: Any) -> str:
    """The pointer that goes through these names and places."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def order(pointer: str) -> list[tuple[int, str]]:
    """Sorts pointers as their places follow each other, ten after nine."""
    return [(int(part) if part.isdigit() else -1, part) for part in pointer.split("/")]


def item_of(pointer: str) -> str:
    """The pointer of the thing in which a place lies: `/commitments/3` for `/commitments/3/due/on`."""
    parts = pointer.split("/")
    return "/".join(parts[:2] if parts[1:2] == ["assembly"] else parts[:3])
