"""Say a condition as a plain sentence, in German and in English."""

from stammkunde.conditions import phrases
from stammkunde.conditions.codes import decoded
from stammkunde.conditions.kinds import Language, noun
from stammkunde.conditions.phrases import either
from stammkunde.conditions.tree import (
    Aggregate,
    And,
    Anniversary,
    Arithmetic,
    Attribute,
    Bound,
    Comparison,
    Condition,
    Consent,
    DaysSince,
    Exists,
    Holds,
    InSegment,
    MedianGap,
    Node,
    Not,
    Nth,
    Number,
    OneOf,
    Or,
    Selector,
    Sequence,
    Text,
    TextTest,
    Trait,
    Value,
    kind_of,
)

_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}


def describe(condition: Condition | Selector, language: Language) -> str:
    """Return the condition as a sentence without its full stop: `at least 2 orders in the last 90 days`."""
    match condition:
        case And():
            word = either(language, " und ", " and ")
            return word.join(_in_brackets(part, language, Or) for part in condition.parts)
        case Or():
            return either(language, " oder ", " or ").join(describe(part, language) for part in condition.parts)
        case Not():
            return _contrary(condition.part, language)
        case Comparison():
            return _comparison(condition, language)
        case OneOf() | TextTest() | Holds():
            return _test(condition, language)
        case Exists():
            return exists_phrase(condition, language)
        case Sequence():
            return _sequence(condition, language)
        case _:
            return _state(condition, language)


def _in_brackets(part: Condition, language: Language, kind: type[Or]) -> str:
    text = describe(part, language)
    return f"({text})" if isinstance(part, kind) else text


def _contrary(part: Condition, language: Language) -> str:
    match part:
        case Exists():
            return exists_phrase(Exists(part.selector, part.window, not part.none), language)
        case InSegment():
            return either(language, "nicht ", "not ") + describe(part, language)
        case Consent():
            return either(language, "keine ", "no ") + describe(part, language)
        case _:
            return either(language, "nicht", "not") + f" ({describe(part, language)})"


def exists_phrase(exists: Exists, language: Language) -> str:
    """Return `mindestens eine Bestellung in den letzten 90 Tagen` or its contrary."""
    alone = exists.none or isinstance(exists.selector, Nth)
    start = "" if alone else either(language, "mindestens ", "at least ")
    what = selected(exists.selector, language, none=exists.none)
    return start + what + phrases.during(exists.window, language)


def selected(selector: Selector, language: Language, *, none: bool = False) -> str:
    """Return which event is meant: `eine Bestellung mit Kategorie „Tee“`."""
    if isinstance(selector, Nth):
        start = either(language, "nicht ", "not ") if none else ""
        found = phrases.certain(selector.events.kind, selector.n, language)
        return start + found + condition_of(selector.events, language)
    what = phrases.one_or_none(selector.kind, language, none=none)
    if language == "en" and not none:
        what = what.replace("an ", "one ", 1) if what.startswith("an ") else what.replace("a ", "one ", 1)
    return what + condition_of(selector, language)


def condition_of(selector: Selector, language: Language) -> str:
    """Return what a selector asks of its events, with a space in front."""
    events = selector.events if isinstance(selector, Nth) else selector
    if events.where is None:
        return ""
    return either(language, " mit ", " with ") + _in_brackets(events.where, language, Or)


def _comparison(condition: Comparison, language: Language) -> str:
    left, right = condition.left, condition.right
    if isinstance(left, Aggregate) and left.function == "count" and isinstance(right, Number):
        start = f"{phrases.counted(condition.operator, language)} {phrases.number(right.value, language)} "
        what = phrases.things(kind_of(left.selector), right.value, language)
        return start + what + condition_of(left.selector, language) + phrases.during(left.window, language)
    word = phrases.compared(condition.operator, language)
    link = " " if isinstance(left, Attribute) else either(language, " ist ", " is ")
    return f"{value_phrase(left, language)}{link}{word}{_beside(left, right, language)}"


def _beside(left: Value, right: Value, language: Language) -> str:
    """Return what a value is compared with; codes of a trait by their names."""
    if isinstance(left, Trait) and isinstance(right, Text):
        return phrases.said(decoded(left.name, right.value, language), language)
    return value_phrase(right, language)


def _test(condition: OneOf | TextTest | Holds, language: Language) -> str:
    value = value_phrase(condition.value, language)
    link = " " if isinstance(condition.value, Attribute) else either(language, " ist ", " is ")
    match condition:
        case OneOf():
            options = [_beside(condition.value, option, language) for option in condition.options]
            several = either(language, "eines von ", "one of ") if len(options) > 1 else ""
            return value + link + several + ", ".join(options)
        case TextTest() if condition.test == "contains":
            return f"{value} {either(language, 'enthält', 'contains')} {phrases.said(condition.part.value, language)}"
        case TextTest():
            words = either(language, "beginnt mit", "starts with")
            return f"{value} {words} {phrases.said(condition.part.value, language)}"
        case Holds():
            return value + link + either(language, "ja", "yes")


def _sequence(sequence: Sequence, language: Language) -> str:
    first = selected(sequence.first.selector, language) + phrases.during(sequence.first.window, language)
    then = selected(sequence.then.selector, language, none=sequence.then.none)
    then += phrases.during(sequence.then.window, language)
    if sequence.limit is None:
        return f"{first}, {either(language, 'danach', 'then')} {then}"
    if sequence.then.none:
        lasting = phrases.throughout(sequence.limit, language)
        return either(language, f"{first}, danach {lasting} {then}", f"{first}, then {then} {lasting}")
    limit = phrases.lasting(sequence.limit, language)
    return either(language, f"{first}, danach innerhalb von {limit} {then}", f"{first}, then {then} within {limit}")


def _state(condition: Node, language: Language) -> str:
    match condition:
        case InSegment():
            return either(language, "im Segment ", "in the segment ") + phrases.said(condition.name, language)
        case Consent():
            start = either(language, "Einwilligung für ", "consent to ") + phrases.said(condition.purpose, language)
            channel = either(language, f" (Kanal {condition.channel})", f" (channel {condition.channel})")
            return start + (channel if condition.channel is not None else "")
        case Anniversary():
            moment = value_phrase(condition.moment, language)
            return either(
                language,
                f"Jahrestag ({moment}) in den nächsten {condition.days} Tagen",
                f"anniversary ({moment}) within the next {condition.days} days",
            )
        case _:
            return f"{selected(condition, language)}" if isinstance(condition, Selector) else ""


def value_phrase(value: Value, language: Language) -> str:
    """Return a value in words."""
    match value:
        case Aggregate():
            return _aggregate(value, language)
        case DaysSince():
            return either(language, "Tage seit ", "days since ") + moment_phrase(value.moment, language)
        case MedianGap():
            what = noun(kind_of(value.selector)).of(language, several=True) + condition_of(value.selector, language)
            what += phrases.during(value.window, language)
            return either(language, f"üblicher Abstand in Tagen ({what})", f"usual gap in days ({what})")
        case Trait() | Attribute():
            return phrases.named(value.name, language)
        case Bound():
            return f"{value.scope}.{value.name}"
        case Arithmetic():
            return _arithmetic(value, language)
        case _:
            return phrases.said(value.value, language)


def moment_phrase(moment: Aggregate | Trait, language: Language) -> str:
    """Return the event, or the day, after `since`: `der letzten Bestellung`."""
    if isinstance(moment, Trait):
        return phrases.named(moment.name, language)
    place = {"first": 1, "last": -1}.get(moment.function, moment.n)
    text = phrases.since(kind_of(moment.selector), place, language)
    return text + condition_of(moment.selector, language) + phrases.during(moment.window, language)


def _aggregate(value: Aggregate, language: Language) -> str:
    kind = kind_of(value.selector)
    rest = condition_of(value.selector, language) + phrases.during(value.window, language)
    name = phrases.named(value.attribute or "", language)
    if value.function in ("first", "last", "nth"):
        place = {"first": 1, "last": -1}.get(value.function, value.n)
        event = phrases.which(kind, place, language) + rest
        return f"{name} ({event})" if value.attribute else event
    if value.function == "count":
        return either(language, "Zahl ", "number ") + phrases.of_all(noun(kind), language) + rest
    start = {
        "sum": either(language, "Summe", "sum"),
        "avg": either(language, "Durchschnitt", "average"),
        "min": either(language, "Kleinstes", "smallest"),
        "max": either(language, "Größtes", "greatest"),
        "distinct": either(language, "Zahl verschiedener", "number of different"),
    }[value.function]
    quoted = either(language, f"„{name}“", f"“{name}”")
    return f"{start} {quoted} {phrases.of_all(noun(kind), language)}{rest}"


def _arithmetic(value: Arithmetic, language: Language) -> str:
    parts = []
    for part in (value.left, value.right):
        text = value_phrase(part, language)
        parts.append(f"({text})" if isinstance(part, Arithmetic) else text)
    return f"{parts[0]} {_SIGNS[value.sign]} {parts[1]}"
