"""Compare and reckon with single values; what is missing stays unknown."""

import math
import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from stammkunde.conditions.tree import Operator, Sign
from stammkunde.kernel.money import SCALE, to_e4

Scalar: TypeAlias = str | float | bool | date | None
_DAY = re.compile(r"(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}")


def scalar(value: object) -> Scalar:
    """Return a value from an event's attributes as a text, a number or a yes or no; anything else is unknown."""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int | float | Decimal):
        number = float(value)
        return number if math.isfinite(number) else None
    return None


def money(amount: int | None) -> float | None:
    """Return an amount of 1/10,000 in currency units."""
    return None if amount is None else amount / SCALE


def money_text(value: object) -> int | None:
    """Read an amount of money out of JSON, in 1/10,000."""
    try:
        return None if value is None or isinstance(value, bool) else to_e4(str(value))
    except InvalidOperation:
        return None


def as_day(value: Scalar) -> date | None:
    """Return the day that a value names: a day itself, or a text such as `2026-03-31`."""
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def compare(operator: Operator, left: Scalar, right: Scalar) -> bool | None:
    """Compare two values; unknown unless both are known and of one type. Texts and flags are only equal or not."""
    if isinstance(left, date) or isinstance(right, date):
        first, second = as_day(left), as_day(right)
        return None if first is None or second is None else _ordered(operator, first.toordinal(), second.toordinal())
    if isinstance(left, float) and isinstance(right, float):
        return _ordered(operator, left, right)
    if left is None or type(left) is not type(right) or operator not in ("=", "!="):
        return None
    return (left == right) is (operator == "=")


def _ordered(operator: Operator, left: float, right: float) -> bool:
    match operator:
        case "=":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case ">=":
            return left >= right


def reckon(sign: Sign, left: Scalar, right: Scalar) -> float | None:
    """Add, subtract, multiply or divide; unknown when something is missing, divided by zero or beyond all bounds."""
    if not (isinstance(left, float) and isinstance(right, float)):
        return None
    match sign:
        case "+":
            found = left + right
        case "-":
            found = left - right
        case "*":
            found = left * right
        case "/":
            found = left / right if right else math.nan
    return found if math.isfinite(found) else None


def all_of(values: "list[bool | None]") -> bool | None:
    """Join by `and`: false if one is false, else unknown if one is unknown."""
    if False in values:
        return False
    return None if None in values else True


def any_of(values: "list[bool | None]") -> bool | None:
    """Join by `or`: true if one is true, else unknown if one is unknown."""
    if True in values:
        return True
    return None if None in values else False


def contrary(value: bool | None) -> bool | None:
    """Return the contrary; the unknown stays unknown."""
    return None if value is None else not value
