"""Settings of the tests on SQLite: the project's own, on a file of their own, with quick passwords."""

from pathlib import Path

from tests import environment

environment.prepare("")

from config.settings import *
from config.settings import DATA_DIR, DATABASES

DATABASES["default"]["TEST"] = {"NAME": str(Path(DATA_DIR) / "tests.sqlite3")}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Styles are looked for when one is asked for: going through all of them costs each new client 80 ms.
WHITENOISE_AUTOREFRESH = True
