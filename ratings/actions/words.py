"""One's own words, which came with a rating: what they say, where they are, and taking them back."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.models import User
from commitments import events
from commitments.withholding import vault
from ratings import errors, keystore, periods, sealing, subjects, tokens
from ratings.booths import Booth
from ratings.models import FreshBallot, RatingWords, WordsStage
from ratings.subjects import Rated, Said
from record.ledger import action, append
from record.models import Words, WordsState

TEXT = "text"
TAKEN_BACK = "taken_back"
"""The ground of an entry that hides words because their author took them back or wrote others."""
NOT_SHOWN = "hidden"
TRIES = 5


@dataclass(frozen=True)
class OwnWords:
    """`said` last, and where it is: `waiting`, `published`, `refused`, `hidden`. `shown` is what everybody reads."""

    said: str = ""
    state: str | None = None
    ground: str | None = None
    shown: str | None = None


def own_words(subject: Rated | Booth, *, by: User, today: date) -> OwnWords:
    """One's own words on a commitment or theme in this quarter; empty where there are none."""
    key = keystore.store().get(keystore.name_of(subject.assembly.slug, periods.of(today)))
    if key is None:
        return OwnWords()
    fresh = _fresh(key, subject, by)
    row = _row(key, subject, by)
    present = _present(row, key)
    if fresh is None or _is_dropped(row, key, fresh[0]):
        return present
    said = str(fresh[1].get("words") or "")
    if said == present.said:
        return present
    return OwnWords(said, WordsStage.WAITING.value if said else None, None, present.shown)


def words_with(said: Said) -> OwnWords:
    """The same right after `said` was cast by somebody of whom no earlier words are kept."""
    return OwnWords(said.words, WordsStage.WAITING.value if said.words else None)


def take_back_words(subject: Rated, *, by: User, today: date) -> None:
    """Take back one's words at once, wherever they are; the rating stays. Raises NothingSaid where there are none.

    No ballot is touched where words are public or could be: so the hour at which they go leads to no ballot.
    """
    name = keystore.name_of(subject.assembly.slug, periods.of(today))
    key = keystore.store().get(name)
    if key is None:
        raise errors.NothingSaid
    for _ in range(TRIES):
        if _take_back(subject, key, by=by, today=today):
            return
    raise errors.WordsAreMoving


def withdraw_published(row: RatingWords, subject: Rated, *, today: date) -> None:
    """Hide published words for their author, and tell it; inside an action that holds the subject's row and theirs.

    Also those that are held or hidden meanwhile: they do not come back when others do.
    """
    vault.open_until_the_end(subject)
    row.stage, row.token = WordsStage.WITHDRAWN, None
    row.save(update_fields=["stage", "token"])
    shown = Words.objects.filter(position=row.position or 0, state=WordsState.PUBLISHED)
    if not shown.update(state=WordsState.HIDDEN):
        return
    append(
        events.WORDS_HIDDEN,
        row,
        actor="resident",
        today=today,
        facts={"entry": row.position, "ground": TAKEN_BACK},
        root=subject,
        assembly=subject.assembly.slug,
    )


def drop_mark(key: bytes, sealed: bytes) -> bytes:
    """By what a fresh ballot is known whose words were taken back; it leads to none without the key."""
    return hmac.digest(key, b"taken back\0" + sealed, "sha256")


@action
def _take_back(subject: Rated, key: bytes, *, by: User, today: date) -> bool:
    """Once; False where the words moved meanwhile, to be tried again."""
    subject = subjects.locked(subject)
    row = _row(key, subject, by, locked=True)
    fresh = _fresh(key, subject, by)
    has_fresh = fresh is not None and bool(fresh[1].get("words")) and not _is_dropped(row, key, fresh[0])
    if row is None or row.stage == WordsStage.DROPPED:
        if fresh is None or not has_fresh:
            raise errors.NothingSaid
        return _blank(fresh, key, subject, by) if row is None else _drop_again(row, key, fresh[0])
    if row.stage == WordsStage.PUBLISHED:
        withdraw_published(row, subject, today=today)
    else:
        row.delete()
    if fresh is not None and has_fresh:
        _drop(row, drop_mark(key, fresh[0]), tokens.token(key, tokens.WORDS, subject.record_subject, by))
    return True


def _blank(fresh: tuple[bytes, Mapping[str, Any]], key: bytes, subject: Rated, by: User) -> bool:
    """Seal the fresh ballot anew without its words; False where it was changed or mixed meanwhile."""
    place = tokens.token(key, tokens.FRESH, subject.record_subject, by)
    sealed = sealing.seal(key, {**fresh[1], "words": ""}, place=place)
    return bool(FreshBallot.objects.filter(pk=place, sealed=fresh[0]).update(sealed=sealed))


def _drop(row: RatingWords, mark: bytes, token: str) -> None:
    RatingWords.objects.create(
        token=token, period_id=row.period_id, subject=row.subject, stage=WordsStage.DROPPED, sealed=mark
    )


def _drop_again(row: RatingWords, key: bytes, sealed: bytes) -> bool:
    row.sealed = drop_mark(key, sealed)
    row.save(update_fields=["sealed"])
    return True


def _fresh(key: bytes, subject: Rated | Booth, by: User) -> tuple[bytes, Mapping[str, Any]] | None:
    """One's ballot that is still to be mixed: as it is sealed, and what it says."""
    place = tokens.token(key, tokens.FRESH, subject.record_subject, by)
    sealed = FreshBallot.objects.filter(pk=place).values_list("sealed", flat=True).first()
    if sealed is None:
        return None
    return bytes(sealed), sealing.unseal(key, bytes(sealed), place=place)


def _row(key: bytes, subject: Rated | Booth, by: User, *, locked: bool = False) -> RatingWords | None:
    rows = RatingWords.objects.select_for_update(of=("self",)) if locked else RatingWords.objects.all()
    found: RatingWords | None = rows.filter(
        token=tokens.token(key, tokens.WORDS, subject.record_subject, by)
    ).first()
    return found


def _is_dropped(row: RatingWords | None, key: bytes, sealed: bytes) -> bool:
    if row is None or row.stage != WordsStage.DROPPED:
        return False
    return hmac.compare_digest(bytes(row.sealed or b""), drop_mark(key, sealed))


def _present(row: RatingWords | None, key: bytes) -> OwnWords:
    """What was said before the last mixing."""
    if row is None or row.stage == WordsStage.DROPPED:
        return OwnWords()
    if row.stage == WordsStage.PUBLISHED:
        return _published(row)
    if row.stage == WordsStage.SEALED:
        return OwnWords(text_of(row, key), WordsStage.WAITING.value)
    return OwnWords(row.text, row.stage, row.ground or None)


def _published(row: RatingWords) -> OwnWords:
    said = Words.objects.get(position=row.position or 0, name=TEXT)
    text = said.text or ""
    if said.state != WordsState.PUBLISHED:
        return OwnWords(text, NOT_SHOWN)
    return OwnWords(text, WordsStage.PUBLISHED.value, None, text)


def text_of(row: RatingWords, key: bytes) -> str:
    """What sealed words say."""
    return str(sealing.unseal(key, bytes(row.sealed or b""), place=row.token or "")[TEXT])
