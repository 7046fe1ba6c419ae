"""Every refusal of the domain: a class with a stable code, and a sentence that says who can mend it."""

from record.refusals import Forbidden, Invalid, NotNow

# Who: someone else may do it.


class NotTheConvenor(Forbidden):
    """The verb belongs to the assembly's convenor."""

    code = "not_the_convenor"
    sentence = "Only the convenor of {assembly} may do this; ask them."


class NotAnyConvenor(Forbidden):
    """The verb belongs to convenors."""

    code = "not_a_convenor"
    sentence = "Only a convenor may do this; ask the convenor of your assembly."


class NotOnThePanel(Forbidden):
    """The verb belongs to the assembly's panel."""

    code = "not_on_the_panel"
    sentence = "Only a member of the panel of {assembly} may do this; its convenor names the members."


class NotAResponder(Forbidden):
    """The verb belongs to the body's responders."""

    code = "not_a_responder"
    sentence = "Only a responder of {organisation} may do this; the operator gives that role."


class NotTheLeadsResponder(Forbidden):
    """The verb belongs to responders of the body that leads."""

    code = "not_the_leads_responder"
    sentence = "Only a responder of the body that leads {reference} may do this; ask them."


class NotAnOwner(Forbidden):
    """The verb belongs to the commitment's owners."""

    code = "not_an_owner"
    sentence = "Only a team that owns {reference} may do this; its owners can hand it over."


class NotIndependent(Forbidden):
    """Who answers to an assembly cannot also judge in it."""

    code = "not_independent"
    sentence = "A body of yours owns commitments of {assembly}; the operator can end one of your two roles."


class OwnersDoNotJudge(Forbidden):
    """Members of an owner body neither challenge nor support."""

    code = "owners_do_not_judge"
    sentence = "A body of yours owns {reference}, so you cannot judge it; another resident can."


class JudgesTakeNoSide(Forbidden):
    """Who verifies or resolves does not take part as a resident."""

    code = "judges_take_no_side"
    sentence = (
        "You judge in this assembly, so you take no side; a resident can, and the panel in its own name."
    )


class AddressNotConfirmed(Forbidden):
    """Residents act with a confirmed address."""

    code = "address_not_confirmed"
    sentence = "Confirm your email address first: the link is in the mail that we sent you."


class OwnClaim(Forbidden):
    """The one who claims and the one who verifies are different people."""

    code = "own_claim"
    sentence = "You made this claim, so you cannot verify it; another member of the panel can."


class OwnRequest(Forbidden):
    """Nobody approves what they asked for."""

    code = "own_request"
    sentence = "You asked for this, so you cannot decide it; another convenor can."


class NotYourChallenge(Forbidden):
    """Only its proposer withdraws a challenge."""

    code = "not_your_challenge"
    sentence = "Only the person who proposed this challenge can withdraw it."


# What was sent needs mending.


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


class NotItsOwner(Invalid):
    """The body is not the one that the source names."""

    code = "not_its_owner"
    sentence = "The source names another owner than {organisation}; the convenor can correct it."


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


class TooFewParts(Invalid):
    """A split into one, or a merger of one."""

    code = "too_few_parts"
    sentence = "Name at least two commitments to split into, or to merge."


class ReplacesItself(Invalid):
    """A commitment cannot come from itself."""

    code = "replaces_itself"
    sentence = "{reference} cannot take its own place; name another commitment."


# Not in the present state.


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


class NothingClaimed(NotNow):
    """There is no claim of completion to judge."""

    code = "nothing_claimed"
    sentence = "{reference} is not claimed complete; its lead can claim it."


class NotThePresentClaim(NotNow):
    """A newer word of the owner stands."""

    code = "not_the_present_claim"
    sentence = "The owner has posted since; judge the present claim, {claim}."


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


class MilestoneDone(NotNow):
    """A step is done once."""

    code = "milestone_done"
    sentence = "This milestone is done already; post an update if there is more to say."


class AlreadyChallenged(NotNow):
    """One running challenge a person or panel and claim."""

    code = "already_challenged"
    sentence = "Your challenge of this claim runs already; wait for its outcome."


class ChallengeNotAdmitted(NotNow):
    """The convenor has not read the words yet."""

    code = "challenge_not_admitted"
    sentence = "The convenor has not admitted this challenge yet; support it when they have."


class ChallengeAdmitted(NotNow):
    """A challenge is admitted once."""

    code = "challenge_admitted"
    sentence = "This challenge was admitted already; residents can support it."


class ChallengeAlreadyOpen(NotNow):
    """It has all the support that it needed."""

    code = "challenge_already_open"
    sentence = "This challenge is open already; the owner answers it next."


class AlreadySupported(NotNow):
    """One person, one voice."""

    code = "already_supported"
    sentence = "You support this challenge already; others can add their voices."


class ChallengeNotOpen(NotNow):
    """Nothing to answer or resolve yet."""

    code = "challenge_not_open"
    sentence = "This challenge is not open yet; it opens when enough residents support it."


class ReplyGiven(NotNow):
    """A challenge is answered once."""

    code = "reply_given"
    sentence = "This challenge was answered already; the convenor resolves it."


class ResolvedTooEarly(NotNow):
    """The owner may still answer."""

    code = "resolved_too_early"
    sentence = "The owner may answer until {reply_due_on}; resolve it after that day, or the answer."


class ChallengeClosed(NotNow):
    """It was resolved or withdrawn."""

    code = "challenge_closed"
    sentence = "This challenge was {state} already; a new one can be raised."


class ClaimIsGone(NotNow):
    """The challenged claim no longer stands."""

    code = "claim_is_gone"
    sentence = "The owner has posted since, so this claim is judged no more."
