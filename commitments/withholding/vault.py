"""Words held back: taken out of the places from which anything reads, and put back as they were.

A verb that writes words first opens the story that it writes in (`opened`): what is held there stands in its place
again until the verb's end, so that every verb works on the true words. At the end the vault is shut anew over
everything that a hold or hiding reaches by then, what the verb itself has written included. All of it is one
transaction, so nobody sees it open. The row of the story's root is locked first, so that nobody writes in it meanwhile.
"""

from collections import defaultdict
from functools import partial
from typing import Any, TypeVar

from django.apps import apps

from commitments.choices import WithholdingKind
from commitments.models import Commitment, ProgressUpdate, Recommendation, Vaulted, Withholding
from commitments.models.held import Holdable
from commitments.search import index
from commitments.withholding import stories
from commitments.withholding.reach import Reach, reach_of
from commitments.withholding.texts import columns, replaced
from record.endings import at_the_end
from record.guarded import GuardedModel, Recorded
from record.models import Words, WordsState

WORDS = "record.Words"
SEARCHED = (Commitment, ProgressUpdate, Recommendation)

R = TypeVar("R", bound=Recorded)


def is_withheld(root: Recorded) -> bool:
    """Whether anything in the story of `root` is held or hidden now. One indexed question."""
    return Withholding.objects.filter(root=root.record_subject, lifted_on=None).exists()


def opened(root: Recorded) -> bool:
    """Open the story of `root`, whose row the caller has locked, until the action's end; False where all is shown.

    Where it is True the caller reads its rows again: what stood in the vault stands in them now.
    """
    if not is_withheld(root):
        return False
    open_until_the_end(root)
    return True


def open_until_the_end(root: Recorded) -> None:
    """Put back what is withheld in the story of `root`, and shut the vault over it when the action ends."""
    _put_back(root)
    at_the_end(("withheld", root.record_subject), lambda: _shut(root))


def locked(thing: R) -> tuple[R, Recorded]:
    """A thing and its root as they are now: the root's row locked, and its story open until the action's end."""
    root = stories.root_of(thing)
    type(root).objects.select_for_update(of=("self",)).get(pk=root.pk)
    open_until_the_end(root)
    root = type(root).objects.get(pk=root.pk)
    if type(thing) is type(root) and thing.pk == root.pk:
        return root, root
    return type(thing).objects.get(pk=thing.pk), root


def _shut(root: Recorded) -> None:
    """Take into the vault whatever the present holds and hidings of a story reach; a hold goes before a hiding."""
    live = list(Withholding.objects.filter(root=root.record_subject, lifted_on=None).order_by("placed_on"))
    if not live:
        return
    # As it is now: what the verb was given may have been read before others wrote.
    whole = stories.story(type(root).objects.get(pk=root.pk))
    found = [(one, stories.thing_of(one.subject)) for one in live]
    # All are looked for before any is taken: a hiding knows the words by what they say.
    reaches = [(one, reach_of(one, thing, whole)) for one, thing in found if thing is not None]
    for kind in (WithholdingKind.HELD, WithholdingKind.HIDDEN):
        for withheld, reach in reaches:
            if withheld.kind == kind:
                _take(root, reach, kind)
    for withheld, reach in reaches:
        if withheld.kind == WithholdingKind.HELD:
            _mark(reach, withheld)


def _take(root: Recorded, reach: Reach, kind: str) -> None:
    kept: list[Vaulted] = []
    for row in reach.rows:
        taken = _taken(root, row, reach, kind)
        kept += taken
        save(row, [one.column for one in taken])
    hidden = Words.objects.filter(pk__in=reach.words, state__in=(WordsState.PUBLISHED, WordsState.PENDING))
    kept += [_kept(root, WORDS, words.pk, "state", words.state) for words in hidden]
    hidden.update(state=WordsState.HIDDEN)
    # What a hold has taken already stays as it was taken.
    Vaulted.objects.bulk_create(kept, ignore_conflicts=True)


def _taken(root: Recorded, row: GuardedModel, reach: Reach, kind: str) -> list[Vaulted]:
    """What goes into the vault from one row, in which a stand-in takes its place."""
    taken = []
    for field, value in columns(row):
        if reach.texts_in(row, value):
            taken.append(_kept(root, row._meta.label, row.pk, field.name, value))
            setattr(row, field.name, replaced(field, value, kind, partial(reach.wanted, row)))
    return taken


def _kept(root: Recorded, table: str, key: Any, column: str, value: Any) -> Vaulted:
    return Vaulted(root=root.record_subject, table=table, key=str(key), column=column, value=value)


def _put_back(root: Recorded) -> None:
    """Put everything of a story back in its place, byte for byte, and empty its part of the vault."""
    vaulted = Vaulted.objects.filter(root=root.record_subject)
    by_row: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
    for text in vaulted:
        by_row[text.table, text.key][text.column] = text.value
    for (table, key), values in by_row.items():
        model: type[GuardedModel] = apps.get_model(table)
        if model is Words:
            Words.objects.filter(pk=key).exclude(state=WordsState.REDACTED).update(**values)
            continue
        row = model.objects.get(pk=key)
        for column, value in values.items():
            setattr(row, column, value)
        save(row, list(values))
    vaulted.delete()
    _unmark(root)


def save(row: GuardedModel, columns: list[str]) -> None:
    """Write these columns of a row, and what is searched of it."""
    if not columns:
        return
    row.save(update_fields=columns)
    if isinstance(row, SEARCHED):
        index(row)


def _mark(reach: Reach, withheld: Withholding) -> None:
    """Say of everything that a hold reaches since when it is held, and on which ground; of two, the earlier."""
    for model, keys in _holdable(reach.rows).items():
        rows = model.objects.filter(pk__in=keys, held_on=None)
        rows.update(held_on=withheld.placed_on, held_ground=withheld.ground)


def _unmark(root: Recorded) -> None:
    if not is_withheld(root):
        return
    for model, keys in _holdable(stories.story(root)).items():
        model.objects.filter(pk__in=keys, held_on__isnull=False).update(held_on=None, held_ground=None)


def _holdable(rows: list[GuardedModel]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        if isinstance(row, Holdable):
            found[type(row)].append(row.pk)
    return found
