"""What happened to a commitment, as the record has it: each entry a sentence, with the words that may be shown."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from commitments import sentences
from commitments.evidence import telling
from commitments.models import Correction
from portal import days, redlines
from record.entries import body_of, shown_words
from record.models import Entry

PAGE, MOST_CHARACTERS = 20, 24_000
"""So many entries stand on a page, and fewer where people said much: the page stays small."""
Facts = dict[str, Any]
Sentence = Promise | str

SENTENCES: dict[str, Sentence] = {
    "commitment.published": later("%(who)s publishes this commitment."),
    "commitment.entered": later("%(who)s enters this commitment from a published source."),
    "commitment.accepted": later(
        "%(who)s accepts this commitment: from now on it is theirs, with all duties."
    ),
    "commitment.corrected": later("A correction takes effect, as %(asker)s asked: %(field)s."),
    "commitment.overdue": later("The due date passes: %(due_on)s."),
    "commitment.very_late": later("It is now more than 90 days late. It was due by %(due_on)s."),
    "commitment.silent": later("Silence: an update was due by %(update_due_on)s, and none came."),
    "commitment.abandoned": later("%(who)s gives this commitment up."),
    "commitment.superseded": later("Another commitment takes its place: %(by)s."),
    "commitment.split": later("It is split into %(into)s."),
    "commitment.merged": later("It is merged into %(into)s."),
    "commitment.hand_over_offered": later("%(who)s offers it to %(owners)s."),
    "commitment.hand_over_refused": later("%(who)s refuses to take it over."),
    "commitment.hand_over_withdrawn": later("%(who)s no longer offers it."),
    "commitment.handed_over": later("It passes to %(owners)s."),
    "update.corrected": later("%(who)s corrects the words of an update. Both wordings are kept."),
    "milestone.added": later("%(who)s adds a step, due by %(due_on)s."),
    "milestone.done": later("%(who)s says that a step was done on %(done_on)s."),
    "milestone.overdue": later("A step is overdue: it was due by %(due_on)s."),
    "due_date.requested": later("%(who)s asks to move the due date from %(old)s to %(new)s."),
    "due_date.approved": later("The due date moves from %(old)s to %(new)s, as %(asker)s asked."),
    "due_date.refused": later("%(who)s refuses to move the due date to %(new)s."),
    "due_date.closed": later("The request to move the due date is closed."),
    "correction.requested": later("%(who)s asks for a correction: %(field)s."),
    "correction.refused": later("%(who)s refuses a correction: %(field)s."),
    "correction.closed": later("The request for a correction is closed: %(field)s."),
    "challenge.proposed": later(
        "Somebody disputes the claim that this is done. The convenor checks the words first."
    ),
    "challenge.answered": later("%(who)s answers a challenge."),
    "challenge.unanswered": later("A challenge has no answer: one was due by %(reply_due_on)s."),
    "challenge.withdrawn": later("A challenge is taken back before it opened."),
    "challenge.refused": later(
        "%(who)s does not admit a challenge, because of its words. Whether it is right was not judged."
    ),
    "hold.placed": later("%(who)s holds words back for a time. That judges nothing."),
    "hold.lifted": later("%(who)s shows again what was held back."),
    "words.hidden": later("%(who)s hides words, after looking at them."),
    "words.restored": later("%(who)s shows words again."),
    "words.redacted": later("Words are erased. The entry and its proof stay."),
    "figures.cut": later("Residents' figures are published for %(quarter)s."),
    "period.change_proposed": later("%(who)s asks a second person to look at the ratings of %(quarter)s."),
    "period.change_refused": later("%(who)s does not agree: the ratings of %(quarter)s stay as they are."),
    "period.set_aside": later(
        "Two people set the ratings of %(quarter)s aside. Both figures stay to be read."
    ),
    "period.restored": later("Two people let the ratings of %(quarter)s count again."),
    "priority.tied": later("%(who)s ties a published priority of the police to this commitment."),
    "priority.untied": later("%(who)s no longer ties a priority of the police to this commitment."),
}
FIELDS: dict[str, Sentence] = {
    "title": later("the title"),
    "body": later("the wording"),
    "measure": later("how it is measured"),
    "baseline": later("where it started from"),
    "target": later("the target"),
    "proof": later("where it can be checked"),
    "owners": later("who the owners are"),
    "milestone": later("the date of a step"),
}
STATUS_SAID: dict[str, Sentence] = {
    "not_started": later("%(who)s reports: not started."),
    "in_progress": later("%(who)s reports: in progress."),
    "completed": later("%(who)s claims that this is done."),
    "abandoned": later("%(who)s reports: given up."),
    "superseded": later("%(who)s reports: replaced by another commitment."),
}
PART_SAID: dict[str, Sentence] = {
    "not_started": later("%(who)s reports on its part: not started."),
    "in_progress": later("%(who)s reports on its part: in progress."),
    "completed": later("%(who)s reports on its part: done."),
    "abandoned": later("%(who)s reports on its part: given up."),
    "superseded": later("%(who)s reports on its part: replaced."),
}
NOTHING: Sentence = later("%(who)s has nothing to report.")
NOTHING_OF_ITS_PART: Sentence = later("%(who)s has nothing to report on its part.")
FOUND: dict[str, Sentence] = {
    "verified": later("The panel looked, and agrees: it is done."),
    "partly_verified": later("The panel looked, and finds it done in part."),
    "not_verified": later("The panel looked, and does not find it done."),
}
RESOLVED: dict[str, Sentence] = {
    "upheld": later("The convenor decides: the challenge is upheld."),
    "partly_upheld": later("The convenor decides: the challenge is partly upheld."),
    "not_upheld": later("The convenor decides: the challenge is not upheld."),
}
TONES = {
    "verification.published": "panel",
    "challenge": "dispute",
    "due_date.approved": "move",
    "commitment.overdue": "late",
    "commitment.very_late": "late",
    "commitment.silent": "late",
    "milestone.overdue": "late",
    "update.posted": "owner",
}
QUOTED = ("body", "reply", "text", "title", "reason", "decision_reason")
LABELS: dict[str, Sentence] = {"reason": later("Reason"), "decision_reason": later("Why it was decided so")}


class Quote(NamedTuple):
    """Words of somebody; `label` says what they are, if that is not plain. `text` is None where they are not shown."""

    label: str
    text: str | None


class Happening(NamedTuple):
    """One entry of the story."""

    position: int
    type: str
    on: date
    said: str
    quotes: list[Quote]
    changed: list[redlines.Piece]
    evidence: list[telling.Told]
    link: str
    tone: str
    invented: bool


class Page(NamedTuple):
    """Some of them, newest first, and before which position the next page begins."""

    shown: list[Happening]
    before: int | None


def story(reference: str, key: int, titles: Mapping[str, str], before: int | None = None) -> Page:
    """What happened to a commitment, newest first. `titles` are of its steps, by id. At most five queries."""
    corrected = Correction.objects.filter(update__commitment=key).values_list("update_id", flat=True)
    subject = f"commitment:{reference}"
    roots = [subject, *{f"update:{one}" for one in corrected.order_by()}]
    rows = Entry.objects.filter(Q(root__in=roots) | Q(subject=subject)).order_by("-position")
    if before is not None:
        rows = rows.filter(position__lt=before)
    found = list(rows[: PAGE + 1])
    words = shown_words([row.position for row in found])
    shown = _fitting(found, words)
    told = list(_told(shown, words, titles))
    return Page(told, shown[-1].position if len(shown) < len(found) else None)


def _fitting(rows: list[Entry], words: Mapping[int, Mapping[str, str | None]]) -> list[Entry]:
    """As many as a page holds, and one at least."""
    room, shown = MOST_CHARACTERS, rows[:1]
    for row in rows[1:PAGE]:
        room -= sum(len(text or "") for text in words[shown[-1].position].values())
        if room <= 0:
            break
        shown.append(row)
    return shown


def _told(
    rows: Iterable[Entry], words: Mapping[int, Mapping[str, str | None]], titles: Mapping[str, str]
) -> Iterable[Happening]:
    bodies = [(row, body_of(row)) for row in rows]
    names = sentences.names_in([(row.actor, body["facts"]) for row, body in bodies])
    for row, body in bodies:
        yield _happening(row, body, words[row.position], names, titles)


def _happening(
    row: Entry,
    body: Facts,
    words: Mapping[str, str | None],
    names: Mapping[str, str],
    titles: Mapping[str, str],
) -> Happening:
    kind, _colon, key = row.subject.partition(":")
    return Happening(
        position=row.position,
        type=row.type,
        on=row.occurred_on,
        said=said(row.type, row.actor, row.subject, row.root, body["facts"], names),
        quotes=_quotes(row.type, words, titles.get(key) if kind == "milestone" else None),
        changed=_changed(words),
        evidence=telling.told(body["facts"], words),
        link=reverse("challenge", args=[key]) if kind == "challenge" else "",
        tone=_tone(row.type),
        invented=bool(body.get("invented")),
    )


def to_be(
    kind: str,
    actor: str,
    facts: Facts,
    words: Mapping[str, str | None],
    *,
    on: date,
    title: str | None = None,
) -> Happening:
    """An entry that is not written yet, as it will stand in the story: it has no position. `title` is a step's."""
    names = sentences.names_in([(actor, facts)])
    return Happening(
        position=0,
        type=kind,
        on=on,
        said=said(kind, actor, "", "", facts, names),
        quotes=_quotes(kind, words, title),
        changed=_changed(words),
        evidence=telling.told(facts, words),
        link="",
        tone=_tone(kind),
        invented=False,
    )


def said(kind: str, actor: str, subject: str, root: str, facts: Facts, names: Mapping[str, str]) -> str:
    """An entry of a commitment's story as a sentence in the page's language."""
    template = _FORKS[kind](facts) if kind in _FORKS else SENTENCES.get(kind)
    if template is None:
        return f"{sentences.sentence(kind, actor, subject, root, facts, names)}."
    return sentences.clean(str(template) % _Parts(actor, facts, names))


def _tone(kind: str) -> str:
    return TONES.get(kind) or TONES.get(kind.partition(".")[0]) or "plain"


class _Parts(dict[str, str]):
    """What the parts of a sentence stand for."""

    def __init__(self, actor: str, facts: Facts, names: Mapping[str, str]) -> None:
        super().__init__(who=office(actor, names))
        self.facts, self.names = facts, names

    def __missing__(self, name: str) -> str:
        value = self.facts.get(name)
        if name == "asker":
            return office(str(self.facts.get("asked_by") or self.facts.get("requested_by")), self.names)
        if name == "owners":
            return ", ".join(office(_owner(one), self.names) for one in value or [])
        if name in ("old", "new"):
            return days.promised(days.from_text(value["on"]), value["precision"], "").said if value else "–"
        if name == "quarter":
            return days.quarter(str(value or self.facts.get("period")))
        if name == "field":
            return str(FIELDS.get(str(value), value))
        if name.endswith("_on") and value:
            return days.day(date.fromisoformat(value))
        return ", ".join(value) if isinstance(value, list) else str(value or "–")


def office(actor: str, names: Mapping[str, str]) -> str:
    """An office as people call it."""
    kind, _colon, key = actor.partition(":")
    usual = {
        "convenor": _("The convenor"),
        "panel": _("The panel"),
        "resident": _("A resident"),
        "clock": _("The clock"),
        "operator": _("The operator"),
    }
    return sentences.clean(names.get(actor) or usual.get(kind) or key or kind)


def _owner(one: Mapping[str, Any]) -> str:
    return f"team:{one['team']}" if one.get("team") else f"organisation:{one.get('organisation')}"


def _posted(facts: Facts) -> Sentence:
    if facts.get("nothing_to_report"):
        return NOTHING if facts.get("lead") else NOTHING_OF_ITS_PART
    return STATUS_SAID[facts["status"]] if facts.get("lead") else PART_SAID[facts["team_status"]]


def _opened(facts: Facts) -> Sentence:
    if facts.get("voice") == "panel":
        return later(
            "The panel challenges the claim that this is done. An answer is due by %(reply_due_on)s."
        )
    return later("Residents challenge the claim that this is done. An answer is due by %(reply_due_on)s.")


def _published_words(facts: Facts) -> Sentence:
    if facts.get("subject"):
        return later("%(who)s publishes words that came with a rating.")
    return later("%(who)s lets the words of a challenge be read. It now gathers support.")


_FORKS: dict[str, Callable[[Facts], Sentence]] = {
    "update.posted": _posted,
    "verification.published": lambda facts: FOUND[facts["finding"]],
    "challenge.opened": _opened,
    "challenge.resolved": lambda facts: RESOLVED[facts["outcome"]],
    "words.published": _published_words,
}


def _quotes(kind: str, words: Mapping[str, str | None], title: str | None) -> list[Quote]:
    if kind in ("commitment.published", "commitment.entered"):
        return []  # The page opens with them.
    own = {"title": title} if title and "title" not in words else {}
    told = [(name, {**words, **own}[name]) for name in QUOTED if name in {**words, **own}]
    return [Quote(str(LABELS.get(name, "")), text) for name, text in told if text is None or text.strip()]


def _changed(words: Mapping[str, str | None]) -> list[redlines.Piece]:
    old, new = words.get("old"), words.get("new")
    return redlines.between(old or "", new) if new else []
