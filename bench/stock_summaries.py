"""What the stock API answers of themes, counted by the database in one question, and of the record."""

import json
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Avg,
    Case,
    Count,
    DateField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    Value,
    When,
)
from rest_framework import serializers

from bench.clocks import GAP, WITHHELD
from bench.stock_serializers import RECORDED, AddressField, OrNull
from commitments.choices import Finding, Standing
from commitments.models import Answering, Asked, Challenge, Commitment, Theme
from commitments.models.commitments import (
    CLAIM_STANDS,
    IS_CONTESTED,
    IS_MEASURABLE,
    NO_CLAIM_STANDS,
    is_overdue,
    is_silent,
)
from record.models import Entry, Words

Row = dict[str, Any]
NOTHING = timedelta(0)
OF_THEME = Answering.objects.filter(commitment=OuterRef("pk"))
ACCEPTED = Q(accepted_on__isnull=False)
WORTH = Case(
    When(status="not_started", then=Value(0.0)),
    When(status="in_progress", then=Value(0.5)),
    When(status="completed", then=Value(1.0)),
)


def summary(theme: Theme, today: date) -> Row:
    """How the commitments of a theme stand: one aggregate."""
    found = Commitment.objects.filter(Exists(OF_THEME.filter(recommendation__theme=theme)))
    ended = Case(When(CLAIM_STANDS, then=F("claimed_on")), default=Value(today), output_field=DateField())
    measures: Row = {
        "commitments": Count("pk"),
        "measurable": _count(IS_MEASURABLE),
        "overdue": _count(is_overdue(today)),
        "silent": _count(is_silent(today)),
        "contested": _count(IS_CONTESTED),
        "claims": Avg(WORTH),
        "claimed": Count(WORTH),
    }
    measures |= {f"card_{name}": _count(holds) for name, holds in _card(today).items()}
    measures |= {f"is_{word}": _count(Q(standing=word)) for word in Standing.values}
    measures |= {f"found_{word}": _count(Q(finding=word)) for word in Finding.values}
    late = {}
    for name in ("due_on", "first_due_on"):
        late[f"late_{name}"] = ExpressionWrapper(F("ended") - F(name), output_field=DurationField())
        dated = ACCEPTED & Q(**{f"{name}__isnull": False})
        passed = dated & Q(**{f"late_{name}__gt": NOTHING})
        measures |= {f"dated_{name}": _count(dated), f"number_{name}": _count(passed)}
        measures[f"mean_{name}"] = Avg(f"late_{name}", filter=passed)
        measures[f"most_{name}"] = Max(f"late_{name}", filter=passed)
    rows: Any = found.with_standing(today).annotate(ended=ended).annotate(**late)
    row: Row = rows.aggregate(**measures)
    return row | _unanswered(theme, today)


def _card(today: date) -> dict[str, Q]:
    return {
        "promised": ACCEPTED,
        "verified": Q(status="completed", finding="verified", disputed=False),
        "claimed": Q(status="completed"),
        "late": is_overdue(today),
        "late_first": ACCEPTED & Q(first_due_on__lt=today) & NO_CLAIM_STANDS,
        "silent": is_silent(today),
        "contested": IS_CONTESTED,
        "not_measurable": ACCEPTED & ~IS_MEASURABLE,
    }


def _unanswered(theme: Theme, today: date) -> Row:
    """Recommendations and challenges whose day for an answer has passed: two more questions."""
    asked = Asked.objects.filter(recommendation__theme=theme, answered_on=None, due_on__lt=today)
    through = "commitment__answering__recommendation__theme"
    passed = Challenge.objects.filter(**{through: theme}, state="open", reply_due_on__lt=today)
    recommendations = asked.aggregate(n=Count("recommendation", distinct=True))["n"]
    challenges = passed.aggregate(n=Count("pk", distinct=True))["n"]
    return {
        "card_unanswered": recommendations + challenges,
        "card_unanswered_recommendations": recommendations,
        "card_unanswered_challenges": challenges,
    }


def _count(holds: Q) -> Count:
    return Count("pk", filter=holds)


def _lateness(row: Row, name: str) -> Row:
    mean, most = row[f"mean_{name}"], row[f"most_{name}"]
    return {
        "dated": row[f"dated_{name}"],
        "late": row[f"number_{name}"],
        "mean_days": round(mean / timedelta(days=1), 1) if mean else None,
        "most_days": most.days if most else None,
    }


class ThemeSerializer(serializers.ModelSerializer[Theme]):
    """A theme with its counts."""

    url = AddressField("/api/v1/assemblies/{obj.assembly.slug}/themes/{obj.slug}/")
    assembly = serializers.CharField(source="assembly.slug")
    summary = OrNull()
    recommendations = serializers.IntegerField(source="recommended")

    class Meta:
        model = Theme
        fields = (
            "slug", "title", "summary", "order", "assembly", "url", "position", "origin", "recommendations",
            "findings", *RECORDED,
        )  # fmt: skip

    def to_representation(self, instance: Theme) -> Row:
        """With what the aggregate found."""
        row = summary(instance, self.context["today"])
        mean = round(row["claims"], 3) if row["claims"] is not None else None
        return {
            **super().to_representation(instance),
            **{name: row[name] for name in ("commitments", "overdue", "silent", "contested")},
            "scorecard": {name.removeprefix("card_"): row[name] for name in row if name.startswith("card_")},
            "standings": {word: row[f"is_{word}"] for word in Standing.values},
            "measurability": {
                "measurable": row["measurable"],
                "not_measurable": row["commitments"] - row["measurable"],
            },
            "lateness": {"present": _lateness(row, "due_on"), "first": _lateness(row, "first_due_on")},
            "voices": {
                "owner": {"mean": mean, "n": row["claimed"]},
                "residents": dict(WITHHELD),
                "panel": {word: row[f"found_{word}"] for word in Finding.values},
                "gap": dict(GAP),
            },
        }


class EntrySerializer(serializers.ModelSerializer[Entry]):
    """One public fact, with the words that the view has fetched for its page."""

    url = AddressField("/api/v1/events/{obj.position}/")
    assembly = OrNull()
    invented = serializers.SerializerMethodField()
    body = serializers.SerializerMethodField()
    words = serializers.SerializerMethodField()
    salts = serializers.SerializerMethodField()

    class Meta:
        model = Entry
        fields = (
            "position", "type", "at", "occurred_on", "actor", "subject", "root", "assembly", "invented", "url",
            "body", "words", "salts",
        )  # fmt: skip

    def get_invented(self, obj: Entry) -> bool:
        """Whether it is invented."""
        return bool(json.loads(bytes(obj.body)).get("invented"))

    def get_body(self, obj: Entry) -> Row:
        """The leaf."""
        body: Row = json.loads(bytes(obj.body))
        return body

    def get_words(self, obj: Entry) -> Row:
        """By name."""
        return {row.name: row.text if row.state == "published" else None for row in self._words_of(obj)}

    def get_salts(self, obj: Entry) -> Row:
        """In hexadecimal digits, by name."""
        return {
            row.name: bytes(row.salt or b"").hex() if row.state == "published" else None
            for row in self._words_of(obj)
        }

    def _words_of(self, obj: Entry) -> list[Words]:
        found: list[Words] = self.context["words"].get(obj.position, [])
        return found
