#!/usr/bin/env python
"""Django's command line."""

import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    """Run one management command; unsafe settings are refused in words."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        len(settings.INSTALLED_APPS)
    except ImproperlyConfigured as refusal:
        sys.exit(str(refusal))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
