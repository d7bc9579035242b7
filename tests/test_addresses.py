"""No file of the project names a package registry or a place on somebody's machine."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Written in pieces, so that this file is no find of its own.
REGISTRIES = (
    "py" + "pi.org",
    "python" + "hosted.org",
    "registry." + "npmjs",
    "deb." + "debian.org",
    "unpkg" + ".com",
    "jsde" + "livr",
)
MACHINE_PATHS = ("/wo" + "rk/", "/ro" + "ot/", "/fa" + "rm/", "/opt/" + "py", "/ho" + "me/", "/Us" + "ers/")
FOUND = re.compile("|".join(map(re.escape, (*REGISTRIES, *MACHINE_PATHS))))


def test_tracked_files_name_neither_registries_nor_machine_paths() -> None:
    finds = []
    for name in _tracked():
        file = ROOT / name
        if not file.is_file():
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if found := FOUND.search(line):
                finds.append(f"{name}:{number}: {found[0]}")
    assert finds == []


def _tracked() -> list[str]:
    """Return what git tracks; a copy without git is searched as it lies."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 0 and done.stdout:
        return [name for name in done.stdout.split("\0") if name]
    folders = ("src", "tests", "docs", "bench", "tools", "requirements")
    return [str(file.relative_to(ROOT)) for folder in folders for file in (ROOT / folder).rglob("*") if file.is_file()]
