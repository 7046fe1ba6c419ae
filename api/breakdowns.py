"""By what figures may be asked for: one breakdown at a time, and communities of themes alone."""

from typing import Any

from api.http.errors import at_parameter, bad_parameters
from ratings import counting
from ratings.choices import COMMUNITIES
from record import values

ALL, PERIOD = counting.ALL.by, "period"
VIEWS = (ALL, *counting.GROUPS)
COMPARED = (counting.STRATUM, *COMMUNITIES)
"""What has groups that can be held against each other."""
ONE_AT_A_TIME = (
    "One breakdown at a time: two together would show groups so small that somebody could be known in them."
)
NAMES = {
    "local": "local residents",
    "member": "members of the assembly",
    "under_16": "people under 16",
    "75_over": "people of 75 and over",
    "female": "women and girls",
    "male": "men and boys",
    "disabled": "disabled people",
    "not_disabled": "people who are not disabled",
    "asian": "Asian people",
    "black": "Black people",
    "mixed": "people of mixed ethnic groups",
    "white": "white people",
    "none": "people of no religion",
    "christian": "Christians",
    "buddhist": "Buddhists",
    "hindu": "Hindus",
    "jewish": "Jewish people",
    "muslim": "Muslims",
    "sikh": "Sikhs",
    "straight": "straight people",
    "gay_or_lesbian": "gay and lesbian people",
    "bisexual": "bisexual people",
    "same_as_at_birth": "people whose gender is the same as at birth",
    "different": "people whose gender differs from the one at birth",
}
OTHERS = {
    counting.STRATUM: "other residents",
    "ethnic_group": "people of other ethnic groups",
    "religion": "people of other religions",
    "orientation": "people of other orientations",
}


class OneBreakdown(values.Choice):
    """One of the allow-listed views."""

    def read(self, text: str) -> str:
        """The word. Raises Malformed, and says why two together are not to be had."""
        if "," in text:
            raise values.Malformed(ONE_AT_A_TIME)
        return super().read(text)


def name_of(by: str, group: str) -> str:
    """A group of a breakdown in plain English, as it stands in a sentence."""
    if group == "other":
        return OTHERS.get(by, "others")
    if group not in NAMES and by == "age_band":
        return "people of " + group.replace("_", " to ")
    return NAMES.get(group, group)


def check_subjects(by: str, subjects: list[str]) -> None:
    """Raise a 400 that names `by` where communities are asked for of commitments."""
    if by in COMMUNITIES and any(not name.startswith("theme:") for name in subjects):
        detail = (
            "Communities are published of themes only: ask with theme subjects, or by all, stratum or period."
        )
        raise bad_parameters([at_parameter("by", "communities_on_themes_only", detail)])


def labelled(by: str, groups: Any) -> dict[str, str]:
    """The names of several groups."""
    return {group: name_of(by, group) for group in groups}
