#!/usr/bin/env python
"""Django's command line, which refuses in words what cannot start."""

import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError, connection


def main() -> None:
    """Run one management command; unsafe settings and an absent database are refused in words."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    # A command is one connection: it has no use for a pool, nor for the pool's patience with a database that is away.
    os.environ["DATABASE_POOL"] = "0"
    try:
        len(settings.INSTALLED_APPS)
    except ImproperlyConfigured as refusal:
        sys.exit(str(refusal))
    try:
        execute_from_command_line(sys.argv)
    except OperationalError:
        _say_if_unreachable()
        raise


def _say_if_unreachable() -> None:
    """End with a sentence if the trouble is that the database is not there at all."""
    try:
        connection.close()
        connection.ensure_connection()
    except OperationalError as error:
        sys.exit(f"The database cannot be reached; DATABASE_URL says where it is looked for.\n  {error}")


if __name__ == "__main__":
    main()
