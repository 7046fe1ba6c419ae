"""The words that a field of the domain may hold; a leaf, so that models, tables and clocks all share it."""

from django.db.models import TextChoices


class Precision(TextChoices):
    """How exactly a due date was promised."""

    DAY = "day", "on a day"
    MONTH = "month", "in a month"
    QUARTER = "quarter", "in a quarter"
    SEASON = "season", "in a season"
    YEAR = "year", "in a year"
    ONGOING = "ongoing", "ongoing"


class Status(TextChoices):
    """What the lead owner says of a commitment; null until said."""

    NOT_STARTED = "not_started", "not started"
    IN_PROGRESS = "in_progress", "in progress"
    COMPLETED = "completed", "completed"
    ABANDONED = "abandoned", "abandoned"
    SUPERSEDED = "superseded", "superseded"


class Standing(TextChoices):
    """What the record shows of a commitment: computed, never typed, never stored."""

    ABANDONED = "abandoned", "abandoned"
    SUPERSEDED = "superseded", "superseded"
    CONTESTED = "contested", "contested"
    VERIFIED = "verified", "verified"
    UNVERIFIED = "unverified", "unverified"
    CLAIMED = "claimed", "claimed"
    VERY_LATE = "very_late", "very late"
    LATE = "late", "late"
    SILENT = "silent", "silent"
    ON_TRACK = "on_track", "on track"
    NOT_STARTED = "not_started", "not started"
    NO_WORD = "no_word", "no word"


class Finding(TextChoices):
    """What the panel found about a claim."""

    VERIFIED = "verified", "verified"
    PARTLY_VERIFIED = "partly_verified", "partly verified"
    NOT_VERIFIED = "not_verified", "not verified"


class ResponsePosition(TextChoices):
    """An organisation's answer to a recommendation."""

    ACCEPTED = "accepted", "accepted"
    PARTLY_ACCEPTED = "partly_accepted", "partly accepted"
    REJECTED = "rejected", "rejected"


class RecommendationState(TextChoices):
    """Where the answers to a recommendation stand: computed, never stored."""

    NOT_ASKED = "not_asked", "not asked"
    AWAITING_RESPONSE = "awaiting_response", "awaiting response"
    NO_RESPONSE = "no_response", "no response"
    RESPONDED = "responded", "responded"


class ChallengeState(TextChoices):
    """The life of a challenge; `unanswered` is an open one whose day has passed: computed, never stored."""

    PROPOSED = "proposed", "proposed"
    GATHERING = "gathering", "gathering support"
    OPEN = "open", "open"
    ANSWERED = "answered", "answered"
    UNANSWERED = "unanswered", "unanswered"
    RESOLVED = "resolved", "resolved"
    WITHDRAWN = "withdrawn", "withdrawn"
    REFUSED = "refused", "not admitted"


class ChallengeVoice(TextChoices):
    """In whose name a claim is challenged."""

    RESIDENT = "resident", "residents"
    PANEL = "panel", "the panel"


class Outcome(TextChoices):
    """How a challenge was resolved."""

    UPHELD = "upheld", "upheld"
    PARTLY_UPHELD = "partly_upheld", "partly upheld"
    NOT_UPHELD = "not_upheld", "not upheld"


class RequestState(TextChoices):
    """A request that the convenor decides: a later due date, a correction."""

    REQUESTED = "requested", "requested"
    APPROVED = "approved", "approved"
    REFUSED = "refused", "refused"
    CLOSED = "closed", "closed with the commitment"


class HandOverState(TextChoices):
    """Where the offer of a commitment to another body stands."""

    OFFERED = "offered", "offered"
    ACCEPTED = "accepted", "accepted"
    REFUSED = "refused", "refused"
    WITHDRAWN = "withdrawn", "taken back"


class CommitmentStage(TextChoices):
    """Whether a commitment is its owner's yet, and what became of its wording."""

    ENTERED = "entered", "entered from a source"
    PUBLISHED = "published", "published by its owner"
    ACCEPTED = "accepted", "accepted by its owner"
    SUPERSEDED = "superseded", "superseded by another"
    SPLIT = "split", "split into others"
    MERGED = "merged", "merged into another"


class LineageKind(TextChoices):
    """How one commitment came from another."""

    SUPERSEDED = "superseded", "superseded"
    SPLIT = "split", "split"
    MERGED = "merged", "merged"


class Reliability(TextChoices):
    """How good a source is."""

    PRIMARY = "primary", "primary"
    PRESS = "press", "press"
    SECONDARY = "secondary", "secondary"
    SECONDARY_AI = "secondary_ai", "secondary, written with a language model"


class ReplyDays(TextChoices):
    """Which days an assembly counts for replies."""

    CALENDAR = "calendar", "calendar days"
    WORKING = "working", "working days in England and Wales"


class PlacedBy(TextChoices):
    """How it was found in which area of ours a neighbourhood lies."""

    CODE = "code", "its id is the area's ONS code"
    NAME = "name", "it has the area's name, which nothing else in the force has"
    CONVENOR = "convenor", "a convenor said so"


class AreaKind(TextChoices):
    """The levels of the tree of areas."""

    FORCE = "force", "police force area"
    BOROUGH = "borough", "borough"
    WARD = "ward", "ward"


class WithholdingKind(TextChoices):
    """How words are held back."""

    HELD = "held", "held while a case is live"
    HIDDEN = "hidden", "hidden by the convenor"


class HoldGround(TextChoices):
    """Why words are held back for a time; holding judges nothing."""

    LIVE_CASE = "live_case", "a case is live"
    SAFETY = "safety", "somebody's safety"
    COURT_ORDER = "court_order", "a court has ordered it"


class HidingGround(TextChoices):
    """Why words are hidden after the convenor has looked at them."""

    PERSONAL_DATA = "personal_data", "they say who somebody is, or how to reach them"
    ABUSE = "abuse", "abuse or threats"
    UNLAWFUL = "unlawful", "they may break the law"
    OFF_TOPIC = "off_topic", "they say nothing of what they are about"


class RedactionGround(TextChoices):
    """Why the law demands that words go."""

    DATA_PROTECTION = "data_protection", "a right to erasure under data protection law"
    ANONYMITY = "anonymity", "anonymity that the law gives for life, or to a child"
    COURT_ORDER = "court_order", "a court has ordered it"
    DEFAMATION = "defamation", "defamation"


class RedactionCategory(TextChoices):
    """What sort of words went; it says nothing of what they were."""

    IDENTITY = "identity", "who somebody is"
    CONTACT = "contact", "how or where to reach somebody"
    VICTIM = "victim", "words about a victim or witness"
    ALLEGATION = "allegation", "an allegation about somebody"
    SPECIAL = "special", "health, belief, ethnicity, orientation or the like"
    OTHER = "other", "other words"


class RedactionState(TextChoices):
    """Where a redaction stands."""

    ASKED = "asked", "asked for"
    APPROVED = "approved", "carried out"
    REFUSED = "refused", "refused"
    WITHDRAWN = "withdrawn", "withdrawn"
