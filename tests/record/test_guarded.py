"""Guarded models refuse every way of writing outside an action; all of them are walked."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction

from accounts.models import Organisation, Session, SignInCode, User
from commitments.models import Evidence
from record.guarded import GuardedManager, GuardedModel, GuardedQuerySet, OutsideAction, opened
from record.ledger import action
from tests import make
from tests.recording import everything, guarded_models

UNGUARDED = {User, Session, SignInCode}
"""A person's account, and how one signs in to it, is no public fact."""

WRITES: dict[str, Callable[[Any, Any], Any]] = {
    "bulk_create": lambda manager, row: manager.bulk_create([row]),
    "create": lambda manager, row: manager.create(),
    "get_or_create": lambda manager, row: manager.get_or_create(pk=row.pk),
    "update_or_create": lambda manager, row: manager.update_or_create(pk=row.pk),
    "update": lambda manager, row: manager.update(pk=row.pk),
    "bulk_update": lambda manager, row: manager.bulk_update([row], changeable(row)),
    "delete": lambda manager, row: manager.all().delete(),
    "filtered delete": lambda manager, row: manager.filter(pk=row.pk).delete(),
    "raw delete": lambda manager, row: manager.all()._raw_delete("default"),
    "save": lambda manager, row: row.save(),
    "save_base": lambda manager, row: row.save_base(),
    "force insert": lambda manager, row: row.save(force_insert=True),
    "delete of one": lambda manager, row: row.delete(),
}


def changeable(model: Any) -> list[str]:
    """A field that can be written in place; none, where a row is nothing but its key."""
    return [one.name for one in model._meta.concrete_fields if not one.primary_key][:1]


def key_of(model: Any) -> Any:
    """Some key that a row of this model may have."""
    return model().pk or 7


def test_every_model_of_ours_is_guarded_or_known_not_to_be() -> None:
    rooms = {"record", "accounts", "commitments"}
    ours = [model for model in apps.get_models() if model.__module__.split(".")[0] in rooms]
    assert {model for model in ours if not issubclass(model, GuardedModel)} == UNGUARDED
    assert len(guarded_models()) > 20


@pytest.mark.parametrize("model", guarded_models(), ids=lambda model: model._meta.label)
def test_both_managers_of_a_guarded_model_are_guarded(model: Any) -> None:
    assert isinstance(model._base_manager, GuardedManager)
    assert isinstance(model._default_manager, GuardedManager)
    assert all(isinstance(manager, GuardedManager) for manager in model._meta.managers)
    assert issubclass(model._base_manager._queryset_class, GuardedQuerySet)
    assert model._meta.base_manager_name == "objects"


@pytest.mark.django_db
@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
def test_no_way_of_writing_works_outside_an_action(write: Callable[[Any, Any], Any]) -> None:
    before = everything()
    for model in guarded_models():
        if write is WRITES["bulk_update"] and not changeable(model):
            continue
        for manager in (model._default_manager, model._base_manager):
            # The head row exists, and would only be found.
            key = 99 if model._meta.label == "record.Head" else key_of(model)
            with pytest.raises(OutsideAction), transaction.atomic():
                write(manager, model(pk=key))
    assert everything() == before


@pytest.mark.django_db
def test_related_managers_are_shut_too() -> None:
    commitment = make.commitment(recommendations=[])
    recommendation = make.recommendation(commitment.assembly)
    update = make.claim(commitment)
    before = everything()
    evidence = Evidence(title="More", url="https://example.org/more")
    writes: list[Callable[[], Any]] = [
        lambda: commitment.recommendations.add(recommendation),
        lambda: commitment.owners.update(lead=False),
        lambda: commitment.owners.all().delete(),
        lambda: commitment.milestones.create(title="Step", due_on=make.TODAY, first_due_on=make.TODAY),
        lambda: update.evidence.add(evidence, bulk=False),
        lambda: update.evidence.bulk_create([evidence]),
    ]
    area = make.area()
    writes.append(lambda: commitment.areas.set([area]))
    before = everything()
    for write in writes:
        with pytest.raises(OutsideAction), transaction.atomic():
            write()
    assert everything() == before


@pytest.mark.django_db
def test_the_guard_is_shut_again_after_an_action_that_fails() -> None:
    body = make.organisation()

    @action
    def fails() -> None:
        raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        fails()
    with pytest.raises(OutsideAction, match="Organisation changes only inside an action"):
        body.save()


@pytest.mark.django_db
def test_one_action_inside_another_does_not_shut_the_guard_of_the_outer() -> None:
    body = make.organisation()
    with opened():
        with opened():
            pass
        body.name = "Renamed"
        body.save()
    assert Organisation.objects.get(pk=body.pk).name == "Renamed"


@pytest.mark.django_db
def test_a_locked_row_can_still_be_referred_to() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite locks no rows")
    assert str(Organisation.objects.select_for_update().query).endswith("FOR NO KEY UPDATE")
