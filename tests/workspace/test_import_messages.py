"""Everything imports report to people has words on the page, in German too."""

import ast
from pathlib import Path

import pytest
from django.utils import translation

from stammkunde.events import imports
from stammkunde.events.imports import rejects
from stammkunde.workspace.import_messages import SAYINGS, saying_of, tell

FOLDER = Path(imports.__file__).parent
# What only programmers meet, and pieces that are only said together with others.
NOT_FOR_PEOPLE = (
    "Import x (x) was taken over by another process.",
    "Import x (x) is x elsewhere.",
    ". If that is wrong, say which comes first.",
    " The nearest is x.",
    "x: x can be read in two ways; the sign in it was taken for a x. If that is wrong, name the decimal sign.",
)


def sentences() -> list[str]:
    """Return what stands in the source as a sentence, with x for what varies."""
    found: set[str] = set()
    for file in sorted(FOLDER.glob("*.py")):
        tree = ast.parse(file.read_text())
        skipped = {id(node) for outer in ast.walk(tree) for node in _inside(outer)}
        texts = [_text(node) for node in ast.walk(tree) if id(node) not in skipped]
        found |= {text for text in texts if text.count(" ") >= 2 and text.endswith(".")}
    return sorted(found.difference(NOT_FOR_PEOPLE))


def _inside(node: ast.AST) -> list[ast.AST]:
    """Return docstrings and the parts of formatted texts."""
    if isinstance(node, ast.JoinedStr):
        return [part for part in ast.walk(node) if part is not node]
    body = getattr(node, "body", None)
    first = body[0] if isinstance(body, list) and body else None
    return [first.value] if isinstance(first, ast.Expr) else []


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
    return ""


@pytest.mark.parametrize("sentence", sentences())
def test_every_sentence_of_the_imports_is_known_to_the_pages(sentence: str) -> None:
    assert saying_of(sentence) is not None, f"add to workspace/import_messages.py: {sentence!r}"


@pytest.mark.parametrize("reason", list(rejects._REASONS.values()))
def test_every_reason_for_a_rejection_is_known_to_the_pages(reason: str) -> None:
    assert saying_of(f"the date {reason}") is not None


@pytest.mark.parametrize("preset", list(imports.PRESETS.values()), ids=lambda preset: preset.name)
def test_every_preset_is_known_to_the_pages(preset: imports.Preset) -> None:
    assert saying_of(preset.title) is not None
    assert not preset.note or saying_of(preset.note) is not None


@pytest.mark.parametrize(
    ("reported", "said"),
    [
        (
            "a.pdf is a PDF document. Unpack it, or save it as CSV, and import that.",
            "a.pdf ist ein PDF-Dokument. Packen Sie es aus, oder speichern Sie es als CSV, und importieren Sie das.",
        ),
        ("a.csv is empty. Export the orders again.", "a.csv ist leer. Exportieren Sie die Bestellungen noch einmal."),
        ("Menge: is not a number, or too large a one", "Menge: ist keine Zahl oder eine zu große"),
        ("the date is no date there ever was since 1970", "ist kein Datum, das es seit 1970 gab"),
        ("Line 7 and 3 more: not UTF-8 like the rest; read as Windows-1252.",
         "Zeile 7 und 3 weitere: nicht UTF-8 wie der Rest; als Windows-1252 gelesen."),
        ("something nobody has put into words", "something nobody has put into words"),
        ("", ""),
    ],
)  # fmt: skip
def test_reports_are_said_in_german(reported: str, said: str) -> None:
    with translation.override("de"):
        assert said == tell(reported)


def test_what_was_meant_for_the_command_line_is_said_for_the_page() -> None:
    with translation.override("en"):
        reported = (
            "No column tells when an order was placed (at). Found: a, b. Say which column it is: --map at=COLUMN, "
            "by name or by place (#1 is the first)."
        )
        assert "No column tells when an order was placed. Choose below which column it is." == tell(reported)
        assert [] == [saying for saying in SAYINGS if "--" in saying.said]
