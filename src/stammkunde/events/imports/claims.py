"""Let exactly one process work on an import: it claims, keeps its claim alive, and loses it when it falls silent."""

import os
import socket
from datetime import datetime, timedelta
from pathlib import Path

from django.db.models import F, Q
from django.db.models.expressions import CombinedExpression

from stammkunde.events.models import Import
from stammkunde.kernel.errors import WrongInput

LEASE = timedelta(minutes=10)
State = Import.State


class NotFree(WrongInput):
    """Another process is importing this file at this moment, or the import is over."""


class Lost(RuntimeError):
    """Another process has taken over this import; what this one has not committed is void."""


def claim(now: datetime, *, lease: timedelta = LEASE) -> Import | None:
    """Take the oldest import that waits or was abandoned, or none; the taker is alone with it until the lease ends."""
    for candidate in Import.objects.filter(_free(now)).order_by("id")[:20]:
        if take(candidate, now=now, lease=lease):
            return candidate
    for candidate in Import.objects.filter(state=State.RUNNING).order_by("id")[:20]:
        if not is_alive(candidate.holder) and take(candidate, now=now, lease=lease):
            return candidate
    return None


def take(import_: Import, *, now: datetime, lease: timedelta = LEASE) -> bool:
    """Claim this import if nobody else has it; its fields are read anew."""
    abandoned = import_.state == State.RUNNING and not is_alive(import_.holder)
    free = _free(now) | Q(state=State.STOPPED) | (Q(holder=import_.holder) if abandoned else Q(pk__in=[]))
    taken = Import.objects.filter(free, pk=import_.pk, fence=import_.fence).update(
        state=State.RUNNING,
        fence=F("fence") + 1,
        holder=this_process(),
        lease_until=now + lease,
        stop_asked=False,
        message="",
    )
    if taken:
        import_.refresh_from_db()
    return bool(taken)


def keep(import_: Import, *, now: datetime, lease: timedelta = LEASE, **changes: object) -> None:
    """Write progress and renew the lease; raise Lost when another process has taken over."""
    held = Import.objects.filter(pk=import_.pk, fence=import_.fence, state=State.RUNNING)
    if not held.update(lease_until=now + lease, **changes):
        raise Lost(f"Import {import_.pk} ({import_.file_name}) was taken over by another process.")
    for name, value in changes.items():
        if not isinstance(value, CombinedExpression):
            setattr(import_, name, value)


def is_held_here(import_: Import) -> bool:
    """Tell whether this process has claimed the import."""
    return import_.state == State.RUNNING and import_.holder == this_process()


def this_process() -> str:
    """Name this process so that another one on the machine can tell whether it still lives."""
    return f"{socket.gethostname()}:{os.getpid()}:{_started(os.getpid())}"


def is_alive(holder: str) -> bool:
    """Tell whether the process that holds an import still runs; on another machine it may, and the lease decides."""
    host, _, process = holder.rpartition(":")[0].rpartition(":")
    if host != socket.gethostname() or not process.isdecimal():
        return bool(holder)
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return _started(int(process)) == holder.rpartition(":")[2]


def _free(now: datetime) -> Q:
    return Q(state=State.WAITING) | Q(state=State.RUNNING, lease_until__lt=now)


def _started(process: int) -> str:
    """Return when a process started, so that a reused number is not taken for it; zombies do not count as alive."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return "0"
    return "gone" if fields[0] == "Z" else fields[19]
