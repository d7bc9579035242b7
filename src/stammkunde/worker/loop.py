"""Run what is due: imports that wait, the mirror, what is worked out daily, the segments; then rest for a moment."""

import gc
import logging
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event as Flag
from time import monotonic
from types import FrameType

from django.contrib.sessions.backends.db import SessionStore
from django.db import close_old_connections

from stammkunde.events import imports
from stammkunde.insights import daily_traits, figures, mirroring, segmenting
from stammkunde.insights.checkup import progress
from stammkunde.kernel import clock
from stammkunde.segments import definitions, membership

log = logging.getLogger(__name__)

REST_SECONDS = 0.5
REST_AFTER_FAULT_SECONDS = 5.0
SEGMENTS_EVERY_SECONDS = 5.0
_kept_at = float("-inf")
_kept_of: datetime | None = None
TIDY_EVERY = timedelta(days=1)
NEVER = datetime.min.replace(tzinfo=UTC)


def run(*, stopping: Flag | None = None) -> None:
    """Turn until somebody asks to stop; a fault is written to the log, and the work tried again later."""
    stop = stopping or _stop_on_signal()
    tidied = NEVER
    gc.freeze()  # what is loaded stays: looking for garbage in it again and again costs a tenth of a tick
    while not stop.is_set():
        try:
            busy = turn(stopping=stop.is_set)
            tidied = _tidy(tidied, clock.now())
        except Exception:
            log.exception("The worker met a fault; it tries again in %s seconds.", REST_AFTER_FAULT_SECONDS)
            stop.wait(REST_AFTER_FAULT_SECONDS)
            continue
        finally:
            close_old_connections()
        if not busy:
            stop.wait(REST_SECONDS)


def turn(*, stopping: Callable[[], bool] = lambda: False) -> bool:
    """Do one piece of everything that is due; say whether there was any."""
    imported = _run_import(stopping)
    synced = mirroring.is_behind() and mirroring.sync().changed
    told = _tell_daily(stopping)
    moved = _keep_segments(at_once=synced or told)
    return imported or synced or told or moved


def _run_import(stopping: Callable[[], bool]) -> bool:
    claimed = imports.claim(clock.now())
    if claimed is None:
        return False
    try:
        imports.run(claimed, now=clock.now(), stopping=stopping)
    except (imports.Refused, imports.NotFree, imports.Lost) as told:
        # The import's page says so, too; for the worker it is no fault.
        log.info("%s", told)
    return True


def _tell_daily(stopping: Callable[[], bool]) -> bool:
    """Tell what is worked out of all customers once a day, and offer the segments that ask for it."""
    told = daily_traits.tell_due(now=clock.now(), stopping=stopping)
    if told:
        segmenting.provide(now=clock.now())
    return bool(told)


def _tidy(last: datetime, now: datetime) -> datetime:
    """Delete log-ins that are over and keep where the check-up stands, once a day; return when that was done last."""
    if now - last < TIDY_EVERY:
        return last
    SessionStore.clear_expired()
    progress.take(now=now)
    return now


def _keep_segments(*, at_once: bool) -> bool:
    """Keep who is in which segment: after every sync and every change, every few seconds for whom the clock moves."""
    global _kept_at, _kept_of
    changed = definitions.changed_at()
    if not at_once and changed == _kept_of and monotonic() - _kept_at < SEGMENTS_EVERY_SECONDS:
        return False
    _kept_at, _kept_of = monotonic(), changed
    ticked = membership.tick(figures.snapshot(), now=clock.now())
    return bool(ticked.entered or ticked.left)


def _stop_on_signal() -> Flag:
    stop = Flag()

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)
    return stop
