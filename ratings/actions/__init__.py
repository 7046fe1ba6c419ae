"""The verbs of ratings: cast and take back, redeem a code, cut figures, destroy keys."""

from ratings.actions.casting import cast, own, withdraw
from ratings.actions.closing import destroy_keys
from ratings.actions.codes import issue_codes, redeem
from ratings.actions.cutting import cut_figures
from ratings.actions.mixing import mix_ballots, sweep

__all__ = [
    "cast",
    "cut_figures",
    "destroy_keys",
    "issue_codes",
    "mix_ballots",
    "own",
    "redeem",
    "sweep",
    "withdraw",
]
