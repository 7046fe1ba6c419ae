"""Not in the present state of a claim or of its challenge."""

from record.refusals import NotNow


class NothingClaimed(NotNow):
    """There is no claim of completion to judge."""

    code = "nothing_claimed"
    sentence = "{reference} is not claimed complete; its lead can claim it."


class NotThePresentClaim(NotNow):
    """A newer word of the owner stands."""

    code = "not_the_present_claim"
    sentence = "The owner has posted since; judge the present claim, {claim}."


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
    """It was resolved, refused or withdrawn."""

    code = "challenge_closed"
    sentence = "This challenge was {state} already; a new one can be raised."


class ClaimIsGone(NotNow):
    """The challenged claim no longer stands."""

    code = "claim_is_gone"
    sentence = "The owner has posted since, so this claim is judged no more."
