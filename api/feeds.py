"""A feed for each public list: what happened to the things that it shows, a fact of the record an entry."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.db.models import BooleanField, F, Func, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Concat
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from api import atom
from api.areas import Areas
from api.assemblies import Assemblies
from api.challenges import Challenges, CommitmentChallenges
from api.commitments import Commitments
from api.corrections import CommitmentCorrections, RecommendationCorrections, UpdateCorrections
from api.due_dates import DueDateChanges
from api.events import Events
from api.holds import Holds
from api.http import negotiation
from api.http.errors import at_parameter, bad_parameters
from api.http.promises import Promise
from api.http.views import PublicList
from api.milestones import Milestones
from api.neighbourhoods import Neighbourhoods
from api.organisations import Organisations
from api.priorities import Priorities
from api.rating_words import CommitmentWords, ThemeWords
from api.ratings import Ratings
from api.recommendations import Recommendations
from api.redactions import Redactions
from api.responses import Responses
from api.search import Search
from api.set_asides import SetAsides
from api.teams import Teams
from api.themes import Themes
from api.updates import CommitmentUpdates, Updates
from api.verifications import Verifications
from commitments.models import Correction
from record import checkpoints, values
from record.models import Entry

FEED = "feed.atom"
LINK = f'<{FEED}>; rel="alternate"; type="{negotiation.ATOM}"'
"""What a list says of its feed, in its Link header."""
MOST = 50
BEFORE = values.Whole(1)
WORDS = """An entry of the feed is a public fact about what the list shows, with the words that may be shown. The newest
50, and a link to those before; it takes the list's filters."""
Rows = QuerySet[Any]


class _Dashed(Func):
    """A UUID as entries write it; SQLite keeps it without dashes."""

    output_field = TextField()
    arity = 1

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """It writes them so itself."""
        return self.as_sql(compiler, connection, template="(%(expressions)s)::text", **context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Cut up and joined."""
        parts = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
        template = "||'-'||".join(f"substr(%(expressions)s,{start},{length})" for start, length in parts)
        return self.as_sql(compiler, connection, template=f"({template})", **context)


class _Among(Func):
    """Whether a column is among the names that a subquery gives.

    To PostgreSQL as an array, made once: of `IN` with a limit it expects to find enough soon, and where there is little
    to find it compared each entry with each name.
    """

    output_field = BooleanField()
    arity = 2

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Compared with each of an array."""
        return self.as_sql(
            compiler, connection, template="(%(expressions)s))", arg_joiner=" = ANY(ARRAY", **context
        )

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """SQLite makes a table of the names, once."""
        return self.as_sql(compiler, connection, template="(%(expressions)s)", arg_joiner=" IN ", **context)


class _Names(Subquery):
    """Names that may be none: then nothing is among them, and the database is not asked."""

    empty_result_set_value = NotImplemented


@dataclass(frozen=True)
class Story:
    """Which entries tell of rows: those whose `by` (`root` or `subject`) is `kind:` and the row's `key`."""

    kind: str
    key: str
    by: str = "subject"
    is_uuid: bool = False
    through: Callable[[Rows], Rows] | None = None
    """Other rows in the place of the list's own, such as the corrections of a step."""

    def of(self, rows: Rows) -> Q:
        """The entries that tell of these rows."""
        rows = self.through(rows) if self.through else rows
        key = _Dashed(F(self.key)) if self.is_uuid else F(self.key)
        names = rows.order_by().annotate(
            subject_named=Concat(Value(f"{self.kind}:"), key, output_field=TextField())
        )
        named = names.filter(**{f"{self.key}__isnull": False}).values("subject_named")
        return Q(_Among(F(self.by), _Names(named)))

    def of_all(self) -> Q:
        """The entries that tell of any such thing: the same for a list that nothing narrows, and cheaper to find."""
        return Q(**{f"{self.by}__startswith": f"{self.kind}:"})


def _corrections(of: str) -> Story:
    """The corrections of rows, whose entries do not stand in the rows' own story."""

    def through(rows: Rows) -> Rows:
        found: Rows = Correction.objects.filter(**{f"{of}__in": rows.values("pk")})
        return found

    return Story("correction", "pk", is_uuid=True, through=through)


def _identified(kind: str) -> Story:
    return Story(kind, "pk", is_uuid=True)


@dataclass(frozen=True)
class Published:
    """Entries of one type, which rows name by their position."""

    type: str
    through: None = None

    def of(self, rows: Rows) -> Q:
        """Those in which these rows were published."""
        return Q(position__in=rows.order_by().values("position"))

    def of_all(self) -> Q:
        """All of the type."""
        return Q(type=self.type)


@dataclass(frozen=True)
class Told:
    """What a list is about in words, and the stories of its rows; none where its rows are entries themselves."""

    about: str
    stories: tuple[Story | Published, ...] = ()
    is_asked: bool = False
    """Whether the list shows nothing until something is asked."""


TOLD: dict[type[PublicList], Told] = {
    Areas: Told("areas", (Story("area", "code"),)),
    Assemblies: Told("assemblies and their themes", (Story("assembly", "slug", by="root"),)),
    Themes: Told("themes", (Story("theme", "theme_key", through=lambda rows: rows.annotate(
        theme_key=Concat("assembly__slug", Value("/"), "slug", output_field=TextField()))),)),
    Organisations: Told("organisations", (Story("organisation", "slug"),)),
    Teams: Told("teams", (Story("team", "slug"),)),
    Recommendations: Told("recommendations", (Story("recommendation", "reference", by="root"),)),
    Responses: Told("the answers to {reference}", (_identified("response"),)),
    RecommendationCorrections: Told("the corrections of {reference}", (_identified("correction"),)),
    Commitments: Told(
        "commitments", (Story("commitment", "reference", by="root"), _corrections("update__commitment"))
    ),
    CommitmentCorrections: Told("the corrections of {reference}", (_identified("correction"),)),
    CommitmentUpdates: Told("the updates of {reference}", (_identified("update"), _corrections("update"))),
    Milestones: Told("the steps of {reference}", (_identified("milestone"), _corrections("milestone"))),
    DueDateChanges: Told("the moves of the due date of {reference}", (_identified("due_date_change"),)),
    Verifications: Told("the findings on {reference}", (_identified("verification"),)),
    CommitmentChallenges: Told("the challenges of {reference}", (_identified("challenge"),)),
    Updates: Told("progress updates", (_identified("update"), _corrections("update"))),
    UpdateCorrections: Told("the corrections of an update", (_identified("correction"),)),
    Challenges: Told("challenges", (_identified("challenge"),)),
    Neighbourhoods: Told("neighbourhoods of police forces", (_identified("neighbourhood"),)),
    Priorities: Told("priorities of neighbourhood teams", (_identified("priority"),)),
    Holds: Told("holds", (_identified("hold"),)),
    Redactions: Told("redactions", (_identified("redaction"),)),
    CommitmentWords: Told("words that came with ratings of {reference}", (_identified("words"),)),
    ThemeWords: Told("words that came with ratings of a theme", (_identified("words"),)),
    Ratings: Told("figures of residents' ratings", (Published("figures.cut"),)),
    SetAsides: Told("quarters of ratings that are set aside or count again", (_identified("set_aside"),)),
    Events: Told("everything"),
    Search: Told(
        "what says the words looked for",
        (
            Story("recommendation", "recommendation__reference", by="root"),
            Story("commitment", "commitment__reference", by="root"),
            Story("update", "update__pk", is_uuid=True),
        ),
        is_asked=True,
    ),
}  # fmt: skip


class Feed(PublicList):
    """A list's feed. Stands before the list among the bases, so that rows and filters are the list's."""

    form = negotiation.ATOM
    http_method_names = negotiation.READING
    told: ClassVar[Told]
    extra_parameters = frozenset({"before"})
    extra_schemas: ClassVar[dict[str, Any]] = {
        "before": {
            "schema": BEFORE.schema(),
            "description": "Only what the record has before this position: what a feed's `next` link asks for.",
        }
    }

    def page(self) -> HttpResponseBase:
        """The newest entries, and an address for those before."""
        data = self.request.query_params
        found = self.filterset.check(data, self.extra_parameters)
        before = before_in(self.request)
        rows = self.filterset(data, self.rows(), today=self.today).apply(found)
        entries = self._entries(rows, before, is_whole=not (found or self.kwargs or self.told.is_asked))
        shown = entries[:MOST]
        earlier = shown[-1].position if len(entries) > MOST else None
        content = atom.written(shown, self._heading(earlier), self.base)
        return HttpResponse(content, content_type=f"{negotiation.ATOM}; charset=utf-8")

    def _entries(self, rows: Rows, before: int | None, *, is_whole: bool) -> list[Entry]:
        """One more than are shown. A query for each story: in one query for two, the whole record would be read."""
        if not self.told.stories:
            return _newest(rows, before)
        found: dict[int, Entry] = {}
        for story in self.told.stories:
            own = story.of_all() if is_whole and story.through is None else story.of(rows)
            found |= {entry.position: entry for entry in _newest(Entry.objects.filter(own), before)}
        return [found[position] for position in sorted(found, reverse=True)[: MOST + 1]]

    def _heading(self, earlier: int | None) -> atom.Heading:
        data = self.request.query_params
        asked = [(name, value) for name, several in data.lists() for value in several if name != "before"]
        said = f"{atom.NAME}: {self.told.about.format(**self.kwargs)}"
        path = self.base + self.request.path
        state = checkpoints.latest()
        self.version = state.size if state else 0
        return atom.Heading(
            title=f"{said} ({', '.join(f'{name} {value}' for name, value in asked)})" if asked else said,
            address=_with_query(path, [*asked, *(("before", one) for one in data.getlist("before"))]),
            alternate=_with_query(path.removesuffix(FEED), asked),
            earlier=_with_query(path, [*asked, ("before", str(earlier))]) if earlier else None,
            checkpoint=state.note if state else "",
        )

    @classmethod
    def promises(cls) -> dict[str, Promise]:
        """GET, and nothing of what the list takes beside it."""
        return {"GET": Promise({"type": "string"}, public=True, filterset=cls.filterset, forms=cls.forms[1:])}


def before_in(request: Request) -> int | None:
    """Before which position the reader asks for entries."""
    text = request.query_params.get("before")
    try:
        return None if text is None else int(BEFORE.read(text))
    except values.Malformed as exc:
        raise bad_parameters([at_parameter("before", "malformed", str(exc))]) from None


def _with_query(path: str, pairs: list[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(pairs)}" if pairs else path


def _newest(entries: Rows, before: int | None) -> list[Entry]:
    rows = entries if before is None else entries.filter(position__lt=before)
    return list(rows.order_by("-position")[: MOST + 1])


def feed_of(view: type[PublicList]) -> type[Feed] | None:
    """The view of a list's feed; None for a list whose rows the record does not tell of."""
    told = TOLD.get(view)
    if told is None:
        return None
    about = told.about.format(reference="one of them", id="one of them")
    words = f"What happened to {about}, as an Atom feed.\n\n{WORDS}"
    return type(
        f"{view.__name__}Feed", (Feed, view), {"told": told, "__doc__": words, "__module__": __name__}
    )
