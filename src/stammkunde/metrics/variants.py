"""Tell which ways people take: equal ways are found by 128-bit hashes, so that none is compared with another."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stammkunde.metrics.month_kernels import changes
from stammkunde.metrics.steps import Flags, Numbers, Steps

Hashes = NDArray[np.uint64]
_SEEDS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F)


@dataclass(frozen=True)
class Variant:
    """A way, as numbers of its stations, and how many customers took exactly it."""

    steps: tuple[int, ...]
    customers: int


@dataclass(frozen=True)
class Variants:
    """How many different ways there are, and the most frequent of them."""

    count: int
    customers: int
    top: tuple[Variant, ...]


def variants(steps: Steps, *, most: int | None = None) -> Variants:
    """Return how many different ways customers took, and the most frequent ones (all, unless `most` says how many).

    >>> found = variants(Steps.of({"customer": [1, 1, 2, 2, 3], "at": [1, 2, 1, 2, 1], "step": list("abaab")}))
    >>> found.count, found.top[0]
    (3, Variant(steps=(0, 0), customers=1))
    """
    if not len(steps):
        return Variants(0, 0, ())
    first, second = path_hashes(steps)
    order = np.lexsort((second, first))
    new = changes(first[order]) | changes(second[order])
    starts = np.flatnonzero(new)
    counts = np.diff(starts, append=len(order))
    # The lowest number among those who took a way stands for it: the sort keeps their order.
    someone = order[starts]
    ranked = np.lexsort((someone, -counts))[:most]
    top = tuple(Variant(_way(steps, int(someone[one])), int(counts[one])) for one in ranked.tolist())
    return Variants(len(starts), len(order), tuple(sorted(top, key=lambda one: (-one.customers, one.steps))))


def path_hashes(steps: Steps) -> tuple[Hashes, Hashes]:
    """Return 128 bits for each customer's way, in two halves: equal ways have equal ones, others never in practice."""
    position = np.arange(len(steps)) - np.repeat(steps.starts, np.diff(steps.starts, append=len(steps)))
    code = position.astype(np.uint64) << np.uint64(16) | steps.step.astype(np.uint64)
    first, second = (_summed(code, seed, steps.starts) for seed in _SEEDS)
    return first, second


def without_repeats(steps: Steps) -> Steps:
    """Return the ways with direct repetitions of a station drawn together."""
    return steps.only(~repeated(steps))


def repeated(steps: Steps) -> Flags:
    """Mark where a customer is at the station where she was before."""
    return ~(changes(steps.customer) | changes(steps.step))


def first_stations(steps: Steps, most: int) -> Steps:
    """Return the first so many stations of each customer."""
    position = np.arange(len(steps)) - np.repeat(steps.starts, np.diff(steps.starts, append=len(steps)))
    return steps.only(position < most)


def _summed(code: Hashes, seed: int, starts: NDArray[np.intp]) -> Hashes:
    """Add up a strong mixture of station and position, along each way."""
    mixed = code * np.uint64(0xD6E8FEB86659FD93) + np.uint64(seed)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed ^= mixed >> np.uint64(shift)
        mixed *= np.uint64(factor)
    mixed ^= mixed >> np.uint64(31)
    return np.add.reduceat(mixed, starts)


def _way(steps: Steps, place: int) -> tuple[int, ...]:
    end = steps.starts[place + 1] if place + 1 < len(steps.starts) else len(steps)
    way: list[int] = steps.step[steps.starts[place] : end].tolist()
    return tuple(way)


def lengths(steps: Steps) -> Numbers:
    """Return how many stations each customer's way has."""
    return np.diff(steps.starts, append=len(steps)).astype(np.int64)
