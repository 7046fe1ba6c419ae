"""The words of a rating: five points of agreement and "I don't know", and the questions on community."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ratings.choices import COMMUNITIES, UNSAID

DONT_KNOW = "dont_know"
POINTS: dict[str, Promise] = {
    "5": _("Yes, wholly"),
    "4": _("Mostly"),
    "3": _("Partly"),
    "2": _("A little"),
    "1": _("No, not at all"),
    DONT_KNOW: _("I don’t know"),
}
"""Each answer as the form sends it, the best first; "I don't know" counts, and stays outside every mean."""

STRATA: dict[str, Promise] = {
    "local": _("a local resident"),
    "other": _("a resident"),
    "member": _("a member of the assembly"),
}

QUESTIONS: dict[str, Promise] = {
    "age_band": _("How old are you?"),
    "sex": _("What is your sex?"),
    "ethnic_group": _("What is your ethnic group?"),
    "disability": _("Are you disabled?"),
    "religion": _("What is your religion?"),
    "orientation": _("What is your sexual orientation?"),
    "gender_identity": _("Is your gender the same as the sex you were registered with at birth?"),
}

ANSWERS: dict[str, dict[str, Promise]] = {
    "age_band": {
        "under_16": _("under 16"),
        "16_24": _("16 to 24"),
        "25_34": _("25 to 34"),
        "35_44": _("35 to 44"),
        "45_54": _("45 to 54"),
        "55_64": _("55 to 64"),
        "65_74": _("65 to 74"),
        "75_over": _("75 or over"),
    },
    "sex": {"female": _("female"), "male": _("male")},
    "ethnic_group": {
        "asian": _("Asian or Asian British"),
        "black": _("Black, Black British, Caribbean or African"),
        "mixed": _("mixed or multiple ethnic groups"),
        "white": _("White"),
        "other": _("another ethnic group"),
    },
    "disability": {"disabled": _("yes, disabled"), "not_disabled": _("no, not disabled")},
    "religion": {
        "none": _("no religion"),
        "christian": _("Christian"),
        "buddhist": _("Buddhist"),
        "hindu": _("Hindu"),
        "jewish": _("Jewish"),
        "muslim": _("Muslim"),
        "sikh": _("Sikh"),
        "other": _("another religion"),
    },
    "orientation": {
        "straight": _("straight or heterosexual"),
        "gay_or_lesbian": _("gay or lesbian"),
        "bisexual": _("bisexual"),
        "other": _("another orientation"),
    },
    "gender_identity": {"same_as_at_birth": _("yes, the same"), "different": _("no, different")},
}
"""How each answer is said; a test holds them to `ratings/choices.py`."""
RATHER_NOT: Promise = _("I would rather not say")


def answers(question: str) -> list[tuple[str, str | Promise]]:
    """What may be answered, with its words."""
    words = ANSWERS[question]
    return [*((one, words[one]) for one in COMMUNITIES[question]), (UNSAID, RATHER_NOT)]
