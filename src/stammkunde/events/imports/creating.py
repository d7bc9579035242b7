"""Take in a file: look at it, keep a copy, and write down that it waits to be imported."""

import shutil
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from stammkunde.accounts.models import User
from stammkunde.events.imports import claims
from stammkunde.events.imports.looking import Look, look, signature
from stammkunde.events.imports.plan import Plan
from stammkunde.events.models import Import

State = Import.State
_BLOCK = 1 << 20


def create(
    path: Path,
    *,
    file_name: str,
    now: datetime,
    mapping: Mapping[str, str] | None = None,
    preset: str | None = None,
    currency: str | None = None,
    shop: str = "shop",
    only_check: bool = False,
    by: User | None = None,
    **options: Any,
) -> Import:
    """Return the import of this file, waiting to be run; raise Refused when the file cannot be imported.

    An interrupted import of the same file in the same way is taken up again instead of a new one. `options` are those
    of `look`. With `only_check` nothing will be written but the counts.
    """
    told = {"mapping": mapping, "preset": preset, "currency": currency, "shop": shop, **options}
    seen = look(path, now=now, file_name=file_name, preview=False, **told)
    if seen.plan is None:
        raise seen.problem or AssertionError
    fingerprint, size = _fingerprint(path)
    plan = seen.plan.as_json()
    interrupted = _interrupted(fingerprint, plan, only_check=only_check)
    if interrupted:
        return interrupted
    import_ = Import.objects.create(
        file_name=file_name[-255:],
        sha256=fingerprint,
        size=size,
        shop=shop,
        plan=plan,
        told=_told(seen, seen.plan),
        signature=signature(seen.names),
        only_check=only_check,
        state=State.STOPPED,
        holder=claims.this_process(),
        by=by,
        created_at=now,
    )
    try:
        import_.folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, import_.file)
    except OSError:
        shutil.rmtree(import_.folder, ignore_errors=True)
        import_.delete()
        raise
    Import.objects.filter(pk=import_.pk).update(state=State.WAITING)
    import_.state = State.WAITING
    return import_


def stop(import_: Import) -> None:
    """Ask for the import to stop after the batch that is being written; one that waits stops at once.

    One that is being taken back goes on to the end.
    """
    stoppable = Import.objects.filter(pk=import_.pk, undoing=False)
    stoppable.filter(state=State.WAITING).update(state=State.STOPPED, holder="")
    stoppable.filter(state=State.RUNNING).update(stop_asked=True)


def resume(import_: Import, *, only_check: bool | None = None) -> None:
    """Let a stopped or failed import go on where it stopped; after a check, `only_check=False` lets it write."""
    again = [State.STOPPED, State.FAILED] + ([State.DONE] if import_.only_check else [])
    changes: dict[str, Any] = {"state": State.WAITING, "stop_asked": False, "finished_at": None}
    if only_check is not None:
        changes["only_check"] = only_check
    Import.objects.filter(pk=import_.pk, state__in=again).update(**changes)


def _fingerprint(path: Path) -> tuple[str, int]:
    digest = sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest(), path.stat().st_size


def _interrupted(fingerprint: str, plan: Mapping[str, Any], *, only_check: bool) -> Import | None:
    unfinished = Import.objects.filter(
        sha256=fingerprint,
        only_check=only_check,
        undoing=False,
        state__in=[State.WAITING, State.RUNNING, State.STOPPED],
    )
    for import_ in unfinished.order_by("id"):
        same = Plan.from_json(import_.plan) == Plan.from_json(plan)
        if same and not claims.is_alive(import_.holder) and import_.file.exists():
            return import_
    return None


def _told(seen: Look, plan: Plan) -> dict[str, Any]:
    """Return what the next file with the same columns may rely on: what people said. How ties were broken comes later.

    Columns are remembered by name; those of a file without column names are remembered all, so that its rejects, which
    come back with names, are understood as the file was.
    """
    said = {name: column for name, column in seen.columns.items() if column.sure == "told" or not seen.named}
    mapping = {name: column.name for name, column in said.items() if seen.names.count(column.name) == 1}
    left_out = {name: "" for name, column in seen.told.mapping.items() if not column.strip()}
    return {
        "mapping": {**left_out, **mapping},
        "preset": seen.told.preset,
        "dates": seen.told.dates,
        "decimal": seen.told.decimal,
    }
