"""Every refusal of this package, each with a stable code and a sentence that says who can mend it."""

from record.refusals import Forbidden, Invalid, NotNow


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
