"""Text search on both databases behind one small interface: `index` what was written, then `matching`.

Words are compared by their English stems; titles count above bodies. The rank is a sum over the words asked for, so it
depends on nothing but the words and the thing itself, and pages by (rank, key) stay steady while others write.
PostgreSQL also tolerates typing errors, in words that are said nowhere. Both databases get the words cut up by us, so
that they agree on what a word is, and no query has an operator in it.
"""

import re
import unicodedata
from typing import Any

from django.db import transaction
from django.db.models import BooleanField, Case, Expression, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from commitments.models import Commitment, ProgressUpdate, Recommendation, SearchDocument
from record.guarded import opened

TITLE, BODY = 10, 1
"""What a word is worth in the rank: said in the title, said in the body; a mistyped one is worth nothing."""

MOST_WORDS, LONGEST_WORD, LONGEST_TEXT = 8, 64, 100_000
_SHORTEST_MISTYPED = 4
# PostgreSQL's english.stop, from https://snowballstem.org: words that it never indexes.
_STOP_WORDS = """
    i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her
    hers herself it its itself they them their theirs themselves what which who whom this that these
    those am is are was were be been being have has had having do does did doing a an the and but if or
    because as until while of at by for with about against between into through during before after
    above below to from up down in out on off over under again further then once here there when where
    why how all any both each few more most other some such no nor not only own same so than too very s
    t can will just don should now
"""
_WORD = re.compile(r"[^\W_]+")
_SAYING_NOTHING = frozenset(_WORD.findall(_STOP_WORDS))

Searchable = Recommendation | Commitment | ProgressUpdate


def index(thing: Searchable) -> None:
    """Make the search document of a recommendation, commitment or update anew; verbs call it after they wrote words."""
    title, body = _texts(thing)
    assembly = thing.commitment.assembly_id if isinstance(thing, ProgressUpdate) else thing.assembly_id
    subject: dict[str, Any] = {_subject(thing): thing}
    words = {"title_words": plain(title), "body_words": plain(body), "assembly_id": assembly}
    SearchDocument.objects.update_or_create(defaults=words, **subject)


def rebuild() -> int:
    """Make every search document anew and answer how many there are."""
    with transaction.atomic(), opened():
        SearchDocument.objects.all().delete()
        for things in (
            Recommendation.objects.all(),
            Commitment.objects.all(),
            ProgressUpdate.objects.select_related("commitment"),
        ):
            for thing in things.iterator(chunk_size=500):
                index(thing)
        return int(SearchDocument.objects.count())


def matching(found: QuerySet[Any], q: str) -> QuerySet[Any]:
    """Those of `found` that say every word of `q`, annotated with an integer `rank`; nothing for no words.

    `found` are recommendations, commitments, updates or search documents. Never raises, whatever `q` holds.
    """
    words = terms(q)
    ranked: QuerySet[Any] = found if words else found.none()
    document = F("pk") if found.model is SearchDocument else F("searched__pk")
    rank: Combinable = Value(0)
    for word in words:
        in_title, in_body = _InTitle(document, word), _InBody(document, word)
        said = Q(in_title) | Q(in_body)
        if len(word) >= _SHORTEST_MISTYPED:
            said |= Q(_Nearly(document, word))
        ranked = ranked.filter(said)
        rank = rank + _worth(in_title, TITLE) + _worth(in_body, BODY)
    best: QuerySet[Any] = ranked.annotate(rank=rank)
    return best


def terms(q: str) -> list[str]:
    """The words of `q` that are looked for: in their order, once each, without those that say nothing."""
    words = (word for word in plain(q[:LONGEST_TEXT]).split() if word not in _SAYING_NOTHING)
    return [word for word in dict.fromkeys(words) if len(word) <= LONGEST_WORD][:MOST_WORDS]


def plain(text: str) -> str:
    """Only the words of a text, in lower case, without accents and punctuation."""
    spelled = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in spelled if not unicodedata.combining(letter))
    return " ".join(_WORD.findall(bare))[:LONGEST_TEXT]


class _Says(Expression):
    """Whether the document with this key says a word. A subquery of its own, which the text indexes answer."""

    output_field = BooleanField()
    sqlite_match = postgresql_among = ""

    def __init__(self, document: F, word: str) -> None:
        super().__init__()
        self.document: Any = document
        self.word = word

    def get_source_expressions(self) -> list[Any]:
        return [self.document]

    def set_source_expressions(self, exprs: Any) -> None:
        [self.document] = exprs

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Among the documents whose stems match."""
        return self._among(compiler, self.postgresql_among, [self.word])

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Among the rows of the FTS5 table; the word is quoted, and holds no quote."""
        among = "SELECT rowid FROM commitments_searchwords WHERE commitments_searchwords MATCH %s"
        return self._among(compiler, among, [self.sqlite_match.format(word=self.word)])

    def _among(self, compiler: Any, among: str, params: list[Any]) -> tuple[str, list[Any]]:
        key, key_params = compiler.compile(self.document)
        return f"({key} IN ({among}))", [*key_params, *params]


class _InTitle(_Says):
    sqlite_match = '{{title_words}} : "{word}"'
    postgresql_among = (
        "SELECT id FROM commitments_searchdocument WHERE title_stems @@ plainto_tsquery('english', %s)"
    )


class _InBody(_Says):
    sqlite_match = '{{body_words}} : "{word}"'
    postgresql_among = (
        "SELECT id FROM commitments_searchdocument WHERE body_stems @@ plainto_tsquery('english', %s)"
    )


class _Nearly(_Says):
    """Whether it says something like a word that no document says: PostgreSQL alone can tell."""

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Among those that the database's own function finds (migration `search`)."""
        swapped = " | ".join(_swapped(self.word))
        return self._among(compiler, "SELECT commitments_nearly(%s, %s)", [self.word, swapped])

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Nothing."""
        return "(1 = 0)", []


def _worth(says: _Says, points: int) -> Case:
    return Case(When(Q(says), then=Value(points)), default=Value(0), output_field=IntegerField())


def _swapped(word: str) -> list[str]:
    """`word` with each two neighbouring letters swapped, which trigrams alone would not forgive."""
    return [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)]


def _subject(thing: Searchable) -> str:
    return "update" if isinstance(thing, ProgressUpdate) else type(thing).__name__.lower()


def _texts(thing: Searchable) -> tuple[str, str]:
    if isinstance(thing, ProgressUpdate):
        return "", f"{thing.body} {thing.reason}"
    title = f"{thing.reference} {thing.title}"
    if isinstance(thing, Recommendation):
        return title, thing.body
    said = (
        thing.body,
        thing.measure,
        thing.baseline,
        thing.target,
        thing.proof,
        thing.due_text,
        thing.reported_state,
    )
    return title, " ".join(said)
