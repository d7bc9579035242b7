"""Read the fields of a map one by one, each as what it is meant to be, and collect what is wrong with them."""

import math
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from stammkunde.conditions import BadCondition
from stammkunde.conditions.local_clock import Duration
from stammkunde.conditions.tokens import nearest
from stammkunde.journeys.document import Label
from stammkunde.journeys.problems import Both, Problem
from stammkunde.journeys.sheet_nodes import Listed, Mapped, Node, Word
from stammkunde.journeys.signals import read_duration

ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
LANGUAGE = re.compile(r"[a-z]{2}(-[a-z]{2,8})?")
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?")
_OTHER_FLAGS = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
_BELOW = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}
Found = TypeVar("Found")
Chosen = TypeVar("Chosen", bound=str)


def slug(text: str) -> str:
    """Return a text as a short name: small letters, digits, hyphens."""
    plain = "".join(_BELOW.get(sign, sign) for sign in text.lower())
    return re.sub(r"[^a-z0-9_]+", "-", plain).strip("-_")[:64].rstrip("-_")


class Notes:
    """What was found to be wrong so far."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(self, line: int, place: str, what: Both, cure: Both, *, severe: bool = True) -> None:
        """Write one problem down."""
        self.problems.append(Problem(line, place, what, cure, severe))

    def refused(self, line: int, place: str, what: Both, wrong: BadCondition) -> None:
        """Write down what the condition language did not understand; lines count within the file."""
        where = f" ({wrong.column})" if wrong.column else ""
        guess = (
            Both(f" Did you mean `{wrong.nearest}`?", f" Meinten Sie `{wrong.nearest}`?")
            if wrong.nearest
            else Both("", "")
        )
        self.problems.append(
            Problem(
                line + (wrong.line or 1) - 1,
                place,
                Both(f"{what.en}{where}: {wrong.plain}", f"{what.de}{where}: {wrong.plain}"),
                Both(f"Correct the text.{guess.en}", f"Verbessern Sie den Text.{guess.de}"),
                cause=wrong,
            )
        )


@dataclass
class Fields:
    """The keys of one group, read on demand."""

    notes: Notes
    node: Mapped
    place: str

    @property
    def line(self) -> int:
        """Return the line in which the group begins."""
        return self.node.line

    def named(self, place: str) -> "Fields":
        """Return the same fields under another name for messages."""
        return Fields(self.notes, self.node, place)

    def only(self, *known: str) -> None:
        """Complain of every key that means nothing here."""
        for key, line in self.node.key_lines.items():
            if key not in known:
                guess = nearest(key, known)
                self.notes.add(
                    line,
                    self.place,
                    Both(f"The key `{key}` has no meaning here.", f"Der Schlüssel `{key}` hat hier keine Bedeutung."),
                    Both(f"Did you mean `{guess}`?", f"Meinten Sie `{guess}`?")
                    if guess
                    else Both(
                        f"Leave it out; known are: {', '.join(known)}.",
                        f"Lassen Sie ihn weg; bekannt sind: {', '.join(known)}.",
                    ),
                )

    def has(self, key: str) -> bool:
        """Tell whether something is said under a key."""
        node = self.node.entries.get(key)
        return node is not None and not (isinstance(node, Word) and node.empty)

    def line_of(self, key: str) -> int:
        """Return the line of a key, or of the group where it is missing."""
        return self.node.key_lines.get(key, self.line)

    def wrong(self, key: str, what: Both, cure: Both, *, severe: bool = True) -> None:
        """Complain of what stands under a key."""
        self.notes.add(self.line_of(key), self.place, what, cure, severe=severe)

    def missing(self, key: str, cure: Both) -> None:
        """Complain that a key is missing."""
        self.wrong(key, Both(f"`{key}` is missing.", f"`{key}` fehlt."), cure)

    def word(self, key: str) -> Word | None:
        """Return the single word or text under a key, if there is one."""
        node = self.node.entries.get(key)
        if node is None or (isinstance(node, Word) and node.empty):
            return None
        if isinstance(node, Word):
            return node
        self.wrong(
            key,
            Both(
                f"`{key}` holds a single text, not a list or group.",
                f"`{key}` fasst einen Text, keine Liste oder Gruppe.",
            ),
            Both(
                "Write one text; put it into quotes if it contains brackets or `: `.",
                "Schreiben Sie einen Text; mit Klammern oder `: ` in Anführungszeichen.",
            ),
        )
        return None

    def text(self, key: str, default: str = "") -> str:
        """Return a text; whatever is written is a text, also `no` and 2025-12-31."""
        word = self.word(key)
        return word.text.strip() if word else default

    def id(self, key: str) -> str:
        """Return a short name; one that cannot be used is complained of and made usable."""
        word = self.word(key)
        if word is None:
            self.missing(
                key, Both(f"Add `{key}:` with a short name.", f"Ergänzen Sie `{key}:` mit einem kurzen Namen.")
            )
            return ""
        if ID.fullmatch(word.text):
            return word.text
        usable = slug(word.text) or "name"
        self.wrong(
            key,
            Both(f"“{word.text[:80]}” is no short name.", f"„{word.text[:80]}“ ist kein kurzer Name."),
            Both(
                f"Use small letters, digits, - and _ (at most 64), such as `{usable}`.",
                f"Nehmen Sie kleine Buchstaben, Ziffern, - und _ (höchstens 64), etwa `{usable}`.",
            ),
        )
        return usable

    def flag(self, key: str) -> bool:
        """Return a yes or no: only `true` and `false` say it."""
        word = self.word(key)
        if word is None or (word.plain and word.text == "false"):
            return False
        if word.plain and word.text == "true":
            return True
        meant = _OTHER_FLAGS.get(word.text.lower(), "true")
        self.wrong(
            key,
            Both(
                f"`{key}: {word.text[:40]}` is neither yes nor no here.",
                f"`{key}: {word.text[:40]}` ist hier weder ja noch nein.",
            ),
            Both(f"Write `{key}: {meant}`.", f"Schreiben Sie `{key}: {meant}`."),
        )
        return False

    def number(self, key: str, *, low: float = -math.inf, high: float = math.inf) -> float | None:
        """Return a number within bounds."""
        word = self.word(key)
        if word is None:
            return None
        value = float(word.text) if _NUMBER.fullmatch(word.text) else math.nan
        if low <= value <= high and math.isfinite(value):
            return value
        bounds = Both("", "")
        if math.isfinite(low) and math.isfinite(high):
            bounds = Both(f" from {low:g} to {high:g}", f" von {low:g} bis {high:g}")
        elif math.isfinite(low):
            bounds = Both(f" of at least {low:g}", f" von mindestens {low:g}")
        self.wrong(
            key,
            Both(
                f"`{key}: {word.text[:40]}` is no number{bounds.en}.",
                f"`{key}: {word.text[:40]}` ist keine Zahl{bounds.de}.",
            ),
            Both(
                "Write digits with a decimal point, such as 0.5.", "Schreiben Sie Ziffern mit Dezimalpunkt, etwa 0.5."
            ),
        )
        return None

    def whole(self, key: str, *, low: int, high: int) -> int | None:
        """Return a whole number within bounds."""
        number = self.number(key, low=low, high=high)
        if number is None or number == int(number):
            return None if number is None else int(number)
        self.wrong(
            key,
            Both(f"`{key}` is a whole number.", f"`{key}` ist eine ganze Zahl."),
            Both(f"Write {int(number)}.", f"Schreiben Sie {int(number)}."),
        )
        return None

    def choice(self, key: str, known: Collection[Chosen], default: Chosen) -> Chosen:
        """Return one of several words."""
        word = self.word(key)
        if word is None:
            return default
        for one in known:
            if one == word.text:
                return one
        guess = nearest(word.text, list(known))
        hint = Both(f" Did you mean `{guess}`?", f" Meinten Sie `{guess}`?") if guess else Both("", "")
        self.wrong(
            key,
            Both(f"`{key}: {word.text[:40]}` is not known.", f"`{key}: {word.text[:40]}` ist nicht bekannt."),
            Both(f"Use one of {', '.join(known)}.{hint.en}", f"Wählen Sie aus {', '.join(known)}.{hint.de}"),
        )
        return default

    def duration(self, key: str) -> Duration | None:
        """Return a length of time."""
        word = self.word(key)
        if word is None:
            return None
        return self.tried(key, word, Both(f"`{key}` is no length of time", f"`{key}` ist keine Dauer"), read_duration)

    def tried(self, key: str, word: Word, what: Both, read: Callable[[str], Found]) -> Found | None:
        """Read a text of the condition language; complain with line and column where it cannot be read."""
        try:
            return read(word.text)
        except BadCondition as wrong:
            self.notes.refused(word.line, self.place, what, wrong)
            return None

    def day(self, key: str) -> date | None:
        """Return a calendar day."""
        word = self.word(key)
        if word is None:
            return None
        try:
            if len(word.text) == 10:
                return date.fromisoformat(word.text)
        except ValueError:
            pass
        self.wrong(
            key,
            Both(f"`{key}: {word.text[:40]}` is no day.", f"`{key}: {word.text[:40]}` ist kein Tag."),
            Both("Write year-month-day, such as 2026-12-31.", "Schreiben Sie Jahr-Monat-Tag, etwa 2026-12-31."),
        )
        return None

    def label(self, key: str, language: str, instead: str) -> Label:
        """Return a name: one text in the map's language, or texts by language."""
        node = self.node.entries.get(key)
        if isinstance(node, Mapped):
            inner = Fields(self.notes, node, self.place)
            for code, line in node.key_lines.items():
                if not LANGUAGE.fullmatch(code):
                    self.notes.add(
                        line,
                        self.place,
                        Both(f"“{code[:40]}” is no language.", f"„{code[:40]}“ ist keine Sprache."),
                        Both("Write de, en or another short code.", "Schreiben Sie de, en oder ein anderes Kürzel."),
                    )
            texts = tuple((code, inner.text(code)) for code in node.entries if LANGUAGE.fullmatch(code))
            texts = tuple((code, text) for code, text in texts if text)
            if texts:
                return Label(texts)
        elif word := self.word(key):
            return Label(((language, word.text.strip()),))
        self.missing(
            key,
            Both(
                f"Add `{key}:` with the name that people read.", f"Ergänzen Sie `{key}:` mit dem Namen, den alle lesen."
            ),
        )
        return Label(((language, instead),))

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; a single text is a list of one."""
        found = []
        for node in self.items(key):
            if isinstance(node, Word):
                found.append(node.text.strip())
            else:
                self.notes.add(
                    node.line,
                    self.place,
                    Both(f"`{key}` lists texts.", f"`{key}` zählt Texte auf."),
                    Both("Write one text per entry.", "Schreiben Sie einen Text je Eintrag."),
                )
        return tuple(text for text in found if text)

    def items(self, key: str) -> list[Node]:
        """Return the entries of a list; a single entry is a list of one."""
        node = self.node.entries.get(key)
        if node is None or (isinstance(node, Word) and node.empty):
            return []
        return node.items if isinstance(node, Listed) else [node]

    def groups(self, key: str) -> Iterator["Fields"]:
        """Yield the entries of a list that are groups of keys; complain of the others."""
        for node in self.items(key):
            if isinstance(node, Mapped):
                yield Fields(self.notes, node, self.place)
            else:
                self.notes.add(
                    node.line,
                    self.place,
                    Both(
                        f"An entry of `{key}` is a group of keys.",
                        f"Ein Eintrag von `{key}` ist eine Gruppe von Schlüsseln.",
                    ),
                    Both(
                        "Write it as `{id: …, label: …}` or with indented lines.",
                        "Schreiben Sie ihn als `{id: …, label: …}` oder mit eingerückten Zeilen.",
                    ),
                )

    def group(self, key: str) -> "Fields | None":
        """Return the one group of keys under a key."""
        node = self.node.entries.get(key)
        if node is None or (isinstance(node, Word) and node.empty):
            return None
        if isinstance(node, Mapped):
            return Fields(self.notes, node, self.place)
        self.wrong(
            key,
            Both(f"`{key}` is a group of keys.", f"`{key}` ist eine Gruppe von Schlüsseln."),
            Both(
                "Write it as `{…: …}` or with indented lines.",
                "Schreiben Sie sie als `{…: …}` oder mit eingerückten Zeilen.",
            ),
        )
        return None
