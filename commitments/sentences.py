"""Each public fact as one plain English sentence, made of its facts alone: nothing that somebody typed is in it."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from accounts.models import Organisation, Team
from commitments.choices import Finding, ResponsePosition, Status

Facts = dict[str, Any]
Names = Mapping[str, str]
"""Offices, as in `team:north-team`, and what people call them."""

SENTENCES: dict[str, str] = {
    "area.published": "{who} enters the area {name} ({it})",
    "area.corrected": "{who} corrects what is said of the area {it}",
    "assembly.published": "{who} publishes the assembly {it}",
    "assembly.corrected": "{who} sets the clocks of {it} anew",
    "theme.published": "{who} publishes the theme {it}",
    "theme.corrected": "{who} corrects the {field} of the theme {it}",
    "organisation.published": "{who} enters a body: {name}",
    "organisation.corrected": "{who} corrects what is said of the body {it}",
    "team.published": "{who} enters a team: {name}",
    "team.corrected": "{who} corrects what is said of the team {it}",
    "team.reorganised": "{who} ends the team {it}, and passes on what it owns",
    "recommendation.published": "{who} enters the recommendation {it}",
    "recommendation.asked": "{organisation} is asked to answer {recommendation} by {due_on}",
    "recommendation.corrected": "{who} corrects the {field} of {story}",
    "recommendation.no_response": "{organisation} has not answered {recommendation}, which was due by {due_on}",
    "commitment.published": "{who} publishes the commitment {it}",
    "commitment.entered": "{who} enters the commitment {it} from a source",
    "commitment.accepted": "{who} accepts {it}",
    "commitment.overdue": "{it} is overdue: it was due by {due_on}",
    "commitment.very_late": "{it} is more than 90 days late: it was due by {due_on}",
    "commitment.silent": "Nothing is heard of {it}: an update was due by {update_due_on}",
    "commitment.abandoned": "{who} abandons {it}",
    "commitment.superseded": "{it} is superseded by {by}",
    "commitment.split": "{it} is split into {into}",
    "commitment.merged": "{it} is merged into {into}",
    "commitment.hand_over_offered": "{who} offers {it} to {owners}",
    "commitment.hand_over_refused": "{who} refuses to take over {it}",
    "commitment.hand_over_withdrawn": "{who} no longer offers {it}",
    "commitment.handed_over": "{it} passes to {owners}",
    "update.corrected": "{who} corrects the words of an update",
    "milestone.added": "{who} adds a step to {commitment}, due by {due_on}",
    "milestone.done": "{who} says that a step of {commitment} was done on {done_on}",
    "milestone.overdue": "A step of {commitment} is overdue: it was due by {due_on}",
    "due_date.requested": "{who} asks to move the due date of {commitment} from {old} to {new}",
    "due_date.approved": "The due date of {commitment} moves from {old} to {new}, as {asked_by} asked",
    "due_date.refused": "{who} refuses to move the due date of {commitment} to {new}",
    "due_date.closed": "The request to move the due date of {commitment} is closed",
    "correction.requested": "{who} asks to correct the {field} of {commitment}",
    "correction.refused": "{who} refuses to correct the {field} of {commitment}",
    "correction.closed": "The request to correct the {field} of {commitment} is closed",
    "challenge.proposed": "Somebody proposes to challenge the claim that {commitment} is complete",
    "challenge.opened": "{voice} challenge the claim that {commitment} is complete; a reply is due by {reply_due_on}",
    "challenge.answered": "{who} answers a challenge of {commitment}{late}",
    "challenge.unanswered": "A challenge of {commitment} is unanswered: a reply was due by {reply_due_on}",
    "challenge.resolved": "A challenge of {commitment} is {outcome}",
    "challenge.withdrawn": "A challenge of {commitment} is withdrawn",
    "challenge.refused": "{who} does not admit a challenge of {commitment}, because of its words",
    "figures.cut": "Figures of {assembly} for {period} are published",
    "margin.loaded": "{who} enters census counts by {by}, by which figures are weighted",
    "period.change_proposed": "{who} asks another convenor to {change} the ratings of {subject} for {period}",
    "period.change_refused": "{who} refuses to {change} the ratings of {subject} for {period}",
    "period.set_aside": "{who} sets the ratings of {subject} for {period} aside",
    "period.restored": "{who} counts the ratings of {subject} for {period} again",
    "words.published": "{who} lets the words of event {entry} be read",
    "words.hidden": "{who} hides the words of event {entry}",
    "words.restored": "{who} shows the words of event {entry} again",
    "words.redacted": "The words of event {entry} are erased",
    "hold.placed": "{who} holds {held} back",
    "hold.lifted": "{who} shows {held} again",
    "key.destroyed": "The key of {assembly} for {period} is destroyed",
    "neighbourhood.published": "The neighbourhood {neighbourhood} of {force} is seen for the first time",
    "neighbourhood.changed": "The neighbourhood {neighbourhood} of {force} is described otherwise than before",
    "neighbourhood.placed": "{who} says where the neighbourhood {neighbourhood} of {force} lies",
    "neighbourhood.withdrawn": "The neighbourhood {neighbourhood} of {force} is no longer listed",
    "neighbourhood.returned": "The neighbourhood {neighbourhood} of {force} is listed again",
    "priority.published": "A priority of the neighbourhood {neighbourhood} of {force} is seen for the first time",
    "priority.changed": "A priority of the neighbourhood {neighbourhood} of {force} is worded otherwise than before",
    "priority.withdrawn": "A priority of the neighbourhood {neighbourhood} of {force} is no longer listed",
    "priority.returned": "A priority of the neighbourhood {neighbourhood} of {force} is listed again",
    "priority.tied": "{who} ties a priority of the police to {commitment}",
    "priority.untied": "{who} no longer ties a priority of the police to {commitment}",
}
ANSWERS = {
    ResponsePosition.ACCEPTED: "accepts",
    ResponsePosition.PARTLY_ACCEPTED: "accepts in part",
    ResponsePosition.REJECTED: "rejects",
}
# Marks that turn the direction of what follows, and what XML cannot hold.
_UNSHOWN = re.compile("[\u202a-\u202e\u2066-\u2069]")
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def clean(text: str) -> str:
    """`text` as it can stand in a feed or calendar: what XML forbids becomes a blank square, marks of direction go."""
    return _ILLEGAL.sub("\ufffd", _UNSHOWN.sub("", text))


def sentence(kind: str, actor: str, subject: str, root: str, facts: Facts, names: Names) -> str:
    """What an entry of this type says. `names` are from `names_in`, of these and others."""
    told = _Told(actor, subject, root, facts, names)
    template = _FORKS[kind](facts) if kind in _FORKS else SENTENCES.get(kind, "")
    return clean((template or f"{{who}}: {kind.replace('.', ' ')}").format_map(told))


def office(actor: str, names: Names) -> str:
    """An office as people call it."""
    kind, _, key = actor.partition(":")
    usual = {
        "convenor": f"The convenor of {key}",
        "panel": f"The panel of {key}",
        "resident": "A resident",
        "clock": "The clock",
        "operator": "The operator",
    }
    return clean(names.get(actor) or usual.get(kind) or key or kind)


def names_in(entries: Iterable[tuple[str, Facts]]) -> dict[str, str]:
    """What the teams and bodies that these actors and facts name are called now. Two queries."""
    slugs: dict[str, set[str]] = {"team": {""}, "organisation": {""}}
    for actor, facts in entries:
        owners = facts.get("owners") or []
        for said in (actor, facts.get("requested_by"), facts.get("asked_by"), *map(_owner, owners)):
            kind, _, slug = str(said or "").partition(":")
            slugs.get(kind, set()).add(slug)
        slugs["organisation"].add(str(facts.get("organisation") or ""))
    found: dict[str, str] = {}
    for kind, model in (("team", Team), ("organisation", Organisation)):
        rows: Any = model
        pairs = rows.objects.filter(slug__in=sorted(slugs[kind])).values_list("slug", "name")
        found |= {f"{kind}:{slug}": name for slug, name in pairs}
    return found


def day(text: str) -> str:
    """A date as people write it: 3 August 2026."""
    there = date.fromisoformat(text)
    return f"{there.day} {there:%B %Y}"


class _Told(dict[str, str]):
    """What the parts of a sentence stand for, each found when it is asked for."""

    def __init__(self, actor: str, subject: str, root: str, facts: Facts, names: Names) -> None:
        super().__init__(
            who=office(actor, names),
            it=subject.partition(":")[2],
            story=root.partition(":")[2],
            late=_late(facts),
            voice="The panel members" if facts.get("voice") == "panel" else "Residents",
        )
        self.facts, self.names = facts, names

    def __missing__(self, name: str) -> str:
        value = self.facts.get(name)
        if name == "organisation":
            return office(f"organisation:{value}", self.names)
        if name in ("requested_by", "asked_by"):
            return office(str(value), self.names)
        if name == "owners":
            return _joined(office(_owner(one), self.names) for one in value or [])
        return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, dict) and "precision" in value:
        return "ongoing" if value["precision"] == "ongoing" else _plain(value.get("on"))
    if isinstance(value, list):
        return _joined(str(one) for one in value)
    text = str(value or "no date").replace("_", " ")
    return day(text) if _DAY.fullmatch(text) else text


def _joined(words: Iterable[str]) -> str:
    *first, last = list(words) or ["nobody named"]
    return f"{', '.join(first)} and {last}" if first else last


def _owner(owner: Mapping[str, Any]) -> str:
    return f"team:{owner['team']}" if owner.get("team") else f"organisation:{owner.get('organisation')}"


def _late(facts: Facts) -> str:
    late = facts.get("late_by_days")
    return f", {late} {'day' if late == 1 else 'days'} late" if late else ""


def _update(facts: Facts) -> str:
    if facts.get("nothing_to_report"):
        return "{who} has nothing to report on {commitment}"
    if not facts.get("lead"):
        status = Status(facts["team_status"]).label
        return f"{{who}} says that its part of {{commitment}} is {status}"
    if facts.get("claim"):
        return "{who} claims that {commitment} is completed"
    return f"{{who}} says that {{commitment}} is {Status(facts['status']).label}"


def _response(facts: Facts) -> str:
    answer = f"{{organisation}} {ANSWERS[ResponsePosition(facts['position'])]} {{recommendation}}{{late}}"
    return f"{{who}} enters from a source: {answer}" if facts.get("entered_from") else answer


def _team(facts: Facts) -> str:
    ended = (facts.get("new") or {}).get("ended_on")
    return "{who} says that the team {it} has ended" if ended else SENTENCES["team.corrected"]


def _verification(facts: Facts) -> str:
    found = {
        Finding.VERIFIED: "finds that {commitment} is completed, as claimed",
        Finding.PARTLY_VERIFIED: "finds that {commitment} is completed in part",
        Finding.NOT_VERIFIED: "finds that {commitment} is not completed, as claimed",
    }
    return "{who} " + found[Finding(facts["finding"])]


def _corrected(facts: Facts) -> str:
    what = {"owners": "The owners of {story} are", "milestone": "The date of a step of {story} is"}
    return (
        what.get(str(facts.get("field")), "The {field} of {story} is") + " corrected, as {requested_by} asked"
    )


def _published_words(facts: Facts) -> str:
    if facts.get("subject"):
        return "{who} publishes words that came with a rating of {story}"
    return SENTENCES["words.published"]


def _hidden_words(facts: Facts) -> str:
    if facts.get("ground") == "taken_back":
        return "The words of event {entry} are taken back by who wrote them"
    return SENTENCES["words.hidden"]


_FORKS: dict[str, Callable[[Facts], str]] = {
    "commitment.corrected": _corrected,
    "words.published": _published_words,
    "words.hidden": _hidden_words,
    "update.posted": _update,
    "response.published": _response,
    "team.corrected": _team,
    "verification.published": _verification,
}
