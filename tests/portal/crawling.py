"""What a page is made of, read as a browser reads it, and every page that links lead to."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.contrib.staticfiles import finders
from django.test import Client

API, STATIC, ELSEWHERE = "/api/", "/static/", ("/ur/", "/pl/", "/admin/", "/following/", "/desk/")
MOST_QUESTIONS = 4
"""So many different questions are put to one list; each page of results leads to others without end."""
ADDRESSES = {"a": "href", "link": "href", "script": "src", "img": "src", "iframe": "src", "form": "action"}


@dataclass
class Made(HTMLParser):
    """What was found in one page."""

    path: str = ""
    links: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    html: dict[str, str | None] = field(default_factory=dict)
    title: str = ""
    headings: int = 0
    posts: int = 0
    inline: list[str] = field(default_factory=list)
    _in: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note it down."""
        self._in, named = tag, dict(attrs)
        self.headings += tag == "h1"
        self.posts += tag == "form" and (named.get("method") or "").lower() == "post"
        self.html = named if tag == "html" else self.html
        self.ids += [named["id"] or ""] if "id" in named else []
        self.inline += [f"{tag} {name}" for name in named if name == "style" or name.startswith("on")]
        self.inline += [tag] if tag == "style" or (tag == "script" and not named.get("src")) else []
        to = named.get(ADDRESSES.get(tag, ""))
        if to and not (tag == "form" and self.is_posted(named)):
            self.links.append(urljoin(f"http://testserver{self.path}", to))

    @staticmethod
    def is_posted(named: dict[str, str | None]) -> bool:
        """Whether a form changes something."""
        return (named.get("method") or "").lower() == "post"

    def handle_data(self, data: str) -> None:
        """Note the title down; the first, since drawings have titles too."""
        if self._in == "title" and not self.title:
            self.title = data.strip()

    def handle_endtag(self, tag: str) -> None:
        """Nothing is open any more."""
        self._in = ""

    @property
    def near(self) -> list[str]:
        """Links to this site, each as path, question and fragment."""
        found = [urlsplit(link) for link in self.links]
        return [one._replace(scheme="", netloc="").geturl() for one in found if one.netloc == "testserver"]


@dataclass
class Crawled:
    """Every page that links lead to from the start page, and the links that lead out of the portal."""

    pages: dict[str, tuple[Any, Made]] = field(default_factory=dict)
    data: set[str] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)


def crawl(client: Client) -> Crawled:
    """Follow every link of every page, in English."""
    found, waiting, asked = Crawled(), ["/"], {"/"}
    questions: dict[str, int] = {}
    while waiting:
        path = waiting.pop()
        made = _visit(client, path, found)
        for link in dict.fromkeys(_bare(one) for one in made.near):
            where, _, question = link.partition("?")
            questions[where] = questions.get(where, 0) + bool(question and link not in asked)
            if link.startswith(API):
                found.data.add(link)
            elif link.startswith(STATIC):
                found.broken += [] if finders.find(link.removeprefix(STATIC)) else [f"{path} → {link}"]
            elif link not in asked and not link.startswith(ELSEWHERE) and questions[where] <= MOST_QUESTIONS:
                asked.add(link)
                waiting.append(link)
    found.broken += _without_their_places(found)
    return found


def _visit(client: Client, path: str, found: Crawled) -> Made:
    answer = client.get(path)
    made = Made(path)
    if answer.status_code in (301, 302):
        made.links.append(urljoin(f"http://testserver{path}", answer["Location"]))
    elif answer.status_code != 200:
        found.broken.append(f"{path} answered {answer.status_code}")
    elif answer["Content-Type"].startswith("text/html"):
        made.feed(answer.content.decode())
        found.pages[path] = (answer, made)
    return made


def _without_their_places(found: Crawled) -> Iterator[str]:
    """Links to a place in a page that has no such place."""
    for path, (_, made) in found.pages.items():
        for link in made.near:
            to, _, place = link.partition("#")
            if place and to in found.pages and place not in found.pages[to][1].ids:
                yield f"{path} → {link}"


def _bare(link: str) -> str:
    return link.partition("#")[0]
