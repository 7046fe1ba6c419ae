"""A migrated SQLite database is made once for a set of migrations and copied for each run: migrating takes long."""

import hashlib
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import django
import pytest
from django.conf import settings
from django.db import connection

MARK = "django_migrations"
ROOMS = ("record", "accounts", "commitments", "ratings", "notifications", "api", "portal")


def kept() -> Path:
    """Where the database of the present migrations is kept."""
    found = hashlib.sha256(django.__version__.encode())
    for file in sorted(
        path for room in ROOMS for path in (Path(settings.BASE_DIR) / room).rglob("migrations/*.py")
    ):
        found.update(file.name.encode() + file.read_bytes())
    return Path(settings.BASE_DIR) / "var" / "test" / f"migrated-{found.hexdigest()[:16]}.sqlite3"


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None, request: pytest.FixtureRequest) -> bool:
    """Whether the test database is there already: after it was copied, it is."""
    if settings.ON_SQLITE:
        with suppress(FileNotFoundError):
            shutil.copyfile(kept(), settings.DATABASES["default"]["TEST"]["NAME"])
            return True
    return bool(request.config.getvalue("reuse_db"))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Keep the database as it is after its migrations, for the runs that follow."""
    if settings.ON_SQLITE and not kept().exists():
        kept().parent.mkdir(parents=True, exist_ok=True)
        draft = Path(f"{settings.DATABASES['default']['NAME']}.kept")
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            if MARK not in connection.introspection.table_names(cursor):
                return  # a run that was broken off: what it left is no database for others
            cursor.execute("VACUUM INTO %s", [str(draft)])
        shutil.move(draft, kept())
        for other in kept().parent.glob("migrated-*.sqlite3"):
            if other != kept():
                other.unlink(missing_ok=True)
