"""Say how sure shares of money and differences of shares are; shares of customers have their Wilson interval."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from stammkunde.metrics.figure import Interval
from stammkunde.metrics.intervals import LEVEL, wilson

_Z = NormalDist().inv_cdf((1 + LEVEL) / 2)


@dataclass(frozen=True)
class Sums:
    """Sums over customers, each with a part and a whole: how many, Σ part, Σ whole, Σ part², Σ part·whole, Σ whole²."""

    n: int
    part: float
    whole: float
    part_part: float
    part_whole: float
    whole_whole: float

    @classmethod
    def of(cls, pairs: Iterable[tuple[float, float]]) -> "Sums":
        """Sum up (part, whole) of each customer."""
        rows = [(1, part, of, part * part, part * of, of * of) for part, of in pairs]
        n, *sums = (sum(column) for column in zip(*rows, strict=True)) if rows else (0, 0, 0, 0, 0, 0)
        return cls(int(n), *map(float, sums))


def share_of_money(sums: Sums) -> tuple[float, Interval] | None:
    """Return the share of the part in the whole, and its interval; None while there is no money at all.

    Customers are the units that vary, not orders: the interval is that of a ratio of sums (linearised), cut to [0, 1].

    >>> share, (low, high) = share_of_money(Sums.of([(1, 2), (0, 3), (2, 5), (1, 10)]))
    >>> f"{share:.2f} {low:.2f} {high:.2f}"
    '0.20 0.01 0.39'
    """
    if sums.whole <= 0:
        return None
    share = sums.part / sums.whole
    if sums.n < 2:
        return share, (0.0, 1.0)
    spread = sums.part_part - 2 * share * sums.part_whole + share * share * sums.whole_whole
    reach = _Z * sqrt(max(spread, 0.0) * sums.n / (sums.n - 1)) / sums.whole
    return share, (max(share - reach, 0.0), min(share + reach, 1.0))


def difference(with_it: tuple[int, int], without: tuple[int, int]) -> tuple[float, Interval]:
    """Return by how much the share (k of n) differs, with Newcombe's hybrid interval; both n must be at least 1.

    Source: Newcombe (1998), Statistics in Medicine 17, 873-890, method 10.

    >>> change, (low, high) = difference((56, 70), (48, 80))
    >>> f"{change:.4f} {low:.4f} {high:.4f}"
    '0.2000 0.0524 0.3339'
    """
    (k1, n1), (k2, n2) = with_it, without
    p1, p2 = k1 / n1, k2 / n2
    (low1, high1), (low2, high2) = wilson(k1, n1), wilson(k2, n2)
    low = p1 - p2 - sqrt((p1 - low1) ** 2 + (high2 - p2) ** 2)
    high = p1 - p2 + sqrt((high1 - p1) ** 2 + (p2 - low2) ** 2)
    return p1 - p2, (low, high)
