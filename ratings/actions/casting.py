"""Casting, changing and taking back one's own rating. Nothing here is logged, and nothing of it is public."""

from datetime import date

from accounts.models import User
from commitments.models import Assembly
from ratings import errors, keystore, periods, permissions, subjects, tokens
from ratings.choices import COMMUNITIES, Stratum
from ratings.models import Ballot, Belonging, FreshBallot, RatingPeriod
from ratings.subjects import Rated, Said
from record import clock
from record.ledger import action

OPINION = ("score", "dont_know", *COMMUNITIES)
WRITTEN = ("period", "subject", "stratum", "withdrawn", "invented", *OPINION)


def cast(subject: Rated, *, by: User, today: date, said: Said) -> Said:
    """Rate a commitment or a theme in the quarter of `today`, or change what one said; the last word counts."""
    permissions.check_may_rate(by, subject)
    subjects.check_rateable(subject)
    subjects.check_said(subject, said)
    key = keystore.store().make(_key_name(subject, today))
    _put(subject, _token(key, subject, by), by=by, today=today, said=said)
    return said


def withdraw(subject: Rated, *, by: User, today: date) -> None:
    """Take back one's rating of this quarter. Raises NothingRated where there is none."""
    token, _ = _own(subject, by, today)
    _put(subject, token, by=by, today=today, said=None)


def own(subject: Rated, *, by: User, today: date) -> Said:
    """One's own rating of this quarter. Raises NothingRated where there is none."""
    return _own(subject, by, today)[1]


def _own(subject: Rated, by: User, today: date) -> tuple[str, Said]:
    """The ballot's token and what it says. Asking makes no key: before the first rating there is none."""
    key = keystore.store().get(_key_name(subject, today))
    if key is None:
        raise errors.NothingRated(period=periods.of(today))
    token = _token(key, subject, by)
    # Fresh before mixed: a ballot that is moved in between is then found where it went.
    row = (
        FreshBallot.objects.filter(pk=token).values("withdrawn", *OPINION).first()
        or Ballot.objects.filter(pk=token).values(*OPINION).first()
    )
    if row is None or row.get("withdrawn"):
        raise errors.NothingRated(period=periods.of(today))
    communities = {question: row[question] for question in COMMUNITIES if row[question]}
    return token, Said(row["score"], row["dont_know"], communities)


@action
def _put(subject: Rated, token: str, *, by: User, today: date, said: Said | None) -> None:
    """Put the ballot among the fresh ones, over what it said before; `said` None takes it back."""
    period = _open_period(subject.assembly, periods.of(today))
    ballot = FreshBallot(
        token=token,
        period=period,
        subject=subject.record_subject,
        stratum=_stratum(by, subject.assembly),
        withdrawn=said is None,
        invented=clock.is_invented(),
    )
    if said is not None:
        ballot.score, ballot.dont_know = said.score, said.dont_know
        for question, answer in said.communities.items():
            setattr(ballot, question, answer)
    FreshBallot.objects.bulk_create(
        [ballot], update_conflicts=True, unique_fields=["token"], update_fields=WRITTEN
    )


def _open_period(assembly: Assembly, name: str) -> RatingPeriod:
    period, _ = RatingPeriod.objects.get_or_create(assembly=assembly, name=name)
    if period.key_destroyed_on:
        raise errors.PeriodClosed(period=name)
    return period


def _stratum(by: User, assembly: Assembly) -> str:
    found = Belonging.objects.filter(user=by, assembly=assembly).values_list("stratum", flat=True).first()
    return found or Stratum.OTHER


def _key_name(subject: Rated, today: date) -> str:
    return keystore.name_of(subject.assembly.slug, periods.of(today))


def _token(key: bytes, subject: Rated, by: User) -> str:
    return tokens.token(key, tokens.BALLOT, subject.record_subject, by)
