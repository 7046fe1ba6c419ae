"""Casting, changing and taking back one's own rating. Nothing here is logged, and nothing of it is public."""

from datetime import date

from accounts.models import User
from commitments.models import Assembly
from ratings import errors, keystore, periods, permissions, sealing, subjects, tokens
from ratings.actions import watching
from ratings.choices import COMMUNITIES, Stratum
from ratings.models import Ballot, Belonging, FreshBallot, RatingPeriod
from ratings.subjects import Rated, Said
from record import clock
from record.ledger import action

OPINION = ("score", "dont_know", *COMMUNITIES)
WRITTEN = ("period", "sealed")


def cast(subject: Rated, *, by: User, today: date, said: Said) -> Said:
    """Rate a commitment or a theme in the quarter of `today`, or change what one said; the last word counts."""
    permissions.check_may_rate(by, subject)
    subjects.check_rateable(subject)
    subjects.check_said(subject, said)
    key, is_counted = _key(subject, today), watching.is_first_this_hour(subject.assembly, by)
    _put(subject, key, by=by, today=today, said=said, is_counted=is_counted)
    return said


def withdraw(subject: Rated, *, by: User, today: date) -> None:
    """Take back one's rating of this quarter. Raises NothingRated where there is none."""
    key, _ = _own(subject, by, today)
    _put(subject, key, by=by, today=today, said=None)


def own(subject: Rated, *, by: User, today: date) -> Said:
    """One's own rating of this quarter. Raises NothingRated where there is none."""
    return _own(subject, by, today)[1]


def _own(subject: Rated, by: User, today: date) -> tuple[bytes, Said]:
    """The quarter's key, and what one's ballot says. Asking makes no key: before the first rating there is none.

    The same is asked for whether or not there is a rating, so that the time it takes does not tell.
    """
    key = keystore.store().get(_key_name(subject, today))
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


@action
def _put(
    subject: Rated, key: bytes, *, by: User, today: date, said: Said | None, is_counted: bool = False
) -> None:
    """Put the ballot, sealed, among the fresh ones, over what it said before; `said` None takes it back."""
    period = _open_period(subject.assembly, periods.of(today), key)
    place = _token(key, tokens.FRESH, subject, by)
    opinion = said or Said()
    written = {
        "token": _token(key, tokens.BALLOT, subject, by),
        "words_token": _token(key, tokens.WORDS, subject, by),
        "words": opinion.words,
        "subject": subject.record_subject,
        "stratum": _stratum(by, subject.assembly),
        "withdrawn": said is None,
        "invented": clock.is_invented(),
        "score": opinion.score,
        "dont_know": opinion.dont_know,
        **{question: opinion.communities.get(question, "") for question in COMMUNITIES},
    }
    ballot = FreshBallot(token=place, period=period, sealed=sealing.seal(key, written, place=place))
    FreshBallot.objects.bulk_create(
        [ballot], update_conflicts=True, unique_fields=["token"], update_fields=WRITTEN
    )
    if is_counted:
        watching.count_person(subject.assembly)


def _open_period(assembly: Assembly, name: str, key: bytes) -> RatingPeriod:
    """The quarter, if it is open and this is its key. Raises PeriodClosed or KeysUnavailable."""
    recognised = sealing.check_value(key)
    period, _ = RatingPeriod.objects.get_or_create(
        assembly=assembly, name=name, defaults={"key_check": recognised}
    )
    if period.key_destroyed_on:
        raise errors.PeriodClosed(period=name)
    if not period.key_check:
        RatingPeriod.objects.filter(pk=period.pk).update(key_check=recognised)
    elif period.key_check != recognised:
        raise keystore.not_the_key(_name_of(assembly, name))
    return period


def _stratum(by: User, assembly: Assembly) -> str:
    found = Belonging.objects.filter(user=by, assembly=assembly).values_list("stratum", flat=True).first()
    return found or Stratum.OTHER


def _key(subject: Rated, today: date) -> bytes:
    """The quarter's key: made for its first rating, and never again once it is destroyed or lost."""
    name, period = _key_name(subject, today), periods.of(today)
    key = keystore.store().get(name)
    if key is not None:
        return key
    known = RatingPeriod.objects.filter(assembly=subject.assembly, name=period).first()
    if known is not None and known.key_destroyed_on:
        raise errors.PeriodClosed(period=period)
    if known is not None and known.key_check:
        raise keystore.not_the_key(name)
    return keystore.store().make(name)


def _key_name(subject: Rated, today: date) -> str:
    return _name_of(subject.assembly, periods.of(today))


def _name_of(assembly: Assembly, period: str) -> str:
    return keystore.name_of(assembly.slug, period)


def _token(key: bytes, label: str, subject: Rated, by: User) -> str:
    return tokens.token(key, label, subject.record_subject, by)
