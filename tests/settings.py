"""Run the product's own settings in a data folder that only this test process knows."""

import atexit
import os
import shutil
import tempfile

_home = tempfile.mkdtemp(prefix="stammkunde-tests-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["STAMMKUNDE_HOME"] = _home
os.environ.setdefault("STAMMKUNDE_SECRET_KEY", "only-for-tests")

from stammkunde.config.settings import *  # noqa: E402, F403

AUDIT_STRICT = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # A file, as in life: the bulk paths and the second process of a test open the database by its name.
    DATABASES["default"]["TEST"] = {"NAME": f"{_home}/test.sqlite3"}  # noqa: F405
