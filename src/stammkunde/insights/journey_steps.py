"""Find who was at which touchpoint when: all signals of a map in one pass over the mirror."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from stammkunde.conditions.local_clock import LocalClock
from stammkunde.conditions.marks import Marks, marked
from stammkunde.conditions.tree import Events, Nth, Selector
from stammkunde.conditions.wall_arrays import later_than
from stammkunde.journeys.document import Journey, Silence
from stammkunde.metrics.mirror import Mirror
from stammkunde.metrics.month_kernels import changes
from stammkunde.metrics.steps import Flags, Numbers, Steps

Found = Selector | Silence
Rows = NDArray[np.intp]
_KEPT = 8
_SMALL = 1 << 22
_lock = Lock()
_known: "WeakKeyDictionary[Mirror, dict[tuple[tuple[str, Found], ...], Steps]]" = WeakKeyDictionary()


def steps_of(journey: Journey, mirror: Mirror) -> Steps:
    """Return all visits of touchpoints, past and future ones; a touchpoint without a signal has none.

    A silence is met at the moment at which its time is over. The answer is kept while the mirror stays as it is.
    """
    return found_steps(signals(journey), mirror)


def signals(journey: Journey) -> dict[str, Found]:
    """Return by which sign touchpoints are recognised, as far as they are."""
    found = {touchpoint.id: touchpoint.signal.found for touchpoint in journey.touchpoints}
    return {name: one for name, one in found.items() if one is not None}


def found_steps(asked: Mapping[str, Found], mirror: Mirror) -> Steps:
    """Return who met which of these signs when; kept while the mirror stays as it is."""
    key = tuple(asked.items())
    with _lock:
        kept = _known.setdefault(mirror, {})
        if key in kept:
            return kept[key]
    steps = _read(asked, mirror)
    with _lock:
        if len(kept) >= _KEPT:
            kept.pop(next(iter(kept)))
        kept[key] = steps
    return steps


@dataclass(frozen=True)
class _Log:
    """The marked events, sorted by customer, moment and number in the log."""

    customer: Numbers
    event: Numbers
    at: Numbers
    value: Numbers
    marks: dict[str, NDArray[np.uint32]]
    bits: Mapping[Events, tuple[str, int]]

    def rows(self, selector: Selector) -> Rows:
        """Return the rows that a selector names."""
        if isinstance(selector, Nth):
            return _nth(self.customer, self.rows(selector.events), selector.n)
        column, bit = self.bits[selector]
        return np.flatnonzero(self.marks[column] & self.marks[column].dtype.type(bit))


def _read(asked: Mapping[str, Found], mirror: Mirror) -> Steps:
    selectors = [one for found in asked.values() for one in _selectors(found)]
    if not selectors:
        nothing = np.empty(0, np.int64)
        return Steps(nothing, nothing, np.empty(0, np.int16), nothing, nothing, tuple(asked))
    log = _log(marked(one.events if isinstance(one, Nth) else one for one in selectors), mirror)
    steps = _at_events(log, asked)
    silences = {place: found for place, found in enumerate(asked.values()) if isinstance(found, Silence)}
    if not silences:
        return steps
    clock = LocalClock.of(ZoneInfo(mirror.time_zone))
    return _with(steps, [_silent(log, place, silence, clock) for place, silence in silences.items()])


def _selectors(found: Found) -> list[Selector]:
    return [found.first, found.missing] if isinstance(found, Silence) else [found]


def _log(marks: Marks, mirror: Mirror) -> _Log:
    rows = mirror.arrays(marks.sql, **marks.parameters)
    found = {name: np.ma.getdata(column) for name, column in rows.items()}
    if not _in_order(found):
        found = _put_in_order(found)
    columns = {name: found[name] for name in marks.columns}
    return _Log(found["customer"], found["id"], found["at"], found["value"], columns, marks.bits)


def _put_in_order(found: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Sort the rows: each layer of the mirror is sorted already, so that joining them is a merge rather than a sort."""
    order = np.argsort(found["customer"], kind="stable")
    joined = {name: column[order] for name, column in found.items()}
    wrong = np.flatnonzero(_disorder(joined))
    if not len(wrong):
        return joined
    rows = np.flatnonzero(np.isin(joined["customer"], joined["customer"][wrong]))
    resorted = rows[np.lexsort((joined["id"][rows], joined["at"][rows], joined["customer"][rows]))]
    for column in joined.values():
        column[rows] = column[resorted]
    return joined


def _in_order(found: Mapping[str, NDArray[Any]]) -> bool:
    return not _disorder(found).any()


def _disorder(found: Mapping[str, NDArray[Any]]) -> Flags:
    """Mark the rows after which a smaller one comes."""
    customer, at, event = found["customer"], found["at"], found["id"]
    same = customer[1:] == customer[:-1]
    together = same & (at[1:] == at[:-1])
    wrong: Flags = (customer[1:] < customer[:-1]) | same & (at[1:] < at[:-1]) | together & (event[1:] < event[:-1])
    return wrong


def _nth(customer: Numbers, rows: Rows, n: int) -> Rows:
    starts = np.flatnonzero(changes(customer[rows]))
    chosen = starts + (n - 1)
    return rows[chosen[chosen < np.append(starts[1:], len(rows))]] if len(starts) else rows


def _at_events(log: _Log, asked: Mapping[str, Found]) -> Steps:
    """Spread the marks of each event over the touchpoints they belong to; the order of the events stays."""
    codes, combinations = _combined(log, list(asked.values()))
    lengths = np.array([len(steps) for steps in combinations], np.intp)
    width = max(1, int(lengths.max(initial=0)))
    table = np.zeros((len(combinations), width), np.int16)
    for number, steps in enumerate(combinations):
        table[number, : len(steps)] = steps
    counts = lengths[codes]
    if len(counts) and counts.min() == counts.max() == 1:
        return Steps(log.customer, log.at, table[codes, 0], log.event, log.value, tuple(asked))
    ends = np.cumsum(counts)
    rows = np.empty(int(ends[-1]) if len(ends) else 0, np.intp)
    step = np.empty(len(rows), np.int16)
    for number in range(width):
        several = np.flatnonzero(counts > number)
        places = ends[several] - counts[several] + number
        rows[places] = several
        step[places] = table[codes[several], number]
    return Steps(log.customer[rows], log.at[rows], step, log.event[rows], log.value[rows], tuple(asked))


def _combined(log: _Log, asked: Sequence[Found]) -> tuple[NDArray[np.int64], list[list[int]]]:
    """Number the sets of touchpoints that occur: for each event its set, and for each set its touchpoints."""
    columns: list[NDArray[np.uint32]] = list(log.marks.values())
    places: list[tuple[int, int, int]] = []
    names = list(log.marks)
    for place, found in enumerate(asked):
        if isinstance(found, Events):
            column, bit = log.bits[found]
            places.append((place, names.index(column), bit))
    nths = [(place, found) for place, found in enumerate(asked) if isinstance(found, Nth)]
    for number, (place, found) in enumerate(nths):
        if number % 32 == 0:
            columns.append(np.zeros(len(log.at), np.uint32))
        columns[-1][log.rows(found)] |= np.uint32(1 << number % 32)
        places.append((place, len(columns) - 1, 1 << number % 32))
    codes, firsts = _coded(columns)
    sets = [[int(column[first]) for column in columns] for first in firsts.tolist()]
    return codes, [sorted(place for place, column, bit in places if marks[column] & bit) for marks in sets]


def _coded(columns: list[NDArray[np.uint32]]) -> tuple[NDArray[np.int64], Rows]:
    """Number the different rows of some columns; return each row's number, and for each number one such row."""
    codes = np.zeros(len(columns[0]), np.int64)
    size = 1
    for column in columns:
        numbers, count = _numbered(column.astype(np.int64))
        codes, size = _numbered(codes * count + numbers)
    firsts = np.zeros(size, np.intp)
    firsts[codes] = np.arange(len(codes))
    return codes, firsts[: size if len(codes) else 0]


def _numbered(values: Numbers) -> tuple[Numbers, int]:
    """Number the different values; small ones are looked up rather than sorted."""
    if not len(values):
        return values, 1
    if int(values.max()) < _SMALL:
        present = np.bincount(values) > 0
        return (np.cumsum(present) - 1)[values], int(present.sum())
    different, numbers = np.unique(values, return_inverse=True)
    return numbers.astype(np.int64), len(different)


@dataclass(frozen=True)
class _Silent:
    """When a silence was met: row of the event that came before it, and the moment at which its time was over."""

    step: int
    customer: Numbers
    at: Numbers
    event: Numbers


def _silent(log: _Log, step: int, silence: Silence, clock: LocalClock) -> _Silent:
    first, missing = log.rows(silence.first), log.rows(silence.missing)
    until = later_than(clock, log.at[first], silence.length)
    following = np.append(missing, len(log.at))[np.searchsorted(missing, _last_at_once(log)[first], side="right")]
    safe = np.minimum(following, len(log.at) - 1)
    broken = (following < len(log.at)) & (log.customer[safe] == log.customer[first]) & (log.at[safe] <= until)
    met = first[~broken]
    return _Silent(step, log.customer[met], until[~broken], log.event[met])


def _last_at_once(log: _Log) -> Rows:
    """Return for each row the last row of the same customer at the same moment."""
    new = changes(log.customer) | changes(log.at)
    ends = np.append(np.flatnonzero(new)[1:], len(log.at)) - 1
    last: Rows = ends[np.cumsum(new) - 1]
    return last


def _with(steps: Steps, silences: list[_Silent]) -> Steps:
    """Put the silences among the other steps; at one moment they stand by the number of their event."""
    customer = np.concatenate([one.customer for one in silences])
    at = np.concatenate([one.at for one in silences])
    event = np.concatenate([one.event for one in silences])
    step = np.concatenate([np.full(len(one.at), one.step, np.int16) for one in silences])
    order = np.lexsort((step, event, at, customer))
    customer, at, event, step = customer[order], at[order], event[order], step[order]
    rows = _insertion(steps, customer, at) + np.arange(len(at))
    old = np.ones(len(steps) + len(rows), np.bool_)
    old[rows] = False
    joined = Steps(
        _interleaved(steps.customer, customer, old),
        _interleaved(steps.at, at, old),
        _interleaved(steps.step, step, old),
        _interleaved(steps.event, event, old),
        _interleaved(steps.value, np.zeros(len(at), np.int64), old),
        steps.names,
    )
    return _tidied(joined, rows)


def _interleaved(first: NDArray[Any], second: NDArray[Any], of_first: Flags) -> NDArray[Any]:
    column = np.empty(len(of_first), first.dtype)
    column[of_first] = first
    column[~of_first] = second
    return column


def _insertion(steps: Steps, customer: Numbers, at: Numbers) -> Rows:
    """Return before which row each customer's moment belongs: a binary search of all at once."""
    low: Rows = np.searchsorted(steps.customer, customer, side="left")
    high: Rows = np.searchsorted(steps.customer, customer, side="right")
    while (open_ := low < high).any():
        middle = (low + high) // 2
        before = open_ & (steps.at[np.minimum(middle, len(steps) - 1)] < at)
        low, high = np.where(before, middle + 1, low), np.where(open_ & ~before, middle, high)
    return low


def _tidied(steps: Steps, added: Rows) -> Steps:
    """Put rows of the same customer and moment in the order of their events, where rows were added among them."""
    new = changes(steps.customer) | changes(steps.at)
    group = np.cumsum(new) - 1
    alone = new[added] & np.append(new[1:], True)[added]
    mixed = group[added[~alone]]
    if not len(mixed):
        return steps
    rows = np.flatnonzero(np.isin(group, mixed))
    order = np.arange(len(steps))
    order[rows] = rows[np.lexsort((steps.step[rows], steps.event[rows], group[rows]))]
    return steps.taken(order)
