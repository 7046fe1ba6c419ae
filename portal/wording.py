"""The domain's words as people read them: each with a plain sentence that says what it means, and a symbol."""

from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


class Word(NamedTuple):
    """A word of the domain: how it is said, what it means, a symbol, and how it feels (`tone`, for the style sheet)."""

    key: str
    label: Words
    meaning: Words
    symbol: str
    tone: str


STANDINGS: dict[str, Word] = {
    word.key: word
    for word in (
        Word("verified", _("Verified"), _("The owner says it is done, and the panel agrees."), "●", "done"),
        Word(
            "claimed",
            _("Claimed"),
            _("The owner says it is done. The panel still has time to look."),
            "◐",
            "wait",
        ),
        Word(
            "unverified",
            _("Not verified in time"),
            _("The owner says it is done. The panel had time to look, and has not said anything."),
            "◐",
            "wait",
        ),
        Word(
            "contested",
            _("Contested"),
            _("The owner says something that residents or the panel dispute."),
            "≠",
            "bad",
        ),
        Word("very_late", _("Very late"), _("More than 90 days past its due date."), "‼", "bad"),
        Word("late", _("Late"), _("Past its due date."), "!", "bad"),
        Word("silent", _("Silent"), _("The owner has not given an update when one was due."), "…", "wait"),
        Word("on_track", _("Under way"), _("In progress, and not late."), "→", "calm"),
        Word("not_started", _("Not started"), _("The owner says that it has not begun."), "○", "calm"),
        Word("no_word", _("No word yet"), _("No owner has said anything about it here yet."), "–", "calm"),
        Word("abandoned", _("Abandoned"), _("The owner has given it up."), "×", "bad"),
        Word("superseded", _("Replaced"), _("Another commitment has taken its place."), "↪", "calm"),
    )
}

STATUSES: dict[str, Words] = {
    "not_started": _("not started"),
    "in_progress": _("in progress"),
    "completed": _("completed"),
    "abandoned": _("abandoned"),
    "superseded": _("replaced by another"),
}

FINDINGS: dict[str, Word] = {
    word.key: word
    for word in (
        Word("verified", _("Verified"), _("The panel looked, and agrees that it is done."), "●", "done"),
        Word(
            "partly_verified",
            _("Partly verified"),
            _("The panel looked, and found part of it done."),
            "◐",
            "wait",
        ),
        Word("not_verified", _("Not verified"), _("The panel looked, and did not find it done."), "○", "bad"),
    )
}

RECOMMENDATION_STATES: dict[str, Word] = {
    word.key: word
    for word in (
        Word(
            "not_asked",
            _("Nobody asked here yet"),
            _("No organisation has been asked through this service to answer it. That is not a refusal."),
            "–",
            "calm",
        ),
        Word(
            "awaiting_response",
            _("Waiting for an answer"),
            _("Somebody was asked, and still has time to answer."),
            "◐",
            "wait",
        ),
        Word(
            "no_response",
            _("No answer in time"),
            _("Somebody was asked, the day for an answer has passed, and none has come."),
            "!",
            "bad",
        ),
        Word("responded", _("Answered"), _("Everybody who was asked has answered."), "●", "done"),
    )
}

POSITIONS: dict[str, Word] = {
    word.key: word
    for word in (
        Word("accepted", _("Accepted"), _("The organisation says yes."), "●", "done"),
        Word("partly_accepted", _("Partly accepted"), _("The organisation says yes to a part."), "◐", "wait"),
        Word("rejected", _("Rejected"), _("The organisation says no, and why."), "×", "bad"),
    )
}

RELIABILITY: dict[str, Words] = {
    "primary": _("first-hand source"),
    "press": _("press report"),
    "secondary": _("second-hand source"),
    "secondary_ai": _("second-hand source, written with a language model"),
}

SELF_SELECTED = _("People chose to rate; this is not a survey of everyone.")
WITHHELD = {
    "few": _(
        "No figure is shown: few people have rated, or none. Few looks like none, so that nobody is singled out."
    ),
    "set_aside": _("No figure is shown: two people have set these ratings aside by published rules."),
}


def standing(value: str | None) -> Word:
    """The words of a standing; what no owner has said anything about is `no_word`."""
    return STANDINGS[value or "no_word"]


def withheld(reason: str | None) -> Any:
    """Why no figure is shown."""
    return WITHHELD.get(reason or "few", WITHHELD["few"])


CHALLENGE_STATES: dict[str, Word] = {
    word.key: word
    for word in (
        Word("proposed", _("Proposed"), _("The convenor is still to read its words."), "○", "calm"),
        Word(
            "gathering", _("Gathering support"), _("It opens when enough residents support it."), "◔", "wait"
        ),
        Word("open", _("Open"), _("The owner has to answer it by a date."), "?", "wait"),
        Word(
            "answered",
            _("Answered"),
            _("The owner has answered. The convenor is still to decide."),
            "◐",
            "wait",
        ),
        Word("unanswered", _("Not answered in time"), _("The day for an answer has passed."), "!", "bad"),
        Word("resolved", _("Decided"), _("The convenor has decided it, with reasons."), "●", "calm"),
        Word("withdrawn", _("Taken back"), _("It was taken back before it opened."), "×", "calm"),
        Word(
            "refused",
            _("Not admitted"),
            _("The convenor did not admit its words. Whether it is right was not judged."),
            "×",
            "calm",
        ),
    )
}

OUTCOMES: dict[str, Word] = {
    word.key: word
    for word in (
        Word("upheld", _("Upheld"), _("The convenor agrees: the claim does not hold."), "≠", "bad"),
        Word("partly_upheld", _("Partly upheld"), _("The convenor agrees in part."), "≠", "bad"),
        Word("not_upheld", _("Not upheld"), _("The convenor does not agree. The claim stands."), "=", "calm"),
    )
}

REFUSED_BECAUSE: dict[str, Words] = {
    "personal_data": _("they say who somebody is, or how to reach them"),
    "abuse": _("they abuse or threaten somebody"),
    "unlawful": _("they may break the law"),
    "off_topic": _("they say nothing of the claim"),
}
"""Why the words of a challenge were not admitted."""

NOT_SHOWN = _("These words are not shown: they wait to be read, are held back, or were erased.")
GROUNDS = {
    "live_case": _("a case is live"),
    "safety": _("somebody's safety"),
    "court_order": _("a court has ordered it"),
}
