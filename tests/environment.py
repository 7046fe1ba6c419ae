"""The environment that tests run in: the same on every machine, whatever it has set."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path


def prepare(database: str) -> None:
    """Set the environment before `config.settings` reads it; `database` is an address, or empty for SQLite."""
    # Processes that share the work inherit the folder that the first of them made.
    folder = os.environ.get("TEST_DATA_DIR") or _folder()
    os.environ["TEST_DATA_DIR"] = folder
    for name in ("HOST", "PORT", "DEBUG", "PUBLIC_URL", "ALLOWED_HOSTS", "CACHE_URL", "EMAIL_URL", "PROXIES"):
        os.environ.pop(name, None)
    os.environ |= {
        "ENVIRONMENT": "development",
        # Tests call jobs themselves.
        "ENGINE": "off",
        "DATA_DIR": folder,
        "SECRET_KEY": "only-for-tests-" * 4,
        "DATABASE_URL": database or f"sqlite:///{Path(folder) / 'tests.sqlite3'}",
        # Tests open threads of their own and close their connections themselves.
        "DATABASE_POOL": "0",
        "THROTTLE_ANONYMOUS": "1000000/min",
        "THROTTLE_KEY": "1000000/min",
        "RATINGS_PER_ACCOUNT": "1000000/hour",
        "RATINGS_PER_NETWORK": "1000000/hour",
        "SIGN_IN_PER_NETWORK": "1000000/hour",
        "SIGN_IN_OVERALL": "1000000/hour",
    }


def _folder() -> str:
    folder = tempfile.mkdtemp(prefix="said-and-done-tests-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
