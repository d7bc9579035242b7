"""Keep what has been worked out about maps for as long as the mirror stays as it is."""

from collections.abc import Callable, Hashable
from datetime import datetime
from threading import Lock
from typing import TypeVar, cast
from weakref import WeakKeyDictionary

from stammkunde.conditions.local_clock import microseconds
from stammkunde.metrics.mirror import Mirror

T = TypeVar("T")
_KEPT = 256
_FRESH_MICROSECONDS = 300_000_000
_lock = Lock()
_answers: "WeakKeyDictionary[Mirror, dict[Hashable, object]]" = WeakKeyDictionary()


def remembered(mirror: Mirror, question: Hashable, compute: Callable[[], T]) -> T:
    """Compute an answer once for one state of the mirror; two threads that ask at once may both compute it."""
    with _lock:
        kept = _answers.setdefault(mirror, {})
        if question in kept:
            return cast(T, kept[question])
    answer = compute()
    with _lock:
        if len(kept) >= _KEPT:
            kept.clear()
        kept[question] = answer
    return answer


def tick(now: datetime) -> int:
    """Number the five minutes in which a moment lies: answers that depend on now are kept so long at most."""
    return microseconds(now) // _FRESH_MICROSECONDS
