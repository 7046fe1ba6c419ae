"""Each type of event as a sentence."""

from typing import Any

import pytest

from commitments import sentences, subjects
from record.event_types import EVENT_TYPES

C: dict[str, Any] = {"commitment": "WF24-C012"}
MOVE: dict[str, Any] = {"old": {"on": "2026-03-31", "precision": "quarter"}}
NAMES = {"team:north": "North team", "organisation:mps": "The Met", "team:youth": "Youth team"}


def said(kind: str, actor: str = "team:north", subject: str = "commitment:WF24-C012", **facts: Any) -> str:
    """The sentence of an entry."""
    return sentences.sentence(kind, actor, subject, "commitment:WF24-C012", facts, NAMES)


def test_every_event_type_has_a_sentence() -> None:
    assert set(EVENT_TYPES) - set(sentences.SENTENCES) - set(sentences._FORKS) == set()


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("North team says that WF24-C012 is in progress", said("update.posted", lead=True, status="in_progress", **C)),
        ("North team claims that WF24-C012 is completed",
         said("update.posted", lead=True, status="completed", claim=True, **C)),
        ("North team says that its part of WF24-C012 is completed",
         said("update.posted", lead=False, team_status="completed", **C)),
        ("North team says that WF24-C012 is superseded", said("update.posted", lead=True, status="superseded", **C)),
        ("The Met rejects WF24-R03, 1 day late", said("response.published", organisation="mps", position="rejected",
                                                      recommendation="WF24-R03", late_by_days=1)),
        ("The convenor of wf enters from a source: The Met accepts in part WF24-R03",
         said("response.published", "convenor:wf", organisation="mps", position="partly_accepted",
              recommendation="WF24-R03", entered_from=[{}])),
        ("The Met has not answered WF24-R03, which was due by 3 August 2026",
         said("recommendation.no_response", organisation="mps", recommendation="WF24-R03", due_on="2026-08-03")),
        ("The panel of wf finds that WF24-C012 is not completed, as claimed",
         said("verification.published", "panel:wf", finding="not_verified", **C)),
        ("The panel of wf finds that WF24-C012 is completed, as claimed",
         said("verification.published", "panel:wf", finding="verified", **C)),
        ("North team asks to move the due date of WF24-C012 from 31 March 2026 to ongoing",
         said("due_date.requested", new={"on": None, "precision": "ongoing"}, **MOVE, **C)),
        ("The due date of WF24-C012 moves from no date to 1 May 2026, as North team asked",
         said("due_date.approved", asked_by="team:north", old={"on": None, "precision": ""},
              new={"on": "2026-05-01", "precision": "day"}, **C)),
        ("WF24-C012 passes to Youth team and The Met",
         said("commitment.handed_over", owners=[{"team": "youth"}, {"team": None, "organisation": "mps"}])),
        ("WF24-C012 is split into A, B and C", said("commitment.split", into=["A", "B", "C"])),
        ("WF24-C012 is merged into WF24-C020", said("commitment.merged", into="WF24-C020")),
        ("WF24-C012 is overdue: it was due by 31 March 2026", said("commitment.overdue", "clock", due_on="2026-03-31")),
        ("Residents challenge the claim that WF24-C012 is complete; a reply is due by 3 August 2026",
         said("challenge.opened", "resident", voice="resident", reply_due_on="2026-08-03", **C)),
        ("A challenge of WF24-C012 is partly upheld", said("challenge.resolved", outcome="partly_upheld", **C)),
        ("North team answers a challenge of WF24-C012, 3 days late", said("challenge.answered", late_by_days=3, **C)),
        ("The convenor of wf says that the team north has ended",
         said("team.corrected", "convenor:wf", "team:north", new={"ended_on": "2026-01-01"})),
        ("The target of WF24-C012 is corrected, as The Met asked",
         said("commitment.corrected", field="target", requested_by="organisation:mps")),
        ("The owners of WF24-C012 are corrected, as The Met asked",
         said("commitment.corrected", field="owners", requested_by="organisation:mps")),
        ("The date of a step of WF24-C012 is corrected, as The Met asked",
         said("commitment.corrected", field="milestone", requested_by="organisation:mps")),
        ("unknown-team: something new", said("something.new", "team:unknown-team")),
    ],
)  # fmt: skip
def test_a_sentence_is_plain(sentence: str, told: str) -> None:
    assert told == sentence


def test_names_break_no_sentence() -> None:
    names = {"team:north": "{it} \u202eNorth\x07"}
    told = sentences.sentence("commitment.accepted", "team:north", "commitment:A", "commitment:A", {}, names)
    assert told == "{it} North\ufffd accepts A"


@pytest.mark.parametrize(
    ("subject", "root", "path"),
    [
        ("theme:wf/be-there", "assembly:wf", "assemblies/wf/themes/be-there/"),
        ("update:U", "commitment:A", "updates/U/"),
        ("correction:X", "update:U", "updates/U/corrections/"),
        ("correction:X", "recommendation:R", "recommendations/R/corrections/"),
        ("response:X", "recommendation:R", "recommendations/R/responses/X/"),
        ("asked:X", "recommendation:R", "recommendations/R/"),
        ("milestone:X", "commitment:A", "commitments/A/milestones/"),
        ("something:X", "else:Y", "events/7/"),
    ],
)
def test_every_subject_can_be_read_somewhere(subject: str, root: str, path: str) -> None:
    assert subjects.path_to(subject, root, 7) == f"/api/v1/{path}"
