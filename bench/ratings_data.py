"""Many ballots for the bench, written past the verbs, for a million cannot be cast in minutes; and who casts more.

`python -m bench.door ratings_data ADDRESS BALLOTS FILE` adds them to a data set, and writes the questions into FILE.
"""

import json
import sqlite3
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from django.db import connection

from accounts import keys
from accounts.models import Key, User
from bench.keys import digest, token
from bench.tables import PostgresSink, Sink, SqliteSink
from commitments.models import Assembly, Commitment, Theme
from ratings import keystore, periods, sealing
from ratings.choices import COMMUNITIES, Stratum, answers
from ratings.models import Ballot, RatingPeriod
from record import clock
from record.guarded import opened

VOTERS, QUESTIONS, FIRST_KEY = 200, 20_000, 900_000
THEMES = 50
OPINIONS = ((30, 25, 20, 15, 10), (8, 12, 25, 30, 25), (45, 5, 5, 5, 40))
LIKE_TABLE = """CREATE TABLE bench_rating (id {serial}, user_id bigint NOT NULL REFERENCES accounts_user (id),
commitment_id bigint NOT NULL REFERENCES commitments_commitment (id), period varchar(7) NOT NULL,
score smallint, dont_know boolean NOT NULL, created_at {time} NOT NULL)"""


def main(address: str, ballots: str, file: str) -> None:
    """Add themes, voters, periods and so many ballots."""
    today = clock.today()
    with opened():
        _themes()
        voters = _voters()
        quarters = _quarters(today)
    names = _names()
    _fill(address, int(ballots), names, quarters)
    _like_table()
    Path(file).write_text(json.dumps(_questions(voters, names, today)))


def _themes() -> None:
    """Fifty themes in all."""
    assembly = Assembly.objects.order_by("pk").first()
    like = Theme.objects.filter(assembly=assembly).order_by("pk").first()
    if like is None:
        return
    for number in range(Theme.objects.count(), THEMES):
        like.pk, like.slug, like.order, like.position = None, f"more-{number}", 1000 + number, like.position
        like._state.adding = True
        like.save(force_insert=True)


def _voters() -> list[int]:
    people = [User(email=f"voter{number}@example.org", confirmed_at=clock.now()) for number in range(VOTERS)]
    User.objects.bulk_create(people)
    found = list(User.objects.filter(email__startswith="voter").order_by("pk"))
    Key.objects.bulk_create(
        Key(
            user=user,
            prefix=f"{keys.MARK}_{FIRST_KEY + place:08x}",
            digest=digest(token(FIRST_KEY + place)),
            scopes=["all"],
            created_at=clock.now(),
        )
        for place, user in enumerate(found)
    )
    return [user.pk for user in found]


def _quarters(today: date) -> dict[int, int]:
    """The present quarter of each assembly, by assembly."""
    found = {}
    for assembly in Assembly.objects.all():
        key = keystore.store().make(keystore.name_of(assembly.slug, periods.of(today)))
        made = {"key_check": sealing.check_value(key)}
        period, _ = RatingPeriod.objects.update_or_create(
            assembly=assembly, name=periods.of(today), defaults=made
        )
        found[assembly.pk] = period.pk
    return found


def _names() -> list[tuple[str, int, str]]:
    """What can be rated: name, assembly and, of commitments, key."""
    commitments = Commitment.objects.order_by("pk").only("reference", "assembly_id", "pk")
    themes = Theme.objects.select_related("assembly").order_by("pk")
    return [(one.record_subject, one.assembly_id, str(one.pk)) for one in commitments] + [
        (one.record_subject, one.assembly_id, "") for one in themes
    ]


def _fill(address: str, ballots: int, names: list[tuple[str, int, str]], quarters: dict[int, int]) -> None:
    if address.startswith("sqlite:///"):
        with sqlite3.connect(address.removeprefix("sqlite:///")) as opened_file:
            sink = SqliteSink(opened_file)
            _ballots(sink, ballots, names, quarters)
            sink.close()
    else:
        copying = PostgresSink(address)
        _ballots(copying, ballots, names, quarters)
        copying.close()


def _ballots(sink: Sink, ballots: int, names: list[tuple[str, int, str]], quarters: dict[int, int]) -> None:
    """Themes have ten times as many as commitments; tokens as random as real ones."""
    random = Random(7)
    asked = {question: [*answers(question), ""] for question in COMMUNITIES}
    weights = [1 if key else 10 for _, _, key in names]
    for number, (name, assembly, key) in enumerate(random.choices(names, weights, k=ballots)):
        score = random.choices((None, 1, 2, 3, 4, 5), (4, *OPINIONS[hash_of(name) % len(OPINIONS)]))[0]
        row: dict[str, Any] = {
            "token": f"{random.getrandbits(224):056x}{number:08x}",
            "period_id": quarters[assembly],
            "subject": name,
            "score": score,
            "dont_know": score is None,
            "stratum": random.choices(Stratum.values, (5, 4, 1))[0],
        }
        if not key:
            row |= {question: random.choice(among) for question, among in asked.items()}
        sink.put(Ballot, row)


def hash_of(name: str) -> int:
    """The same for a name in every run."""
    return sum(name.encode())


def _like_table() -> None:
    is_postgres = connection.vendor == "postgresql"
    serial = "bigserial PRIMARY KEY" if is_postgres else "integer PRIMARY KEY"
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_rating")
        cursor.execute(LIKE_TABLE.format(serial=serial, time="timestamptz" if is_postgres else "datetime"))
        # Not unique, though a careful table would be: each round asks the same again.
        cursor.execute("CREATE INDEX bench_whose ON bench_rating (user_id, commitment_id, period)")
        cursor.execute("CREATE INDEX bench_of_what ON bench_rating (commitment_id)")
        if is_postgres:
            cursor.execute("ANALYZE ratings_ballot")


def _questions(voters: list[int], names: list[tuple[str, int, str]], today: date) -> dict[str, Any]:
    """Each voter rates each commitment at most once here, in an order that mixes them."""
    promises = [(name.partition(":")[2], key) for name, _, key in names if key]
    asked = []
    for number in range(min(QUESTIONS, len(voters) * len(promises))):
        reference, key = promises[number % len(promises)]
        voter = (number + number // len(promises)) % len(voters)
        said = {"score": number % 5 + 1}
        asked.append(
            {
                "token": token(FIRST_KEY + voter),
                "ours": {"path": f"/api/v1/commitments/{reference}/rating/", "body": json.dumps(said)},
                "stock": {
                    "path": "/api/v1/ratings/",
                    "body": json.dumps({**said, "commitment": int(key), "period": periods.of(today)}),
                },
            }
        )
    return {"casts": asked, "subjects": [name for name, _, key in names if key]}
