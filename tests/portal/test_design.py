"""The design system: enough contrast in both schemes, colours from the tokens alone, nothing from elsewhere."""

import re

from portal import design, wording

SHEET = design.SHEET.read_text(encoding="utf-8")


def test_contrast_is_worked_out_as_wcag_says() -> None:
    assert design.contrast("#000000", "#ffffff") == 21
    assert design.contrast("#777777", "#ffffff") == 4.4
    assert design.contrast("#ffffff", "#ffffff") == 1


def test_all_text_has_enough_contrast_in_both_schemes() -> None:
    short = [(scheme, one) for scheme in design.SCHEMES for one in design.pairs(scheme) if not one.is_enough]
    assert short == []


def test_colours_are_tokens_and_meaning_is_never_by_colour_alone() -> None:
    rules = re.sub(r":root\s*\{[^}]*\}", "", SHEET)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{}]*\})", rules) == []
    for words in (wording.STANDINGS, wording.FINDINGS, wording.RECOMMENDATION_STATES, wording.POSITIONS):
        assert all(word.symbol and word.label and word.meaning for word in words.values())
        assert len({str(word.label) for word in words.values()}) == len(words)


def test_nothing_is_loaded_from_elsewhere_and_sides_are_those_of_the_language() -> None:
    assert "url(" not in SHEET
    assert "@import" not in SHEET
    physical = re.findall(r"(?:margin|padding|border)-(?:left|right)\b|text-align:\s*(?:left|right)", SHEET)
    assert physical == []
