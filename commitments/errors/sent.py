"""What was sent needs mending."""

from record.refusals import Invalid


class UnknownField(Invalid):
    """A field that does not exist, cannot be set, or does not take this value."""

    code = "unknown_field"
    sentence = "{name} cannot be set like this; the fields and their values are at /api/v1/docs/."


class UnknownTeam(Invalid):
    """An owner that is no team."""

    code = "unknown_team"
    sentence = "There is no team {team}; a convenor can publish it."


class TeamEnded(Invalid):
    """An owner that no longer exists."""

    code = "team_ended"
    sentence = "The team {team} has ended; name the team that took over its work."


class ReasonMissing(Invalid):
    """This step needs a reason."""

    code = "reason_missing"
    sentence = "Say why in `reason`: going back, giving up, replacing and refusing need it."


class EvidenceMissing(Invalid):
    """A claim of completion without evidence."""

    code = "evidence_missing"
    sentence = "Add at least one link in `evidence`: what is claimed must be shown."


class UseSupersede(Invalid):
    """`superseded` is said by naming the new commitment."""

    code = "use_supersede"
    sentence = "Use …/supersede/ of {reference}, which names the commitment that takes its place."


class SourceMissing(Invalid):
    """Something entered from elsewhere without its source."""

    code = "source_missing"
    sentence = "Name at least one source, with address, date and reliability."


class DueDateMissing(Invalid):
    """A due date without a day, or one outside the years that the service takes."""

    code = "due_date_missing"
    sentence = "Give a day between 1900 and 2199 in the promised period, or the precision `ongoing`."


class DoneInTheFuture(Invalid):
    """A step done in the future."""

    code = "done_in_the_future"
    sentence = "A step is done today or earlier; post this when it is done."


class LeadMissing(Invalid):
    """A commitment that nobody leads."""

    code = "lead_missing"
    sentence = "Mark one of the owners as `lead`."


class TwoLeads(Invalid):
    """A commitment that two teams lead."""

    code = "two_leads"
    sentence = "Mark only one of the owners as `lead`."


class OwnerTwice(Invalid):
    """One team named twice."""

    code = "owner_twice"
    sentence = "Name each team once among the owners."


class TeamMissing(Invalid):
    """A body says yes and names no team that could report."""

    code = "team_missing"
    sentence = "Name in `owners` the team of {organisation} that will report: the source names none."


class SucceedsItself(Invalid):
    """A team among its own successors, or one named twice."""

    code = "succeeds_itself"
    sentence = "Name each successor of {team} once, and not the team itself."


class NotOwned(Invalid):
    """Something is passed on that is not the team's."""

    code = "not_owned"
    sentence = "{reference} is not among what {team} owns; leave it out."


class NoSuccessor(Invalid):
    """Something is passed to a team that does not succeed."""

    code = "no_successor"
    sentence = "Pass what {team} owns to one of its `successors`."


class UseHandOver(Invalid):
    """A body that has not said yes is put in the lead."""

    code = "use_hand_over"
    sentence = "{organisation} has not said yes to {reference}; a hand-over offers it, and it can accept."


class NotItsOwner(Invalid):
    """The body is not the one that the source names."""

    code = "not_its_owner"
    sentence = "The source names another owner than {organisation}; the convenor can correct it."


class NotOffered(Invalid):
    """A team of another body than the one that answers."""

    code = "not_offered"
    sentence = "Name only teams of {organisation}: for another body only that body says yes."


class OtherAssembly(Invalid):
    """A part that belongs to another assembly."""

    code = "other_assembly"
    sentence = "{name} belongs to another assembly; choose one of this assembly."


class NothingToCorrect(Invalid):
    """A field that is not corrected here."""

    code = "nothing_to_correct"
    sentence = "This is not corrected here; a changed promise is a new commitment that supersedes."


class NothingChanged(Invalid):
    """A change that changes nothing."""

    code = "nothing_changed"
    sentence = "This is what is published already; send a different text or date."


class AnswerDay(Invalid):
    """A day for an answer that gives no time, or that nobody will remember."""

    code = "answer_day"
    sentence = (
        "An answer is due on a day after today and within two years; choose such a day, or leave it out."
    )


class TooFewParts(Invalid):
    """A split into one, or a merger of one."""

    code = "too_few_parts"
    sentence = "Name at least two commitments to split into, or to merge."


class ReplacesItself(Invalid):
    """A commitment cannot come from itself."""

    code = "replaces_itself"
    sentence = "{reference} cannot take its own place; name another commitment."
