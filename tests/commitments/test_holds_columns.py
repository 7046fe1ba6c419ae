"""Every column in which words could stand is declared as typed, or said here not to be: none is forgotten."""

from typing import Any

import pytest
from django.db import models

from accounts.models import User
from commitments.withholding import stories
from commitments.withholding.texts import replaced, texts
from record.guarded import GuardedModel, Recorded
from tests.recording import guarded_models

IN_THE_LEAF = {
    "accounts.Organisation.name",
    "accounts.Team.name",
    "commitments.Area.name",
    "commitments.Assembly.held",
    "commitments.Assembly.held_from",
    "commitments.Assembly.held_to",
    "commitments.Neighbourhood.source",
    "commitments.Recommendation.theme_assigned_by",
    "commitments.Theme.origin",
}
"""Typed, and in the entry's leaf as facts of registers: they cannot go, and docs/privacy.md says so."""

MADE_BY_US = {
    "accounts.Key.digest",
    "accounts.Key.prefix",
    "accounts.Key.scopes",
    "accounts.Membership.assembly",
    "accounts.Organisation.area_code",
    "accounts.RoleRequest.office",
    "accounts.Team.area_code",
    "commitments.Area.code",
    "commitments.Area.path",
    "commitments.Area.vintage",
    "commitments.Assembly.prefix",
    "commitments.Commitment.reference",
    "commitments.Correction.field",
    "commitments.Correction.requested_by",
    "commitments.DueDateChange.decided_by_office",
    "commitments.EvidenceFile.sha256",
    "commitments.HandOver.offered_by",
    "commitments.ImportedItem.digest",
    "commitments.ImportedItem.external_id",
    "commitments.ImportedItem.parts",
    "commitments.ImportedItem.subject",
    "commitments.Missed.subject",
    "commitments.Missed.type",
    "commitments.Neighbourhood.code",
    "commitments.Neighbourhood.force",
    "commitments.Recommendation.reference",
    "commitments.Redaction.entries",
    "commitments.Redaction.erased",
    "commitments.Redaction.root",
    "commitments.Redaction.subject",
    "commitments.Withholding.entries",
    "commitments.Withholding.office",
    "commitments.Withholding.root",
    "commitments.Withholding.subject",
}
"""References, slugs, offices, codes, digests: nobody writes a sentence into them."""

KEPT_APART = {
    "accounts.Key.name",
    "accounts.RoleRequest.email",
    "commitments.SearchDocument.body_words",
    "commitments.SearchDocument.title_words",
    "commitments.Vaulted.column",
    "commitments.Vaulted.key",
    "commitments.Vaulted.root",
    "commitments.Vaulted.table",
    "commitments.Vaulted.value",
    "commitments.Withholding.note",
}
"""Shown to nobody but their owner or the convenor, or made anew from what is shown."""

NOT_WORDS = ("words", "figures", "local_codes", "period", "setting_aside")
"""Kinds of `ratings` without such columns; words that came with ratings are public in the record's words alone."""

DOMAIN = ("accounts", "commitments")
TEXTUAL = (models.CharField, models.TextField, models.JSONField)


def unsaid(model: type[GuardedModel]) -> set[str]:
    """Its columns that could hold words and are not declared."""
    fields = [one for one in model._meta.concrete_fields if isinstance(one, TEXTUAL)]
    free = [one for one in fields if not one.choices and not isinstance(one, models.SlugField)]
    return {f"{model._meta.label}.{one.name}" for one in free if one.name not in model.typed}


def test_every_column_that_could_hold_words_is_declared_or_said_not_to() -> None:
    ours = [one for one in guarded_models() if one._meta.app_label in DOMAIN and one is not User]
    found = set().union(*(unsaid(model) for model in ours))
    known = IN_THE_LEAF | MADE_BY_US | KEPT_APART
    computed = {name for name in found if name.endswith((".residents_period", ".reply_days_are"))}
    assert found - known - computed == set()
    assert known - found == set()


def test_what_upper_rooms_record_says_whether_words_stand_in_it() -> None:
    above = [
        one
        for one in guarded_models()
        if one._meta.app_label == "ratings" and issubclass(one, Recorded) and unsaid(one)
    ]
    assert [one._meta.label for one in above if not one.typed and one.record_kind not in NOT_WORDS] == []


@pytest.mark.parametrize("model", stories.typed_models(), ids=lambda one: str(one._meta.label))
def test_each_typed_model_leads_to_a_root_that_is_recorded(model: type[GuardedModel]) -> None:
    assert issubclass(model, Recorded) or model.part_of
    for name in (*model.part_of, *model.words_of):
        assert isinstance(model._meta.get_field(name), models.ForeignKey)
    assert set(model.words_of) <= set(model.part_of)
    assert set(model.typed) <= {one.name for one in model._meta.concrete_fields}


def test_stand_ins_take_the_place_of_texts_alone_or_within_lists() -> None:
    sources = [{"url": "https://example.org/", "note": "Secret", "date": None}]
    facts = [{"name": "members", "value": 44, "sources": sources}, {"name": "head", "value": "Secret"}]
    assert texts(facts) == ["Secret", "Secret"]
    shown = replaced(models.JSONField(), facts, "held", lambda text: True)
    assert texts(shown) == []
    assert [one["name"] for one in shown] == ["members", "head"]
    assert shown[0]["value"] == 44
    assert replaced(models.URLField(), "https://example.org/x", "held", bool) == "https://held.invalid/"


def test_blank_texts_stay_blank() -> None:
    blank: tuple[Any, ...] = ("", " ", None, [], 5, "[redacted]")
    assert [texts(value) for value in blank] == [[]] * 6
