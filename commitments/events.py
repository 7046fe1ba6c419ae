"""What can happen in the domain: every event type, and the only facts and words that an entry of it may hold.

Facts enter the leaf as they are; words enter it as salted hashes and can be redacted. Organisations and teams have
theirs in `accounts.events`. The types of ratings, figures, holds and redactions are declared here with the others, so
that one page lists all that the record can say.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from record.event_types import declare

WORDS_OF_A_COMMITMENT = ["title", "body", "measure", "baseline", "target", "proof", "due_text"]
FACTS_OF_A_COMMITMENT = [
    "assembly",
    "recommendations",
    "owners",
    "areas",
    "due",
    "stage",
    "measurable",
    "update_due_on",
]
SOURCE, SOURCE_NOTES = "entered_from", "source_notes"
# Of what was seen at data.police.uk: whose, on which day, at which address and under which licence.
SEEN = ["force", "neighbourhood", "seen_on", "source"]
FACTS_OF_A_NEIGHBOURHOOD = ["population", "latitude", "longitude"]

AREA_PUBLISHED = declare(
    "area.published",
    facts=["name", "kind", "vintage", "parent", "latitude", "longitude", SOURCE],
    words=[SOURCE_NOTES],
)
AREA_CORRECTED = declare("area.corrected", facts=["old", "new"], words=["reason"])

ASSEMBLY_PUBLISHED = declare(
    "assembly.published",
    facts=["prefix", "area", "held", "held_from", "held_to", "facts", "clocks", SOURCE],
    words=["title", "question", "reported", SOURCE_NOTES],
)
ASSEMBLY_CORRECTED = declare("assembly.corrected", facts=["old", "new"], words=["reason"])

THEME_PUBLISHED = declare(
    "theme.published",
    facts=["order", "origin", "sources"],
    words=["title", "summary", "findings", SOURCE_NOTES],
)
THEME_CORRECTED = declare("theme.corrected", facts=["field"], words=["old", "new", "reason"])

RECOMMENDATION_PUBLISHED = declare(
    "recommendation.published",
    facts=["assembly", "number", "theme", "theme_assigned_by", SOURCE],
    words=["title", "body", SOURCE_NOTES],
)
RECOMMENDATION_ASKED = declare("recommendation.asked", facts=["recommendation", "organisation", "due_on"])
RECOMMENDATION_CORRECTED = declare(
    "recommendation.corrected", facts=["correction", "field"], words=["old", "new", "reason"]
)
RECOMMENDATION_NO_RESPONSE = declare(
    "recommendation.no_response", facts=["recommendation", "organisation", "due_on"]
)

RESPONSE_PUBLISHED = declare(
    "response.published",
    facts=["recommendation", "organisation", "position", "late_by_days", "answered_on", SOURCE],
    words=["body", "reason", SOURCE_NOTES],
)

COMMITMENT_PUBLISHED = declare(
    "commitment.published", facts=FACTS_OF_A_COMMITMENT, words=WORDS_OF_A_COMMITMENT
)
COMMITMENT_ENTERED = declare(
    "commitment.entered",
    facts=[*FACTS_OF_A_COMMITMENT, SOURCE, "readings"],
    words=[*WORDS_OF_A_COMMITMENT, "reported_state", "notes", SOURCE_NOTES],
)
COMMITMENT_ACCEPTED = declare("commitment.accepted", facts=["owners", "update_due_on"])
COMMITMENT_CORRECTED = declare(
    "commitment.corrected",
    facts=["correction", "field", "milestone", "requested_by", "old_value", "new_value"],
    words=["old", "new", "reason", "decision_reason"],
)
COMMITMENT_OVERDUE = declare("commitment.overdue", facts=["due_on"])
COMMITMENT_VERY_LATE = declare("commitment.very_late", facts=["due_on"])
COMMITMENT_SILENT = declare("commitment.silent", facts=["update_due_on"])
COMMITMENT_ABANDONED = declare("commitment.abandoned", facts=["update"], words=["reason"])
COMMITMENT_SUPERSEDED = declare("commitment.superseded", facts=["by"], words=["reason"])
COMMITMENT_SPLIT = declare("commitment.split", facts=["into"], words=["reason"])
COMMITMENT_MERGED = declare("commitment.merged", facts=["into"], words=["reason"])
COMMITMENT_HAND_OVER_OFFERED = declare(
    "commitment.hand_over_offered", facts=["to", "owners", "reorganised"], words=["reason"]
)
COMMITMENT_HAND_OVER_REFUSED = declare(
    "commitment.hand_over_refused", facts=["to", "offered_on"], words=["reason"]
)
COMMITMENT_HAND_OVER_WITHDRAWN = declare(
    "commitment.hand_over_withdrawn", facts=["to", "offered_on"], words=["reason"]
)
COMMITMENT_HANDED_OVER = declare(
    "commitment.handed_over",
    facts=["old_owners", "owners", "offered_on", "update_due_on", "reorganised"],
    words=["reason"],
)

UPDATE_POSTED = declare(
    "update.posted",
    facts=[
        "commitment",
        "team",
        "lead",
        "status",
        "team_status",
        "claim",
        "nothing_to_report",
        "verify_by",
        "update_due_on",
        "evidence",
    ],
    words=["body", "reason", "evidence_titles", "evidence_urls"],
)
UPDATE_CORRECTED = declare("update.corrected", facts=["correction", "field"], words=["old", "new", "reason"])

MILESTONE_ADDED = declare("milestone.added", facts=["commitment", "due_on"], words=["title"])
MILESTONE_DONE = declare("milestone.done", facts=["commitment", "due_on", "done_on"])
MILESTONE_OVERDUE = declare("milestone.overdue", facts=["commitment", "due_on"])

DUE_DATE_REQUESTED = declare(
    "due_date.requested", facts=["commitment", "team", "old", "new"], words=["text", "reason"]
)
DUE_DATE_APPROVED = declare(
    "due_date.approved", facts=["commitment", "old", "new", "asked_by"], words=["reason"]
)
DUE_DATE_REFUSED = declare(
    "due_date.refused", facts=["commitment", "old", "new", "asked_by"], words=["reason"]
)
DUE_DATE_CLOSED = declare("due_date.closed", facts=["commitment", "asked_by"])

CORRECTION_REQUESTED = declare(
    "correction.requested",
    facts=["commitment", "field", "milestone", "old_value", "new_value"],
    words=["old", "new", "reason"],
)
CORRECTION_REFUSED = declare("correction.refused", facts=["commitment", "field"], words=["reason"])
CORRECTION_CLOSED = declare("correction.closed", facts=["commitment", "field"])

VERIFICATION_PUBLISHED = declare(
    "verification.published", facts=["commitment", "claim", "finding"], words=["reason"]
)

CHALLENGE_PROPOSED = declare("challenge.proposed", facts=["commitment", "claim", "voice"], words=["reason"])
CHALLENGE_OPENED = declare(
    "challenge.opened", facts=["commitment", "claim", "voice", "supporters", "reply_due_on"], words=["reason"]
)
CHALLENGE_ANSWERED = declare(
    "challenge.answered", facts=["commitment", "team", "late_by_days"], words=["reply"]
)
CHALLENGE_UNANSWERED = declare("challenge.unanswered", facts=["commitment", "reply_due_on"])
CHALLENGE_RESOLVED = declare("challenge.resolved", facts=["commitment", "claim", "outcome"], words=["reason"])
CHALLENGE_WITHDRAWN = declare("challenge.withdrawn", facts=["commitment"])
CHALLENGE_REFUSED = declare("challenge.refused", facts=["commitment", "claim", "ground"])

NEIGHBOURHOOD_PUBLISHED = declare(
    "neighbourhood.published", facts=[*SEEN, *FACTS_OF_A_NEIGHBOURHOOD, "area", "placed_by"], words=["name"]
)
NEIGHBOURHOOD_CHANGED = declare(
    "neighbourhood.changed", facts=[*SEEN, "old", "new"], words=["old_name", "new_name"]
)
NEIGHBOURHOOD_PLACED = declare(
    "neighbourhood.placed", facts=["force", "neighbourhood", "old", "area", "placed_by"], words=["reason"]
)
NEIGHBOURHOOD_WITHDRAWN = declare("neighbourhood.withdrawn", facts=[*SEEN, "last_seen_on"])
NEIGHBOURHOOD_RETURNED = declare("neighbourhood.returned", facts=[*SEEN, "gone_on"])

PRIORITY_PUBLISHED = declare(
    "priority.published", facts=[*SEEN, "issue_date", "action_date"], words=["issue", "action"]
)
PRIORITY_CHANGED = declare(
    "priority.changed",
    facts=[*SEEN, "old", "new"],
    words=["old_issue", "new_issue", "old_action", "new_action"],
)
PRIORITY_WITHDRAWN = declare("priority.withdrawn", facts=[*SEEN, "last_seen_on"])
PRIORITY_RETURNED = declare("priority.returned", facts=[*SEEN, "gone_on"])
PRIORITY_TIED = declare("priority.tied", facts=["priority", "commitment"])
PRIORITY_UNTIED = declare("priority.untied", facts=["priority", "commitment", "tied_on"])

FIGURES_CUT = declare("figures.cut", facts=["assembly", "period", "method", "figures"])
# Which quarter of whose ratings, and who asked; and what a detector found: by which rule, when, how rare by chance.
PERIOD = ["assembly", "subject", "period", "requested_by"]
FOUND = ["rule", "day", "hour", "chance"]
PERIOD_CHANGE_PROPOSED = declare(
    "period.change_proposed", facts=[*PERIOD, "change", *FOUND], words=["reason"]
)
PERIOD_CHANGE_REFUSED = declare("period.change_refused", facts=[*PERIOD, "change", *FOUND], words=["reason"])
PERIOD_SET_ASIDE = declare("period.set_aside", facts=[*PERIOD, *FOUND], words=["reason", "decision_reason"])
PERIOD_RESTORED = declare("period.restored", facts=PERIOD, words=["reason", "decision_reason"])

# Of a challenge that is admitted, whose words stand in an earlier entry, or of words that came with a rating.
WORDS_PUBLISHED = declare(
    "words.published", facts=["entry", "supporters", "support_needed", "subject", "period"], words=["text"]
)
WORDS_HIDDEN = declare("words.hidden", facts=["entry", "ground"])
WORDS_RESTORED = declare("words.restored", facts=["entry"])
WORDS_REDACTED = declare("words.redacted", facts=["entry", "ground", "category"])

HOLD_PLACED = declare("hold.placed", facts=["held", "ground"])
HOLD_LIFTED = declare("hold.lifted", facts=["held", "placed_on"])

MARGIN_LOADED = declare("margin.loaded", facts=["by", "counts", "dated", "source"])

KEY_DESTROYED = declare("key.destroyed", facts=["assembly", "period"])


def without_words(things: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What a leaf may hold of sources, of notes and of the facts that sources report: all but what somebody typed."""
    return [_without_words(thing) for thing in things]


def source_notes(sources: Iterable[Mapping[str, Any]]) -> str:
    """What somebody typed about sources, a line each."""
    return "\n".join(source["note"] for source in sources if source.get("note"))


def reported_words(facts: Iterable[Mapping[str, Any]]) -> str:
    """What sources report in words, a line for each fact; numbers are facts of the leaf."""
    worded = (fact for fact in facts if isinstance(fact["value"], str | list))
    return "\n".join(f"{fact['name']}: {_line(fact['value'])}" for fact in worded)


def _without_words(thing: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in thing.items() if name not in ("note", "text")}
    if isinstance(kept.get("value"), str | list):
        del kept["value"]
    if "sources" in kept:
        kept["sources"] = without_words(kept["sources"])
    return kept


def _line(value: str | list[str]) -> str:
    return value if isinstance(value, str) else "; ".join(value)
