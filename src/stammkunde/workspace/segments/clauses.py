"""Turn rows of the form into the text of a condition and back; what no row can say stays text in a row of its own."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from stammkunde import conditions
from stammkunde.conditions import BadCondition, Condition
from stammkunde.conditions.tokens import quoted
from stammkunde.conditions.tree import (
    Aggregate,
    And,
    Arithmetic,
    Attribute,
    Comparison,
    Consent,
    DaysSince,
    Events,
    Exists,
    InSegment,
    Last,
    MedianGap,
    Not,
    Number,
    OneOf,
    Or,
    Text,
    TextTest,
    Trait,
    Window,
)
from stammkunde.conditions.writing import number_text

Values = dict[str, str]
Join = Literal["and", "or"]
_LONG = 72
_ORDER = Events("order.placed")
_UNITS = ("day", "week", "month", "year")
_SCORES = ("clv", "churn_risk", "points", "recency_score", "frequency_score", "monetary_score")


@dataclass(frozen=True)
class Row:
    """One thing asked of a customer, as the form holds it; `style` keeps which of two equal texts was written."""

    kind: str
    values: Values


@dataclass(frozen=True)
class Rows:
    """All rows of the form: every one must hold, or at least one."""

    join: Join
    rows: tuple[Row, ...]


class Unfinished(ValueError):
    """A row of the form lacks something; say what, and in which row."""

    def __init__(self, row: int, field: str, wrong: BadCondition | None = None) -> None:
        super().__init__(f"Row {row + 1} lacks {field}.")
        self.row, self.field, self.wrong = row, field, wrong


def to_text(rows: Rows) -> str:
    """Write the rows as the text of one condition; raise Unfinished at the first row that cannot be written."""
    parts = [row_condition(row, place) for place, row in enumerate(rows.rows)]
    whole = parts[0] if len(parts) == 1 else And(tuple(parts)) if rows.join == "and" else Or(tuple(parts))
    return pretty(whole)


def pretty(condition: Condition) -> str:
    """Write a condition, its parts on lines of their own when it is long."""
    flat = conditions.format(condition)
    if len(flat) <= _LONG or not isinstance(condition, And | Or):
        return flat
    word = "and" if isinstance(condition, And) else "or"
    parts = [conditions.format(part) for part in condition.parts]
    written = [
        f"({text})" if isinstance(part, Or) and word == "and" else text
        for part, text in zip(condition.parts, parts, strict=True)
    ]
    return f"\n{word} ".join(written)


def row_condition(row: Row, place: int = 0) -> Condition:
    """Return what one row asks."""
    try:
        text = _WRITERS[row.kind](row.values)
    except (KeyError, ValueError) as lacking:
        raise Unfinished(place, str(lacking.args[0] if lacking.args else "")) from lacking
    try:
        return conditions.parse(text)
    except BadCondition as wrong:
        raise Unfinished(place, "text", wrong) from wrong


def to_rows(condition: Condition) -> Rows:
    """Return the rows that say the same; reading and writing them gives the same condition."""
    if isinstance(condition, And | Or):
        join: Join = "and" if isinstance(condition, And) else "or"
        return Rows(join, tuple(map(_row, condition.parts)))
    return Rows("and", (_row(condition),))


def _row(part: Condition) -> Row:
    for kind, read in _READERS.items():
        values = read(part)
        if values is not None and _says(kind, values, part):
            return Row(kind, values)
    return Row("own", {"text": conditions.format(part)})


def _says(kind: str, values: Values, part: Condition) -> bool:
    try:
        return row_condition(Row(kind, values)) == part
    except Unfinished:
        return False


# Writing: one text for each kind of row.


def _number(values: Mapping[str, str], name: str) -> str:
    text = values.get(name, "").strip().replace(",", ".")
    if not re.fullmatch(r"-?\d{1,12}(\.\d{1,6})?", text):
        raise ValueError(name)
    return text


def _whole(values: Mapping[str, str], name: str) -> str:
    text = values.get(name, "").strip()
    if not re.fullmatch(r"\d{1,6}", text) or (name == "amount" and not int(text)):
        raise ValueError(name)
    return str(int(text))


def _named(values: Mapping[str, str], name: str) -> str:
    text = values.get(name, "").strip()
    if not text:
        raise ValueError(name)
    return quoted(text)


def _one(values: Mapping[str, str], name: str, *allowed: str) -> str:
    if values.get(name) not in allowed:
        raise ValueError(name)
    return values[name]


def _operator(values: Mapping[str, str]) -> str:
    return _one(values, "op", ">=", "<=", "=", ">", "<")


def _during(values: Mapping[str, str], *, always: bool = False) -> str:
    if not values.get("amount", "").strip() and not always:
        return ""
    amount, unit = _whole(values, "amount"), _one(values, "unit", *(f"{unit}s" for unit in _UNITS))
    return f", last {amount} {unit}"


def _unless(values: Mapping[str, str], text: str) -> str:
    return text if _one(values, "yes", "yes", "no") == "yes" else f"not {text}"


def _write_lives(values: Values) -> str:
    names = [name.strip() for name in values.get("names", "").split(",") if name.strip()]
    if not names:
        raise ValueError("names")
    place = _one(values, "place", "city", "country", "postcode")
    if place == "postcode":
        tests = " or ".join(f"customer.postcode starts with {quoted(name)}" for name in names)
        return _unless(values, f"({tests})")
    if values.get("style") == "=" and len(names) == 1:
        return f"customer.{place} {'=' if values.get('yes') == 'yes' else '!='} {quoted(names[0])}"
    word = "in" if _one(values, "yes", "yes", "no") == "yes" else "not in"
    return f"customer.{place} {word} ({', '.join(map(quoted, names))})"


def _write_silent(values: Values) -> str:
    text = f"(order.placed{_during(values, always=True)})"
    return f"none{text}" if values.get("style") == "none" else f"not any{text}"


def _write_bought(values: Values) -> str:
    part = _one(values, "part", "category", "product")
    return _unless(values, f"any(order.placed where {part} = {_named(values, 'of')}{_during(values)})")


def _write_often(values: Values) -> str:
    part = _one(values, "part", "category", "product")
    asked = f"order.placed where {part} = {_named(values, 'of')}{_during(values)}"
    return f"count({asked}) {_operator(values)} {_whole(values, 'n')}"


def _write_consent(values: Values) -> str:
    channel = f", {quoted(values['channel'])}" if values.get("channel") else ""
    return _unless(values, f"consent({_named(values, 'of')}{channel})")


def _write_rfm(values: Values) -> str:
    sign = "=" if _one(values, "yes", "yes", "no") == "yes" else "!="
    return f"rfm_group {sign} {_named(values, 'of')}"


def _write_own(values: Values) -> str:
    if not values.get("text", "").strip():
        raise ValueError("text")
    return values["text"]


_WRITERS: dict[str, Callable[[Values], str]] = {
    "orders": lambda v: f"count(order.placed{_during(v)}) {_operator(v)} {_whole(v, 'n')}",
    "ordered": lambda v: f"any(order.placed{_during(v)})",
    "silent": _write_silent,
    "spent": lambda v: f"sum(order.placed.value{_during(v)}) {_operator(v)} {_number(v, 'n')}",
    "average": lambda v: f"avg(order.placed.value{_during(v)}) {_operator(v)} {_number(v, 'n')}",
    "bought": _write_bought,
    "often": _write_often,
    "lives": _write_lives,
    "rhythm": lambda v: f"days since last(order.placed) > {_number(v, 'n')} * median gap(order.placed)",
    "newcomer": lambda v: f"days since first(order.placed) {_operator(v)} {_whole(v, 'n')}",
    "rfm": _write_rfm,
    "segment": lambda v: _unless(v, f"in segment({_named(v, 'of')})"),
    "tone": lambda v: f"customer.tone = {_named(v, 'of')}",
    "consent": _write_consent,
    "score": lambda v: f"{_one(v, 'of', *_SCORES)} {_operator(v)} {_number(v, 'n')}",
    "interest": lambda v: f"interest({_named(v, 'of')}) {_operator(v)} {_number(v, 'n')}",
    "own": _write_own,
}


# Reading: what a row would have to hold; None when it is of another kind.


def _window(window: Window) -> Values | None:
    if window is None:
        return {"amount": "", "unit": "days"}
    if isinstance(window, Last) and window.duration.unit in _UNITS:
        return {"amount": str(window.duration.amount), "unit": f"{window.duration.unit}s"}
    return None


def _read_figure(function: str, attribute: str | None) -> Callable[[Condition], Values | None]:
    def read(part: Condition) -> Values | None:
        match part:
            case Comparison(operator, Aggregate(found, selector, named, window), Number(value)) if (
                found == function and selector == _ORDER and named == attribute
            ):
                during = _window(window)
                return None if during is None else {"op": operator, "n": number_text(value), **during}
        return None

    return read


def _read_ordered(part: Condition) -> Values | None:
    return _window(part.window) if isinstance(part, Exists) and not part.none and part.selector == _ORDER else None


def _read_silent(part: Condition) -> Values | None:
    exists, style = (part.part, "not any") if isinstance(part, Not) else (part, "none")
    if not isinstance(exists, Exists) or exists.selector != _ORDER or exists.window is None:
        return None
    during = _window(exists.window)
    return None if during is None else {**during, "style": style}


def _read_bought(part: Condition) -> Values | None:
    inside, yes = _positive(part)
    match inside:
        case Exists(Events("order.placed", Comparison("=", Attribute(name), Text(of))), window, False):
            during = _window(window)
            return None if during is None else {"yes": yes, "part": name, "of": of, **during}
    return None


def _read_often(part: Condition) -> Values | None:
    match part:
        case Comparison(
            operator,
            Aggregate("count", Events("order.placed", Comparison("=", Attribute(name), Text(of))), None, window),
            Number(value),
        ):
            during = _window(window)
            return (
                None if during is None else {"op": operator, "n": number_text(value), "part": name, "of": of, **during}
            )
    return None


def _read_lives(part: Condition) -> Values | None:
    match part:
        case Comparison("=" | "!=" as sign, Trait(name), Text(one)) if name in ("city", "country"):
            return {"yes": "yes" if sign == "=" else "no", "place": name, "names": one, "style": "="}
    inside, yes = _positive(part)
    match inside:
        case OneOf(Trait(name), options):
            return {"yes": yes, "place": name, "names": ", ".join(str(option.value) for option in options)}
        case TextTest("starts with", Trait("postcode"), Text(one)):
            return {"yes": yes, "place": "postcode", "names": one}
        case Or(parts):
            starts = [one.part.value for one in parts if isinstance(one, TextTest)]
            return {"yes": yes, "place": "postcode", "names": ", ".join(starts)}
    return None


def _read_rhythm(part: Condition) -> Values | None:
    match part:
        case Comparison(">", DaysSince(), Arithmetic("*", Number(value), MedianGap())):
            return {"n": number_text(value)}
    return None


def _read_newcomer(part: Condition) -> Values | None:
    match part:
        case Comparison(operator, DaysSince(), Number(value)):
            return {"op": operator, "n": number_text(value)}
    return None


def _read_trait(part: Condition) -> tuple[str, str, str] | None:
    match part:
        case Comparison(operator, Trait(name), Text(value)):
            return operator, name, value
        case Comparison(operator, Trait(name), Number(number)):
            return operator, name, number_text(number)
    return None


def _read_rfm(part: Condition) -> Values | None:
    found = _read_trait(part)
    return {"yes": "yes" if found[0] == "=" else "no", "of": found[2]} if found and found[1] == "rfm_group" else None


def _read_tone(part: Condition) -> Values | None:
    found = _read_trait(part)
    return {"of": found[2]} if found and found[1] == "tone" and found[2] in ("du", "sie") else None


def _read_score(part: Condition) -> Values | None:
    found = _read_trait(part)
    return {"of": found[1], "op": found[0], "n": found[2]} if found and found[1] in _SCORES else None


def _read_interest(part: Condition) -> Values | None:
    found = _read_trait(part)
    if not found or not found[1].startswith("interest."):
        return None
    return {"of": found[1].removeprefix("interest."), "op": found[0], "n": found[2]}


def _read_segment(part: Condition) -> Values | None:
    inside, yes = _positive(part)
    return {"yes": yes, "of": inside.name} if isinstance(inside, InSegment) else None


def _read_consent(part: Condition) -> Values | None:
    inside, yes = _positive(part)
    return {"yes": yes, "of": inside.purpose, "channel": inside.channel or ""} if isinstance(inside, Consent) else None


def _positive(part: Condition) -> tuple[Condition, str]:
    return (part.part, "no") if isinstance(part, Not) else (part, "yes")


_READERS: dict[str, Callable[[Condition], Values | None]] = {
    "orders": _read_figure("count", None),
    "ordered": _read_ordered,
    "silent": _read_silent,
    "spent": _read_figure("sum", "value"),
    "average": _read_figure("avg", "value"),
    "bought": _read_bought,
    "often": _read_often,
    "lives": _read_lives,
    "rhythm": _read_rhythm,
    "newcomer": _read_newcomer,
    "rfm": _read_rfm,
    "segment": _read_segment,
    "tone": _read_tone,
    "consent": _read_consent,
    "score": _read_score,
    "interest": _read_interest,
}
KINDS: Sequence[str] = tuple(_WRITERS)
