"""The secret key of a development server: made once, kept in the data folder, readable by its owner alone."""

import os
import secrets
from pathlib import Path

NAME = "secret-key"


def kept_in(folder: Path) -> str:
    """The key kept in `folder`; made there at the first call."""
    path = folder / NAME
    if not path.exists():
        _make(path)
    return path.read_text(encoding="ascii")


def _make(path: Path) -> None:
    """Write a new key aside and link it into place whole, so that two starts at once agree on one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{NAME}.{secrets.token_hex(8)}")
    with os.fdopen(
        os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii"
    ) as file:
        file.write(secrets.token_urlsafe(64))
    try:
        path.hardlink_to(aside)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
