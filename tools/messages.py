"""Gather what the pages say, for the translators: `python -m tools.messages` brings the catalogues up to date.

English is the source. `locale/de` holds everything in German (Sie); `locale/de_DU` holds only what sounds different
when people say du. Needs no gettext programs: Babel reads Python, Django's own reader the templates, polib writes.
"""

import re
import sys
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import polib
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "stammkunde"
LOCALE = SOURCE / "locale"
KEYWORDS = DEFAULT_KEYWORDS | {
    f"{name}{ending}": DEFAULT_KEYWORDS[name]
    for name in ("gettext", "ngettext", "pgettext", "npgettext")
    for ending in ("_lazy", "_noop")
    if DEFAULT_KEYWORDS.get(name, "absent") != "absent"
}
WIDTH = 118
METADATA = {
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}
_PLACEHOLDER = re.compile(r"%\(\w+\)s|%\w|%%|\{\w*\}")
# "Sie" at the beginning of a sentence may be "they": whoever addresses somebody there says it once more inside.
_FORMAL = re.compile(r"(?<!^)(?<![.:?] )(?<!\()\bSie\b|\bIhnen\b|\bIhr(?:e[mnrs]?)?\b")

Key = tuple[str, str]


@dataclass
class Message:
    """One text of the pages, with its plural and where it stands."""

    context: str
    text: str
    plural: str = ""
    places: set[str] = field(default_factory=set)


def main() -> int:
    """Bring both catalogues up to date and compile them; say what still needs a translator."""
    messages = gather()
    german = update(LOCALE / "de" / "LC_MESSAGES" / "django.po", messages, language="de", whole=True)
    informal = update(LOCALE / "de_DU" / "LC_MESSAGES" / "django.po", messages, language="de_DU", whole=False)
    problems = missing(german, messages) + too_formal(german, informal)
    print(*problems, sep="\n", file=sys.stderr)
    print(f"{len(messages)} texts, {len(informal)} of them different for du; {len(problems)} to do.")
    return 1 if problems else 0


def gather() -> dict[Key, Message]:
    """Return every text that pages, forms and the library mark for translation."""
    found: dict[Key, Message] = {}
    for file in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in file.parts:
            _take(found, file, file.read_bytes())
    for file in sorted(SOURCE.rglob("*.html")):
        for line in templatize(file.read_text(encoding="utf-8"), origin=str(file)).splitlines():
            _take(found, file, line.strip().encode())
    return found


def update(path: Path, messages: dict[Key, Message], *, language: str, whole: bool) -> polib.POFile:
    """Write the catalogue: known translations stay, texts that are gone go, new ones come in empty (if whole)."""
    before = {key_of(entry): entry for entry in polib.pofile(str(path))} if path.exists() else {}
    catalogue = polib.POFile(wrapwidth=WIDTH)
    catalogue.metadata = METADATA | {"Language": language}
    for key in sorted(messages, key=lambda key: (key[1].lower(), key)):
        entry = _entry(messages[key], before.get(key))
        if whole or entry.translated():
            catalogue.append(entry)
    for key, entry in sorted(before.items()):
        if key not in messages and entry.comment:
            catalogue.append(entry)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))
    catalogue.save_as_mofile(str(path.with_suffix(".mo")))
    return catalogue


def missing(catalogue: polib.POFile, messages: dict[Key, Message]) -> list[str]:
    """Name the texts without a translation, with a doubtful one, or with other placeholders than the source."""
    entries = {key_of(entry): entry for entry in catalogue}
    problems = [f"not in the catalogue: {text!r}" for context, text in messages if (context, text) not in entries]
    problems += [f"not translated: {entry.msgid!r}" for entry in catalogue if not entry.translated()]
    problems += [f"doubtful: {entry.msgid!r}" for entry in catalogue if entry.fuzzy]
    problems += [f"other placeholders: {entry.msgid!r}" for entry in catalogue if not _placeholders_agree(entry)]
    return problems


def too_formal(german: polib.POFile, informal: polib.POFile) -> list[str]:
    """Name the German texts that say Sie and have no other wording for du, and wordings for du that still say Sie."""
    du = {key_of(entry) for entry in informal}
    problems = [
        f"says Sie, needs a wording for du: {entry.msgid!r}"
        for entry in german
        if addresses_formally(entry) and key_of(entry) not in du
    ]
    return problems + [f"says Sie in du: {entry.msgid!r}" for entry in informal if addresses_formally(entry)]


def addresses_formally(entry: polib.POEntry) -> bool:
    """Tell whether a German text speaks to somebody as Sie."""
    return any(_FORMAL.search(text) for text in (entry.msgstr, *entry.msgstr_plural.values()))


def key_of(entry: polib.POEntry) -> Key:
    """Return what makes a text one text: its context and its English words."""
    return entry.msgctxt or "", entry.msgid


def _take(found: dict[Key, Message], file: Path, source: bytes) -> None:
    for _line, function, texts, _comments in extract_python(BytesIO(source), list(KEYWORDS), [], {}):
        message = _message(function, texts)
        if message is not None:
            known = found.setdefault((message.context, message.text), message)
            known.plural = known.plural or message.plural
            known.places.add(str(file.relative_to(SOURCE)))


def _message(function: str, texts: object) -> Message | None:
    words = [text for text in (texts if isinstance(texts, list | tuple) else (texts,)) if isinstance(text, str)]
    context = words.pop(0) if "pgettext" in function and len(words) > 1 else ""
    if not words or not words[0]:
        return None
    plural = words[1] if "ngettext" in function or "npgettext" in function else ""
    return Message(context, words[0], plural)


def _entry(message: Message, before: polib.POEntry | None) -> polib.POEntry:
    entry = polib.POEntry(
        msgid=message.text,
        msgctxt=message.context or None,
        msgid_plural=message.plural,
        occurrences=[(place, "") for place in sorted(message.places)],
        tcomment=before.tcomment if before else "",
    )
    if message.plural:
        known = before.msgstr_plural if before else {}
        entry.msgstr_plural = {n: known.get(n, "") for n in (0, 1)}
    elif before:
        entry.msgstr = before.msgstr
    if "%(" in message.text:
        entry.flags.append("python-format")
    return entry


def _placeholders_agree(entry: polib.POEntry) -> bool:
    def in_texts(*texts: str) -> set[str]:
        return {found for text in texts for found in _PLACEHOLDER.findall(text) if "(" in found}

    wanted = in_texts(entry.msgid, entry.msgid_plural)
    return not entry.translated() or in_texts(entry.msgstr, *entry.msgstr_plural.values()) <= wanted


if __name__ == "__main__":
    sys.exit(main())
