"""Who: somebody else may do it."""

from record.refusals import Forbidden


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


class NotAnOwnersResponder(Forbidden):
    """The verb belongs to the convenor, and to responders of the bodies that own."""

    code = "not_an_owners_responder"
    sentence = "Only a responder of a body that owns {reference}, or the convenor of {assembly}, may do this."


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
