"""What ratings keep: ballots that know nobody, words, codes, periods, and figures that were published."""

from ratings.models.ballots import AnyBallot, Ballot, FreshBallot
from ratings.models.codes import Belonging, CodeBatch, LocalCode, SpentCode
from ratings.models.figures import Counted, Figure
from ratings.models.margins import Margin
from ratings.models.periods import RatingPeriod
from ratings.models.suspicion import DayCount, Flag, HourlyCount, SettingAside, Watch
from ratings.models.words import RatingWords, Report, WordsStage

__all__ = [
    "AnyBallot",
    "Ballot",
    "Belonging",
    "CodeBatch",
    "Counted",
    "DayCount",
    "Figure",
    "Flag",
    "FreshBallot",
    "HourlyCount",
    "LocalCode",
    "Margin",
    "RatingPeriod",
    "RatingWords",
    "Report",
    "SettingAside",
    "SpentCode",
    "Watch",
    "WordsStage",
]
