"""Every refusal about webhooks, each with a stable code and a sentence that says who can mend it."""

from record.refusals import Forbidden, Invalid, NotNow


class ConfirmFirst(Forbidden):
    """Whoever is called must be reachable by mail."""

    code = "confirm_first"
    sentence = "Confirm your mail address first: we write to it when your webhook stops answering."


class AddressNotCallable(Invalid):
    """The address is not one that may be called."""

    code = "address_not_callable"
    sentence = (
        "Give an https:// address of a public name, without user, fragment or unusual port ({why}); a name that is not "
        "written in ASCII starts with xn--."
    )


class TooManyEndpoints(NotNow):
    """An account has only so many."""

    code = "too_many_webhooks"
    sentence = "An account has at most {most} webhooks; remove one, or ask the operator for more."


class TooManyTests(NotNow):
    """Tests go to addresses that may not want them."""

    code = "too_many_tests"
    sentence = "An account may have addresses tested {most} times a day; wait until tomorrow."


class NotActive(NotNow):
    """It is called only after it answered a verification."""

    code = "webhook_not_active"
    sentence = "This webhook is {state}; let it answer a verification first (verify/)."


class StillWaiting(NotNow):
    """A call that is still to be made is not made again."""

    code = "delivery_waiting"
    sentence = "This delivery is still waiting for its next try; it goes out by itself."
