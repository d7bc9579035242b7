"""Answer with figures: each computed once per state of the mirror, the same for page, program and command line."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import md5
from threading import Lock
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from stammkunde import metrics
from stammkunde.insights.mirroring import storage_folder
from stammkunde.kernel.periods import Period, Unit, shift_unit
from stammkunde.metrics import storage
from stammkunde.metrics.mirror import Outdated

T = TypeVar("T")
_KEPT_ANSWERS = 512
_opening = Lock()
_open: dict[str, metrics.Mirror] = {}
_answers: dict[Hashable, object] = {}


@dataclass(frozen=True, eq=False)
class Among:
    """The customers to whom figures are narrowed down, and a name for exactly this set of them."""

    customers: NDArray[np.int64]
    name: str

    @classmethod
    def of(cls, customers: NDArray[np.int64]) -> "Among":
        """Name a set of customers by its content."""
        return cls(customers, md5(customers.tobytes(), usedforsecurity=False).hexdigest())


def mirror() -> metrics.Mirror | None:
    """Return the mirror as it stands now, opened once per state; None while no order has been imported."""
    current = snapshot()
    return current if current is not None and current.first_day is not None else None


def snapshot() -> metrics.Mirror | None:
    """Return the mirror as it stands now, also while it holds customers and events, but no order; None without any."""
    folder = storage_folder()
    manifest = storage.read_manifest(folder)
    if manifest is None:
        return None
    name = f"{folder}#{manifest.generation}#{manifest.watermark}"
    with _opening:
        if name not in _open:
            opened = metrics.Mirror.open(folder)
            _open.clear()
            _answers.clear()
            _open[name] = opened
        return _open[name]


def answer(
    names: Sequence[str] | None = None, *, period: Period, window: int | None = None, among: Among | None = None
) -> list[metrics.Figure]:
    """Return the named figures (all, if none are named) of a period, of all customers or some."""
    chosen = tuple(names) if names is not None else None
    return _kept(
        "answer", (chosen, period, window), lambda m: metrics.figures(m, chosen, period=period, window=window), among
    )


def series(
    names: Sequence[str], *, period: Period, by: Unit, window: int | None = None, among: Among | None = None
) -> list[list[metrics.Figure]]:
    """Return the named figures of each calendar unit in the period."""
    return _kept(
        "series",
        (tuple(names), period, by, window),
        lambda m: metrics.series(m, names, start=period.start, end=period.end, by=by, window=window),
        among,
    )


def bridge(*, period: Period, window: int | None = None, among: Among | None = None) -> metrics.Bridge:
    """Return who was there, who was lost, new and back, and who is there at the end."""
    return _kept("bridge", (period, window), lambda m: metrics.bridge(m, period=period, window=window), among)


def cohorts(
    *, by: str = "month", start: date | None = None, end: date | None = None, among: Among | None = None
) -> list[metrics.Cohort]:
    """Return the cohorts of first orders and how many of each came back in every unit after."""
    return _kept("cohorts", (by, start, end), lambda m: metrics.cohorts(m, by=by, start=start, end=end), among)


def rfm(
    *,
    as_of: date | None = None,
    ties: str = "low",
    thresholds: "metrics.Thresholds | None" = None,
    among: Among | None = None,
) -> metrics.RFM:
    """Return recency, frequency and monetary scores and groups; of some customers the ones they have among all."""
    everybody = _kept(
        "rfm",
        (as_of, ties, thresholds),
        lambda m: metrics.rfm(m, as_of=as_of, ties=ties, thresholds=thresholds),
    )
    return everybody if among is None else everybody.among(among.customers)


def usual_period(unit: Unit = "quarter") -> Period | None:
    """Return the last calendar unit that was over when the data end; None while nothing has been imported."""
    current = mirror()
    if current is None or current.end is None:
        return None
    end = shift_unit(current.end, unit, 0)
    return Period(shift_unit(end, unit, -1), end)


def _kept(name: str, key: Hashable, compute: Callable[[metrics.Mirror], T], among: Among | None = None) -> T:
    """Answer from what is kept; a mirror whose files a compaction has taken away meanwhile is opened once more."""

    def ask() -> T:
        asked = _mirror_or_empty()
        if among is None:
            return _remembered(asked, name, key, compute)
        return _remembered(asked, name, (key, among.name), lambda whole: compute(_narrowed(whole, among)))

    try:
        return ask()
    except Outdated:
        with _opening:
            _open.clear()
        return ask()


def _narrowed(whole: metrics.Mirror, among: Among) -> metrics.Mirror:
    return _remembered(whole, "among", among.name, lambda asked: asked.among(among.customers))


def _remembered(asked: metrics.Mirror, name: str, key: Hashable, compute: Callable[[metrics.Mirror], T]) -> T:
    """Compute an answer once for one state of the mirror; two threads that ask at once may both compute it."""
    question = (id(asked), name, key)
    kept = _answers.get(question)
    if kept is not None:
        return cast(T, kept)
    answer = compute(asked)
    if len(_answers) >= _KEPT_ANSWERS:
        _answers.clear()
    _answers[question] = answer
    return answer


def _mirror_or_empty() -> metrics.Mirror:
    return mirror() or _nothing()


@lru_cache(maxsize=1)
def _nothing() -> metrics.Mirror:
    """Return a mirror without orders: every figure of it is 0 or unknown, as the definitions say."""
    return metrics.Mirror.empty()
