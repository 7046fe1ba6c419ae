"""Every refusal of this package, each with a stable code and a sentence that says who can mend it."""

from record.refusals import Forbidden, Invalid, Missing, NotNow


class NotAConvenor(Forbidden):
    """Registers are kept by convenors."""

    code = "not_a_convenor"
    sentence = "Only a convenor keeps this register; ask the convenor of your assembly."


class OwnBody(Forbidden):
    """Who belongs to a body does not keep its entry."""

    code = "own_body"
    sentence = "You belong to {organisation}, so you cannot keep its entry; another convenor can."


class SlugTaken(NotNow):
    """Public names are given once."""

    code = "slug_taken"
    sentence = "There is one named {slug} already; choose another name or correct that one."


class UnknownScope(Invalid):
    """A key was asked for with a scope that does not exist."""

    code = "unknown_scope"
    sentence = "{scope} is no scope; the scopes are {scopes}."


class ExpiresInThePast(Invalid):
    """A key that could never be used."""

    code = "expires_in_the_past"
    sentence = "This moment has passed; choose a later one."


class ScopeNotYours(Forbidden):
    """A key may not hand out more than it holds."""

    code = "scope_not_yours"
    sentence = "A key cannot issue a key that may do more than itself; sign in to issue this one."


class RoleHeld(NotNow):
    """The person holds this role already."""

    code = "role_held"
    sentence = "This person holds this role already."


class EndsInTheFuture(Invalid):
    """A team that has ended owns nothing from that moment, so the day cannot be one to come."""

    code = "ends_in_the_future"
    sentence = "A team has ended today or earlier; say this on the day."


class NotEnded(NotNow):
    """A team ends by passing on what it owns."""

    code = "not_ended"
    sentence = "The team {team} has not ended; …/reorganise/ ends it, and passes on what it owns."


class NothingToCorrect(Invalid):
    """A correction must change something."""

    code = "nothing_to_correct"
    sentence = "This is what the record says already; send the wording that it should have."


class CodeIsNotEnough(Forbidden):
    """A key was asked for by somebody who signed in by a mailed code alone."""

    code = "code_is_not_enough"
    sentence = "A code from a mail is not enough to make a key; who runs this service can make one for you."


class OfficeNotByCode(Forbidden):
    """Somebody in an office would end it by a mailed code alone."""

    code = "office_not_by_code"
    sentence = (
        "You hold an office here, and a code from a mail is not enough to end it; ask who runs this service to end "
        "it first."
    )


class NotYoursToAdminister(Forbidden):
    """Who holds a role is decided by those who administer its office."""

    code = "not_yours_to_administer"
    sentence = "Who holds a role in {office} is decided by {who}; ask them."


class ConcernsYourself(Forbidden):
    """Nobody decides on their own role."""

    code = "concerns_yourself"
    sentence = "This is about your own role; somebody else who administers this office decides it."


class ProposedByYou(Forbidden):
    """A role is granted by two people."""

    code = "proposed_by_you"
    sentence = "You proposed this role yourself; it is granted when a second person approves it."


class NoSecondPerson(NotNow):
    """There is nobody who could approve."""

    code = "no_second_person"
    sentence = (
        "Nobody but you could approve a role of {office}; who runs this service can (manage.py grant_role)."
    )


class RoleProposed(NotNow):
    """The same proposal waits already."""

    code = "role_proposed"
    sentence = (
        "This address is proposed for this role already; it waits for a second person, or to be taken up."
    )


class RequestOver(NotNow):
    """A proposal that was decided, or lapsed."""

    code = "request_over"
    sentence = "This proposal is not open any more; propose the role anew if it is still wanted."


class SecondFactorFirst(Forbidden):
    """A role is taken up by somebody who has set up a second factor and gave it."""

    code = "second_factor_first"
    sentence = "Set up a second factor under Security and sign in with it; then take up the role."


class RoleEnded(NotNow):
    """The role has ended already."""

    code = "role_ended"
    sentence = "This role has ended already; reload the page to see who holds what."


class LeavesInThePast(Invalid):
    """A last day that has passed."""

    code = "leaves_in_the_past"
    sentence = "This day has passed; say today, or a day to come."


class LeavesTooFarAhead(Invalid):
    """A last day so far away that it says nothing."""

    code = "leaves_too_far_ahead"
    sentence = "Say a day within the next year."


class LastConvenor(NotNow):
    """An assembly is not left without a convenor."""

    code = "last_convenor"
    sentence = (
        "Nobody else convenes {assembly} after that day. Hand this post on first, or ask who runs this service "
        "(manage.py end_role)."
    )


class NoSuchOffice(Missing):
    """An office that is not there."""

    code = "no_such_office"
    sentence = "There is no such office here; choose one of the list."


class AccountErased(NotNow):
    """An erased account has no address any more."""

    code = "account_erased"
    sentence = "This account was erased, and cannot be opened again; the person can sign up anew."
