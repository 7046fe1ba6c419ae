"""The walk as a table: who does what on which day, what comes of it, and what the record says then.

`{names}` in addresses, bodies and headers stand for what earlier steps kept.
"""

from dataclasses import dataclass, field
from typing import Any

RECOMMENDATION = "recommendations/WF24-R05/"
POLICE = {"organisation": "metropolitan-police"}
COMMITMENT = "commitments/{commitment}/"
CHALLENGE = "challenges/{challenge}/"
ANSWER = {**POLICE, "position": "partly_accepted", "body": "We will meet young people every month."}
PROMISE = {
    "assembly": "waltham-forest-2024",
    "recommendations": ["WF24-R05"],
    "title": "Meet young people every month in each ward",
    "owners": [
        {"team": "wf-safer-neighbourhoods", "lead": True},
        {"team": "wf-safer-neighbourhoods-central"},
    ],
    "due": {"on": "2027-03-31", "precision": "quarter", "text": "by spring"},
    "measure": "Meetings held",
    "target": "Twelve in each ward",
    "proof": "Published minutes",
}
LATER = {"on": "2027-06-30", "precision": "quarter", "text": "by summer", "reason": "Two posts are vacant."}
STILL = {"on": "2027-12-31", "precision": "quarter", "text": "by winter", "reason": "One post is vacant."}
DONE = {
    "body": "All wards have met.",
    "status": "completed",
    "evidence": [{"title": "Minutes", "url": "https://example.org/minutes"}],
}
DISPUTE = {"claim": "{second_claim}", "reason": "In our ward nobody has met."}
DECISION = {"outcome": "upheld", "reason": "One ward of twenty-two is missing."}
ONCE = {"Idempotency_Key": "the-claim"}


@dataclass(frozen=True)
class Step:
    """One request: on `day` (counted from the asking), `who` sends `body` to `path`, and this comes of it."""

    says: str
    day: int
    who: str
    path: str
    body: Any = None
    status: int = 201
    code: str = ""
    events: tuple[str, ...] = ()
    standing: str = ""
    keeps: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "POST"


def refused(says: str, day: int, who: str, path: str, body: Any, status: int, code: str, **more: Any) -> Step:
    """A step that is not allowed, and leaves nothing."""
    return Step(says, day, who, path, body, status, code, **more)


# fmt: off
STEPS = (
    refused("a stranger cannot ask", 0, "", RECOMMENDATION + "asked/", POLICE, 401, "not_signed_in"),
    refused("a responder cannot ask", 0, "responder", RECOMMENDATION + "asked/", POLICE, 403, "not_the_convenor"),
    refused("nobody answers unasked", 0, "responder", RECOMMENDATION + "responses/", ANSWER | {"reason": "Few."}, 409,
            "not_asked"),
    Step("the convenor asks the police", 0, "convenor", RECOMMENDATION + "asked/", POLICE,
         events=("recommendation.asked",)),
    refused("nobody is asked twice", 1, "convenor", RECOMMENDATION + "asked/", POLICE, 409, "already_asked"),
    refused("a team cannot answer for its body", 20, "team", RECOMMENDATION + "responses/", ANSWER | {"reason": "Few."},
            403, "not_a_responder"),
    refused("a partial yes needs a reason", 20, "responder", RECOMMENDATION + "responses/", ANSWER, 400,
            "reason_missing"),
    Step("the responder accepts in part", 20, "responder", RECOMMENDATION + "responses/", ANSWER | {"reason": "Few."},
         events=("response.published",)),
    refused("a team cannot publish a promise", 30, "team", "commitments/", PROMISE, 403, "not_a_responder"),
    Step("the responder commits", 30, "responder", "commitments/", PROMISE, events=("commitment.published",),
         keeps={"commitment": "reference"}),
    refused("a resident cannot report", 40, "resident1", COMMITMENT + "updates/",
            {"body": "?", "status": "in_progress"}, 403, "not_an_owner"),
    refused("there is nothing to judge yet", 40, "resident1", COMMITMENT + "challenges/",
            {"claim": "00000000-0000-4000-8000-000000000000", "reason": "?"}, 400, "unknown_name", standing="no_word"),
    Step("the team reports", 40, "team", COMMITMENT + "updates/", {"body": "Two wards.", "status": "in_progress"},
         events=("update.posted",), standing="on_track"),
    Step("the team asks for a later date", 60, "team", COMMITMENT + "due-date-changes/", LATER,
         events=("due_date.requested",), keeps={"first_change": "id"}),
    refused("one request waits at a time", 60, "team", COMMITMENT + "due-date-changes/", STILL, 409,
            "date_change_waits"),
    refused("an owner does not approve", 61, "responder", COMMITMENT + "due-date-changes/{first_change}/approve/", None,
            403, "not_the_convenor"),
    Step("the convenor approves it", 61, "convenor", COMMITMENT + "due-date-changes/{first_change}/approve/", None, 200,
         events=("due_date.approved",)),
    refused("a request is decided once", 61, "convenor", COMMITMENT + "due-date-changes/{first_change}/refuse/",
            {"reason": "No."}, 409, "already_decided"),
    Step("the team asks again", 90, "team", COMMITMENT + "due-date-changes/", STILL, events=("due_date.requested",),
         keeps={"second_change": "id"}),
    Step("the convenor refuses it", 91, "convenor", COMMITMENT + "due-date-changes/{second_change}/refuse/",
         {"reason": "One vacancy delays nothing."}, 200, events=("due_date.refused",)),
    refused("a claim must be shown", 100, "team", COMMITMENT + "updates/",
            {"body": "Done.", "status": "completed"}, 400, "evidence_missing"),
    Step("the team claims completion", 100, "team", COMMITMENT + "updates/", DONE, events=("update.posted",),
         standing="claimed", keeps={"first_claim": "id"}, headers=ONCE),
    Step("the same claim sent again", 100, "team", COMMITMENT + "updates/", DONE, keeps={"replayed_claim": "id"},
         standing="claimed", headers=ONCE),
    refused("its key does not serve for another", 100, "team", COMMITMENT + "updates/", DONE | {"body": "More."}, 422,
            "idempotency_key_reused", headers=ONCE),
    refused("the team does not verify", 110, "team", COMMITMENT + "verifications/",
            {"claim": "{first_claim}", "finding": "verified", "reason": "We did."}, 403, "not_on_the_panel"),
    refused("the convenor does not verify", 110, "convenor", COMMITMENT + "verifications/",
            {"claim": "{first_claim}", "finding": "verified", "reason": "They did."}, 403, "not_on_the_panel"),
    Step("the panel finds it not done", 110, "panel", COMMITMENT + "verifications/",
         {"claim": "{first_claim}", "finding": "not_verified", "reason": "Two wards."},
         events=("verification.published",), standing="contested"),
    Step("the team claims again", 120, "team", COMMITMENT + "updates/", DONE, events=("update.posted",),
         standing="claimed", keeps={"second_claim": "id"}),
    refused("the old claim is judged no more", 121, "panel", COMMITMENT + "verifications/",
            {"claim": "{first_claim}", "finding": "verified", "reason": "Late."}, 409, "not_the_present_claim"),
    refused("the convenor takes no side", 125, "convenor", COMMITMENT + "challenges/", DISPUTE, 403,
            "judges_take_no_side"),
    refused("an owner does not judge", 125, "team", COMMITMENT + "challenges/", DISPUTE, 403, "owners_do_not_judge"),
    Step("a resident proposes a challenge", 125, "resident1", COMMITMENT + "challenges/", DISPUTE,
         events=("challenge.proposed",), standing="claimed", keeps={"challenge": "id"}),
    refused("one person disputes a claim once", 125, "resident1", COMMITMENT + "challenges/", DISPUTE, 409,
            "already_challenged"),
    refused("support waits for admission", 125, "resident2", CHALLENGE + "support/", None, 409,
            "challenge_not_admitted"),
    refused("a resident does not admit", 125, "resident2", CHALLENGE + "admit/", None, 403, "not_the_convenor"),
    Step("the convenor admits it", 126, "convenor", CHALLENGE + "admit/", None, 200, events=("words.published",)),
    refused("an owner does not support", 126, "team", CHALLENGE + "support/", None, 403, "owners_do_not_judge"),
    refused("the proposer has a voice already", 126, "resident1", CHALLENGE + "support/", None, 409,
            "already_supported"),
    refused("what is not open is not answered", 126, "team", CHALLENGE + "reply/", {"body": "We have."}, 409,
            "challenge_not_open"),
    Step("a second resident supports it", 127, "resident2", CHALLENGE + "support/", None, 200),
    Step("a third resident supports it", 128, "resident3", CHALLENGE + "support/", None, 200),
    Step("a fourth resident supports it", 129, "resident4", CHALLENGE + "support/", None, 200, standing="claimed"),
    Step("with the fifth it opens", 130, "resident5", CHALLENGE + "support/", None, 200, events=("challenge.opened",),
         standing="contested"),
    refused("what is open is not withdrawn", 130, "resident1", CHALLENGE + "withdraw/", None, 409,
            "challenge_already_open"),
    refused("nothing is resolved before the answer", 131, "convenor", CHALLENGE + "resolve/", DECISION, 409,
            "resolved_too_early"),
    Step("the convenor reads it", 131, "convenor", CHALLENGE, None, 200, method="GET", keeps={"read": "ETag"}),
    refused("a resident does not reply", 132, "resident1", CHALLENGE + "reply/", {"body": "?"}, 403, "not_an_owner"),
    Step("the team replies", 132, "team", CHALLENGE + "reply/", {"body": "That meeting was cancelled."}, 200,
         events=("challenge.answered",), standing="contested"),
    refused("what was read before the reply is stale", 133, "convenor", CHALLENGE + "resolve/", DECISION, 412,
            "stale", headers={"If_Match": "{read}"}),
    Step("the convenor reads it anew", 133, "convenor", CHALLENGE, None, 200, method="GET", keeps={"read": "ETag"}),
    Step("a stranger writes in between", 134, "resident6", COMMITMENT + "challenges/", DISPUTE,
         events=("challenge.proposed",), keeps={"other": "id"}),
    Step("and supports the first as well", 134, "resident6", CHALLENGE + "support/", None, 200),
    refused("a proposal is its proposer's", 134, "resident2", "challenges/{other}/withdraw/", None, 403,
            "not_your_challenge"),
    Step("and takes the own one back", 134, "resident6", "challenges/{other}/withdraw/", None, 200,
         events=("challenge.withdrawn",)),
    refused("an owner does not resolve", 135, "team", CHALLENGE + "resolve/", DECISION, 403, "not_the_convenor"),
    Step("the convenor upholds it", 135, "convenor", CHALLENGE + "resolve/", DECISION, 200,
         events=("challenge.resolved",), standing="contested", headers={"If_Match": "{read}"}),
    refused("it is resolved once", 136, "convenor", CHALLENGE + "resolve/", DECISION, 409, "challenge_closed"),
)
# fmt: on
