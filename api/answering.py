"""Which commitments answer each priority, and what came of those that were replaced since."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from commitments.models import Lineage, Tie
from commitments.models.priorities import REPLACED

Links = Mapping[int, list[tuple[int, str, str]]]


class Answers(NamedTuple):
    """References of commitments: those that are tied, and those that replaced one of them and are not tied yet."""

    tied: list[str]
    replaced_by: list[str]


def answers_to(priorities: Sequence[UUID]) -> dict[UUID, Answers]:
    """For each of these, in one question; where a tied commitment was replaced, in one more for each step."""
    rows = list(
        Tie.objects.filter(priority__in=priorities)
        .order_by("pk")
        .values_list("priority_id", "commitment_id", "commitment__reference", "commitment__stage")
    )
    links = _links({pk for _, pk, _, stage in rows if stage in REPLACED})
    found = {key: Answers([], []) for key in priorities}
    for key, pk, reference, _ in rows:
        found[key].tied.append(reference)
        found[key].replaced_by.extend(_became(pk, links))
    return {key: Answers(tied, _others(later, tied)) for key, (tied, later) in found.items()}


def _others(later: Sequence[str], tied: Sequence[str]) -> list[str]:
    return [one for one in dict.fromkeys(later) if one not in tied]


def _links(begun: set[int]) -> Links:
    """What each of these became, and what became of that."""
    links: dict[int, list[tuple[int, str, str]]] = defaultdict(list)
    asked = begun
    while asked:
        rows = Lineage.objects.filter(earlier__in=asked).order_by("position")
        asked = set()
        said = rows.values_list("earlier_id", "later_id", "later__reference", "later__stage")
        for earlier, pk, reference, stage in said:
            links[earlier].append((pk, reference, stage))
            if stage in REPLACED and pk not in links:
                asked.add(pk)
    return links


def _became(commitment: int, links: Links) -> list[str]:
    """The promises at the ends of its story that stand."""
    return [
        end
        for pk, reference, stage in links.get(commitment, [])
        for end in (_became(pk, links) if stage in REPLACED else [reference])
    ]
