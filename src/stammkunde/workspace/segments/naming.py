"""Make short addresses of titles."""

import re
import unicodedata
from collections.abc import Iterable

_LENGTH = 58
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "&": " und "})
_TAKEN_BY_PAGES = ("new",)


def free_name(title: str, taken: Iterable[str], *, otherwise: str) -> str:
    """Return a name for the address that nobody has yet.

    >>> free_name("Wien & Graz, still", ["wien-und-graz-still"], otherwise="segment")
    'wien-und-graz-still-2'
    """
    plain = unicodedata.normalize("NFKD", title.lower().translate(_UMLAUTS)).encode("ascii", "ignore").decode()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LENGTH].strip("-")
    if not base or not base[0].isalpha():
        base = f"{otherwise}-{base}".strip("-")
    known = {*taken, *_TAKEN_BY_PAGES}
    return next(name for name in (base, *(f"{base}-{i}" for i in range(2, len(known) + 3))) if name not in known)
