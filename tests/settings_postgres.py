"""Settings of the tests on PostgreSQL: the project's own, on a server that is started if none is named."""

import sys

from tests import environment, postgres

SKIPPED = 75

try:
    environment.prepare(postgres.url())
except postgres.UnavailableError as reason:
    sys.stderr.write(f"PostgreSQL: skipped, because {reason}\n")
    sys.exit(SKIPPED)

from config.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Styles are looked for when one is asked for: going through all of them costs each new client 80 ms.
WHITENOISE_AUTOREFRESH = True
