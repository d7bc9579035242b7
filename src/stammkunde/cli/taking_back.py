"""List the imports so far, and take one back, from the terminal."""

import json
import sys
import time
from argparse import Namespace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from stammkunde.cli.printing import print_json, print_table
from stammkunde.cli.starting import start
from stammkunde.kernel.errors import WrongInput

if TYPE_CHECKING:
    from stammkunde.events.imports import Loss
    from stammkunde.events.models import Import

_LOOK_AGAIN_SECONDS = 0.5


def listing(options: Namespace) -> int:
    """Print the imports so far, the newest first."""
    start()
    from stammkunde.events.models import Import

    past = list(Import.objects.order_by("-pk"))
    if options.json:
        print_json({"imports": [_document(one) for one in past]})
    else:
        columns = ("import", "file", "shop", "at", "state", "imported", "known already", "rejected")
        print_table(columns, map(_row, past))
    return 0


def undo(options: Namespace) -> int:
    """Take one import back, after saying what goes and asking whether that is meant."""
    start()
    from stammkunde.accounts import audit
    from stammkunde.events import imports
    from stammkunde.insights import mirroring
    from stammkunde.kernel import clock

    import_ = _import(options.files)
    why_not = imports.undo_refusal(import_)
    if why_not:
        raise WrongInput(f"{why_not} `stammkunde import list` shows all imports.")
    loss = imports.loss(import_)
    _confirm(import_, loss, sure=options.yes)
    imports.ask_undo(import_)
    audit.note(
        "import.undone", by=None, about=import_, detail={**loss.counts, "file": import_.file_name}, now=clock.now()
    )
    _carry_out(import_, now=clock.now())
    mirroring.sync()
    if options.json:
        print(json.dumps(_document(import_), ensure_ascii=False))
    else:
        print(f"Taken back: {import_.taken_events:,} entries and {import_.taken_customers:,} customers went.")
    return 0


def _import(words: list[str]) -> "Import":
    from stammkunde.events.models import Import

    number = words[0].removeprefix("#") if len(words) == 1 else ""
    found = Import.objects.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 18 else None
    if found is None:
        raise WrongInput(f"There is no import {' '.join(words) or 'without a number'}. All: stammkunde import list")
    return found


def _confirm(import_: "Import", loss: "Loss", *, sure: bool) -> None:
    """Say what goes; go on only when somebody says yes, here or with --yes."""
    told = f"{loss.orders:,} orders, {loss.returns:,} returns and cancellations and {loss.customers:,} customers go"
    told += f"; {loss.restored:,} orders become again what they were" if loss.restored else ""
    told += f"; {loss.kept:,} stay as a later import told them" if loss.kept else ""
    print(f"Import {import_.pk}, {import_.file_name}: {told}.", file=sys.stderr)
    if sure:
        return
    if not sys.stdin.isatty():
        raise WrongInput("Nothing was changed. If that is what you want, say so with --yes.")
    print("Take it back? This cannot be reversed. [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes", "j", "ja"):
        raise WrongInput("Nothing was changed.")


def _carry_out(import_: "Import", *, now: datetime) -> None:
    """Do it here, or wait until the worker, which was quicker, has done it."""
    from stammkunde.events import imports

    try:
        imports.run(import_, now=now)
    except imports.NotFree:
        while not import_.is_over:
            time.sleep(_LOOK_AGAIN_SECONDS)
            import_.refresh_from_db()


def _document(import_: "Import") -> dict[str, Any]:
    from stammkunde.events import imports

    return {
        "import": import_.pk,
        "file": import_.file_name,
        "shop": import_.shop,
        "at": import_.created_at.isoformat(timespec="seconds"),
        "state": import_.state,
        "only_check": import_.only_check,
        **imports.result_of(import_).as_json(),
        "taken_back": {"entries": import_.taken_events, "customers": import_.taken_customers},
    }


def _row(import_: "Import") -> tuple[str, ...]:
    counts = (import_.imported, import_.duplicate, import_.rejected)
    state = "tried out" if import_.only_check and import_.state == "done" else import_.state
    at = import_.created_at.strftime("%Y-%m-%d %H:%M")
    return (str(import_.pk), import_.file_name, import_.shop, at, state, *(f"{count:,}" for count in counts))
