"""Every kind of waiting thing, one entry each; what the domain lets wait and is not here fails a test."""

from portal.desk.queue import answering, deciding, granting, guarding, judging, keeping
from portal.desk.queue.kinds import Kind

KINDS: tuple[Kind, ...] = (
    *granting.KINDS,
    *judging.KINDS,
    *deciding.KINDS,
    *guarding.KINDS,
    *keeping.KINDS,
    *answering.KINDS,
)
BY_NAME = {kind.name: kind for kind in KINDS}
