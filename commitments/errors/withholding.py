"""What is held, hidden or to be erased, and what that does not allow."""

from record.refusals import Forbidden, Invalid, NotNow


class CannotBeHeld(Invalid):
    """Only what is said of promises and answers can be held."""

    code = "cannot_be_held"
    sentence = "{subject} cannot be held; name a commitment, a recommendation, or what belongs to one."


class NothingToWithhold(Invalid):
    """No words are there, or none of the named events has any."""

    code = "nothing_to_withhold"
    sentence = "No words stand at {subject} that could be withheld; name another thing, or events of its own."


class UnknownSubject(Invalid):
    """A body names something that is not here."""

    code = "unknown_subject"
    sentence = "There is no {subject} here; a subject is named as events name it, as in commitment:WF24-C012."


class OtherSubject(Invalid):
    """An event that belongs to something else."""

    code = "other_subject"
    sentence = "Event {position} is not about {subject}; name events of the thing, or the thing alone."


class AlreadyHeld(NotNow):
    """One hold of a thing at a time."""

    code = "already_held"
    sentence = "{subject} is held already; the convenor can lift that hold."


class NotHeld(NotNow):
    """What was lifted is not lifted again."""

    code = "not_held"
    sentence = "This was lifted already; a new one can be placed."


class HeldBack(NotNow):
    """New promises would say what is held of an old one."""

    code = "held_back"
    sentence = "{reference} is held while a case is live; the convenor can lift the hold, and then it can be replaced."


class NotYourRedaction(Forbidden):
    """Only who asked takes it back."""

    code = "not_your_redaction"
    sentence = "Somebody else asked for this; you can approve or refuse it."


class AskedByNoConvenor(NotNow):
    """Who asked for what two decide convenes the assembly no longer, or belongs to a body that answers in it by now."""

    code = "asked_by_no_convenor"
    title = "Who asked may not ask any more"
    sentence = (
        "Who asked is no independent convenor of the assembly any more; refuse it, and let another ask."
    )
