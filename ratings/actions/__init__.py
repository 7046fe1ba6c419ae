"""The verbs of ratings: cast and take back, redeem a code, cut figures, destroy keys, watch, set aside."""

from ratings.actions.casting import cast, own, withdraw
from ratings.actions.closing import close, destroy_keys
from ratings.actions.codes import MOST as MOST_CODES
from ratings.actions.codes import count_redeemed, issue_codes, mix_redemptions, redeem, withdraw_codes
from ratings.actions.cutting import cut_figures
from ratings.actions.erasing import erase_person
from ratings.actions.mixing import mix_ballots, sweep
from ratings.actions.moderating import (
    dismiss_report,
    hide_entry,
    hide_reported,
    publish_words,
    refuse_words,
    report,
)
from ratings.actions.moving import bring_words
from ratings.actions.setting_aside import (
    approve_setting_aside,
    propose_restoring,
    propose_setting_aside,
    refuse_setting_aside,
)
from ratings.actions.watching import watch
from ratings.actions.words import own_words, take_back_words, words_with

__all__ = [
    "MOST_CODES",
    "approve_setting_aside",
    "bring_words",
    "cast",
    "close",
    "count_redeemed",
    "cut_figures",
    "destroy_keys",
    "dismiss_report",
    "erase_person",
    "hide_entry",
    "hide_reported",
    "issue_codes",
    "mix_ballots",
    "mix_redemptions",
    "own",
    "own_words",
    "propose_restoring",
    "propose_setting_aside",
    "publish_words",
    "redeem",
    "refuse_setting_aside",
    "refuse_words",
    "report",
    "sweep",
    "take_back_words",
    "watch",
    "withdraw",
    "withdraw_codes",
    "words_with",
]
