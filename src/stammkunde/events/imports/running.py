"""Carry out imports: read, understand, write; stop when asked, and go on where an earlier attempt died."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from stammkunde.accounts.models import Business
from stammkunde.events.fields import to_us
from stammkunde.events.imports import (
    claims,
    learning,
    lines,
    looking,
    orders,
    overlapping,
    people,
    rejects,
    staging,
    undoing,
    writing,
)
from stammkunde.events.imports.plan import Plan
from stammkunde.events.imports.refusals import Refused
from stammkunde.events.imports.shape import HeaderOnly
from stammkunde.events.models import Import

State = Import.State
Progress = Callable[[str, float], None]
_EVERY_SECONDS = 0.5
_SHARES = {
    "reading": (0.0, 0.4),
    "understanding": (0.4, 0.6),
    "writing": (0.6, 1.0),
    "undoing": (0.0, 1.0),
    "done": (1.0, 1.0),
}
_ROWS_IN_A_MEGABYTE = 12_000
_WARNINGS = 50


class AllRejected(Refused):
    """No row can be imported; the message gives the first reason."""


@dataclass(frozen=True)
class Result:
    """What came of an import, in rows of the file: read = imported + duplicate + rejected."""

    read: int
    imported: int
    duplicate: int
    rejected: int
    rejects_file: str | None
    orders: int = 0
    returns: int = 0
    changed: int = 0
    finished: bool = True
    warnings: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the result as the command line prints it."""
        return {
            "read": self.read,
            "imported": self.imported,
            "duplicate": self.duplicate,
            "rejected": self.rejected,
            "rejects_file": self.rejects_file,
            "orders": self.orders,
            "returns": self.returns,
            "changed": self.changed,
            "warnings": self.warnings,
        }


def run(
    import_: Import,
    *,
    now: datetime,
    progress: Progress | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> Result:
    """Run the import to its end, from where an earlier attempt stopped, and return what came of it.

    Raises Refused, with nothing written, when the file cannot be imported; claims.NotFree when another process is at
    it; claims.Lost when another process took over. When `stopping` says so, the import waits for the next worker.
    One of which people said that it is to be taken back is taken back.
    """
    if not claims.is_held_here(import_) and not claims.take(import_, now=now):
        import_.refresh_from_db()
        raise claims.NotFree(
            f"{import_.file_name} is being imported by another process (import {import_.pk}, {import_.state}). "
            "Wait until it is done."
        )
    if import_.started_at is None:
        claims.keep(import_, now=now, started_at=now)
    watch = _Watch(import_, now, progress)
    try:
        if import_.undoing:
            return _undo(import_, watch, stopping)
        return _check(import_, watch) if import_.only_check else _import(import_, watch, stopping)
    except Refused as problem:
        _end(import_, watch, State.REFUSED, message=str(problem))
        raise
    except claims.Lost:
        raise
    except Exception as problem:
        _end(import_, watch, State.FAILED, message=f"{type(problem).__name__}: {problem}")
        raise


def check(import_: Import, *, now: datetime, progress: Progress | None = None) -> Result:
    """Say what the import would do, and write nothing but that; it waits again afterwards."""
    Import.objects.filter(pk=import_.pk, state__in=[State.WAITING, State.STOPPED]).update(only_check=True)
    import_.refresh_from_db()
    return run(import_, now=now, progress=progress)


@staging.within_memory()
def rehearse(
    path: Path,
    *,
    now: datetime,
    progress: Progress | None = None,
    mapping: Mapping[str, str] | None = None,
    preset: str | None = None,
    **options: Any,
) -> Result:
    """Say what importing this file would do; leave no trace but the rejects, in a folder of their own."""
    seen = looking.look(path, now=now, mapping=mapping, preset=preset, preview=False, **options)
    if seen.plan is None:
        raise seen.problem or AssertionError
    watch = _Watch(None, now, progress)
    with _workbench() as con:
        made, _, warnings = _prepare(con, path, seen.plan, now, watch)
        target = Path(tempfile.mkdtemp(prefix="stammkunde-")) / rejects.NAME if made.rejected else None
        if target:
            rejects.write(con, path, seen.plan, target)
        _refuse_if_nothing_is_left(con, seen.plan, made)
        counts = _count(con, made, seen.plan.shop, watch)
    watch.tell("done", 1.0)
    return Result(
        made.rows, counts.imported, counts.duplicate, made.rejected, str(target) if target else None,
        counts.orders, counts.returns, counts.changed, warnings=warnings,
    )  # fmt: skip


def result_of(import_: Import) -> Result:
    """Return what has come of an import so far."""
    rejected = import_.rejects_file
    return Result(
        import_.read, import_.imported, import_.duplicate, import_.rejected, str(rejected) if rejected else None,
        import_.orders, import_.returns, import_.changed, import_.state == State.DONE, list(import_.warnings),
    )  # fmt: skip


class _Watch:
    """Tell how far the work is, seldom enough to cost nothing, and keep the claim alive on the way."""

    def __init__(self, import_: Import | None, now: datetime, progress: Progress | None) -> None:
        self._import = import_
        self._start = now
        self._began = time.monotonic()
        self._told = 0.0
        self._progress = progress

    @property
    def now(self) -> datetime:
        """Return the present: the moment the work began, and what has passed since."""
        return self._start + timedelta(seconds=time.monotonic() - self._began)

    def tell(self, phase: str, part: float, *, at_once: bool = False) -> None:
        """Note that this part of a phase is done."""
        low, high = _SHARES[phase]
        share = low + (high - low) * min(part, 1.0)
        passed = time.monotonic() - self._told
        if not at_once and passed < _EVERY_SECONDS and phase != "done":
            return
        self._told = time.monotonic()
        if self._import is not None:
            claims.keep(self._import, now=self.now, phase=phase, share=share)
        if self._progress:
            self._progress(phase, share)


@staging.within_memory()
def _import(import_: Import, watch: _Watch, stopping: Callable[[], bool]) -> Result:
    plan = Plan.from_json(import_.plan)
    with _workbench(import_.folder) as con:
        made, read, warnings = _prepare(con, import_.file, plan, import_.created_at, watch)
        if made.rejected:
            rejects.write(con, import_.file, plan, import_.folder / rejects.NAME)
        _refuse_if_nothing_is_left(con, plan, made)
        told = {**import_.told, "settled": read.as_json()}
        claims.keep(import_, now=watch.now, read=made.rows, rejected=made.rejected, warnings=warnings, told=told)
        if not import_.cursor:
            claims.keep(import_, now=watch.now, **writing.NOTHING._asdict())
        learning.prepare(con, plan)
        people.prepare(con, plan)
        currency = made.currency or Business.current().currency or plan.usual_currency
        while import_.cursor < made.units:
            if stopping() or Import.objects.filter(pk=import_.pk, stop_asked=True).exists():
                return _pause(import_, watch)
            after = import_.cursor
            writing.write(con, import_, after, currency=currency, now=watch.now, clock=watch.now)
            watch.tell("writing", (after + writing.UNITS) / made.units)
    _end(import_, watch, State.DONE)
    import_.file.unlink(missing_ok=True)
    return result_of(import_)


@staging.within_memory()
def _check(import_: Import, watch: _Watch) -> Result:
    plan = Plan.from_json(import_.plan)
    with _workbench(import_.folder) as con:
        made, _, warnings = _prepare(con, import_.file, plan, import_.created_at, watch)
        if made.rejected:
            rejects.write(con, import_.file, plan, import_.folder / rejects.NAME)
        _refuse_if_nothing_is_left(con, plan, made)
        counts = _count(con, made, plan.shop, watch)
    claims.keep(import_, now=watch.now, read=made.rows, rejected=made.rejected, warnings=warnings, **counts._asdict())
    result = result_of(import_)
    _end(import_, watch, State.DONE)
    return result


def _undo(import_: Import, watch: _Watch, stopping: Callable[[], bool]) -> Result:
    steps = undoing.steps(import_)
    watch.tell("undoing", 0.0, at_once=True)
    for step in steps:
        if stopping():
            return _pause(import_, watch)
        step(watch.now)
        import_.refresh_from_db(fields=("taken_events", "taken_customers"))
        watch.tell("undoing", import_.taken_events / max(import_.orders + import_.returns, 1))
    _end(import_, watch, State.UNDONE)
    shutil.rmtree(import_.folder, ignore_errors=True)
    return result_of(import_)


def _prepare(
    con: duckdb.DuckDBPyConnection, path: Path, plan: Plan, now: datetime, watch: _Watch
) -> tuple[orders.Made, lines.Reading, list[str]]:
    """Read the file and understand it, up to the events it will become."""
    expected = max(1, path.stat().st_size * _ROWS_IN_A_MEGABYTE // (1 << 20))
    watch.tell("reading", 0.0, at_once=True)
    odd = staging.lay_out(con, path, plan, progress=lambda rows: watch.tell("reading", rows / expected))
    watch.tell("understanding", 0.0, at_once=True)
    read = lines.understand(con, plan, now_us=to_us(now))
    watch.tell("understanding", 0.5)
    made = orders.make(con, plan)
    writing.check_currency(made.currency)
    watch.tell("writing", 0.0, at_once=True)
    return made, read, [*plan.notes, *odd, *read.warnings, *made.warnings, *overlapping.warnings(con, plan)][:_WARNINGS]


def _refuse_if_nothing_is_left(con: duckdb.DuckDBPyConnection, plan: Plan, made: orders.Made) -> None:
    if made.units:
        return
    first = next(rejects.find(con, plan), None)
    if first is None:
        raise HeaderOnly("The file holds no rows. Export a period in which there were orders.")
    where = f", column {first.column!r}" if first.column else ""
    raise AllRejected(
        f"None of the {made.rows} rows can be imported. Line {first.line}{where}: {first.reason}. "
        "Check which column is which, and how dates and numbers are written."
    )


def _count(con: duckdb.DuckDBPyConnection, made: orders.Made, shop: str, watch: _Watch) -> writing.Counts:
    total = writing.NOTHING
    for after in range(0, made.units, writing.UNITS):
        counts = writing.rehearse(con, after, shop=shop)
        total = writing.Counts(*(one + more for one, more in zip(total, counts, strict=True)))
        watch.tell("writing", (after + writing.UNITS) / made.units)
    return total


def _pause(import_: Import, watch: _Watch) -> Result:
    """Let go of an unfinished import: for the next worker, or until somebody lets it go on."""
    import_.refresh_from_db()
    claims.keep(
        import_,
        now=watch.now,
        state=State.STOPPED if import_.stop_asked else State.WAITING,
        holder="",
        stop_asked=False,
    )
    return result_of(import_)


def _end(import_: Import, watch: _Watch, state: str, message: str = "") -> None:
    if state == State.DONE:
        watch.tell("done", 1.0)
    undoing = import_.undoing and state != State.UNDONE
    claims.keep(import_, now=watch.now, state=state, finished_at=watch.now, holder="", message=message, undoing=undoing)
    import_.refresh_from_db()


@contextmanager
def _workbench(folder: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a workbench whose overflow goes to a folder that is swept before and after."""
    spill = (folder or Path(tempfile.mkdtemp(prefix="stammkunde-"))) / "workbench"
    shutil.rmtree(spill, ignore_errors=True)
    con = staging.workbench(spill)
    try:
        yield con
    finally:
        con.close()
        shutil.rmtree(spill if folder else spill.parent, ignore_errors=True)
