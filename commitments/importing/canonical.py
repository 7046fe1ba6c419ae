"""One form for each kind of thing, whoever wrote it, so that a file and the record can be held side by side."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import rfc8785

from commitments import deadlines
from commitments.choices import Precision
from commitments.importing.cells import tidy

Item = Mapping[str, Any]
MEASURES = ("measure", "baseline", "target", "proof")


def canonical(kind: str, item: Item, home: str | None = None) -> dict[str, Any]:
    """The fields of an item in the one form; `home` is the area of its assembly, where a commitment names none."""
    whole = _tidied(item)
    if kind == "commitment":
        return _commitment(whole, home)
    return _FORMS.get(kind, _plain)(whole)


def _tidied(value: Any) -> Any:
    """A JSON value whose texts have no blanks around them, as a spreadsheet would have them."""
    if isinstance(value, str):
        return tidy(value)
    if isinstance(value, Mapping):
        return {name: _tidied(one) for name, one in value.items()}
    return [_tidied(one) for one in value] if isinstance(value, list) else value


def digests(form: Item) -> dict[str, str]:
    """A digest of each field of a canonical form."""
    return {name: digest(value) for name, value in form.items()}


def digest(value: Any) -> str:
    """The SHA-256 of a JSON value in RFC 8785 form, in hex."""
    return hashlib.sha256(rfc8785.dumps(value)).hexdigest()


def sources(given: Any) -> list[dict[str, Any]] | None:
    """Sources with the same members each; null stays null."""
    return None if given is None else [_source(one) for one in given]


def _source(one: Item) -> dict[str, Any]:
    said = {"url": one.get("url"), "date": one.get("date"), "reliability": one.get("reliability")}
    return {**said, "note": one["note"]} if one.get("note") else said


def _plain(item: Item) -> dict[str, Any]:
    form = {name: value for name, value in item.items() if name not in ("reason", "reference")}
    return {**form, "sources": sources(item["sources"])} if "sources" in item else form


def _area(item: Item) -> dict[str, Any]:
    degrees = {name: None if item[name] is None else float(item[name]) for name in ("latitude", "longitude")}
    return _plain(item) | degrees


def _team(item: Item) -> dict[str, Any]:
    return {"ended_on": None} | _plain(item)


def _assembly(item: Item) -> dict[str, Any]:
    form = _plain(item)
    clocks = form.pop("clocks", {})
    facts = [{**fact, "sources": sources(fact["sources"])} for fact in item["facts"]]
    return {**form, **clocks, "facts": facts}


def _theme(item: Item) -> dict[str, Any]:
    findings = [{**one, "sources": sources(one["sources"])} for one in item["findings"]]
    return _plain(item) | {"findings": findings}


def _response(item: Item) -> dict[str, Any]:
    return {**_plain(item), "reason": item["reason"]}


def _commitment(item: Item, home: str | None) -> dict[str, Any]:
    form = _plain(item)
    if form.get("number") is None:
        form.pop("number", None)
    return {
        **dict.fromkeys(MEASURES, ""),
        **form,
        "recommendations": sorted(item["recommendations"]),
        "owners": owners(item["owners"]),
        "due": _due(item["due"]),
        "areas": sorted(item["areas"]) or ([home] if home else []),
    }


def owners(given: Any) -> list[dict[str, Any]]:
    """Owners in one order, the lead first; each is a team or a body."""
    forms = [_owner(one) for one in given]
    return sorted(forms, key=lambda one: (not one["lead"], one.get("team", ""), one.get("organisation", "")))


def _owner(one: Item) -> dict[str, Any]:
    name = "team" if "team" in one else "organisation"
    return {name: one[name], "lead": bool(one.get("lead", False))}


def _due(given: Item | None) -> dict[str, Any] | None:
    if given is None or given["on"] is None:
        return None if given is None else dict(given)
    end = deadlines.period_end(date.fromisoformat(given["on"]), Precision(given["precision"]))
    return {**given, "on": end.isoformat() if end else None}


_FORMS: Mapping[str, Callable[[Item], dict[str, Any]]] = {
    "area": _area,
    "team": _team,
    "assembly": _assembly,
    "theme": _theme,
    "response": _response,
}
