"""What somebody may want to hear of: every event type in one of a few groups with plain names."""

KINDS: dict[str, tuple[str, ...]] = {
    "promises": (
        "commitment.published", "commitment.entered", "commitment.accepted", "commitment.corrected",
        "commitment.abandoned", "commitment.superseded", "commitment.split", "commitment.merged",
        "commitment.hand_over_offered", "commitment.hand_over_refused", "commitment.hand_over_withdrawn",
        "commitment.handed_over", "correction.requested", "correction.refused", "correction.closed",
    ),
    "answers": (
        "recommendation.published", "recommendation.asked", "recommendation.corrected", "response.published",
    ),
    "progress": ("update.posted", "update.corrected", "milestone.added", "milestone.done"),
    "dates": (
        "due_date.requested", "due_date.approved", "due_date.refused", "due_date.closed",
        "commitment.overdue", "commitment.very_late", "milestone.overdue",
    ),
    "silence": ("commitment.silent", "recommendation.no_response", "challenge.unanswered"),
    "disputes": (
        "verification.published", "challenge.proposed", "challenge.opened", "challenge.answered",
        "challenge.resolved", "challenge.withdrawn", "challenge.refused",
    ),
    "residents": ("figures.cut", "period.set_aside", "period.restored", "words.published"),
}  # fmt: skip
"""The groups; what is in none of them is upkeep of the record (`UPKEEP`)."""

UPKEEP = "upkeep"
WORDS = {
    "promises": "promises and what becomes of them",
    "answers": "recommendations and answers",
    "progress": "progress",
    "dates": "due dates and lateness",
    "silence": "silence",
    "disputes": "findings and disputes",
    "residents": "what residents say",
    UPKEEP: "upkeep of the record",
}
ALL = (*KINDS, UPKEEP)
_OF = {name: kind for kind, names in KINDS.items() for name in names}


def kind_of(event: str) -> str:
    """The group of an event type."""
    return _OF.get(event, UPKEEP)


def packed(kinds: tuple[str, ...] | list[str]) -> str:
    """As a follow keeps them: `,dates,silence,`; nothing stands for all."""
    return f",{','.join(sorted(kinds))}," if kinds else ""


def unpacked(text: str) -> list[str]:
    """The kinds of a follow; none stands for all."""
    return [kind for kind in text.split(",") if kind]
