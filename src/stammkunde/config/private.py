"""Keep what customers entrusted to the business from the other accounts of the machine."""

import os
from pathlib import Path


def private_folder(path: Path) -> Path:
    """Return the folder, made for its owner only; nobody else can read what is written from now on."""
    os.umask(0o077)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path
