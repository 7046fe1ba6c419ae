"""The words that a rating may hold: strata, and the communities to which somebody may say that they belong.

Categories follow the Government Statistical Service's harmonised standards, coarse enough for a borough.
"""

from django.db.models import TextChoices


class Stratum(TextChoices):
    """As whom somebody rates; shown apart, never blended."""

    LOCAL = "local", "local resident (redeemed a code)"
    OTHER = "other", "other resident"
    MEMBER = "member", "member of the assembly"


class PeriodChange(TextChoices):
    """What two people decide of a quarter: that it is set aside, or that it counts again."""

    SET_ASIDE = "set_aside", "set aside"
    RESTORE = "restore", "counts again"


UNSAID = "prefer_not_to_say"
UNDER_16 = "under_16"

COMMUNITIES: dict[str, tuple[str, ...]] = {
    "age_band": (UNDER_16, "16_24", "25_34", "35_44", "45_54", "55_64", "65_74", "75_over"),
    "sex": ("female", "male"),
    "ethnic_group": ("asian", "black", "mixed", "white", "other"),
    "disability": ("disabled", "not_disabled"),
    "religion": (
        "none", "christian", "buddhist", "hindu", "jewish", "muslim", "sikh", "other",
    ),
    "orientation": ("straight", "gay_or_lesbian", "bisexual", "other"),
    "gender_identity": ("same_as_at_birth", "different"),
}  # fmt: skip
"""Each question and its answers; `prefer_not_to_say` is an answer to all of them, and no answer is the empty string."""

FROM_16 = ("orientation", "gender_identity")
"""Questions that are not put to anyone younger."""

PURPOSE = "To compare, in groups of at least ten, how communities experience policing. For nothing else."


def answers(question: str) -> tuple[str, ...]:
    """What may be answered to a question."""
    return (*COMMUNITIES[question], UNSAID)
