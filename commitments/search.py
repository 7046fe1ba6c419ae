"""Text search on both databases behind one small interface: `index` what was written, then `matching`.

Words are compared by their English stems; titles count above bodies. The rank is a sum over the words asked for, so it
depends on nothing but the words and the thing itself, and pages by (rank, key) stay steady while others write.
PostgreSQL also tolerates typing errors, in words that are said nowhere. Both databases get the words cut up by us, so
that they agree on what a word is, and no query has an operator in it.
"""

import re
import unicodedata
from typing import Any

from django.db import connection, transaction
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
    mistyped = _mistyped(words)
    for word in words:
        in_title, in_body = _InTitle(document, word), _InBody(document, word)
        if word in mistyped:
            ranked = ranked.filter(_Nearly(document, word))
        else:
            ranked = ranked.filter(Q(in_title) | Q(in_body))
            rank = rank + _worth(in_title, TITLE) + _worth(in_body, BODY)
    best: QuerySet[Any] = ranked.annotate(rank=rank)
    return best


def _mistyped(words: list[str]) -> set[str]:
    """Those that no document says while some say something like them: PostgreSQL alone can tell, in one query.

    Asked first, because a question that holds both what is said and what is nearly said can use no index.
    """
    long = [word for word in words if len(word) >= _SHORTEST_MISTYPED]
    if not long or connection.vendor != "postgresql":
        return set()
    asked = " UNION ALL ".join(["(SELECT %s FROM commitments_nearly(%s, %s) LIMIT 1)"] * len(long))
    params = [part for word in long for part in (word, word, _swapped(word))]
    with connection.cursor() as cursor:
        cursor.execute(asked, params)
        return {word for (word,) in cursor.fetchall()}


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
    """Whether a document says a word: the stems that are stored beside it do, or an index of full text finds it."""

    output_field = BooleanField()
    conditional = True
    stems = words = ""

    def __init__(self, document: F, word: str) -> None:
        super().__init__()
        self.document: Any = document
        self.word = word

    def get_source_expressions(self) -> list[Any]:
        return [self.document]

    def set_source_expressions(self, exprs: Any) -> None:
        [self.document] = exprs

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """The stems match, and a GIN index finds them."""
        table = compiler.quote_name_unless_alias(self.document.alias)
        return f"({table}.{self.stems} @@ plainto_tsquery('english', %s))", [self.word]

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Among the rows of the FTS5 table; the word is quoted, and holds no quote."""
        among = "SELECT rowid FROM commitments_searchwords WHERE commitments_searchwords MATCH %s"
        key, params = compiler.compile(self.document)
        return f"({key} IN ({among}))", [*params, f'{{{self.words}}} : "{self.word}"']


class _InTitle(_Says):
    stems, words = "title_stems", "title_words"


class _InBody(_Says):
    stems, words = "body_stems", "body_words"


class _Nearly(_Says):
    """Whether it says something like a word that no document says, as the database's own function finds it."""

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Among those that it finds (migration `search`)."""
        key, params = compiler.compile(self.document)
        nearly = "SELECT commitments_nearly(%s, %s)"
        return f"({key} IN ({nearly}))", [*params, self.word, _swapped(self.word)]


def _worth(says: _Says, points: int) -> Case:
    return Case(When(Q(says), then=Value(points)), default=Value(0), output_field=IntegerField())


def _swapped(word: str) -> str:
    """`word` with each two neighbouring letters swapped, which trigrams alone would not forgive; any will do."""
    swapped = (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1))
    return " | ".join(swapped)


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
