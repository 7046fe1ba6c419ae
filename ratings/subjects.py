"""What can be rated: a commitment, or a theme as a whole; and what a ballot says of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from commitments.models import Commitment, Owner, Theme
from ratings import choices, errors, sealing

Rated = Commitment | Theme


@dataclass(frozen=True)
class Said:
    """A score from 1 to 5 or that one does not know, answers on community (themes only), and words that go apart."""

    score: int | None = None
    dont_know: bool = False
    communities: Mapping[str, str] = field(default_factory=dict)
    words: str = ""


def owners(kind: type[Rated], key: Any) -> QuerySet[Owner]:
    """The present owners of the commitment, or of any commitment of the theme, with this key."""
    present = Owner.objects.filter(ended_on=None)
    if kind is Commitment:
        return present.filter(commitment=key)
    return present.filter(commitment__answering__recommendation__theme=key)


def locked(subject: Rated) -> Rated:
    """The same as it is now, and it stays so until the transaction ends."""
    model: Any = type(subject)
    row: Rated = model.objects.select_for_update(of=("self",)).select_related("assembly").get(pk=subject.pk)
    return row


def check_said(said: Said, *, of_theme: bool) -> None:
    """Raise Invalid unless it is one answer, on the scale, with answers on community only where they are asked."""
    on_scale = said.score in (1, 2, 3, 4, 5)
    if on_scale == said.dont_know or (said.score is not None and not on_scale):
        raise errors.ScoreMissing(field="score")
    if said.communities and not of_theme:
        raise errors.CommunitiesOnThemesOnly(field="communities")
    sealing.check_fits(said.words)
    for question, answer in said.communities.items():
        _check_answer(question, answer, said.communities.get("age_band", ""))


def _check_answer(question: str, answer: str, age_band: str) -> None:
    if question not in choices.COMMUNITIES or answer not in choices.answers(question):
        known = choices.answers(question) if question in choices.COMMUNITIES else ()
        raise errors.UnknownAnswer(
            field=f"communities/{question}", question=question, answers=", ".join(known) or "nothing"
        )
    if question in choices.FROM_16 and age_band == choices.UNDER_16:
        raise errors.NotAskedUnder16(field=f"communities/{question}", question=question)
