"""The front door, the contract as it is served, and the reference made from it."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.test import Client

from api import contract
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db
DOCS = "/api/v1/docs/"


class Page(HTMLParser):
    """What a page links to, loads, and names; and whether its tags close."""

    EMPTY = {"meta", "link", "img", "br", "hr", "input", "!doctype"}

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.ids += [given["id"]] if "id" in given else []
        if tag == "a":
            self.links.append(given["href"])
        self.loads += [given[name] for name in ("src", "href") if name in given and tag != "a"]
        assert "style" not in given
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def page(client: Client, path: str) -> Page:
    """A page that is there."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    return Page(answer.content.decode())


PRIVATE = ("moderation", "rating_flags", "local_codes", "webhooks", "me", "keys")


def test_the_front_door_names_every_resource_and_each_opens(api: CheckingClient) -> None:
    links = api.get("/api/v1/").json()["links"]
    for name, url in links.items():
        client = Client() if name == "docs" else api
        # Nothing is signed yet in a test's record.
        expected = 404 if name in ("record", "exports") else 401 if name in PRIVATE else 200
        assert client.get(url.removeprefix("http://testserver")).status_code == expected, name
    lists = {
        path.split("/")[3].replace("-", "_")
        for path, item in contract.document()["paths"].items()
        if re.fullmatch(r"/api/v1/[a-z-]+/", path) and "get" in item
    }
    assert lists <= set(links)


def test_the_contract_is_served_as_it_is_committed(api: CheckingClient) -> None:
    file = (Path(settings.BASE_DIR) / "openapi.yaml").read_bytes()
    served = api.get("/api/v1/schema.yaml")
    assert served.content == file
    kept = api.get("/api/v1/schema.yaml", headers={"If-None-Match": served["ETag"]})
    assert kept.status_code == 304
    assert api.get("/api/v1/schema.yaml?format=json").status_code == 400
    as_json = api.get("/api/v1/schema/").json()
    assert as_json["openapi"].startswith("3.1")
    assert as_json == json.loads(json.dumps(yaml.load(file, Loader=yaml.CSafeLoader), default=str))


def test_every_operation_is_on_a_page_and_every_link_leads_somewhere() -> None:
    client = Client()
    index = page(client, DOCS)
    chapters = {link.partition("#")[0] for link in index.links if link.startswith(DOCS)} - {f"{DOCS}try/"}
    pages = {DOCS: index} | {path: page(client, path) for path in chapters}
    shown = {name for one in pages.values() for name in one.ids}
    operations = {
        one["operationId"]
        for path, methods in contract.document()["paths"].items()
        for one in methods.values()
        if not path.endswith(contract.BESIDE)
    }
    assert operations <= shown
    for path, one in pages.items():
        for link in one.links:
            where, _, anchor = link.partition("#")
            target = pages.get(where or path)
            assert target or link.startswith("/"), link
            assert not (target and anchor) or anchor in target.ids, link


def test_pages_need_no_script_and_nothing_from_outside() -> None:
    client = Client()
    for path in (DOCS, f"{DOCS}recommendations/"):
        answer = client.get(path)
        found = Page(answer.content.decode())
        assert "script" not in found.tags
        assert all(address.startswith("/static/") for address in found.loads)
        assert "unsafe" not in answer["Content-Security-Policy"]
        assert len(found.ids) == len(set(found.ids))
        assert found.tags.count("h1") == found.tags.count("main") == 1


def test_a_page_says_what_to_send_and_what_comes_back() -> None:
    text = Client().get(f"{DOCS}recommendations/").content.decode()
    for words in (
        "source",
        "recommendations:write",
        "asked[].due_on",
        "/api/v1/recommendations.csv",
        "curl -X POST",
    ):
        assert words in text, words


def test_requests_can_be_tried_by_hand_with_scripts_of_ours_alone() -> None:
    client = Client()
    answer = client.get(f"{DOCS}try/")
    found = Page(answer.content.decode())
    assert len(found.loads) == 4
    for address in found.loads:
        assert address.startswith(("/static/", "http://testserver/api/v1/docs/try/", "/api/v1/docs/try/")), (
            address
        )
    script: Any = client.get(found.loads[-1].removeprefix("http://testserver"))
    assert b"/api/v1/schema/" in script.content
    assert script["Content-Type"].startswith("application/javascript")


def test_reading_the_reference_unsets_nobodys_cookie() -> None:
    client = Client()
    client.cookies["sessionid"] = "x"
    for path in (DOCS, f"{DOCS}commitments/"):
        assert not client.get(path).cookies


def test_the_reference_says_how_to_follow_and_what_a_table_holds() -> None:
    text = Client().get(DOCS).content.decode()
    for words in ("commitments/feed.atom", "commitments/due-dates.ics", "lead_organisation"):
        assert words in text, words
    text = Client().get(f"{DOCS}commitments/").content.decode()
    for words in (
        'href="/api/v1/commitments/feed.atom"',
        "updates/feed.atom</code>",
        "owners.organisation",
        "get_commitments_due_dates_ics",
    ):
        assert words in text, words


def test_an_unknown_resource_has_no_page() -> None:
    assert Client().get(f"{DOCS}nothing/").status_code == 404


def test_what_stands_between_backticks_is_code() -> None:
    client = Client()
    for chapter in contract.chapters():
        text = client.get(f"{DOCS}{chapter}/").content.decode()
        assert "`" not in text, chapter
    assert contract.marked("`a<b` is <code>, `c") == "<code>a&lt;b</code> is &lt;code&gt;, `c"
    assert "<code>none</code>" in client.get(f"{DOCS}commitments/").content.decode()


def test_kinds_are_said_in_words() -> None:
    assert contract.kind({"type": ["string", "null"], "format": "date"}) == "date or null"
    assert contract.kind({"type": "array", "items": {"type": "integer"}}) == "list: whole number"
    assert contract.kind({"enum": ["a", "b", None], "type": ["string", "null"]}) == "one of a, b or null"
    assert contract.kind({"oneOf": [{"type": "boolean"}, {"type": "null"}]}) == "true or false or null"
    assert contract.kind({}) == "any value"
