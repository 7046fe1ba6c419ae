"""Moderation: the convenor publishes words that came with ratings or refuses them; anybody may report what is shown."""

from datetime import date

from django.db import IntegrityError, transaction

from accounts import roles
from accounts.models import User
from commitments import errors as domain_errors
from commitments import events, permissions
from commitments.actions.hiding import hide_words
from commitments.choices import HidingGround, WithholdingKind
from commitments.models import Withholding
from commitments.withholding import offices
from ratings import errors, subjects
from ratings.actions.moving import subject_named
from ratings.actions.words import TEXT
from ratings.models import RatingWords, Report, WordsStage
from ratings.subjects import Rated
from record.ledger import action, append
from record.models import Entry, Words, WordsState


@action
def publish_words(words: RatingWords, *, by: User, today: date) -> RatingWords:
    """Let everybody read words that came with a rating; of when they were written the record says nothing."""
    office = permissions.check_convenor(by, words.period.assembly.slug)
    words, subject = _waiting(words)
    if holds_at_present(subject):
        raise errors.SubjectHeld
    text, words.text = words.text, ""
    words.stage, words.waits_since = WordsStage.PUBLISHED, None
    words.save()
    append(
        events.WORDS_PUBLISHED,
        words,
        actor=office,
        today=today,
        facts={"subject": words.subject, "period": words.period.name},
        words={TEXT: text},
        root=subject,
        assembly=subject.assembly.slug,
    )
    return words


@action
def refuse_words(words: RatingWords, *, by: User, today: date, ground: str) -> RatingWords:
    """Do not publish words, on a ground that their author can read; no entry, for they were never public."""
    permissions.check_convenor(by, words.period.assembly.slug)
    words, _ = _waiting(words)
    if ground not in HidingGround.values:
        raise errors.UnknownGround(field="ground", grounds=", ".join(HidingGround.values))
    words.stage, words.ground, words.waits_since = WordsStage.REFUSED, ground, None
    words.save(update_fields=["stage", "ground", "waits_since"])
    return words


@action
def report(entry: Entry, *, by: User, today: date, reason: str) -> Report:
    """Ask the convenor to look at words that are shown; once for each person. Who asked is shown to nobody."""
    if not roles.is_resident(by):
        raise domain_errors.AddressNotConfirmed
    if not Words.objects.filter(position=entry.position, state=WordsState.PUBLISHED).exists():
        raise errors.NothingShown(field="entry")
    try:
        with transaction.atomic():
            made: Report = Report.objects.create(
                entry=entry.position, assembly=entry.assembly, reporter=by, reason=reason, reported_on=today
            )
    except IntegrityError:
        raise errors.ReportedAlready from None
    return made


@action
def dismiss_report(reported: Report, *, by: User, today: date) -> Report:
    """Leave the words as they are; the reporter's reason goes."""
    reported = check_may_decide(reported, by)
    _decide(reported, today)
    return reported


@action
def hide_reported(reported: Report, *, by: User, today: date, ground: str, note: str = "") -> Report:
    """Hide the words that were reported, on every route; nothing is left to decide of them then.

    `note` is the convenor's own and is never published.
    """
    reported = check_may_decide(reported, by)
    hide_entry(Entry.objects.get(position=reported.entry), by=by, today=today, ground=ground, note=note)
    return reported


@action
def hide_entry(entry: Entry, *, by: User, today: date, ground: str, note: str = "") -> Withholding:
    """Hide the words of an entry on every route, whether or not somebody reported them."""
    thing = offices.named(entry.subject)
    hiding = hide_words(thing, by=by, today=today, ground=ground, entries=[entry.position], note=note)
    for one in Report.objects.filter(entry=entry.position, decided_on=None):
        _decide(one, today)
    return hiding


def holds_at_present(subject: Rated) -> bool:
    """Whether a live case holds back what is said of a subject."""
    held = Withholding.objects.filter(kind=WithholdingKind.HELD, lifted_on=None)
    return held.filter(subject=subject.record_subject).exists()


def check_may_decide(reported: Report, by: User) -> Report:
    """The report, locked, if this person may decide it and it is still to be decided."""
    check_moderator(reported.assembly, by)
    if reported.reporter_id == by.pk:
        raise domain_errors.OwnRequest
    found: Report = Report.objects.select_for_update(of=("self",)).get(pk=reported.pk)
    if found.decided_on is not None:
        raise errors.ReportDecided
    return found


def check_moderator(assembly: str, by: User) -> str:
    """The convenor of the assembly; of what belongs to all assemblies, any convenor."""
    if assembly:
        return permissions.check_convenor(by, assembly)
    return permissions.check_any_convenor(by)


def _decide(reported: Report, today: date) -> None:
    reported.decided_on, reported.reason = today, ""
    reported.save(update_fields=["decided_on", "reason"])


def _waiting(words: RatingWords) -> tuple[RatingWords, Rated]:
    """The words and their subject, both locked, while they wait; their author may have taken them back meanwhile."""
    subject = subjects.locked(subject_named(words.subject))
    rows = RatingWords.objects.select_for_update(of=("self",)).select_related("period")
    found: RatingWords | None = rows.filter(pk=words.pk).first()
    if found is None:
        raise errors.WordsAreGone
    if found.stage != WordsStage.WAITING:
        raise errors.WordsDecided
    return found, subject
