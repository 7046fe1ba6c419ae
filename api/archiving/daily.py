"""The archive of the day, made by a command or a job."""

from pathlib import Path

from django.conf import settings

from api.archiving import packing, withdrawn
from record import signing


def make(folder: Path | None = None) -> tuple[Path, list[str]]:
    """Sign, where the key is here; then pack. What was made, and the older ones that were deleted since words went."""
    if signing.signer().exists:
        signing.sign(signing.signer())
    where = folder or Path(settings.DATA_DIR) / packing.FOLDER
    return packing.pack(where), [str(file) for file in withdrawn.discard(where)]
