"""Settings of the tests on SQLite: the project's own, with everything that would slow or leak taken out."""

import os
import tempfile

os.environ["ENVIRONMENT"] = "development"
os.environ["DATA_DIR"] = os.environ.get("TEST_DATA_DIR") or tempfile.mkdtemp(prefix="said-and-done-")
os.environ["TEST_DATA_DIR"] = os.environ["DATA_DIR"]
os.environ["SECRET_KEY"] = "only-for-tests-" * 4
os.environ.pop("DATABASE_URL", None)

from config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
