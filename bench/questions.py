"""What is asked, of each peer in its own words: made from what the database holds, written as JSON."""

import json
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, QuerySet

from bench.clocks import with_clocks
from bench.dataset import SEED
from bench.dialects import Dialect, Postgres, Sqlite
from bench.floor_sql import WORDS
from bench.floor_summaries import Writer
from bench.keys import token
from bench.words import Vocabulary
from bench.world import KEYS
from commitments.models import Answering, Assembly, Commitment, Owner, Theme
from commitments.search import matching
from record import clock
from record.models import Head

API = "/api/v1/"
PAGE, FAR = 50, 300
FEED = 100
COLUMNS = (
    "id", "reference", "title", "position", "entered_from", "reported_state", "invented", "due_on", "due_precision",
    "due_text", "first_due_on", "due_changes", "status", "status_at", "claim_id", "claimed_on", "refuted_on",
    "accepted_on", "update_due_on", "last_update_at", "open_challenges", "published_at", "updated_at", "standing",
    "overdue", "silent", "contested", "measurable", "assembly_slug",
)  # fmt: skip
OF_A_THEME = ("id", "standing", "finding", "status", "refuted_on", "claimed_on", "accepted_on", "due_on",
              "first_due_on", "disputed", "measurable", "overdue", "silent", "contested")  # fmt: skip


@dataclass
class Asked:
    """One question to one peer."""

    path: str
    body: str = ""
    token: str = ""


@dataclass
class Work:
    """The same questions to each peer; a peer that cannot answer one has none."""

    ours: list[Asked] = field(default_factory=list)
    stock: list[Asked] = field(default_factory=list)
    floor: list[Asked] = field(default_factory=list)


class Questions:
    """Collects the questions, and the SQL by which the floor answers each."""

    def __init__(self) -> None:
        self.today: date = clock.today()
        self.random = Random(SEED)
        dialect: Dialect = Postgres() if connection.vendor == "postgresql" else Sqlite()
        self.write = Writer(dialect, self.today.isoformat())
        self.works: dict[str, Work] = {}
        self.sql: dict[str, tuple[str, list[Any]]] = {}

    def ask(self, name: str, path: str, sql: tuple[str, list[Any]], stock: str = "") -> None:
        """One question more of this work; the stock API has it at `stock`, or at the same address."""
        work = self.works.setdefault(name, Work())
        work.ours.append(Asked(path))
        work.floor.append(Asked(path))
        self.sql[path] = sql
        if stock != "-":
            work.stock.append(Asked(stock or path))

    def collect(self) -> None:
        """All works."""
        self._lists()
        self._pages()
        self._details()
        self._searches()
        self._themes()
        self._feed()
        self._updates()

    def _page(self, rows: QuerySet[Any], columns: tuple[str, ...] = COLUMNS) -> tuple[str, list[Any]]:
        shown = rows.annotate(assembly_slug=F("assembly__slug")).values(*columns)
        sql, params = inner(shown[:PAGE])
        return self.write.listed(sql), params

    def _lists(self) -> None:
        for slug in assemblies(10):
            rows = with_clocks(self.today).filter(assembly__slug=slug, status="in_progress")
            path = f"{API}commitments/?assembly={slug}&status=in_progress"
            self.ask("list", path, self._page(rows.order_by("position")))

    def _pages(self) -> None:
        rows = with_clocks(self.today).order_by("position")
        self.ask("page 1", f"{API}commitments/", self._page(rows))
        before = max(0, min(FAR - 1, Commitment.objects.count() // PAGE - 2)) * PAGE
        first = Commitment.objects.order_by("position").values_list("position", flat=True)[before]
        path = f"{API}commitments/?page={before // PAGE + 1}"
        self.ask("page 300", path, self._page(rows.filter(position__gte=first)))

    def _details(self) -> None:
        number = Commitment.objects.count()
        keys = self.random.sample(range(1, number + 1), min(100, number))
        for key in keys:
            reference = Commitment.objects.values_list("reference", flat=True).get(pk=key)
            rows = with_clocks(self.today).filter(reference=reference)
            shown = rows.annotate(assembly_slug=F("assembly__slug")).values(
                *COLUMNS, *WORDS, "stage", "notes", "verify_by"
            )
            sql, params = inner(shown)
            self.ask("detail", f"{API}commitments/{reference}/", (self.write.detail(sql), params))

    def _searches(self) -> None:
        words = Vocabulary(Random(SEED)).words
        asked = [words[20], words[45], words[120], words[400], words[1500]]
        asked += [f"{words[2]} {words[30]}", f"{words[11]} {words[40]}", f"{words[60]} {words[90]}"]
        on_postgres = connection.vendor == "postgresql"
        for q in asked:
            rows = matching(with_clocks(self.today), q).order_by("-rank", "-position")
            said = q.replace(" ", "+")
            path = f"{API}commitments/?q={said}"
            self.ask("text search", path, self._page(rows), "" if on_postgres else "-")
            contains = self.works.setdefault("text search, icontains", Work())
            contains.stock.append(Asked(f"{API}commitments/?contains={said}"))

    def _themes(self) -> None:
        for theme in Theme.objects.select_related("assembly").order_by("pk")[:16]:
            answering = Answering.objects.filter(commitment=OuterRef("pk"), recommendation__theme=theme)
            sql, params = inner(with_clocks(self.today).filter(Exists(answering)).values(*OF_A_THEME))
            path = f"{API}assemblies/{theme.assembly.slug}/themes/{theme.slug}/"
            self.ask(
                "theme summary", path, (self.write.theme(sql, theme.pk), params), f"{API}themes/{theme.pk}/"
            )

    def _feed(self) -> None:
        end = Head.objects.get(pk=1).position
        for after in self.random.sample(range(max(1, end - FEED)), min(40, end - FEED)):
            path = f"{API}events/?after={after}&page_size={FEED}"
            self.ask("change feed", path, (self.write.events(), [after]))

    def _updates(self) -> None:
        """Of commitments that nothing is missed on (while there are any), by teams that have keys."""
        owners = Owner.objects.filter(lead=True, team__lte=KEYS, commitment__status="in_progress")
        on_time = owners.filter(commitment__due_on__gt=self.today, commitment__update_due_on__gte=self.today)
        text, work = Vocabulary(Random(SEED)).text, Work()
        rows = on_time if on_time.exists() else owners
        found = rows.order_by("pk").values_list("commitment__reference", "team")[:64]
        for reference, team in found:
            links = [{"title": text(4).capitalize(), "url": "https://example.org/evidence"}]
            said = {"body": text(24).capitalize(), "status": "in_progress", "evidence": links}
            ours, key = json.dumps(said), token(team)
            stock = json.dumps({**said, "commitment": reference})
            path = f"{API}commitments/{reference}/updates/"
            work.ours.append(Asked(path, ours, key))
            work.floor.append(Asked(path, ours, key))
            work.stock.append(Asked(f"{API}updates/", stock, key))
        self.works["posting an update"] = work

    def written(self) -> str:
        """All of it as JSON."""
        works = {name: asdict(work) for name, work in self.works.items()}
        return json.dumps({"works": works, "sql": self.sql, "today": self.today.isoformat()}, default=str)


def assemblies(number: int) -> list[str]:
    """The first assemblies' slugs."""
    return list(Assembly.objects.order_by("pk").values_list("slug", flat=True)[:number])


def inner(rows: QuerySet[Any]) -> tuple[str, list[Any]]:
    """The SQL of a queryset, and its parameters."""
    sql, params = rows.query.sql_with_params()
    return (sql if connection.vendor == "postgresql" else sql.replace("%s", "?")), list(params)


def main(file: str) -> None:
    """Write the questions that suit this database: `python -m bench.door questions FILE`."""
    questions = Questions()
    questions.collect()
    Path(file).write_text(questions.written())
