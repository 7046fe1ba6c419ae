"""Where what an entry of the record is about can be read, as a path of the API."""

from collections.abc import Callable

V1 = "/api/v1/"
_OWN: dict[str, Callable[[str], str]] = {
    "area": "areas/{}/".format,
    "assembly": "assemblies/{}/".format,
    "challenge": "challenges/{}/".format,
    "commitment": "commitments/{}/".format,
    "hold": "holds/{}/".format,
    "neighbourhood": "neighbourhoods/{}/".format,
    "organisation": "organisations/{}/".format,
    "priority": "priorities/{}/".format,
    "redaction": "redactions/{}/".format,
    "recommendation": "recommendations/{}/".format,
    "set_aside": "set-asides/{}/".format,
    "team": "teams/{}/".format,
    "update": "updates/{}/".format,
}
_OF_ITS_STORY = {
    "asked": "",
    "correction": "corrections/",
    "due_date_change": "due-date-changes/",
    "milestone": "milestones/",
    "response": "responses/{}/",
    "verification": "verifications/",
}


def path_to(subject: str, root: str, position: int) -> str:
    """The path of the thing itself, else of the list that it is in; of the event, where there is neither."""
    kind, _, key = subject.partition(":")
    if kind == "theme":
        assembly, _, theme = key.partition("/")
        return f"{V1}assemblies/{assembly}/themes/{theme}/"
    if kind in _OWN:
        return V1 + _OWN[kind](key)
    whole, _, of = root.partition(":")
    if kind in _OF_ITS_STORY and whole in _OWN:
        return V1 + _OWN[whole](of) + _OF_ITS_STORY[kind].format(key)
    return f"{V1}events/{position}/"
