"""HTML that others wrote, as plain text that can be read: paragraphs stay apart, list items keep their dash."""

import re
import unicodedata
from html.parser import HTMLParser

import nh3

LONGEST = 20_000
PARAGRAPHS = frozenset(
    {"p", "div", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "tr"}
)
LINES = frozenset({"br", "li"})
CELLS = frozenset({"td", "th"})
_KEPT = set(PARAGRAPHS | LINES | CELLS)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_WRAPPED_TWICE = 2


class _Lines(HTMLParser):
    """Writes down the text of cleaned HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.written: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """A new paragraph, a new line, a dash, or the next cell of a table."""
        if tag in CELLS:
            self.written.append(" ")
            return
        self.written.append("\n\n" if tag in PARAGRAPHS else "\n- " if tag == "li" else "\n")

    def handle_endtag(self, tag: str) -> None:
        """The end of a paragraph."""
        if tag in PARAGRAPHS:
            self.written.append("\n\n")

    def handle_data(self, data: str) -> None:
        """The words; where there are tags, line ends of the source mean nothing."""
        self.written.append(re.sub(r"\s+", " ", data))


def plain_text(source: str) -> str:
    """The words of `source` without its tags, scripts and addresses; tags that were escaped by mistake go too."""
    text = source
    for _ in range(_WRAPPED_TWICE):
        text = _without_tags(text)
        if not _TAG.search(text):
            break
    return _tidy(text)[:LONGEST].rstrip()


def _without_tags(source: str) -> str:
    if not _TAG.search(source):
        source = "<br>".join(source.splitlines())
    reader = _Lines()
    reader.feed(nh3.clean(source, tags=_KEPT, attributes={}, link_rel=None))
    reader.close()
    return "".join(reader.written)


def _tidy(text: str) -> str:
    shown = "".join(
        sign for sign in text if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cf", "Cs")
    )
    lines = [" ".join(line.split()) for line in shown.split("\n")]
    kept = [line for line in lines if line != "-"]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
