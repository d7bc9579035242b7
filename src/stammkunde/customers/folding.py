"""Write names the way they are looked for: small letters, no accents, Müller as Mueller."""

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    Text = models.CharField[str, str]
else:
    Text = models.CharField

_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})
_AFTER_VOWEL = re.compile(r"(?<=[aou])e")
_NOT_WRITTEN = re.compile(r"['’`´.,;]")
_GAPS = re.compile(r"[\s\-–_/]+")
LAST = "\U0010ffff"


def fold(text: str) -> str:
    """Return the text as it is compared; whatever a text begins with, its folded form begins with the folded beginning.

    >>> fold("Müller-Lüdenscheidt"), fold("MUELLER LUED"), fold("O’Neill, Zoë")
    ('muller ludenscheidt', 'muller lud', 'oneill zo')
    """
    letters = text.casefold()
    if not letters.isascii():
        plain = unicodedata.normalize("NFKD", letters.translate(_LETTERS))
        letters = "".join(character for character in plain if not unicodedata.combining(character))
    return _AFTER_VOWEL.sub("", _GAPS.sub(" ", _NOT_WRITTEN.sub("", letters))).strip()


class FoldedField(Text):
    """A column that follows other columns of its row in folded form, to be searched and sorted by.

    It is filled whenever the row is saved, also in bulk; `Customers` sees to updates that name only some columns.
    """

    def __init__(self, *args: Any, sources: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.sources = tuple(sources)
        kwargs |= {"editable": False, "blank": True, "default": ""}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "sources": self.sources}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Take the value from the columns it follows."""
        told = [text for source in self.sources if (text := getattr(model_instance, source))]
        folded = fold(" ".join(told))[: self.max_length] if told else ""
        setattr(model_instance, self.attname, folded)
        return folded


def followers(model: type[models.Model], changed: set[str]) -> list[FoldedField]:
    """Return the folded columns of the model that must change with these columns."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, FoldedField) and changed & set(field.sources)
    ]
