"""Ask simple questions of many values at once: the same answers as `scalars` gives for one, unknown ones included."""

from collections.abc import Callable, Mapping
from collections.abc import Sequence as Several
from dataclasses import dataclass, field
from functools import cached_property, reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stammkunde.conditions.tree import (
    Arithmetic,
    Comparison,
    Flag,
    Holds,
    Number,
    OneOf,
    Operator,
    Sign,
    Text,
    TextTest,
    Value,
)

Flags = NDArray[np.bool_]
_COMPARE: dict[str, Callable[..., Any]] = {
    "=": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}
_RECKON: dict[str, Callable[..., Any]] = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide}
_FEW = 4


@dataclass(frozen=True)
class Truths:
    """Of whom something is true; and of whom it is known, where that is not everyone."""

    true: Flags
    known: Flags | None = None

    @cached_property
    def false(self) -> Flags:
        """Return of whom it is false; of those who are in neither it is unknown."""
        return ~self.true if self.known is None else self.known & ~self.true


@dataclass(frozen=True)
class Column:
    """A value for each of many, or one for all: a number, a text or a flag.

    `numbered` says where the number is known; None means everywhere. `code` is what `codes` says of a text, or -1.
    `flag` is 1, 0, or -1 where it is unknown. A part that is missing is unknown everywhere.
    """

    number: Any = None
    numbered: Flags | None = None
    code: Any = None
    codes: Mapping[str, int] = field(default_factory=dict)
    flag: Any = None

    def taken(self, rows: NDArray[Any] | slice) -> "Column":
        """Return the values in these rows."""

        def of(part: Any) -> Any:
            return None if part is None else part[rows]

        return Column(of(self.number), of(self.numbered), of(self.code), self.codes, of(self.flag))

    def open_ended(self, size: int) -> "Column":
        """Return the same `size` values and an unknown one after them, which row -1 means."""
        if self.number is None:
            number, numbered = None, None
        else:
            number = np.append(self.number, self.number.dtype.type(0))
            numbered = np.append(np.ones(size, bool) if self.numbered is None else self.numbered, False)
        code = None if self.code is None else np.append(self.code, self.code.dtype.type(-1))
        return Column(
            number, numbered, code, self.codes, None if self.flag is None else np.append(self.flag, np.int8(-1))
        )


def literal(value: Number | Text | Flag) -> Column:
    """Return a written value, the same for all."""
    match value:
        case Number():
            whole = abs(value.value) < 2**31 and float(value.value).is_integer()
            return Column(number=int(value.value) if whole else float(value.value))
        case Text():
            return Column(code=0, codes={value.value: 0})
        case Flag():
            return Column(flag=np.int8(value.value))


def valued(value: Value, read: Callable[[Value], Column]) -> Column:
    """Return a value: what is written, what is reckoned, and else what `read` knows."""
    match value:
        case Number() | Text() | Flag():
            return literal(value)
        case Arithmetic():
            return _reckoned(value.sign, valued(value.left, read), valued(value.right, read))
        case _:
            return read(value)


def tested(condition: Comparison | OneOf | TextTest | Holds, read: Callable[[Value], Column], size: int) -> Truths:
    """Answer a simple question about values, which `read` looks up, for each of `size`."""
    match condition:
        case Comparison():
            return _compared(condition.operator, valued(condition.left, read), valued(condition.right, read), size)
        case OneOf():
            column = valued(condition.value, read)
            texts = [option.value for option in condition.options if isinstance(option, Text)]
            numbers = [option.value for option in condition.options if isinstance(option, Number)]
            found = [_among_texts(column, texts, size)] if texts else []
            return _some([*found, *([_among_numbers(column, numbers, size)] if numbers else [])])
        case TextTest():
            part, starts = condition.part.value, condition.test == "starts with"
            column = valued(condition.value, read)
            fitting = [text for text in column.codes if (text.startswith(part) if starts else part in text)]
            return _among_texts(column, fitting, size)
        case Holds():
            flag = valued(condition.value, read).flag
            return _unknown(size) if flag is None else Truths(_for_all(flag == 1, size), _for_all(flag >= 0, size))


def both(first: Flags | None, second: Flags | None) -> Flags | None:
    """Return where both are known; None means everywhere."""
    if first is None or second is None:
        return second if first is None else first
    return first & second


def _reckoned(sign: Sign, left: Column, right: Column) -> Column:
    if left.number is None or right.number is None:
        return Column()
    with np.errstate(all="ignore"):
        found = _RECKON[sign](np.asarray(left.number, np.float64), np.asarray(right.number, np.float64))
    return Column(number=found, numbered=both(both(left.numbered, right.numbered), np.isfinite(found)))


def _compared(operator: Operator, left: Column, right: Column, size: int) -> Truths:
    """Compare numbers with numbers, texts with texts, flags with flags; a value is of one sort only."""
    found = []
    if left.number is not None and right.number is not None:
        known = both(left.numbered, right.numbered)
        true = _for_all(_COMPARE[operator](left.number, right.number), size)
        found.append(Truths(true) if known is None else Truths(true & known, _for_all(known, size)))
    if operator in ("=", "!="):
        alike = operator == "="
        if left.code is not None and right.code is not None:
            found.append(_same_text(left, right, size, alike=alike))
        if left.flag is not None and right.flag is not None:
            known = _for_all((left.flag >= 0) & (right.flag >= 0), size)
            found.append(Truths(known & ((left.flag == right.flag) == alike), known))
    if len(found) < 2:
        return found[0] if found else _unknown(size)
    knowns = [one.known for one in found if one.known is not None]
    true = reduce(np.logical_or, [one.true for one in found])
    return Truths(true, None if len(knowns) < len(found) else reduce(np.logical_or, knowns))


def _same_text(left: Column, right: Column, size: int, *, alike: bool) -> Truths:
    if np.ndim(left.code) == 0:
        left, right = right, left
    if np.ndim(right.code) == 0 and len(right.codes) == 1:
        [text] = right.codes
        known = _for_all(left.code >= 0, size)
        same = left.code == left.codes.get(text, -2)
    else:
        translated = np.array([*(left.codes.get(text, -2) for text in right.codes), -1])
        known = _for_all((left.code >= 0) & (right.code >= 0), size)
        same = left.code == translated[right.code]
    return Truths(known & (same if alike else ~np.asarray(same)), known)


def _among_texts(column: Column, texts: Several[str], size: int) -> Truths:
    if column.code is None:
        return _unknown(size)
    codes = sorted({column.codes[text] for text in texts if text in column.codes})
    if len(codes) <= _FEW:
        true = reduce(np.logical_or, [column.code == code for code in codes], np.False_)
    else:
        fitting = np.zeros(len(column.codes) + 1, bool)
        fitting[codes] = True
        true = fitting[column.code]
    return Truths(_for_all(true, size), _for_all(column.code >= 0, size))


def _among_numbers(column: Column, numbers: Several[float], size: int) -> Truths:
    if column.number is None:
        return _unknown(size)
    true = _for_all(np.isin(column.number, numbers), size)
    return Truths(true) if column.numbered is None else Truths(true & column.numbered, _for_all(column.numbered, size))


def _some(found: list[Truths]) -> Truths:
    """Join by `or`: what is not true is unknown where one of them is."""
    if len(found) == 1:
        return found[0]
    true = reduce(np.logical_or, [one.true for one in found])
    known: Flags | None = None
    for one in found:
        known = both(known, one.known)
    return Truths(true, None if known is None else known | true)


def _for_all(value: Any, size: int) -> Flags:
    return value if np.ndim(value) else np.full(size, bool(value))


def _unknown(size: int) -> Truths:
    return Truths(np.zeros(size, bool), np.zeros(size, bool))
