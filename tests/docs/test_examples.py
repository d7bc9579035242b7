"""Every example in the documentation runs: Python blocks, and terminal sessions with what they print.

A page is one story: its Python blocks share their names, its `console` blocks share a data folder, and both run in
the same empty working folder. What a session shows must be what it prints; a line `…` stands for any lines, and `…`
within a line for any text. A block that cannot run here (it installs, serves, or needs a person) says so in a
comment right before it: `<!-- not run: why -->`.
"""

import doctest
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(
    r"(?P<why><!-- not run: [^>]+ -->\s*\n)?^```(?P<language>python|console)\s*\n(?P<text>.*?)^```\s*$", re.M | re.S
)
PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Example:
    """One block that runs: where it stands and what it says."""

    page: Path
    line: int
    language: str
    text: str


def _examples(page: Path) -> Iterator[Example]:
    text = page.read_text(encoding="utf-8")
    for block in BLOCK.finditer(text):
        if not block["why"]:
            line = text.count("\n", 0, block.start("text")) + 1
            yield Example(page=page, line=line, language=block["language"], text=block["text"])


@pytest.mark.parametrize(
    "page", [page for page in PAGES if any(_examples(page))], ids=lambda page: str(page.relative_to(ROOT))
)
def test_page_tells_the_truth(page: Path, tmp_path: Path) -> None:
    names: dict[str, object] = {"__name__": "__main__"}
    for example in _examples(page):
        if example.language == "console":
            _run_session(example, tmp_path)
        else:
            _run_python(example, names, tmp_path)


def _run_python(example: Example, names: dict[str, object], folder: Path) -> None:
    before = Path.cwd()
    os.chdir(folder)
    try:
        if ">>>" in example.text:
            parsed = doctest.DocTestParser().get_doctest(
                example.text, names, example.page.name, str(example.page), example.line
            )
            options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
            result = doctest.DocTestRunner(optionflags=options, verbose=False).run(parsed, clear_globs=False)
            names.update(parsed.globs)
            assert result.failed == 0, f"{example.page}:{example.line}"
        else:
            padded = "\n" * (example.line - 1) + example.text
            exec(compile(padded, str(example.page), "exec"), names)
    finally:
        os.chdir(before)


def _run_session(example: Example, folder: Path) -> None:
    for command, shown in _commands(example.text):
        done = subprocess.run(
            ["bash", "-c", command], cwd=folder, env=_environment(folder), text=True, check=False,
            stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE_SECONDS,
        )  # fmt: skip
        place = f"{example.page}:{example.line}: {command}"
        assert done.returncode == 0, f"{place}\n{done.stdout}{done.stderr}"
        if shown.strip():
            assert _matches(shown, done.stdout), f"{place}\n--- shown\n{shown}\n--- printed\n{done.stdout}"


def _commands(session: str) -> Iterator[tuple[str, str]]:
    """Split a terminal session into commands and what is shown after each.

    A command begins with `$ `; a trailing backslash or a `<<'END'` lets it go on in the next lines.
    """
    lines = iter(session.splitlines())
    command, shown = "", ""
    for line in lines:
        if not line.startswith("$ "):
            shown += line + "\n"
            continue
        if command:
            yield command, shown
        command, shown = line.removeprefix("$ ") + "\n", ""
        while command.endswith("\\\n") or ("<<'END'" in command and not command.endswith("\nEND\n")):
            command += next(lines) + "\n"
    if command:
        yield command, shown


def _matches(shown: str, printed: str) -> bool:
    lines = [re.escape(line.rstrip()).replace("…", ".*") for line in shown.strip().splitlines()]
    pattern = "\n".join("(?:.*\n)*?.*" if line == ".*" else line for line in lines)
    text = "\n".join(line.rstrip() for line in printed.strip().splitlines())
    return re.fullmatch(pattern, text) is not None


def _environment(folder: Path) -> dict[str, str]:
    scripts = str(Path(sys.executable).parent)
    own = {"PATH": f"{scripts}:{os.environ['PATH']}", "STAMMKUNDE_HOME": str(folder / "data"), "DATABASE_URL": ""}
    return {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"} | own
