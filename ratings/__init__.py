"""Ballots, periods and published figures: how residents judge what was promised."""
