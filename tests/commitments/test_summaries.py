"""Summaries: SQL counts what plain Python counts, and what is remembered goes with the entry that could change it."""

import random
import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Organisation, Team, User
from commitments import actions, summaries
from commitments.choices import CommitmentStage, Finding, Precision, Status
from commitments.models import Answering, Assembly, Commitment, Owner, ProgressUpdate, Recommendation, Theme
from record.guarded import opened
from record.ledger import revise
from record.models import Head
from record.remembering import Remembered
from tests import make, summary_twin

TODAY = make.TODAY
ROWS, THEMES, BODIES = 60, 3, 2


class Register:
    """Themes with two recommendations each, bodies with two teams each, and one claim that rows may name."""

    def __init__(self) -> None:
        with opened():
            self.assembly = Assembly.objects.create(slug="wf", prefix="WF24", title="Assembly")
            self.themes = [
                Theme.objects.create(assembly=self.assembly, slug=f"t{n}", title="T") for n in range(THEMES)
            ]
            self.recommendations = [
                Recommendation.objects.create(
                    reference=f"WF24-R{n:02d}", number=n, assembly=self.assembly, theme=theme, title="R"
                )
                for n, theme in enumerate([*self.themes, *self.themes, None])
            ]
            self.bodies = [
                Organisation.objects.create(slug=f"b{n}", name="B", kind="police_force")
                for n in range(BODIES)
            ]
            self.teams = [
                Team.objects.create(slug=f"t{n}", name="T", organisation=self.bodies[n % BODIES])
                for n in range(2 * BODIES)
            ]
            author = User.objects.create_user("team@example.org")
            first = Commitment.objects.create(
                reference="WF24-C000", number=0, assembly=self.assembly, title="C", stage="accepted",
                accepted_on=TODAY,
            )  # fmt: skip
            self.claim = ProgressUpdate.objects.create(
                commitment=first, team=self.teams[0], author=author, posted_on=TODAY, lead=True,
                status=Status.COMPLETED, is_claim=True, body="Done.",
            )  # fmt: skip

    def fill(self, chance: random.Random) -> None:
        """Commitments in any state, each under some recommendations, with some owners."""
        rows = Commitment.objects.bulk_create(self._row(chance, number) for number in range(1, ROWS + 1))
        for row in rows:
            asked = chance.sample(self.recommendations, chance.randint(0, 4))
            Answering.objects.bulk_create(Answering(commitment=row, recommendation=one) for one in asked)
            for place, team in enumerate(chance.sample(self.teams, chance.randint(0, 3))):
                Owner.objects.create(
                    commitment=row, organisation=team.organisation, team=team, lead=place == 0,
                    accepted_on=chance.choice([None, TODAY]) if row.accepted_on else None,
                    ended_on=chance.choice([None, None, TODAY]), passed_to=chance.choice([None, None, team]),
                )  # fmt: skip

    def _row(self, chance: random.Random, number: int) -> Commitment:
        def day() -> date:
            return TODAY + timedelta(days=chance.choice([-300, -91, -90, -30, -1, 0, 1, 60]))

        status = chance.choice([None, *Status.values])
        accepted = status is not None or chance.random() < 0.5
        claim: dict[str, Any] = {}
        if status == Status.COMPLETED:
            claim = {
                "claim": self.claim, "claimed_on": day(), "verify_by": day(),
                "finding": chance.choice([None, *Finding.values]), "disputed": chance.random() < 0.3,
                "refuted_on": chance.choice([None, None, TODAY]),
            }  # fmt: skip
        first = chance.choice([None, day()])
        due: dict[str, Any] = {}
        if first:
            due = {
                "first_due_on": first,
                "due_on": chance.choice([first, day()]),
                "due_precision": Precision.DAY,
            }
        texts = {name: chance.choice(["", "x"]) for name in ("measure", "target", "proof")}
        return Commitment(
            reference=f"WF24-C{number:03d}", number=number, assembly=self.assembly, title="C", entered_from=[],
            stage=CommitmentStage.ACCEPTED if accepted else CommitmentStage.ENTERED, status=status,
            accepted_on=TODAY if accepted else None,
            update_due_on=chance.choice([None, day()]) if accepted else None, **claim, **due, **texts,
        )  # fmt: skip


@pytest.mark.django_db
@settings(max_examples=15)
@given(seed=st.integers(0, 2**32))
def test_sql_and_python_count_the_same(seed: int) -> None:
    chance = random.Random(seed)
    with opened():
        register = Register()
        register.fill(chance)
        check_twins(register, TODAY + timedelta(days=chance.choice([-1, 0, 1, 91])))
        for rows in (Answering, Owner, ProgressUpdate, Commitment, Recommendation, Theme, Assembly, Team):
            if rows is ProgressUpdate:
                Commitment.objects.filter(status=Status.COMPLETED).delete()
            rows.objects.all().delete()
        Organisation.objects.all().delete()
        User.objects.all().delete()


def check_twins(register: Register, today: date) -> None:
    """Compare every theme, body and team."""
    found = summaries.of_themes([theme.pk for theme in register.themes], today)
    for theme in register.themes:
        rows = Commitment.objects.filter(answering__recommendation__theme=theme).distinct()
        assert found[theme.pk] == summary_twin.summary(rows, today)
    bodies = summaries.of_organisations([body.pk for body in register.bodies], today)
    accepted = Owner.objects.filter(accepted_on__isnull=False)
    owned = accepted.filter(ended_on=None)
    for body in register.bodies:
        rows = Commitment.objects.filter(pk__in=owned.filter(organisation=body).values("commitment"))
        assert bodies[body.pk] == summary_twin.card(rows, today)
    teams = summaries.of_teams([team.pk for team in register.teams], today)
    for team in register.teams:
        passed_on = accepted.filter(passed_to__isnull=False)
        rows = Commitment.objects.filter(pk__in=(owned | passed_on).filter(team=team).values("commitment"))
        assert teams[team.pk] == summary_twin.card(rows, today)


@pytest.mark.django_db
def test_the_three_scorecards_count_the_same_promise_alike() -> None:
    assembly = make.assembly()
    theme = make.theme(assembly)
    recommendation = make.recommendation(assembly, theme=theme)
    made = make.commitment(assembly, recommendations=[recommendation], due=make.DUE)
    lead = made.owners.get(lead=True)
    assert made.due_on is not None
    assert lead.team is not None
    actions.ask(recommendation, by=make.convenor(assembly.slug), today=TODAY, organisation=lead.organisation)
    moved = actions.request_due_date(
        made, by=make.member(lead.team), today=TODAY, reason="Staff left.",
        due=type(make.DUE)(made.due_on + timedelta(days=300), "day", "later"),
    )  # fmt: skip
    actions.approve_due_date(moved, by=make.convenor(assembly.slug), today=TODAY)
    later = made.due_on + timedelta(days=1)
    cards = [
        summaries.of_themes([theme.pk], later)[theme.pk]["scorecard"],
        summaries.of_organisations([lead.organisation_id], later)[lead.organisation_id],
        summaries.of_teams([lead.team.pk], later)[lead.team.pk],
    ]
    alike = {
        "promised": 1, "verified": 0, "claimed": 0, "late": 0, "late_first": 1, "silent": 1, "contested": 0,
        "not_measurable": 1, "unanswered_challenges": 0,
    }  # fmt: skip
    for card, asked in zip(cards, (1, 1, 0), strict=True):
        assert card == {**alike, "unanswered": asked, "unanswered_recommendations": asked}


@pytest.mark.usefixtures("committed_db")
def test_a_summary_is_counted_anew_only_when_something_it_rests_on_may_have_changed() -> None:

    mine, other = make.assembly("mine"), make.assembly("other")
    theme = make.theme(mine)

    def queries(today: date = TODAY) -> int:
        with CaptureQueriesContext(connection) as asked:
            summaries.of_themes([theme.pk], today)
        return len(asked)

    def counted() -> int:
        found: int = summaries.of_themes([theme.pk], TODAY)[theme.pk]["commitments"]
        return found

    anew, known = 4, 1
    assert (queries(), queries()) == (anew, known)
    made = make.commitment(other)
    assert queries() == anew, "a body came with it, which belongs to no assembly"
    make.claim(made)
    assert queries() == known, "an entry of another assembly changes nothing here"
    assert queries(TODAY + timedelta(days=1)) == anew, "London midnight"
    assert queries() == anew
    with transaction.atomic(), opened():
        revise()
    assert (queries(), queries()) == (anew, known)
    make.commitment(mine, recommendations=[make.recommendation(mine, theme=theme)])
    assert counted() == 1


@pytest.mark.usefixtures("committed_db")
def test_what_a_transaction_counted_is_not_remembered() -> None:

    made = make.commitment()
    owner = made.owners.get(lead=True)

    def promised() -> int:
        found: int = summaries.of_organisations([owner.organisation_id], TODAY)[owner.organisation_id][
            "promised"
        ]
        return found

    with transaction.atomic():
        make.commitment(made.assembly, lead=owner.team)
        assert promised() == 2
        transaction.set_rollback(True)
    position = Head.objects.get().position
    make.person()
    assert promised() == 1
    assert Head.objects.get().position == position


def test_one_thread_counts_while_others_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    remembered, asked, gate = Remembered(), [], threading.Barrier(4)
    monkeypatch.setattr("record.remembering.connection", type("Free", (), {"in_atomic_block": False}))

    def compute(keys: list[int]) -> dict[int, str]:
        asked.append(list(keys))
        threading.Event().wait(0.05)
        return dict.fromkeys(keys, "counted")

    def ask() -> None:
        gate.wait()
        assert remembered.get({1: "mark", 2: "mark"}, compute) == {1: "counted", 2: "counted"}

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert asked == [[1, 2]]
    assert remembered.get({1: "mark", 2: "another"}, compute) == {1: "counted", 2: "counted"}
    assert asked[-1] == [2]


def test_the_least_recently_asked_for_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("record.remembering.connection", type("Free", (), {"in_atomic_block": False}))
    remembered, asked = Remembered(most=2), []

    def compute(keys: list[int]) -> dict[int, int]:
        asked.extend(keys)
        return {key: key for key in keys}

    for key in (1, 2, 1, 3, 1, 2):
        assert remembered.get({key: 0}, compute) == {key: key}
    assert asked == [1, 2, 3, 2]
