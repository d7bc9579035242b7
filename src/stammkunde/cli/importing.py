"""Take in files from the terminal: the same import as in the page."""

import json
import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stammkunde.cli.starting import start
from stammkunde.kernel.errors import WrongInput

if TYPE_CHECKING:
    from stammkunde.events.imports import Look, Result

_WHO = {"customer", "email", "phone"}
_NAMED = 30


def run(options: Namespace) -> int:
    """Import every file, one after the other; the first that cannot be used stops the rest."""
    if options.what in ("list", "undo"):
        from stammkunde.cli import taking_back

        return taking_back.listing(options) if options.what == "list" else taking_back.undo(options)
    if not options.files:
        raise WrongInput("Name the files to import: stammkunde import orders FILE")
    start()
    from stammkunde.insights import mirroring

    files = [_existing(name) for name in options.files]
    results = [_import(file, options) for file in files]
    if not options.dry_run:
        mirroring.sync()
    if options.json:
        documents = [result.as_json() for result in results]
        print(json.dumps(documents[0] if len(documents) == 1 else {"imports": documents}, ensure_ascii=False))
    return 0


def _import(file: Path, options: Namespace) -> "Result":
    from stammkunde.events import imports
    from stammkunde.kernel import clock

    show = _Progress(file.name) if sys.stderr.isatty() else None
    given: dict[str, Any] = {
        "mapping": dict(options.map),
        "preset": options.preset,
        "currency": options.currency,
        "dates": options.dates,
        "decimal": options.decimal,
        "shop": options.shop,
    }
    _tell_columns(imports.look(file, now=clock.now(), **given))
    if options.dry_run:
        result = imports.rehearse(file, now=clock.now(), progress=show, **given)
    else:
        created = imports.create(file, file_name=file.name, now=clock.now(), **given)
        result = imports.run(created, now=clock.now(), progress=show)
    _tell(file, result, dry_run=options.dry_run, quiet=options.json)
    return result


def _tell_columns(seen: "Look") -> None:
    """Say which column is read as what, and warn when nobody can be recognised by this file."""
    read = ", ".join(f"{field} from {column.name!r}" for field, column in seen.columns.items())
    print(f"{seen.file_name}: {read}." + (f" Not used: {_some(seen.unused)}." if seen.unused else ""), file=sys.stderr)
    value = seen.value
    if value:
        basis = {"net": "without VAT", "gross": "with VAT"}.get(value.basis, "as they stand there, with or without VAT")
        other = f" To count by {value.other!r} instead: --map {value.field}={value.other!r}." if value.other else ""
        print(f"  note: amounts count by {value.column!r}, {basis}.{other}", file=sys.stderr)
    if seen.plan and not _WHO & seen.columns.keys():
        print(
            "  note: no column tells who ordered: these orders count in revenue_all and orders_all only. If one does: "
            "--map customer=COLUMN (or email=COLUMN), before they come in.",
            file=sys.stderr,
        )


def _some(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _tell(file: Path, result: "Result", *, dry_run: bool, quiet: bool) -> None:
    """Say in plain words what became of the file; with --json on stderr, so that stdout holds the document only."""
    out = sys.stderr if quiet else sys.stdout
    verb = "would be imported" if dry_run else "imported"
    print(
        f"{file.name}: {result.read:,} rows read, {result.imported:,} {verb}, {result.duplicate:,} known already, "
        f"{result.rejected:,} rejected.",
        file=out,
    )
    for warning in result.warnings:
        print(f"  note: {warning}", file=out)
    if result.rejects_file:
        print(f"  Every rejected row with its reason: {result.rejects_file}", file=out)


def _existing(name: str) -> Path:
    file = Path(name)
    if not file.is_file():
        raise WrongInput(f"There is no file {name}; check the path.")
    return file


class _Progress:
    """One line on the terminal that says what is being done and how far it is."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, phase: str, share: float) -> None:
        end = "\n" if share >= 1 and phase == "done" else ""
        print(f"\r\x1b[K{self._name}: {phase} {share:4.0%}", end=end, file=sys.stderr, flush=True)
