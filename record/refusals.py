"""The kinds of refusal; each package names its own, with a stable code and a sentence that says who can mend it."""

from typing import Any, ClassVar


class Refusal(Exception):
    """Something that the rules do not allow. `detail` is a whole sentence for the person who tried."""

    code: ClassVar[str] = "refused"
    title: ClassVar[str] = "Refused"
    sentence: ClassVar[str] = "This is not allowed."

    def __init__(self, detail: str = "", *, field: str | None = None, **extra: Any) -> None:
        self.detail = detail or self.sentence.format(**extra)
        self.field = field
        self.extra = extra
        super().__init__(self.detail)


class Invalid(Refusal):
    """What was sent is wrong (400); `field` names the part to mend."""

    code = "invalid"
    title = "Something in the request needs mending"


class Forbidden(Refusal):
    """This person may not do it (403)."""

    code = "forbidden"
    title = "You may not do this"


class Missing(Refusal):
    """There is no such thing (404)."""

    code = "not_found"
    title = "Nothing is here"
    sentence = "There is nothing at this address; check the reference."


class Gone(Refusal):
    """It was here, and is not given any more (410)."""

    code = "gone"
    title = "Not given any more"


class NotNow(Refusal):
    """It may be done, but not in the present state (409)."""

    code = "not_now"
    title = "Not in the present state"


class Stale(Refusal):
    """The thing has changed since it was read (412)."""

    code = "stale"
    title = "It has changed since you read it"
    sentence = "Read it again and repeat the change on the present version."
