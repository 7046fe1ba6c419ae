"""Moving words: out of fresh ballots while these are mixed, and to the convenor once their subject has a figure.

Words leave their ballot in the transaction that mixes it, sealed anew under a hash of their own, in the order of these
hashes. They stay sealed until a figure of their subject and quarter is public, which says that at least ten rated: so
words tell nothing that the figure does not, and no single ballot can be theirs.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from commitments.models import Commitment, Theme
from ratings import keystore, sealing, subjects
from ratings.actions.words import TEXT, drop_mark, text_of, withdraw_published
from ratings.models import Figure, RatingPeriod, RatingWords, WordsStage
from ratings.subjects import Rated
from record.ledger import action
from record.models import Words

NAMED = 500
log = logging.getLogger(__name__)
Row = Mapping[str, Any]
Keys = Mapping[int, bytes]


@dataclass(frozen=True)
class Come:
    """What a fresh ballot says in words, under their own hash."""

    token: str
    period: int
    subject: str
    text: str
    mark: bytes


def come(ballot: Row, sealed: bytes, keys: Keys) -> Come:
    """The words of a fresh ballot that is being mixed: `ballot` as it says, `sealed` as it stood there."""
    period = ballot["period_id"]
    mark = drop_mark(keys[period], bytes(sealed))
    return Come(ballot["words_token"], period, ballot["subject"], ballot["words"], mark)


def move_words(fresh: Iterable[Come], keys: Keys) -> None:
    """Put what fresh ballots say in words in the place of what they said before; inside the mixing."""
    ordered = sorted(fresh, key=lambda one: one.token)
    for start in range(0, len(ordered), NAMED):
        _move(ordered[start : start + NAMED], keys)


def bring_words(today: date) -> None:
    """Open the words whose subject has a figure by now, for the convenor; hide those that others took the place of.

    Safe to run at any time, and twice.
    """
    for row in RatingWords.objects.filter(stage=WordsStage.LEAVING).order_by("pk"):
        _leave(row, today)
    ripe = _ripe()
    keys = _keys(ripe)
    if keys:
        _open(ripe.filter(period__in=keys), keys, today)


def key_of(period: RatingPeriod) -> bytes:
    """The key with which the quarter's ballots were cast. Raises KeysUnavailable."""
    name = keystore.name_of(period.assembly.slug, period.name)
    key = keystore.store().get(name)
    if key is None or (period.key_check and sealing.check_value(key) != period.key_check):
        raise keystore.not_the_key(name)
    return key


def forget_words(period: RatingPeriod) -> None:
    """When the key goes: words that were never published go with it, and nothing says any more who wrote the others."""
    mine = RatingWords.objects.filter(period=period)
    mine.exclude(stage__in=(WordsStage.PUBLISHED, WordsStage.LEAVING, WordsStage.WITHDRAWN)).delete()
    mine.update(token=None)


def subject_named(name: str) -> Rated:
    """What words or figures name as their subject."""
    kind, _, key = name.partition(":")
    if kind == Commitment.record_kind:
        found: Rated = Commitment.objects.select_related("assembly").get(reference=key)
        return found
    assembly, _, slug = key.partition("/")
    theme: Rated = Theme.objects.select_related("assembly").get(assembly__slug=assembly, slug=slug)
    return theme


def _move(fresh: list[Come], keys: Keys) -> None:
    rows = _rows([one.token for one in fresh])
    texts = _texts(rows.values(), keys)
    new = []
    for one in fresh:
        row = rows.get(one.token)
        text = _text(one, row)
        is_changed = text != texts.get(one.token, "")
        _make_room(row, is_changed=is_changed)
        if is_changed and text:
            new.append(_sealed(one, keys))
    RatingWords.objects.bulk_create(new)


def _text(one: Come, row: RatingWords | None) -> str:
    """What it says, but for words that were taken back since."""
    taken_back = row is not None and row.stage == WordsStage.DROPPED and bytes(row.sealed or b"") == one.mark
    return "" if taken_back else one.text


def _rows(names: list[str]) -> dict[str, RatingWords]:
    found = RatingWords.objects.select_for_update(of=("self",)).filter(token__in=names).order_by("token")
    return {row.token or "": row for row in found}


def _texts(rows: Iterable[RatingWords], keys: Keys) -> dict[str, str]:
    """What was said before, by hash."""
    rows = list(rows)
    positions = [row.position or 0 for row in rows if row.stage == WordsStage.PUBLISHED]
    published = dict(Words.objects.filter(position__in=positions, name=TEXT).values_list("position", "text"))
    found = {}
    for row in rows:
        sealed = text_of(row, keys[row.period_id]) if row.stage == WordsStage.SEALED else ""
        found[row.token or ""] = published.get(row.position or 0) or sealed or row.text
    return found


def _make_room(row: RatingWords | None, *, is_changed: bool) -> None:
    if row is None:
        return
    if row.stage == WordsStage.DROPPED or (is_changed and row.stage != WordsStage.PUBLISHED):
        row.delete()
    elif is_changed:
        row.stage, row.token = WordsStage.LEAVING, None
        row.save(update_fields=["stage", "token"])


def _sealed(one: Come, keys: Keys) -> RatingWords:
    sealed = sealing.seal(keys[one.period], {TEXT: one.text}, place=one.token)
    return RatingWords(
        token=one.token, period_id=one.period, subject=one.subject, stage=WordsStage.SEALED, sealed=sealed
    )


@action
def _leave(row: RatingWords, today: date) -> None:
    subject = subjects.locked(subject_named(row.subject))
    found = RatingWords.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if found.stage == WordsStage.LEAVING:
        withdraw_published(found, subject, today=today)


def _ripe() -> QuerySet[RatingWords]:
    """Sealed words on what has a figure of all who rated it."""
    figure = Figure.objects.filter(
        period=OuterRef("period"), subject=OuterRef("subject"), by="all", latest=True, n__isnull=False
    )
    return RatingWords.objects.filter(Exists(figure), stage=WordsStage.SEALED)


def _keys(rows: QuerySet[RatingWords]) -> dict[int, bytes]:
    found = {}
    for period in RatingPeriod.objects.filter(pk__in=rows.values("period")).select_related("assembly"):
        try:
            found[period.pk] = key_of(period)
        except keystore.KeysUnavailable as unavailable:
            log.error("%s Words wait.", unavailable)
    return found


@action
def _open(rows: QuerySet[RatingWords], keys: Keys, today: date) -> None:
    """Write them anew, open, in the order of their hashes, all in one transaction."""
    found = list(rows.select_for_update(of=("self",)).order_by("token"))
    named = {name: subject_named(name) for name in sorted({row.subject for row in found})}
    RatingWords.objects.filter(pk__in=[row.pk for row in found]).delete()
    RatingWords.objects.bulk_create(
        RatingWords(
            token=row.token,
            period_id=row.period_id,
            subject=row.subject,
            **_foreign(named[row.subject]),
            stage=WordsStage.WAITING,
            text=text_of(row, keys[row.period_id]),
            waits_since=today,
        )
        for row in found
    )


def _foreign(subject: Rated) -> dict[str, Rated]:
    return {"commitment" if isinstance(subject, Commitment) else "theme": subject}
