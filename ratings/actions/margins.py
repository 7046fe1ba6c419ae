"""Loading what the census says of an assembly's area, so that figures can be weighted by it."""

from collections.abc import Mapping
from datetime import date

from accounts.models import User
from commitments import events, permissions
from commitments.models import Assembly
from ratings import errors
from ratings.choices import COMMUNITIES
from ratings.models import Margin
from record.ledger import action, append

LARGEST = 100_000_000


@action
def load_margin(
    assembly: Assembly,
    *,
    by: User,
    today: date,
    question: str,
    counts: Mapping[str, int],
    dated: date,
    source: str,
) -> Margin:
    """Enter how many people of each answer live there; for the convenor. Figures weighted by it change at once."""
    office = permissions.check_convenor(by, assembly.slug)
    _check(question, counts, dated, today, source)
    assembly = Assembly.objects.select_for_update().get(pk=assembly.pk)
    facts = {"by": question, "counts": dict(counts), "dated": dated.isoformat(), "source": source}
    entry = append(
        events.MARGIN_LOADED,
        assembly,
        actor=office,
        today=today,
        facts=facts,
        assembly=assembly.slug,
        edits=False,
    )
    return Margin.objects.create(
        assembly=assembly,
        question=question,
        counts=dict(counts),
        dated=dated,
        source=source,
        position=entry.position,
    )


def _check(question: str, counts: Mapping[str, int], dated: date, today: date, source: str) -> None:
    """Every answer that can be given is counted, and nothing else; whole numbers, somebody among them."""
    known = COMMUNITIES.get(question, ())
    numbers = list(counts.values())
    can_be = any(numbers) and all(0 <= one <= LARGEST for one in numbers)
    if not known or set(counts) != set(known) or not can_be:
        raise errors.NoMargin(
            field="counts", question=question, answers=", ".join(known) or "no known question"
        )
    if dated > today or not source.startswith("https://"):
        raise errors.NoMarginSource(field="source")
