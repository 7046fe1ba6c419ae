"""On other people's pages: badges, cards that alone may be framed, oEmbed of our own addresses, and pictures."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from django.test import Client
from PIL import Image

from commitments import actions
from commitments.models import Commitment
from portal import embedding, sharing
from record import clock
from tests import make

pytestmark = pytest.mark.django_db
TAGS = re.compile(r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)"')
HERE = "http://127.0.0.1:8000"


@pytest.fixture
def promise() -> Commitment:
    assembly = make.assembly(prefix="AT25")
    theme = make.theme(assembly, "be-there")
    answered = make.recommendation(assembly, theme=theme)
    return make.commitment(assembly, recommendations=[answered], title="Walk <the> high street", due=make.DUE)


def get(path: str, **headers: Any) -> Any:
    return Client().get(path, headers=headers)


def is_framed(answer: Any) -> bool:
    """Whether other sites may show it in a frame."""
    policy = answer["Content-Security-Policy"]
    alone = "X-Frame-Options" not in answer and "frame-ancestors *" in policy
    refused = answer.get("X-Frame-Options") == "DENY" and "frame-ancestors 'none'" in policy
    assert alone != refused, answer.headers
    return alone


def test_cards_alone_may_be_framed_whether_made_anew_or_kept(promise: Commitment) -> None:
    cards = [f"/cards/commitments/{promise.reference}/", "/cards/assemblies/anytown-2025/themes/be-there/"]
    others = ["/", f"/commitments/{promise.reference}/", f"/commitments/{promise.reference}/history/"]
    others += [
        f"/badges/commitments/{promise.reference}.svg",
        f"/oembed?url={HERE}/commitments/{promise.reference}/",
    ]
    for _ in range(2):
        assert all(is_framed(get(path)) for path in cards)
        assert not any(is_framed(get(path)) for path in others)
    unmodified = get(cards[0], If_None_Match=get(cards[0])["ETag"])
    assert unmodified.status_code == 304


def test_nothing_but_the_two_cards_lifts_the_guard_against_frames() -> None:
    lifting = re.compile(
        r"xframe_options_|frame-ancestors(?! 'none')|@framed|csp_(?:update|replace|exempt)|X-Frame-Options"
    )
    sources = {file.name: file.read_text() for file in Path(embedding.__file__).parent.rglob("*.py")}
    assert [name for name, source in sources.items() if lifting.search(source)] == ["embedding.py"]
    named = re.findall(r"^@framed\n@kept\ndef (\w+)", sources["embedding.py"], re.MULTILINE)
    assert named == ["commitment_card", "theme_card"]
    assert sources["embedding.py"].count("@framed") == len(named)


def test_a_card_says_who_promised_what_by_when_and_how_it_stands_and_its_links_leave_the_frame(
    promise: Commitment,
) -> None:
    make.update(promise)
    with clock.at(make.noon(make.TODAY)):
        said = get(f"/cards/commitments/{promise.reference}/").content.decode()
    for words in (
        "Walk &lt;the&gt; high street",
        make.lead_team(promise).name,
        "Under way",
        "July to September 2026",
    ):
        assert words in said
    links = re.findall(r"<a [^>]*>", said)
    assert links
    assert all('target="_blank"' in link and 'rel="noopener"' in link for link in links)
    assert "<form" not in said
    assert "<script" not in said


def test_badges_are_images_that_need_nothing_else_and_say_what_they_show(promise: Commitment) -> None:
    with clock.at(make.noon(make.days(200))):
        answers = [
            get(f"/badges/commitments/{promise.reference}.svg"),
            get("/badges/assemblies/anytown-2025/themes/be-there.svg"),
        ]
    said = []
    for answer in answers:
        assert answer["Content-Type"] == "image/svg+xml; charset=utf-8"
        root = ElementTree.fromstring(answer.content)
        assert root.get("role") == "img"
        said.append(root.findtext("{http://www.w3.org/2000/svg}title"))
        assert not re.search(rb"href|style=|<script|<image|url\(", answer.content)
    assert said == [f"{promise.reference}: 79 days late", "Be there: 0 of 1 promise verified"]


def test_oembed_offers_the_card_of_our_own_addresses_within_the_sizes_asked_for(promise: Commitment) -> None:
    page = get(f"/commitments/{promise.reference}/").content.decode()
    found = re.search(r'type="application/json\+oembed" href="([^"]+)"', page)
    assert found
    told = urlsplit(found[1].replace("&amp;", "&"))
    assert parse_qs(told.query)["url"] == [f"{HERE}/commitments/{promise.reference}/"]
    offered = get(f"{told.path}?{told.query}").json()
    assert (offered["version"], offered["type"], offered["width"], offered["height"]) == (
        "1.0",
        "rich",
        480,
        320,
    )
    frame = re.match(r'<iframe src="([^"]+)" width="480" height="320" title="([^"]+)"', offered["html"])
    assert frame
    assert frame[1] == f"{HERE}/cards/commitments/{promise.reference}/"
    assert frame[2] == "Walk &lt;the&gt; high street"
    assert get(urlsplit(frame[1]).path).status_code == 200
    small = get(f"{told.path}?{told.query}&maxwidth=100&maxheight=250").json()
    assert (small["width"], small["height"]) == (260, 250)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://evil.example/commitments/{}/",
        "http://127.0.0.1:8000.evil.example/commitments/{}/",
        "http://evil@127.0.0.1:8000/commitments/{}/",
        "javascript:alert(1)",
        "//127.0.0.1:8000/commitments/{}/",
        f"{HERE}/",
        f"{HERE}/admin/",
        f"{HERE}/commitments/NO-C1/",
        f"{HERE}/commitments/{{}}/history/",
    ],
)
def test_oembed_knows_no_other_address(promise: Commitment, url: str) -> None:
    assert get(f"/oembed?url={url.format(promise.reference)}").status_code == 404


def test_oembed_speaks_json_alone(promise: Commitment) -> None:
    asked = f"/oembed?url={HERE}/commitments/{promise.reference}/"
    assert get(f"{asked}&format=xml").status_code == 501
    assert Client().post(asked).status_code == 405


def test_a_shared_link_has_a_title_a_sentence_and_a_picture_of_the_size_that_it_says(
    promise: Commitment,
) -> None:
    page = get(f"/commitments/{promise.reference}/").content.decode()
    tags = dict(TAGS.findall(page))
    assert tags["og:title"] == "Walk &lt;the&gt; high street"
    assert tags["og:description"].startswith("No word yet.") or "late" in tags["og:description"]
    assert tags["twitter:card"] == "summary_large_image"
    answer = get(urlsplit(tags["og:image"]).path)
    assert answer["Content-Type"] == "image/png"
    size = (int(tags["og:image:width"]), int(tags["og:image:height"]))
    assert Image.open(BytesIO(answer.content)).size == size == sharing.SIZE
    assert answer["ETag"] == get(urlsplit(tags["og:image"]).path)["ETag"]


def test_a_theme_and_every_other_page_have_their_pictures_too(promise: Commitment) -> None:
    theme = "/assemblies/anytown-2025/themes/be-there/"
    for path in (theme, "/", f"/commitments/{promise.reference}/history/"):
        tags = dict(TAGS.findall(get(path).content.decode()))
        answer = get(urlsplit(tags["og:image"]).path)
        assert Image.open(BytesIO(answer.content)).size == sharing.SIZE
        assert ("og:url" in tags) == (path == theme)
    offered = get(f"/oembed?url={HERE}{theme}").json()
    assert f"{HERE}/cards{theme}" in offered["html"]


def test_a_picture_of_the_longest_title_says_that_it_goes_on() -> None:
    drawn = sharing.picture("word " * 60, "Late", "AT25-C001", "bad", invented=True)
    assert Image.open(BytesIO(drawn)).size == sharing.SIZE
    assert sharing.lines("word " * 60)[-1].endswith(" …")
    assert len(sharing.lines("word " * 60)) == sharing.LINES


def test_what_is_held_is_drawn_in_no_picture(promise: Commitment, monkeypatch: pytest.MonkeyPatch) -> None:
    theme = promise.assembly.themes.get()
    drawn: list[str] = []

    def draw(*said: str, invented: bool) -> bytes:
        drawn.append(f"{said} {invented}")
        return b"png"

    monkeypatch.setattr(sharing, "picture", draw)

    def said() -> str:
        drawn.clear()
        get(f"/share/commitments/{promise.reference}.png")
        get(f"/share/assemblies/{make.SLUG}/themes/{theme.slug}.png")
        assert len(drawn) == 2
        return "".join(drawn)

    titles = (promise.title, theme.title)
    before = said()
    assert all(title in before for title in titles)
    for thing in (promise, theme):
        actions.place_hold(thing, by=make.convenor(), today=make.TODAY, ground="live_case")
    after = said()
    assert not any(title in after for title in titles)
