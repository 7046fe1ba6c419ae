"""Whether a file in the record format came through whole: the same counts in rows, entries, pages and tables."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from django.test import Client

from commitments import importing
from commitments.importing import exporting
from commitments.models import Assembly, Commitment, Owner
from record.models import Entry, Head, Words
from tests import make
from tests.contract import CheckingClient
from tests.foreign.shaping import Item

V1 = "/api/v1"


def entered(file: Item) -> importing.Report:
    """Import a file as its assembly's convenor; twice, for the second time changes nothing."""
    by = make.convenor(file["assembly"]["slug"])
    report = importing.import_record(file, today=make.TODAY, by=by)
    again = importing.import_record(file, today=make.TODAY, by=by)
    assert (again.added, again.corrected) == ([], [])
    assert len(again.unchanged) == len(report.added)
    return report


def check_whole(api: CheckingClient, file: Item) -> None:
    """Every commitment of the file is in the tables, in the record and in the API, each with all its owners."""
    slug = file["assembly"]["slug"]
    said = [(one["title"], one["body"], owned(one), one["reported_state"]) for one in file["commitments"]]
    rows = Commitment.objects.filter(assembly__slug=slug).order_by("number").prefetch_related("owners")
    assert [
        (one.title, one.body, bodies_of(one), one.reported_state)
        for one in rows.prefetch_related("owners__organisation")
    ] == said
    assert Owner.objects.filter(commitment__assembly__slug=slug).count() == sum(
        len(owners) for _, _, owners, _ in said
    )
    check_entries(file)
    check_pages(api, file)
    check_tables(api, slug, said)
    check_export(file)


def owned(commitment: Item) -> dict[str, bool]:
    """Who owns a commitment of a file, and who leads."""
    return {one["organisation"]: one.get("lead", False) for one in commitment["owners"]}


def bodies_of(commitment: Commitment) -> dict[str, bool]:
    """Who owns a commitment of the record, and who leads."""
    return {one.organisation.slug: one.lead for one in commitment.owners.all()}


def check_entries(file: Item) -> None:
    """The record says the same: one entry each, without gaps, their words whole."""
    entries = list(Entry.objects.filter(type="commitment.entered", assembly=file["assembly"]["slug"]))
    facts = [json.loads(bytes(one.body))["facts"] for one in entries]
    assert [{one["organisation"]: one["lead"] for one in each["owners"]} for each in facts] == [
        owned(one) for one in file["commitments"]
    ]
    positions = [one.position for one in entries]
    titles, bodies = (
        {row.position: row.text for row in words(positions, name)} for name in ("title", "body")
    )
    assert [(titles[one], bodies.get(one, "")) for one in positions] == [
        (one["title"], one["body"]) for one in file["commitments"]
    ]
    check_no_gaps()


def words(positions: list[int], name: str) -> Iterator[Words]:
    """What was typed in these entries under a name."""
    yield from Words.objects.filter(position__gte=positions[0], position__lte=positions[-1], name=name)


def check_no_gaps() -> None:
    """Positions are 1, 2, 3 … to the head's, and time never runs back."""
    rows = list(Entry.objects.order_by("position").values_list("position", "at"))
    assert [position for position, _ in rows] == list(range(1, Head.objects.get().position + 1))
    assert all(earlier[1] <= later[1] for earlier, later in pairwise(rows))


def check_pages(api: CheckingClient, file: Item) -> None:
    """Page by page: all of them in their order, and the whole text of those whose title is cut."""
    slug = file["assembly"]["slug"]
    found = list(paged(api, f"{V1}/commitments/?assembly={slug}&page_size=100"))
    assert [(one["title"], one["reported_state"] or "") for one in found] == [
        (one["title"], one["reported_state"]) for one in file["commitments"]
    ]
    for number, one in enumerate(file["commitments"]):
        if found[number]["title"].endswith("…"):
            assert (
                api.get(found[number]["url"].removeprefix("http://testserver")).json()["body"] == one["body"]
            )


def check_bodies(file: Item) -> None:
    """For each body the API finds as many as the file gives it, and as many that it leads."""
    named = Counter(body for one in file["commitments"] for body in owned(one))
    leads = Counter(body for one in file["commitments"] for body, lead in owned(one).items() if lead)
    assert named.keys() == {one["slug"] for one in file["organisations"]}
    plain = Client()  # the shape of this list was held against the contract before
    for body, count in named.items():
        theirs = list(paged(plain, f"{V1}/commitments/?organisation={body}&page_size=100"))
        assert len(theirs) == count
        led = [
            one
            for one in theirs
            for owner in one["owners"]
            if owner["lead"] and owner["organisation"] == body
        ]
        assert len(led) == leads[body]


def paged(api: Client, path: str) -> Iterator[dict[str, Any]]:
    """Every row of a list, page by page."""
    while path:
        page = api.get(path).json()
        yield from page["results"]
        path = (page["next"] or "").removeprefix("http://testserver")


def check_export(file: Item) -> None:
    """What goes out again is what came in; it says besides what the file left to the usual."""
    assembly = Assembly.objects.get(slug=file["assembly"]["slug"])
    leaves = json.loads(exporting.exported(assembly, "json")["record.json"])
    for part in ("organisations", "themes", "recommendations", "commitments"):
        assert [
            {name: out[name] for name in said} for said, out in zip(file[part], leaves[part], strict=True)
        ] == file[part]


def check_tables(api: CheckingClient, slug: str, said: list[Any]) -> None:
    """The whole list as CSV and as NDJSON has a row for each."""
    path = f"{V1}/commitments/?assembly={slug}"
    table = api.get(path, headers={"Accept": "text/csv"})
    rows = list(csv.DictReader(io.StringIO(table.getvalue().decode().lstrip("\ufeff"))))
    lines = api.get(path, headers={"Accept": "application/x-ndjson"})
    documents = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert len(rows) == len(documents) == len(said)
    assert [one["title"] for one in documents] == [title for title, *_ in said]
    assert [{one["organisation"]: one["lead"] for one in each["owners"]} for each in documents] == [
        owners for _, _, owners, _ in said
    ]
