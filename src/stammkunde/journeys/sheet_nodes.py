"""Take YAML apart without letting it surprise anybody: words stay words, and every piece knows its line.

Nothing is what it was not written as: `no`, `on` and dates are texts, unless a field asks for something else. Anchors,
aliases, tags and several documents in one file are refused, and so are keys that come twice.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

import yaml

from stammkunde.journeys.problems import BadMap, Both, Problem

MOST_CHARACTERS = 500_000
MOST_DEEP = 12
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Word:
    """A text, number or yes-or-no; `plain` when it stands without quotes."""

    line: int
    text: str
    plain: bool

    @property
    def empty(self) -> bool:
        """Tell whether nothing is said."""
        return self.plain and self.text in ("", "~", "null")


@dataclass
class Listed:
    """A list."""

    line: int
    items: list["Node"] = field(default_factory=list)


@dataclass
class Mapped:
    """Keys with what belongs to them."""

    line: int
    entries: dict[str, "Node"] = field(default_factory=dict)
    key_lines: dict[str, int] = field(default_factory=dict)


Node: TypeAlias = Word | Listed | Mapped


def taken_apart(text: str) -> Node:
    """Return the tree of a YAML text; raises BadMap with the line and the remedy."""
    if len(text) > MOST_CHARACTERS:
        raise _bad(
            1,
            Both(
                f"The file has {len(text):,} characters; {MOST_CHARACTERS:,} is the most.",
                f"Die Datei hat {len(text)} Zeichen; höchstens {MOST_CHARACTERS} sind erlaubt.",
            ),
            Both("Split the map into several.", "Teilen Sie die Karte in mehrere."),
        )
    builder = _Builder()
    try:
        for event in _events(text):
            builder.take(event)
    except yaml.YAMLError as wrong:
        raise _unreadable(wrong) from None
    except UnicodeEncodeError:
        raise _no_text() from None
    if builder.root is None:
        raise _bad(1, Both("The file is empty.", "Die Datei ist leer."), _BEGIN)
    return builder.root


_BEGIN = Both(
    "Begin with `journey:` and a short name, then `label:` and `phases:`.",
    "Beginnen Sie mit `journey:` und einem kurzen Namen, dann `label:` und `phases:`.",
)


def _events(text: str) -> Iterator[yaml.Event]:
    loader = _LOADER(text.removeprefix("\ufeff"))
    try:
        while loader.check_event():
            yield loader.get_event()
    finally:
        loader.dispose()


class _Builder:
    """Put the pieces that come one by one into a tree, without recursion."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self._open: list[Listed | Mapped] = []
        self._keys: list[Word | None] = []
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        """Add one piece."""
        line = event.start_mark.line + 1 if event.start_mark else 1
        self._refuse_magic(event, line)
        match event:
            case yaml.ScalarEvent():
                if _UNSEEN.search(event.value):
                    raise _no_text(line)
                self._place(Word(line, event.value, event.implicit[0]))
            case yaml.SequenceStartEvent():
                self._enter(Listed(line))
            case yaml.MappingStartEvent():
                self._enter(Mapped(line))
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                self._open.pop()
                self._keys.pop()
            case _:
                pass

    def _enter(self, node: Listed | Mapped) -> None:
        if len(self._open) >= MOST_DEEP:
            raise _bad(
                node.line,
                Both(
                    "Lists and keys lie too deep within one another.",
                    "Listen und Schlüssel sind zu tief verschachtelt.",
                ),
                Both("Check the indentation of this line.", "Prüfen Sie die Einrückung dieser Zeile."),
            )
        self._place(node)
        self._open.append(node)
        self._keys.append(None)

    def _place(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if isinstance(parent, Listed):
            parent.items.append(node)
            return
        key = self._keys[-1]
        if key is not None:
            parent.entries[key.text] = node
            self._keys[-1] = None
            return
        self._keys[-1] = self._key(node, parent)

    @staticmethod
    def _key(node: Node, parent: Mapped) -> Word:
        if not isinstance(node, Word):
            raise _bad(
                node.line,
                Both(
                    "A list or a group of keys stands where a key is expected.",
                    "Hier steht eine Liste statt eines Schlüssels.",
                ),
                Both(
                    "Put texts with brackets, colons or commas into quotes.",
                    "Setzen Sie Texte mit Klammern, Doppelpunkten oder Kommas in Anführungszeichen.",
                ),
            )
        if node.text in parent.key_lines:
            before = parent.key_lines[node.text]
            raise _bad(
                node.line,
                Both(
                    f"The key `{node.text}` stands here for the second time, first in line {before}.",
                    f"Der Schlüssel `{node.text}` steht hier zum zweiten Mal, zuerst in Zeile {before}.",
                ),
                Both("Keep one of the two.", "Behalten Sie einen von beiden."),
            )
        parent.key_lines[node.text] = node.line
        return node

    def _refuse_magic(self, event: yaml.Event, line: int) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise _bad(
                    line,
                    Both("A second map begins here.", "Hier beginnt eine zweite Karte."),
                    Both(
                        "One file holds one map: cut it at `---`.",
                        "Eine Datei enthält eine Karte: Trennen Sie sie bei `---`.",
                    ),
                )
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _bad(
                line,
                Both("`&` and `*` (anchors) are not allowed.", "`&` und `*` (Anker) sind nicht erlaubt."),
                Both(
                    "Write it out, or put the text into quotes.",
                    "Schreiben Sie es aus oder setzen Sie den Text in Anführungszeichen.",
                ),
            )
        tag = getattr(event, "tag", None)
        if tag:
            raise _bad(
                line,
                Both(f"`{tag}` (a tag) is not allowed.", f"`{tag}` (ein Tag) ist nicht erlaubt."),
                Both("Put the text into quotes.", "Setzen Sie den Text in Anführungszeichen."),
            )


def _unreadable(wrong: yaml.YAMLError) -> BadMap:
    mark = getattr(wrong, "problem_mark", None) or getattr(wrong, "context_mark", None)
    line = mark.line + 1 if mark is not None else 1
    detail = str(getattr(wrong, "problem", None) or "").strip()
    if mark is None:
        return _no_text()
    return _bad(
        line,
        Both(f"This is no YAML ({detail}).", f"Das ist kein YAML ({detail})."),
        Both(
            "Check indentation and brackets here and in the line before; put texts with `: `, `#`, quotes or brackets "
            "into quotes.",
            "Prüfen Sie Einrückung und Klammern hier und in der Zeile davor; setzen Sie Texte mit `: `, `#`, "
            "Anführungszeichen oder Klammern in Anführungszeichen.",
        ),
    )


def _no_text(line: int = 1) -> BadMap:
    return _bad(
        line,
        Both(
            "The file contains characters that no text has.", "Die Datei enthält Zeichen, die in keinem Text vorkommen."
        ),
        Both("Save it as a plain text in UTF-8.", "Speichern Sie sie als reinen Text in UTF-8."),
    )


def _bad(line: int, what: Both, cure: Both) -> BadMap:
    return BadMap([Problem(line, "YAML", what, cure)])
