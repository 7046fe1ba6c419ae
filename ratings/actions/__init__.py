"""The verbs of ratings: cast and take back, redeem a code, cut figures, destroy keys."""

from ratings.actions.casting import cast, own, withdraw
from ratings.actions.closing import close, destroy_keys
from ratings.actions.codes import MOST as MOST_CODES
from ratings.actions.codes import count_redeemed, issue_codes, mix_redemptions, redeem, withdraw_codes
from ratings.actions.cutting import cut_figures
from ratings.actions.erasing import erase_person
from ratings.actions.mixing import mix_ballots, sweep

__all__ = [
    "MOST_CODES",
    "cast",
    "close",
    "count_redeemed",
    "cut_figures",
    "destroy_keys",
    "erase_person",
    "issue_codes",
    "mix_ballots",
    "mix_redemptions",
    "own",
    "redeem",
    "sweep",
    "withdraw",
    "withdraw_codes",
]
