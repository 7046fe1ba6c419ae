"""Not in the present state: what asks, promises, requests and steps do not allow now."""

from record.refusals import NotNow


class AlreadyPublished(NotNow):
    """Public names and numbers are given once."""

    code = "already_published"
    sentence = "{name} is published already; correct that one, or choose another name."


class AlreadyAsked(NotNow):
    """A body is asked once."""

    code = "already_asked"
    sentence = "{organisation} was asked already; its clock runs from that day."


class NotAsked(NotNow):
    """An answer to what nobody asked."""

    code = "not_asked"
    sentence = "{organisation} was not asked about this; the convenor can ask."


class NotAcceptedYet(NotNow):
    """Only entered from a source: no owner has said yes."""

    code = "not_accepted_yet"
    sentence = "No owner has said yes to {reference}; a responder of its owner can accept it first."


class AlreadyAccepted(NotNow):
    """The owner has said yes already."""

    code = "already_accepted"
    sentence = "{reference} is accepted already; nothing is left to do."


class Replaced(NotNow):
    """Another commitment has taken its place."""

    code = "replaced"
    sentence = "{reference} was {stage}; act on the commitment that took its place."


class OwnsAlready(NotNow):
    """A hand-over to those who own already."""

    code = "owns_already"
    sentence = "These teams own {reference} already; name others."


class SayHowItIs(NotNow):
    """Nothing to report, where no status says yet that it is under way, or where one says that it is over."""

    code = "say_how_it_is"
    sentence = (
        "Post an update that says how {reference} is: there can be nothing to report only while it is said to be not "
        "started or in progress."
    )


class GivenUp(NotNow):
    """Its owner has abandoned it."""

    code = "given_up"
    sentence = "{reference} was abandoned; its lead can post an update first that takes it up again."


class HandOverWaits(NotNow):
    """One offer at a time."""

    code = "hand_over_waits"
    sentence = (
        "{reference} is offered to {organisation} already; take that back first, or wait for its answer."
    )


class NothingOffered(NotNow):
    """An answer to an offer that nobody makes."""

    code = "nothing_offered"
    sentence = "No hand-over of {reference} waits for an answer; a responder of its lead can offer one."


class TeamGone(NotNow):
    """A team ends once."""

    code = "team_gone"
    sentence = "The team {team} has ended already; its successors own what it owned."


class StillOwns(NotNow):
    """A team does not end while something is its own."""

    code = "still_owns"
    sentence = "The team {team} owns {reference}; name a successor that takes over what it owns."


class OwnsMoreByNow(NotNow):
    """Something became the team's at the same moment."""

    code = "owns_more_by_now"
    sentence = "The team {team} took on {reference} just now; try again, and it passes on with the rest."


class DateChangeWaits(NotNow):
    """One request for another date at a time."""

    code = "date_change_waits"
    sentence = "A request for another date waits; ask again when the convenor has decided it."


class CorrectionWaits(NotNow):
    """One request to correct a field at a time."""

    code = "correction_waits"
    sentence = "A correction of this field waits; ask again when the convenor has decided it."


class AlreadyDecided(NotNow):
    """Requests are decided once."""

    code = "already_decided"
    sentence = "This request was {state} already; a new request can be made."


class WordsHaveChanged(NotNow):
    """The text that a request would correct is no longer the one published."""

    code = "words_have_changed"
    sentence = "The text has changed since; refuse this, and the owner can ask anew."


class AlreadyTied(NotNow):
    """A commitment answers a priority once."""

    code = "already_tied"
    sentence = "{reference} is tied to this priority already; nothing is left to do."


class NotTied(NotNow):
    """There is nothing to untie."""

    code = "not_tied"
    sentence = "{reference} is not tied to this priority; nothing is left to do."


class MilestoneDone(NotNow):
    """A step is done once."""

    code = "milestone_done"
    sentence = "This milestone is done already; post an update if there is more to say."
