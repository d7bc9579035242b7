"""State a figure with everything one must know to trust it: n, unit, interval, definition, and why it is unknown."""

from dataclasses import dataclass
from typing import Literal

from stammkunde.kernel.money import SCALE
from stammkunde.kernel.periods import Period
from stammkunde.metrics.intervals import wilson
from stammkunde.metrics.wording import Sentence

FigureUnit = Literal["customers", "orders", "money", "share", "ratio", "days"]
Grade = Literal["A", "B", "C", "D"]
Interval = tuple[float, float]


@dataclass(frozen=True)
class Figure:
    """One number about a period. `value` is None when it is unknown, and `why_unknown` then says why.

    Money is in currency units, a share lies between 0 and 1, `n` counts what the value rests on, `interval` is the
    95 % Wilson interval of shares of customers. `note` qualifies a value, e.g. that the data end within the period.
    """

    name: str
    period: Period
    value: float | None
    unit: FigureUnit
    n: int | None
    interval: Interval | None
    definition: str
    why_unknown: Sentence | None = None
    note: Sentence | None = None
    grade: Grade = "D"


@dataclass(frozen=True)
class Answer:
    """What a metric found out: a value with its n and interval, or the reason why it is unknown."""

    value: float | None
    n: int | None = None
    interval: Interval | None = None
    why_unknown: Sentence | None = None


def count(number: float) -> Answer:
    """Answer with a number of customers or orders."""
    return Answer(int(number), n=int(number))


def money(e4: float, *, n: float) -> Answer:
    """Answer with an amount, given in 1/10,000 of the currency unit."""
    return Answer(e4 / SCALE, n=int(n))


def ratio(upper: float, lower: float, *, n: float) -> Answer:
    """Answer with one number divided by another, which must not be 0."""
    return Answer(upper / lower, n=int(n))


def share(part: float, of: float) -> Answer:
    """Answer with a share of customers and its Wilson interval; `of` must not be 0."""
    return Answer(part / of, n=int(of), interval=wilson(int(part), int(of)))


def unknown(why: Sentence, *, n: float | None = None) -> Answer:
    """Answer that it cannot be known."""
    return Answer(None, n=None if n is None else int(n), why_unknown=why)
