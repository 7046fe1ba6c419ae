"""Action plans with vague deadlines pass through whole; a deadline is missed only after the last day of its period."""

import json
from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts import actions as accounts
from accounts.models import Organisation, Role, User
from commitments import actions
from commitments.actions import tick
from commitments.choices import Precision
from commitments.models import Commitment, Milestone
from commitments.promises import Ownership
from record import clock
from record.models import Entry
from tests import make
from tests.contract import CheckingClient
from tests.foreign import nap, vague
from tests.foreign.holding import V1, check_whole, entered, paged
from tests.foreign.nap import FIFTH, SIXTH, Plan
from tests.foreign.sources import MADE_UP, Row, of_others, table
from tests.foreign.vague import Deadline

pytestmark = pytest.mark.django_db
BEGIN, LATER, DAY = date(2021, 12, 1), date(2031, 1, 1), timedelta(days=1)
Counts = dict[str, int]


def check_plan(api: CheckingClient, rows: list[Row], plan: Plan) -> tuple[Counts, Counts]:
    """Bring a plan in, let its departments accept it, and watch its deadlines pass; rules and precisions counted."""
    file = nap.record_of(rows, plan)
    entered(file)
    check_whole(api, file)
    check_levels(rows, plan)
    deadlines = [nap.deadline(row, plan) for row in rows]
    check_dates(api, rows, deadlines)
    accept_all(rows, deadlines)
    check_passing(api, deadlines)
    check_ticks(deadlines)
    return Counter(one.rule for one in deadlines), Counter(str(one.due.precision) for one in deadlines)


def check_levels(rows: list[Row], plan: Plan) -> None:
    """Headings, their milestones and indicators are found under each other, as many as the plan has."""
    plain = Client()
    for level, under in (("commitment_code", "theme"), ("milestone_code", "recommendation")):
        codes = list(dict.fromkeys(row[level] for row in rows))
        names = [code.lower() for code in codes]
        if under == "recommendation":
            names = [f"{plan.prefix}-R{number:02d}" for number in range(1, len(codes) + 1)]
        for code, name in zip(codes, names, strict=True):
            found = list(paged(plain, f"{V1}/commitments/?{under}={name}&page_size=100"))
            assert len(found) == sum(row[level] == code for row in rows)


def check_dates(api: CheckingClient, rows: list[Row], deadlines: list[Deadline]) -> None:
    """Each deadline is kept with its precision and the source's words, and no clock runs yet."""
    kept = list(Commitment.objects.order_by("number"))
    assert [(one.due_on, one.due_precision, one.due_text) for one in kept] == [
        (one.due.ends_on, one.due.precision, " ".join(row["deadline_text_en"].split()))
        for one, row in zip(deadlines, rows, strict=True)
    ]
    shown = [one["due"] for one in paged(api, f"{V1}/commitments/?page_size=100")]
    assert [(one["precision"], one["text"]) for one in shown] == [
        (one.due_precision, one.due_text) for one in kept
    ]
    with clock.at(datetime.combine(LATER, time.min, tzinfo=clock.LONDON)):
        assert not Commitment.objects.overdue(LATER).exists()
        assert {one["days_late"] for one in shown} == {None}


def accept_all(rows: list[Row], deadlines: list[Deadline]) -> None:
    """Every department accepts what is its own, and adds the steps that its words name."""
    with clock.at(datetime.combine(BEGIN, time.min, tzinfo=clock.LONDON)):
        people = {body.slug: responder_with_team(body) for body in Organisation.objects.all()}
        kept = Commitment.objects.order_by("number").prefetch_related("owners__organisation")
        for one, deadline in zip(kept, deadlines, strict=True):
            bodies = [owner.organisation.slug for owner in one.owners.all()]
            owners = [Ownership(people[body][1], lead=body == bodies[0]) for body in bodies]
            by = people[bodies[0]][0]
            actions.accept(one, by=by, today=BEGIN, owners=owners)
            for step in deadline.steps:
                actions.add_milestone(one, by=by, today=BEGIN, title=one.due_text[:300], due_on=step)


def responder_with_team(body: Organisation) -> tuple[User, Any]:
    """Somebody who answers for a department, and the team that will own what it promised."""
    team = accounts.publish_team(
        f"{body.slug}-team", by=make.convenor(), today=BEGIN, name=body.name, organisation=body
    )
    user = make.responder(body)
    accounts.grant_role(user, Role.TEAM_MEMBER, team=team)
    return user, team


def check_passing(api: CheckingClient, deadlines: list[Deadline]) -> None:
    """On the last day of its period nothing is late, a day later it is; what is ongoing never."""
    last_days = {one.due.ends_on for one in deadlines if one.due.ends_on}
    for day in sorted(last_days):
        due = Commitment.objects.filter(due_on=day)
        assert not due.overdue(day).exists()
        assert (
            due.overdue(day + DAY).count() == due.count() == sum(one.due.ends_on == day for one in deadlines)
        )
    assert not Commitment.objects.filter(due_precision=Precision.ONGOING).overdue(LATER).exists()
    for text in {one.due.text: one for one in deadlines if one.due.ends_on}.values():
        reference = Commitment.objects.filter(due_text=text.due.text).order_by("number")[0].reference
        assert [shown_late(api, reference, text, days) for days in (0, 1)] == [(False, 0), (True, 1)]


def shown_late(api: CheckingClient, reference: str, deadline: Deadline, days: int) -> tuple[bool, int]:
    """What the API shows of a commitment, so many days after the last day of its period."""
    assert deadline.due.ends_on
    with clock.at(make.noon(deadline.due.ends_on + timedelta(days=days))):
        shown = api.get(f"{V1}/commitments/{reference}/").json()
    return shown["overdue"], shown["due"]["days_late"]


def check_ticks(deadlines: list[Deadline]) -> None:
    """The clock writes each of them once, dated the day after; and every step that passed undone."""
    with clock.at(datetime.combine(LATER, time.min, tzinfo=clock.LONDON)):
        tick(LATER)
        assert tick(LATER) == 0
    wrote = {kind: Counter[date]() for kind in ("commitment.overdue", "milestone.overdue")}
    for entry in Entry.objects.filter(type__in=wrote):
        due_on = date.fromisoformat(json.loads(bytes(entry.body))["facts"]["due_on"])
        assert entry.occurred_on == due_on + DAY
        wrote[entry.type][due_on] += 1
    assert wrote["commitment.overdue"] == Counter(one.due.ends_on for one in deadlines if one.due.ends_on)
    assert wrote["milestone.overdue"] == Counter(step for one in deadlines for step in one.steps)
    assert Milestone.objects.count() == sum(len(one.steps) for one in deadlines)


def agreement(rows: list[Row], plan: Plan) -> Counts:
    """How our last day compares with the month that the source states in a column of its own."""
    found: Counter[str] = Counter()
    for row in rows:
        deadline = nap.deadline(row, plan)
        months = [f"{day:%Y-%m}" for day in (deadline.due.ends_on, *deadline.steps) if day]
        if row["due_date"]:
            same = row["due_date"] in months
            found["same" if same else "other" if months else "ongoing"] += 1
    return found


def test_106_indicators_of_a_plan_pass_through_with_their_vague_deadlines(api: CheckingClient) -> None:
    rows = table(of_others("canada-nap/nap5-indicators.csv"))
    assert (len(rows), len({row["milestone_code"] for row in rows})) == (106, 19)
    rules, precisions = check_plan(api, rows, FIFTH)
    assert precisions == {"month": 54, "ongoing": 20, "year": 17, "season": 15}
    assert rules["ongoing"] == sum(row["deadline_text_en"] == "Ongoing" for row in rows) == 17
    # 19 go on for ever, whatever month stands beside; one says March 2023 in words and March 2024 beside them.
    assert agreement(rows, FIFTH) == {"same": 85, "ongoing": 19, "other": 1}


def test_65_indicators_of_the_next_plan_pass_through_too(api: CheckingClient) -> None:
    rows = table(of_others("canada-nap/nap6-indicators.csv"))
    assert (len(rows), len({row["milestone_code"] for row in rows})) == (65, 19)
    rules, precisions = check_plan(api, rows, SIXTH)
    assert precisions == {"year": 24, "season": 17, "month": 15, "ongoing": 8, "quarter": 1}
    assert rules["comes round until a year"] == 7
    assert max(len(row["deadline_text_en"]) for row in rows) == 322


def test_a_made_up_plan_passes_through_the_same_way(api: CheckingClient) -> None:
    rows = table(MADE_UP / "plan.csv")
    rules, precisions = check_plan(api, rows, FIFTH)
    assert precisions.keys() == set(Precision.values)
    assert set(rules) == {rule for rule, *_ in vague.RULES} - {"a month"} | {"several dates, the last counts"}
    assert Counter(len(one.owners.filter(ended_on=None)) for one in Commitment.objects.all()) == {1: 13, 2: 1}
    assert agreement(rows, FIFTH) == {"same": 5, "ongoing": 1}


@pytest.mark.parametrize("text", ["Soon", "When the ducks come back", "By then and later", ""])
def test_words_that_no_rule_reads_are_not_dropped_in_silence(text: str) -> None:
    with pytest.raises(vague.Unreadable):
        vague.read(text, 2029)


@pytest.mark.parametrize(
    ("text", "last_day", "precision"),
    [
        ("By winter 2025", date(2026, 2, 28), "season"),
        ("By fall 2022", date(2022, 11, 30), "season"),
        ("By end of 2028", date(2028, 12, 31), "year"),
        ("2026-27", date(2027, 3, 31), "month"),
        ("By February 2024", date(2024, 2, 29), "month"),
        ("By early 2026", date(2026, 3, 31), "quarter"),
        ("By 1 May 2026", date(2026, 5, 1), "day"),
        ("Ongoing", None, "ongoing"),
    ],
)
def test_a_deadline_ends_with_the_last_day_that_its_words_name(
    text: str, last_day: date | None, precision: str
) -> None:
    due = vague.read(text, 2029).due
    assert (due.ends_on, due.precision, due.text) == (last_day, precision, text)
