"""Keep the installation's secret key: made once, readable by its owner only."""

import os
import secrets
from pathlib import Path


def secret_key(home: Path) -> str:
    """Return the key in STAMMKUNDE_SECRET_KEY, else the one in the data folder, made on first use."""
    given = os.environ.get("STAMMKUNDE_SECRET_KEY", "")
    if given:
        return given
    path = home / "secret_key"
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return _read(path)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(50))
    return _read(path)


def _read(path: Path) -> str:
    key = path.read_text().strip()
    if key:
        return key
    raise RuntimeError(f"{path} is empty: delete it, and a new secret key is made (everybody must log in again).")
