"""A checked file becomes record: new things are published, what is said differently is corrected, the rest is left."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from accounts import roles
from accounts.models import User
from commitments import permissions
from commitments.actions.imports import begin_import, remember_import, renew_import
from commitments.importing import correcting
from commitments.importing.canonical import canonical, digest, digests
from commitments.importing.checking import is_laid_out, problems
from commitments.importing.correcting import Change, Standing
from commitments.importing.histories import Past, is_same, key_of, located, present
from commitments.importing.pointers import item_of, order
from commitments.importing.publishing import KINDS, Pen, Thing, things
from commitments.importing.reading import FileRefused, NobodyConvenes, Problem
from commitments.importing.saying import said
from commitments.models import Assembly, ImportedItem
from record.refusals import Missing, Refusal

Item = Mapping[str, Any]


@dataclass
class Report:
    """What an import did, or would do: external ids that are new, the same, there by another way; corrections."""

    added: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    corrected: list[Change] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{len(self.added)} entered, {len(self.unchanged)} known and unchanged, "
            f"{len(self.found)} there already, {len(self.corrected)} corrected."
        )

    def lines(self) -> list[str]:
        """A line for each thing that is new or corrected."""
        return [*(f"enter {name}" for name in self.added), *(f"correct {one}" for one in self.corrected)]


def import_record(
    data: Any, *, today: date, by: User | None = None, reason: str = "", dry_run: bool = False
) -> Report:
    """Import a file's content in one transaction; `by` is a convenor of its assembly (the first, if none is named).

    What is said differently than before is corrected, for the reason that stands beside it, or for `reason`. With
    `dry_run` all is done and undone again: the report says what would be.
    Raises FileRefused with every fault where anything is wrong with it, NobodyConvenes without a convenor, Forbidden
    where `by` may not; nothing is written then.
    """
    with transaction.atomic():
        begin_import()
        report = _checked_import(data, today, by, reason)
        transaction.set_rollback(dry_run)
    return report


def _checked_import(data: Any, today: date, by: User | None, reason: str) -> Report:
    found = problems(data)
    if not is_laid_out(data):
        raise FileRefused(found)
    slug = str(data["assembly"].get("slug"))
    convenor = by or roles.convenors(slug).first()
    if convenor is None:
        raise FileRefused(found) if found else NobodyConvenes(assembly=slug)
    permissions.check_convenor(convenor, slug)
    return _Import(data, Pen(convenor, today, slug, reason), found).run()


class _Import:
    """One file on its way into the record. What has a fault is passed over, so that all faults are found at once."""

    def __init__(self, data: Item, pen: Pen, found: Sequence[Problem]) -> None:
        self.data, self.pen, self.problems = data, pen, list(found)
        self.passed_over = {item_of(problem.pointer) for problem in found}
        self.report = Report()
        rows = ImportedItem.objects.values_list("external_id", "digest", "parts", "subject")
        self.known = {name: (whole, parts) for name, whole, parts, _ in rows}
        self.taken = {subject for *_, subject in rows}
        self.past = Past(data, pen)
        self.to_compare: list[Thing] = []

    def run(self) -> Report:
        """Do it. Raises FileRefused with every fault."""
        for thing in things(self.data):
            with self._attempt(thing.pointer, thing.item) as sound:
                if sound:
                    self._enter(thing)
        for index, row in enumerate(self.data.get("corrections", [])):
            with self._attempt(f"/corrections/{index}", row) as sound:
                if sound:
                    self._correct(row, f"/corrections/{index}")
        if self.to_compare and Assembly.objects.filter(slug=self.pen.assembly).exists():
            self._compare()
        if self.problems:
            raise FileRefused(sorted(self.problems, key=lambda problem: order(problem.pointer)))
        return self.report

    @contextmanager
    def _attempt(self, pointer: str, item: Any) -> Iterator[bool]:
        """Whether the thing there is worth trying; a refusal of it is a fault of the file."""
        try:
            yield pointer not in self.passed_over
        except Refusal as refusal:
            field = (refusal.field or "").split("/")[0]
            place = f"{pointer}/{refusal.field}" if field and field in item else pointer
            self.problems.append(Problem(place, refusal.detail))
        except ObjectDoesNotExist:
            # It needs something that has a fault itself.
            if not self.problems:
                raise

    def _enter(self, thing: Thing) -> None:
        form = self._form(thing)
        if thing.external_id in self.known:
            whole, parts = self.known[thing.external_id]
            same = whole == digest(form) or (not parts and whole == digest(dict(thing.item)))
            self.report.unchanged.append(thing.external_id) if same else self.to_compare.append(thing)
            return
        subject = KINDS[thing.kind].find(thing.item, self.pen)
        if subject is not None and subject.record_subject not in self.taken:
            self.report.found.append(thing.external_id)
            self.to_compare.append(thing)
        else:
            first = self.past.first(thing)
            subject = KINDS[thing.kind].publish(first, self.pen)
            self.report.added.append(thing.external_id)
            if canonical(thing.kind, first, self._home()) != form:
                self.to_compare.append(thing)
        remember_import(thing.external_id, subject, digest(form), digests(form))

    def _correct(self, row: Item, pointer: str) -> None:
        """Make a correction that the file tells of, unless it is recorded already."""
        if self.past.is_recorded(row):
            return
        try:
            subject = located(row["kind"], row["of"], self.pen)
        except Missing:
            # It stands in the file, as the check saw, and was passed over for a fault.
            if self.problems:
                return
            raise
        old = present(subject, row["field"])
        if not is_same(row["field"], old, row["old"]):
            words = f"The present wording is “{old}”, and a correction begins with it; mend `old`, or their order."
            self.problems.append(Problem(f"{pointer}/old", words))
            return
        name = f"{row['kind']}:{row['of']}"
        change = Change(name, row["field"], row["old"], row["new"], row["reason"])
        correcting.make(row["kind"], subject, change, self.pen)
        self.report.corrected.append(change)

    def _compare(self) -> None:
        """Hold what may differ against the record as it now is, and correct what can be corrected."""
        here = {one.external_id: self._form(one) for one in things(said(self.pen.the_assembly()))}
        for thing in self.to_compare:
            if thing.external_id not in here:
                # Invented things are left as they are, and nothing of them is exported.
                continue
            with self._attempt(thing.pointer, thing.item):
                self._bring_up(thing, here[thing.external_id])

    def _bring_up(self, thing: Thing, here: Item) -> None:
        subject, form = located(thing.kind, key_of(thing), self.pen, thing.item), self._form(thing)
        before = self.known.get(thing.external_id, ("", {}))[1]
        standing = Standing(thing, subject, here, form, before)
        for name in standing.differences():
            fault = standing.fault(name, self.pen)
            if fault:
                self.problems.append(fault)
                continue
            change = standing.change(name, self.pen)
            correcting.make(thing.kind, subject, change, self.pen)
            self.report.corrected.append(change)
        if thing.external_id in self.known:
            renew_import(thing.external_id, digest(form), digests(form))
            if not any(one.external_id == thing.external_id for one in self.report.corrected):
                self.report.unchanged.append(thing.external_id)

    def _form(self, thing: Thing) -> dict[str, Any]:
        return canonical(thing.kind, thing.item, self._home())

    def _home(self) -> str | None:
        home: str | None = self.data["assembly"].get("area")
        return home
