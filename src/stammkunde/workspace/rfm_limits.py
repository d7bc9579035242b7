"""State the limits between the scores in words: which days, orders and revenues make a 5, 4, 3, 2 and 1."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor

from django.utils.translation import gettext, ngettext

from stammkunde.metrics.rfm_scores import BINS, Boundaries
from stammkunde.workspace.formatting import UNKNOWN, money, number

Part = tuple[int, int | None]


@dataclass(frozen=True)
class LimitRow:
    """One score, and what makes it in each of the three measures."""

    score: int
    recency: str
    frequency: str
    monetary: str


def limit_rows(limits: Boundaries, *, currency: str) -> list[LimitRow]:
    """Return the scores from 5 to 1, best first."""
    if not limits.frequency:
        return []
    recency = [_days(*part) for part in recency_parts(limits)]
    frequency = [_orders(*part) for part in frequency_parts(limits)]
    monetary = _amounts(limits.monetary, currency, limit_is_above=_reaching_suffices(limits))
    return [
        LimitRow(score, recency[BINS - score], frequency[score - 1], monetary[score - 1])
        for score in range(BINS, 0, -1)
    ]


def recency_parts(limits: Boundaries) -> list[Part]:
    """Return the days, first and last, that make the scores 5, 4, 3, 2 and 1; the last part has no end."""
    return _whole(limits.recency_days, limit_is_above=limits.ties == "high")


def frequency_parts(limits: Boundaries) -> list[Part]:
    """Return the numbers of orders, first and last, that make the scores 1 to 5; the last part has no end."""
    return _whole(limits.frequency, limit_is_above=_reaching_suffices(limits))


def _reaching_suffices(limits: Boundaries) -> bool:
    """Tell whether who just reaches a limit belongs to the score above it."""
    return limits.rule == "thresholds" or limits.ties == "high"


def _whole(limits: Sequence[float], *, limit_is_above: bool) -> list[Part]:
    """Return the first and last whole number of each part; a limit belongs to the part above it or below it."""
    ends = [ceil(limit) - 1 if limit_is_above else floor(limit) for limit in limits]
    starts = [1, *(end + 1 for end in ends)]
    return list(zip(starts, [*ends, None], strict=True))


def _days(first: int, last: int | None) -> str:
    if last is None:
        return gettext("{first} days or more ago").format(first=number(first))
    if first > last:
        return UNKNOWN
    return ngettext("{range} day ago", "{range} days ago", last).format(range=_range(first, last))


def _orders(first: int, last: int | None) -> str:
    if last is None:
        return gettext("{first} orders or more").format(first=number(first))
    if first > last:
        return UNKNOWN
    return ngettext("{range} order", "{range} orders", last).format(range=_range(first, last))


def _range(first: int, last: int) -> str:
    return number(first) if first == last else f"{number(first)}–{number(last)}"


def _amounts(limits: Sequence[float], currency: str, *, limit_is_above: bool) -> list[str]:
    texts = [money(float(limit), currency, cents=True) for limit in limits]
    if limit_is_above:
        middle, lowest, highest = gettext("{low} to under {high}"), gettext("under {high}"), gettext("{low} or more")
    else:
        middle, lowest, highest = gettext("over {low} to {high}"), gettext("up to {high}"), gettext("over {low}")
    return [
        lowest.format(high=texts[0]),
        *(middle.format(low=low, high=high) for low, high in pairwise(texts)),
        highest.format(low=texts[-1]),
    ]
