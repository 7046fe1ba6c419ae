"""What ratings refuse: a class with a stable code, and a sentence that says who can mend it."""

from commitments.errors import AskedByNoConvenor as AskedByNoConvenor
from record.refusals import Forbidden, Invalid, Missing, NotNow


class OwnersDoNotRate(Forbidden):
    """The person belongs to a body that owns what is rated."""

    code = "owners_do_not_rate"
    title = "Your organisation answers for this"
    sentence = "Members of an organisation that owns a commitment do not rate it; residents do."


class JudgesDoNotRate(Forbidden):
    """The person convenes the assembly or sits on its panel."""

    code = "judges_do_not_rate"
    title = "Who judges here takes no side"
    sentence = "Convenors and panel members of this assembly do not rate in it; the panel's findings are shown beside."


class ScoreMissing(Invalid):
    """Neither a score nor that one does not know, or both."""

    code = "score_missing"
    title = "A score, or that you do not know"
    sentence = 'Send a score from 1 to 5, or "dont_know": true with no score.'


class CommunitiesOnThemesOnly(Invalid):
    """Answers on community were sent with the rating of a commitment."""

    code = "communities_on_themes_only"
    title = "Not asked here"
    sentence = "Questions on community are asked with the rating of a theme alone; leave them out."


class UnknownAnswer(Invalid):
    """An answer that the question does not have."""

    code = "unknown_answer"
    title = "This question has no such answer"
    sentence = "{question} is answered by one of {answers}."


class NotAskedUnder16(Invalid):
    """A question that is put from 16 years on."""

    code = "not_asked_under_16"
    title = "Not asked under 16"
    sentence = "{question} is asked of people of 16 and over, who say so by their age band; leave it out."


class NothingRated(Missing):
    """There is no rating of one's own to read or take back."""

    code = "nothing_rated"
    title = "You have not rated this"
    sentence = "You have no rating of this in {period}; send one with PUT."


class PeriodClosed(NotNow):
    """The period's key is gone."""

    code = "period_closed"
    title = "This period is closed"
    sentence = "Ratings of {period} can no longer be cast or changed; the next quarter's can."


class CodeUnknown(Invalid):
    """A code that was never issued for the assembly, was redeemed, or withdrawn; all look the same."""

    code = "code_unknown"
    title = "This code does not work"
    sentence = "This code is not one of ours, or was used or withdrawn; ask the convenor for another."


class BatchSize(Invalid):
    """A batch of codes of a size or kind that is not made."""

    code = "batch_size"
    title = "Not a batch that can be made"
    sentence = "A batch has 1 to {most} codes, for local residents or members; ask for several batches."


class NoMargin(Invalid):
    """Census counts that do not fit a question."""

    code = "no_margin"
    title = "Not counts of that question"
    sentence = (
        'Counts by "{question}" are whole numbers for each of: {answers}; mend the file and load it again.'
    )


class NoMarginSource(Invalid):
    """Census counts of no known origin."""

    code = "no_margin_source"
    title = "Where the counts are from is missing"
    sentence = "Give the https address where the counts are published, and a day that is not to come."


class SetAsideAlready(NotNow):
    """What would be set aside is."""

    code = "set_aside_already"
    title = "It is set aside already"
    sentence = "These ratings of {period} are set aside already; a convenor can ask that they count again."


class NotSetAside(NotNow):
    """What would count again does."""

    code = "not_set_aside"
    title = "It is not set aside"
    sentence = (
        "These ratings of {period} count; a convenor can ask that they be set aside where they were flagged."
    )


class SettingAsideWaits(NotNow):
    """One request about the same quarter waits for its decision."""

    code = "setting_aside_waits"
    title = "A request waits already"
    sentence = "Somebody asked the same of {period}; another convenor approves or refuses that first."


class NotFlagged(Invalid):
    """What would be set aside is not what the detector flagged."""

    code = "not_flagged"
    title = "This was not flagged"
    sentence = "Only what a detector flagged is set aside: name what the flag is about, in its own assembly."


class WordsTooLong(Invalid):
    """More words than go with a rating."""

    code = "words_too_long"
    title = "These words are too long"
    sentence = "Words that go with a rating have up to {most} characters; shorten them."


class NothingSaid(Missing):
    """There are no words of one's own to take back."""

    code = "nothing_said"
    title = "You have said nothing here"
    sentence = "You have no words on this in the present quarter; they go with a rating."


class WordsAreMoving(NotNow):
    """Words could not be taken back because ballots are being mixed."""

    code = "words_are_moving"
    title = "Your words are just being moved"
    sentence = "Your words are being moved among the others at this moment; take them back again in a minute."


class WordsAreGone(Missing):
    """The words were taken back, or others took their place."""

    code = "words_are_gone"
    title = "These words are no longer there"
    sentence = "Their author took these words back or wrote others; read the queue again."


class WordsDecided(NotNow):
    """Words that do not wait."""

    code = "words_decided"
    title = "These words do not wait"
    sentence = "A convenor has decided on these words already; read the queue again."


class SubjectHeld(NotNow):
    """Words on what is held back while a case is live."""

    code = "subject_held"
    title = "A live case holds this back"
    sentence = (
        "What these words are about is held while a case is live; publish them once a convenor lifts it."
    )


class UnknownGround(Invalid):
    """A ground that there is not."""

    code = "unknown_ground"
    title = "There is no such ground"
    sentence = "Words are refused or hidden on one of these grounds: {grounds}."


class NothingShown(Invalid):
    """A report of words that nobody can read."""

    code = "nothing_shown"
    title = "No words are shown there"
    sentence = (
        "This entry of the record shows no words; give the position of one that does, as events/ has it."
    )


class ReportedAlready(NotNow):
    """A second report of the same words by the same person."""

    code = "reported_already"
    title = "You have reported this already"
    sentence = (
        "You have reported these words; the convenor looks at them, and needs no second report from you."
    )


class ReportDecided(NotNow):
    """A report that was decided."""

    code = "report_decided"
    title = "This report is decided"
    sentence = "A convenor has decided this report already; read the queue again."
