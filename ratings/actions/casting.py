"""Casting, changing and taking back one's own rating. Nothing here is logged, and nothing of it is public."""

from datetime import date

from django.db.models import CharField

from accounts.models import User
from commitments import lifecycle
from ratings import booths, errors, keystore, periods, permissions, sealing, subjects, tokens
from ratings.actions import watching
from ratings.booths import Booth
from ratings.choices import COMMUNITIES
from ratings.models import Ballot, FreshBallot, RatingPeriod, RatingWords
from ratings.subjects import Rated, Said
from record import clock
from record.ledger import action
from record.prepared import Blank, Upsert
from record.strokes import stroke

OPINION = ("score", "dont_know", *COMMUNITIES)
Where = Rated | Booth

_FRESH = Upsert(
    FreshBallot,
    key="token",
    columns=("period_id", "sealed"),
    asking=lambda: (
        RatingWords.objects.filter(token=Blank("words_token", CharField())).order_by().values("pk")
    ),
)


def cast(subject: Where, *, by: User, today: date, said: Said) -> bool:
    """Rate a commitment or a theme in the quarter of `today`, or change what one said; the last word counts.

    Whether there are words of theirs that were taken out of a ballot before, for the convenor to read.
    """
    booth = booths.of(subject, by=by, today=today)
    permissions.check_may_rate(by, booth)
    if not booth.is_of_theme:
        lifecycle.check_not_replaced(booth.stage, booth.reference)
    subjects.check_said(said, of_theme=booth.is_of_theme)
    has_words = _put(booth, _key(booth), by=by, said=said)
    if watching.is_first_this_hour(booth.assembly.pk, by):
        watching.count_person(booth.assembly.pk)
    return has_words


def withdraw(subject: Where, *, by: User, today: date) -> None:
    """Take back one's rating of this quarter. Raises NothingRated where there is none."""
    booth = booths.of(subject, by=by, today=today)
    key, _ = _own(booth, by, today)
    _put(booth, key, by=by, said=None)


def own(subject: Where, *, by: User, today: date) -> Said:
    """One's own rating of this quarter. Raises NothingRated where there is none."""
    return _own(subject, by, today)[1]


def _own(subject: Where, by: User, today: date) -> tuple[bytes, Said]:
    """The quarter's key, and what one's ballot says. Asking makes no key: before the first rating there is none.

    The same is asked for whether or not there is a rating, so that the time it takes does not tell.
    """
    key = keystore.store().get(keystore.name_of(subject.assembly.slug, periods.of(today)))
    if key is None:
        raise errors.NothingRated(period=periods.of(today))
    place = _token(key, tokens.FRESH, subject, by)
    # Fresh before mixed: a ballot that is moved in between is then found where it went.
    fresh = FreshBallot.objects.filter(pk=place).values_list("sealed", flat=True).first()
    mixed = Ballot.objects.filter(pk=_token(key, tokens.BALLOT, subject, by)).values(*OPINION).first()
    row = mixed if fresh is None else sealing.unseal(key, bytes(fresh), place=place)
    if row is None or row.get("withdrawn"):
        raise errors.NothingRated(period=periods.of(today))
    communities = {question: row[question] for question in COMMUNITIES if row[question]}
    return key, Said(row["score"], row["dont_know"], communities)


@stroke
def _put(booth: Booth, key: bytes, *, by: User, said: Said | None) -> bool:
    """Put the ballot, sealed, among the fresh ones, over what it said before; `said` None takes it back."""
    period = _open_period(booth, key)
    place = _token(key, tokens.FRESH, booth, by)
    words = _token(key, tokens.WORDS, booth, by)
    opinion = said or Said()
    written = {
        "token": _token(key, tokens.BALLOT, booth, by),
        "words_token": words,
        "words": opinion.words,
        "subject": booth.record_subject,
        "stratum": booth.stratum,
        "withdrawn": said is None,
        "invented": clock.is_invented(),
        "score": opinion.score,
        "dont_know": opinion.dont_know,
        **{question: opinion.communities.get(question, "") for question in COMMUNITIES},
    }
    sealed = sealing.seal(key, written, place=place)
    return _FRESH.write(token=place, period_id=period, sealed=sealed, words_token=words)


def _open_period(booth: Booth, key: bytes) -> int:
    """The quarter, if it is open and this is its key. Raises PeriodClosed or KeysUnavailable."""
    recognised = sealing.check_value(key)
    if booth.key_destroyed_on:
        raise errors.PeriodClosed(period=booth.period)
    if booth.period_id is None or not booth.key_check:
        return _begun_period(booth, recognised)
    if booth.key_check != recognised:
        raise keystore.not_the_key(_key_name(booth))
    return booth.period_id


@action
def _begun_period(booth: Booth, recognised: str) -> int:
    """The quarter that begins with this rating, or with another's at the same time."""
    period, _ = RatingPeriod.objects.get_or_create(
        assembly_id=booth.assembly.pk, name=booth.period, defaults={"key_check": recognised}
    )
    if period.key_destroyed_on:
        raise errors.PeriodClosed(period=booth.period)
    if not period.key_check:
        RatingPeriod.objects.filter(pk=period.pk).update(key_check=recognised)
    elif period.key_check != recognised:
        raise keystore.not_the_key(_key_name(booth))
    return int(period.pk)


def _key(booth: Booth) -> bytes:
    """The quarter's key: made for its first rating, and never again once it is destroyed or lost.

    Read from the store every time and kept nowhere, so that a key that was destroyed is gone at once.
    """
    name = _key_name(booth)
    key = keystore.store().get(name)
    if key is not None:
        return key
    if booth.key_destroyed_on:
        raise errors.PeriodClosed(period=booth.period)
    if booth.key_check:
        raise keystore.not_the_key(name)
    return keystore.store().make(name)


def _key_name(booth: Booth) -> str:
    return keystore.name_of(booth.assembly.slug, booth.period)


def _token(key: bytes, label: str, subject: Where, by: User) -> str:
    return tokens.token(key, label, subject.record_subject, by)
