"""Who withholds words: the convenor of the assembly to which they belong, who is of no owner's body."""

from collections.abc import Sequence

from accounts.models import User
from commitments import errors, permissions
from commitments.models import Assembly
from commitments.withholding.stories import thing_of
from record.guarded import Recorded
from record.models import Entry


def assembly_of(root: Recorded) -> Assembly | None:
    """The assembly to which a story belongs; None for what belongs to all: bodies, areas, what the police publish."""
    return root if isinstance(root, Assembly) else getattr(root, "assembly", None)


def office_for(by: User, root: Recorded) -> str:
    """The office in which somebody withholds words of a story; any convenor for what belongs to no assembly."""
    assembly = assembly_of(root)
    return permissions.check_convenor(by, assembly.slug) if assembly else permissions.check_any_convenor(by)


def named(subject: str, field: str = "subject") -> Recorded:
    """The thing that a subject names. Raises UnknownSubject."""
    thing = thing_of(subject)
    if thing is None:
        raise errors.UnknownSubject(field=field, subject=subject)
    return thing


def subject_of_entries(entries: list[int]) -> str:
    """What entries are about, which have to be about one thing. Raises OtherSubject, or UnknownSubject for no entry."""
    found = dict(Entry.objects.filter(position__in=entries).values_list("position", "subject"))
    for position in entries:
        if position not in found:
            raise errors.UnknownSubject(field="entries", subject=f"event {position}")
        if found[position] != found[entries[0]]:
            raise errors.OtherSubject(field="entries", position=position, subject=found[entries[0]])
    return found[entries[0]]


def check_about(thing: Recorded, entries: Sequence[int]) -> None:
    """Raise OtherSubject unless all these entries are about the thing."""
    if entries and subject_of_entries(list(entries)) != thing.record_subject:
        raise errors.OtherSubject(field="entries", position=entries[0], subject=thing.record_subject)
