"""Feeds: what happened to the things of a list, for people who follow it with a reader."""

import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from api.http.views import PublicList
from api.urls import urlpatterns
from commitments import actions
from commitments.promises import EvidenceLink
from record.clock import invented
from record.guarded import opened
from record.models import Entry, Words, WordsState
from tests import make
from tests.api.scene import V1, Scene, on, queries
from tests.api.world import World
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db
A = "{http://www.w3.org/2005/Atom}"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
DISPUTED = {"challenge.opened", "challenge.answered", "words.published"}
WITHOUT_FEED = {"record/checkpoints"}
"""Public lists whose rows are nothing that the record tells of."""


@pytest.fixture
def scene(api: CheckingClient) -> Any:
    with on(make.TODAY):
        yield Scene(api)


def feed(api: CheckingClient, path: str) -> ET.Element:
    """A feed that is one: with all that RFC 4287 asks of it."""
    answer = api.get(path if path.startswith("/") else f"{V1}/{path}")
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ET.fromstring(answer.content)
    assert root.tag == f"{A}feed"
    for part in (root, *root.iter(f"{A}entry")):
        for name in ("id", "title", "updated"):
            assert len(part.findall(f"{A}{name}")) == 1, name
        assert re.fullmatch(r"tag:[a-z0-9.-]+,\d{4}-\d\d-\d\d:\S+", part.findtext(f"{A}id") or "")
        assert MOMENT.fullmatch(part.findtext(f"{A}updated") or "")
        assert part.findtext(f"{A}author/{A}name")
        assert len(part.findall(f"{A}link[@rel='alternate']")) == 1
        assert {link.attrib["href"].partition(":")[0] for link in part.findall(f"{A}link")} == {"http"}
    ids = [entry.findtext(f"{A}id") for entry in root.iter(f"{A}entry")]
    assert len(ids) == len(set(ids)) <= 50
    return root


def entries(api: CheckingClient, path: str) -> list[ET.Element]:
    """The entries of a feed."""
    return feed(api, path).findall(f"{A}entry")


def titles(api: CheckingClient, path: str) -> list[str]:
    """What a reader shows of a feed, newest first."""
    return [entry.findtext(f"{A}title") or "" for entry in entries(api, path)]


def positions(api: CheckingClient, path: str) -> list[int]:
    """The events that a feed tells of."""
    return [int((entry.findtext(f"{A}id") or "").rpartition("/")[2]) for entry in entries(api, path)]


def test_a_feed_says_in_plain_english_what_happened(scene: Scene) -> None:
    make.update(scene.commitment)
    root = feed(scene.api, "commitments/feed.atom")
    assert root.findtext(f"{A}title") == "Said & Done: commitments"
    newest, first = root.findall(f"{A}entry")
    assert newest.findtext(f"{A}title") == "North-Team says that AT25-C001 is in progress"
    assert first.findtext(f"{A}title") == "Police publishes the commitment AT25-C001"
    assert newest.findtext(f"{A}author/{A}name") == "North-Team"
    content = newest.findtext(f"{A}content") or ""
    assert "<p>Two officers walk the high street.</p>" in content
    assert "AT25-C001: “Walk the high street every evening”" in content
    link = newest.find(f"{A}link[@rel='alternate']")
    assert link is not None
    assert scene.get(link.attrib["href"].removeprefix("http://testserver"))["body"] in content


def test_every_list_has_a_feed_and_says_where() -> None:
    lists = [one for one in urlpatterns if str(one.pattern).endswith(".csv")]
    routes = {str(one.pattern) for one in urlpatterns}
    without = {str(one.pattern) for one in lists if f"{str(one.pattern)[:-4]}/feed.atom" not in routes}
    assert without == {f"{path}.csv" for path in WITHOUT_FEED}
    feeds = [one for one in urlpatterns if str(one.pattern).endswith("feed.atom")]
    views: list[Any] = [one.callback for one in feeds if not str(one.pattern).startswith("feeds/<")]
    assert len(views) >= 20
    assert all(issubclass(view.view_class, PublicList) for view in views)


def test_a_list_names_its_feed(scene: Scene) -> None:
    link = '<feed.atom>; rel="alternate"; type="application/atom+xml"'
    for path in ("commitments/", "commitments/?team=north-team", f"{scene.path}updates/"):
        answer = scene.api.get(path if path.startswith("/") else f"{V1}/{path}")
        assert answer["Link"] == scene.api.get(answer.wsgi_request.get_full_path())["Link"] == link
    assert "Link" not in scene.api.get(scene.path)


def test_the_newest_fifty_and_an_address_for_those_before(scene: Scene) -> None:
    for _ in range(60):
        make.update(scene.commitment)
    last = Entry.objects.count()
    path, found = f"{V1}/events/feed.atom", []
    while path:
        root = feed(scene.api, path)
        found += positions(scene.api, path)
        onward = root.find(f"{A}link[@rel='next']")
        path = onward.attrib["href"].removeprefix("http://testserver") if onward is not None else ""
    assert found == list(range(last, 0, -1))
    assert len(positions(scene.api, "commitments/feed.atom?team=north-team")) == 50
    assert "team=north-team&before=" in str(feed_next(scene.api, "commitments/feed.atom?team=north-team"))


def feed_next(api: CheckingClient, path: str) -> str | None:
    """Where a feed says that what came before is."""
    onward = feed(api, path).find(f"{A}link[@rel='next']")
    return onward.attrib["href"] if onward is not None else None


@pytest.mark.parametrize(
    "query",
    ["", "?team=north-team", "?team=south-team", "?team=north-team&team=south-team", "?theme=be-there",
     "?standing=on_track", "?status=none", "?q=street", "?area=E09000031", "?overdue=false", "?assembly=nowhere"],
)  # fmt: skip
def test_a_feed_of_commitments_tells_of_those_that_its_list_shows(scene: Scene, query: str) -> None:
    south = make.commitment(scene.assembly, lead=make.team(scene.police, "south-team"))
    update = make.update(scene.commitment)
    actions.correct_update(
        update,
        by=make.member(scene.lead),
        today=make.TODAY,
        field="body",
        text="Three walk.",
        reason="A slip.",
    )
    actions.add_milestone(
        south, by=make.responder(scene.police), today=make.TODAY, title="Begin", due_on=make.days(30)
    )
    shown = [f"commitment:{row['reference']}" for row in scene.results(f"commitments/{query}")]
    own = set(Entry.objects.filter(root__in=shown).values_list("position", flat=True))
    if "commitment:AT25-C001" in shown:
        own.add(Entry.objects.get(type="update.corrected").position)
    assert set(positions(scene.api, f"commitments/feed.atom{query}")) == own


@pytest.mark.parametrize(
    ("path", "types"),
    [
        ("updates", {"update.posted"}),
        ("updates/{update}/corrections", set()),
        ("commitments/{active}/updates", {"update.posted"}),
        ("commitments/{active}/milestones", {"milestone.added"}),
        ("commitments/{waiting}/due-date-changes", {"due_date.requested"}),
        ("commitments/{waiting}/corrections", {"correction.requested"}),
        ("challenges", {"challenge.proposed", *DISPUTED}),
        ("challenges/feed.atom?state=answered", {"challenge.proposed", *DISPUTED}),
        ("challenges/feed.atom?state=gathering", {"challenge.proposed", "words.published"}),
        ("recommendations", {"recommendation.published", "recommendation.asked", "response.published"}),
        ("recommendations/{recommendation}/responses", {"response.published"}),
        ("areas", {"area.published"}),
        ("assemblies", {"assembly.published", "theme.published"}),
        ("themes/feed.atom?assembly=anytown-2025", {"theme.published"}),
        ("organisations/feed.atom?kind=council", {"organisation.published"}),
        ("teams/feed.atom?organisation=police", {"team.published"}),
        ("events/feed.atom?actor=clock", {"figures.cut"}),
        ("search", set()),
        ("search/feed.atom?q=the", set()),
        ("updates/feed.atom?q=!", set()),
        ("search/feed.atom?q=street&kind=update", {"update.posted"}),
    ],
)  # fmt: skip
def test_each_list_tells_of_its_own_things(api: CheckingClient, path: str, types: set[str]) -> None:
    with on(make.TODAY):
        world = World()
        where = path.format_map(world.names)
        found = positions(api, where if "feed.atom" in where else f"{where}/feed.atom")
    told = {str(entry.type) for entry in Entry.objects.filter(position__in=found)}
    assert told == types


def test_every_entry_of_a_whole_world_has_a_sentence_and_leads_to_something(api: CheckingClient) -> None:
    with on(make.TODAY):
        World()
        path: str | None = f"{V1}/events/feed.atom"
        told: list[str] = []
        while path:
            for entry in entries(api, path):
                link: Any = entry.find(f"{A}link[@rel='alternate']")
                assert api.get(link.attrib["href"].removeprefix("http://testserver")).status_code == 200
                told.append(entry.findtext(f"{A}title") or "")
            path = (feed_next(api, path) or "").removeprefix("http://testserver")
    assert len(told) == Entry.objects.count()
    typed = [text for text in Words.objects.values_list("text", flat=True) if text and len(text) > 8]
    for title in told:
        assert not re.search(r"None|no date|nobody named|[{}]|: [a-z]+ [a-z]+$", title), title
        assert not any(text in title for text in typed), title


def test_words_that_may_not_be_shown_are_in_no_feed(scene: Scene) -> None:
    make.challenge(make.claim(scene.commitment), reason="We see nobody there.")
    update = make.update(scene.commitment, body="Officer Smith was rude.", reason="It was too early.")
    for state in (WordsState.HIDDEN, WordsState.REDACTED):
        gone = {"text": None, "salt": None} if state == WordsState.REDACTED else {}
        with opened():
            Words.objects.filter(position=update.position or 0).update(state=state, **gone)
        for path in ("events", "commitments", "challenges", "updates", "search"):
            content = scene.api.get(
                f"{V1}/{path}/feed.atom?q=street" if path == "search" else f"{V1}/{path}/feed.atom"
            )
            assert b"Smith" not in content.content
            assert b"We see nobody" not in content.content
    [entry] = entries(scene.api, "challenges/feed.atom")
    assert "These words are not shown." in (entry.findtext(f"{A}content") or "")
    assert (
        entry.findtext(f"{A}title") == "Somebody proposes to challenge the claim that AT25-C001 is complete"
    )
    assert entry.findtext(f"{A}author/{A}name") == "A resident"


def test_what_is_invented_says_so(scene: Scene) -> None:
    with invented():
        make.update(scene.commitment)
    newest, first = entries(scene.api, "commitments/feed.atom")
    assert (newest.findtext(f"{A}title") or "").startswith("Invented: North-Team says")
    assert "Invented: part of a demonstration" in (newest.findtext(f"{A}content") or "")
    assert [one.attrib["term"] for one in newest.findall(f"{A}category")] == ["update.posted", "invented"]
    assert "nvented" not in ET.tostring(first, encoding="unicode")


def test_no_words_break_a_feed_or_put_anything_into_it(scene: Scene) -> None:
    body = "<script>alert(1)</script> ]]> & \x07\x1b \ufffe \u202eevil\u2066 <a href='javascript:alert(2)'>x</a>\n\nEnd"
    links = [
        EvidenceLink("<b>Bad</b>", "javascript:alert(3)"),
        EvidenceLink("Good & old", "https://example.org/?a=1&b='2'"),
        EvidenceLink("Data", "data:text/html,<script>"),
    ]
    make.update(scene.commitment, body=body, evidence=links)
    entry = entries(scene.api, "updates/feed.atom")[0]
    content = entry.findtext(f"{A}content") or ""
    assert "<script" not in content
    assert "&lt;script&gt;alert(1)&lt;/script&gt; ]]&gt; &amp; \ufffd\ufffd \ufffd evil" in content
    assert re.findall(r"<a href=\"([^\"]+)\"", content) == ["https://example.org/?a=1&amp;b=&#x27;2&#x27;"]
    assert set(re.findall(r"</?([a-z]+)", content)) == {"p", "br", "ul", "li", "a"}
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", content)


def test_an_id_is_for_ever_whoever_asks(scene: Scene, settings: Any) -> None:
    settings.ALLOWED_HOSTS, settings.PUBLIC_URL = ["*"], "https://record.example.org"
    first = ET.fromstring(scene.api.get(f"{V1}/areas/feed.atom").content)
    other = ET.fromstring(
        scene.api.get(f"{V1}/areas/feed.atom", headers={"Host": "other.example.org"}).content
    )
    ids = [[one.text for one in root.iter(f"{A}id")] for root in (first, other)]
    assert ids[0] == ids[1]
    assert ids[0][0] == "tag:record.example.org,2024-01-01:api/v1/areas/"
    assert ids[0][-1] == "tag:record.example.org,2026-06-01:event/1"


@pytest.mark.parametrize(
    ("query", "name"),
    [("?thme=x", "thme"), ("?before=0", "before"), ("?before=x", "before"), ("?before=", "before"), ("?q=%00", "q"),
     ("?ordering=title", "ordering"), ("?page_size=5", "page_size"), ("?cursor=x", "cursor"),
     ("?overdue=yes", "overdue")],
)  # fmt: skip
def test_a_wrong_parameter_is_named(scene: Scene, query: str, name: str) -> None:
    answer = scene.api.get(f"{V1}/commitments/feed.atom{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == name


def test_a_feed_of_nothing_is_nothing(scene: Scene) -> None:
    assert scene.api.get(f"{V1}/commitments/AT25-C099/updates/feed.atom").status_code == 404
    root = feed(scene.api, f"{scene.path}updates/feed.atom")
    assert root.findall(f"{A}entry") == []
    assert root.findtext(f"{A}updated") == "2024-01-01T00:00:00+00:00"


def test_a_feed_is_cached_by_the_one_rule(scene: Scene, settings: Any) -> None:
    settings.KEPT_ANSWERS_BYTES = 1_000_000
    path = f"{V1}/commitments/feed.atom?team=north-team"
    first = scene.api.get(path)
    assert first["Record-Position"] == str(Entry.objects.count())
    assert first["Cache-Control"] == "public, max-age=0, must-revalidate"
    with CaptureQueriesContext(connection) as asked:
        again = scene.api.get(path)
        copy = scene.api.get(path, headers={"If-None-Match": first["ETag"]})
    assert len(asked) == 2
    since = scene.api.get(path, headers={"If-Modified-Since": first["Last-Modified"]})
    assert (again.content, again["Content-Type"]) == (first.content, first["Content-Type"])
    assert (copy.status_code, since.status_code) == (304, 304)
    make.update(scene.commitment)
    later = scene.api.get(path, headers={"If-None-Match": first["ETag"]})
    assert later.status_code == 200
    assert later["ETag"] != first["ETag"]
    assert scene.api.head(path)["ETag"] == later["ETag"]


@pytest.mark.parametrize(
    "path", ["commitments/feed.atom?team=north-team", "updates/feed.atom", "events/feed.atom"]
)
def test_a_feed_costs_the_same_for_one_fact_and_for_many(scene: Scene, path: str) -> None:
    make.update(scene.commitment)
    few = queries(scene.api, f"{V1}/{path}")
    for _ in range(30):
        make.update(scene.commitment)
    assert queries(scene.api, f"{V1}/{path}") == few <= 9
