"""Tell the log once a day what is worked out of all customers together: RFM group and scores, as traits of each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from time import monotonic
from zoneinfo import ZoneInfo

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from stammkunde.accounts.models import Business
from stammkunde.events.fields import to_us
from stammkunde.events.traits import Change, Value, change
from stammkunde.insights import figures, mirroring
from stammkunde.kernel.batches import in_chunks
from stammkunde.metrics import GROUPS, RFM, Mirror

SOURCE = "rfm"
GROUP = "rfm_group"
SCORES = {"recency_score": "r", "frequency_score": "f", "monetary_score": "m"}
TRAITS = (GROUP, *SCORES)
NOTHING = -1
_CHUNK = 2_000
# Looking whether orders of past days have changed may cost this share of the worker's time at most.
_SHARE = 0.05
# So long may writing keep imports and segments waiting.
_TURN_SECONDS = 5.0
Numbers = NDArray[np.int64]

_LATEST = '(CAST("at" AS HUGEINT) * 9223372036854775807 + event)'
_NAMES = ", ".join(f"'{group.name}'" for group in GROUPS)
_KNOWN = f"""
SELECT customer, CASE WHEN $trait = '{GROUP}'
  THEN coalesce(list_position([{_NAMES}], arg_max_null(text, {_LATEST})), 0) - 1
  ELSE coalesce(CAST(arg_max_null(number, {_LATEST}) AS BIGINT), {NOTHING}) END AS value
FROM traits WHERE trait = $trait AND "at" <= $moment GROUP BY customer ORDER BY customer
"""
_ORDERS_BEFORE = """
SELECT count(*), coalesce(sum(value), 0), coalesce(bit_xor(hash(event, customer, day, value)), 0)
FROM orders WHERE customer IS NOT NULL AND day < $day
"""


@dataclass
class _Memory:
    """Which day was told last, from which orders, and when it is worth looking again."""

    folder: str = ""
    day: date | None = None
    orders: tuple[object, ...] = ()
    state: str = ""
    again_at: float = float("-inf")


_memory = _Memory()


class _Turn:
    """One turn of the worker: over when it is to stop, or some seconds after the writing has begun."""

    def __init__(self, stopping: Callable[[], bool]) -> None:
        self._stopping = stopping
        self._until: float | None = None
        self.was_over = False

    def is_over(self) -> bool:
        """Tell whether to stop here; the first question starts the clock, so that every turn writes something."""
        if self._until is None:
            self._until = monotonic() + _TURN_SECONDS
        self.was_over = self._stopping() or monotonic() >= self._until
        return self.was_over


def tell_due(*, now: datetime, stopping: Callable[[], bool] = lambda: False) -> int:
    """Tell today's groups and scores once, and once more whenever orders of past days have changed since.

    Return how many changes were written; when there are very many, the next calls go on. Doing it again changes
    nothing, so a worker that begins anew may.
    """
    mirror = figures.mirror()
    if mirror is None:
        return 0
    today = now.astimezone(Business.current().zone).date()
    if not _worth_a_look(mirror, today):
        return 0
    begun = monotonic()
    [orders] = mirror.sql(_ORDERS_BEFORE, day=today)
    folder, state = str(mirroring.storage_folder()), f"{mirror.generation}#{mirror.watermark}"
    told = 0
    if (folder, today, orders) != (_memory.folder, _memory.day, _memory.orders):
        turn = _Turn(stopping)
        told = tell(today, now=now, stopping=turn.is_over)
        if turn.was_over:
            return told
    _memory.folder, _memory.day, _memory.orders, _memory.state = folder, today, orders, state
    _memory.again_at = monotonic() + (monotonic() - begun) / _SHARE
    return told


def tell(day: date, *, now: datetime, stopping: Callable[[], bool] = lambda: False) -> int:
    """Write what group and scores became at the start of a day, by all orders before it; return how many changes.

    The groups are those of `metrics.rfm` as of that day. Whoever has no order before it has none. What was told of
    the same day before and is no longer right is corrected. Days are to be told in their order.
    """
    mirroring.sync()
    mirror = figures.mirror()
    if mirror is None:
        return 0
    zone = Business.current().zone
    scored = figures.rfm(as_of=day)
    start = to_us(datetime.combine(day, time(), zone))
    first = not mirror.sql(f"SELECT 1 FROM traits WHERE trait = '{GROUP}' AND \"at\" < $start LIMIT 1", start=start)
    live = not first and day == now.astimezone(zone).date()
    written = 0
    for trait in TRAITS:
        for chunk in in_chunks(_changes(mirror, scored, trait, day, zone), _CHUNK):
            if stopping():
                return written
            with transaction.atomic():
                written += change(chunk, now=now, source=SOURCE, live=live, corrections=True)
    if written:
        mirroring.sync()
    return written


def _worth_a_look(mirror: Mirror, today: date) -> bool:
    if (_memory.folder, _memory.day) != (str(mirroring.storage_folder()), today):
        return True
    return _memory.state != f"{mirror.generation}#{mirror.watermark}" and monotonic() >= _memory.again_at


def _changes(mirror: Mirror, scored: RFM, trait: str, day: date, zone: ZoneInfo) -> Iterator[Change]:
    """Yield whose trait is not what it should be from the start of the day on."""
    at = datetime.combine(day, time(), zone)
    start = to_us(at)
    known, earlier = _known(mirror, trait, start), _known(mirror, trait, start - 1)
    wanted = (scored.customer.astype(np.int64), _wanted(scored, trait))
    everybody = np.union1d(known[0], wanted[0])
    now, before, after = (_spread(everybody, *column) for column in (known, earlier, wanted))
    for place in np.flatnonzero(now != after).tolist():
        old, new = _said(trait, int(before[place])), _said(trait, int(after[place]))
        yield Change(int(everybody[place]), trait, new, at, old)


def _known(mirror: Mirror, trait: str, moment: int) -> tuple[Numbers, Numbers]:
    """Return of whom what is known at that moment, as numbers, by customer."""
    found = mirror.arrays(_KNOWN, moment=moment, trait=trait)
    return found["customer"].astype(np.int64), found["value"].astype(np.int64)


def _wanted(scored: RFM, trait: str) -> Numbers:
    column = scored.group if trait == GROUP else getattr(scored, SCORES[trait])
    return np.asarray(column, np.int64)


def _spread(everybody: Numbers, customers: Numbers, values: Numbers) -> Numbers:
    spread = np.full(len(everybody), NOTHING, np.int64)
    spread[np.searchsorted(everybody, customers)] = values
    return spread


def _said(trait: str, value: int) -> Value:
    if value == NOTHING:
        return None
    return GROUPS[value].name if trait == GROUP else float(value)
