"""The longest entry of figures fits a bundle of the record, whose lengths are of 16 bits."""

from decimal import Decimal

import pytest
import rfc8785

from ratings.actions import cutting
from ratings.choices import COMMUNITIES, Stratum, answers
from ratings.rounding import ALL, Part, Shown
from record.ledger import LONGEST_ENTRY, check_length
from record.refusals import Invalid

WIDEST = Shown(
    1_000_000, 1_000_000, Decimal("2.5"), Decimal("1.9"), Decimal("3.2"), (100, 100, 100, 100, 100)
)
SLUG = "s" * 80


def longest() -> bytes:
    """Every figure that a theme can have, in a body with the longest names."""
    parts = [
        ALL,
        *(Part("stratum", one) for one in Stratum),
        *(Part(by, group) for by in COMMUNITIES for group in answers(by)),
    ]
    return rfc8785.dumps(
        {
            "subject": f"theme:{SLUG}/{SLUG}",
            "root": f"theme:{SLUG}/{SLUG}",
            "facts": {"figures": [cutting._fact(part, WIDEST) for part in parts]},
        }
    )


def test_every_breakdown_of_a_theme_fits_one_entry_many_times() -> None:
    assert len(longest()) > 5_000
    assert 3 * len(longest()) < LONGEST_ENTRY


def test_an_entry_that_no_bundle_could_hold_is_refused() -> None:
    check_length(b"x" * LONGEST_ENTRY)
    with pytest.raises(Invalid):
        check_length(b"x" * (LONGEST_ENTRY + 1))
