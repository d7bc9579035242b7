"""Say why a condition holds or does not for one customer, and until when, in German and in English."""

from dataclasses import dataclass
from datetime import date

from stammkunde.conditions import phrases
from stammkunde.conditions.cases import Case
from stammkunde.conditions.codes import decoded
from stammkunde.conditions.describing import condition_of, describe, selected, value_phrase
from stammkunde.conditions.kinds import Language
from stammkunde.conditions.phrases import either
from stammkunde.conditions.scalars import Scalar
from stammkunde.conditions.tree import (
    Aggregate,
    And,
    Anniversary,
    Comparison,
    Condition,
    Exists,
    Holds,
    InSegment,
    Not,
    Number,
    OneOf,
    Or,
    Selector,
    Sequence,
    TextTest,
    Trait,
    Value,
    Window,
    kind_of,
)


@dataclass(frozen=True)
class Facts:
    """What was found: how many events, the day of the last one, the values compared, when a time is over."""

    count: int | None = None
    last: date | None = None
    left: Scalar = None
    right: Scalar = None
    due: date | None = None


@dataclass(frozen=True)
class Reason:
    """Why: the verdict on one part of the condition, what was found, when it may change, and the reasons below it."""

    condition: Condition
    value: bool | None
    facts: Facts
    today: date
    flips_on: date | None = None
    parts: tuple["Reason", ...] = ()

    def sentence(self, language: Language) -> str:
        """Return the whole as a sentence without its full stop."""
        text = self._text(language)
        if self.flips_on is None:
            return text
        day = phrases.day(self.flips_on, language, self.today)
        if self.value:
            return f"{text}; {either(language, f'fällt heraus am {day}', f'drops out on {day}')}"
        return f"{text}; {either(language, f'kann sich am {day} ändern', f'may change on {day}')}"

    def _text(self, language: Language) -> str:
        match self.condition:
            case And() | Or():
                return self._joined(language)
            case Not() | InSegment():
                return self._inner(language)
            case Exists():
                return self._found(self.condition.selector, self.condition.window, language)
            case Comparison():
                return self._compared(self.condition, language)
            case OneOf() | TextTest() | Holds():
                found = _said(self.condition.value, self.facts.left, language)
                link = either(language, "ist", "is")
                told = f"{value_phrase(self.condition.value, language)} {link} {found}"
                return told if self.value else f"{told} ({self._asked(language)})"
            case Sequence():
                return self._sequence(self.condition, language)
            case Anniversary() if self.facts.left is not None:
                return f"{describe(self.condition, language)}: {phrases.said(self.facts.left, language)}"
            case _:
                missing = either(language, "nicht erfüllt: ", "not so: ") if not self.value else ""
                return missing + describe(self.condition, language)

    def _asked(self, language: Language) -> str:
        return either(language, "verlangt: ", "asked: ") + describe(self.condition, language)

    def _joined(self, language: Language) -> str:
        """Name what decides: all parts of what holds by all of them, otherwise only the decisive ones."""
        decisive = [part for part in self.parts if part.value is self.value] or list(self.parts)
        texts = [part._text(language) for part in decisive]
        word = either(language, "und", "and")
        return "".join(
            text if not place else f"{',' if ',' in texts[place - 1] else ''} {word} {text}"
            for place, text in enumerate(texts)
        )

    def _inner(self, language: Language) -> str:
        [part] = self.parts
        if isinstance(self.condition, InSegment):
            name = phrases.said(self.condition.name, language)
            belongs = either(language, "im Segment", "in the segment") if self.value else self._outside(language)
            return f"{belongs} {name} ({part._text(language)})"
        return part._text(language)

    def _outside(self, language: Language) -> str:
        return either(language, "nicht im Segment", "not in the segment")

    def _found(self, selector: Selector, window: Window, language: Language) -> str:
        count, kind = self.facts.count or 0, kind_of(selector)
        if not count:
            text = selected(selector, language, none=True) + phrases.during(window, language)
            return text + self._last(language, either(language, "zuletzt am", "last on"))
        text = f"{phrases.number(count, language)} {phrases.things(kind, count, language)}"
        text += condition_of(selector, language) + phrases.during(window, language)
        return text + self._last(language, either(language, "zuletzt am", "last on"))

    def _last(self, language: Language, words: str) -> str:
        return f", {words} {phrases.day(self.facts.last, language, self.today)}" if self.facts.last else ""

    def _compared(self, condition: Comparison, language: Language) -> str:
        left, right = condition.left, condition.right
        if isinstance(left, Aggregate) and left.function == "count" and isinstance(right, Number):
            text = self._found(left.selector, left.window, language)
            wanted = f"{phrases.counted(condition.operator, language)} {phrases.number(right.value, language)}"
            needed = either(language, f" ({wanted} verlangt)", f" ({wanted} asked)")
            return text if self.value else text + needed
        found = _said(left, self.facts.left, language)
        text = f"{value_phrase(left, language)}: {found}"
        if self.value and condition.operator == "=":
            return text
        wanted = phrases.compared(condition.operator, language) + _said(left, self.facts.right, language)
        return f"{text} ({either(language, 'verlangt', 'asked')}: {wanted})"

    def _sequence(self, sequence: Sequence, language: Language) -> str:
        if not self.facts.count:
            return selected(sequence.first.selector, language, none=True)
        first = phrases.things(kind_of(sequence.first.selector), 1, language)
        day = phrases.day(self.facts.last, language, self.today) if self.facts.last else ""
        start = either(language, f"{first} am {day}", f"{first} on {day}")
        if not self.value and self.facts.due and sequence.then.none:
            due = phrases.day(self.facts.due, language, self.today)
            return f"{start}, {either(language, f'die Frist endet am {due}', f'the time is over on {due}')}"
        told = describe(sequence, language)
        return f"{start} ({told if self.value else either(language, 'nicht erfüllt: ', 'not so: ') + told})"


def _said(value: Value, found: Scalar, language: Language) -> str:
    """Write what was found; codes of a trait by their names."""
    return phrases.said(decoded(value.name, found, language) if isinstance(value, Trait) else found, language)


def explain(case: Case, condition: Condition, now: int) -> Reason:
    """Return why the condition has the value that it has for this customer now."""
    _, flips = case.verdict(condition, now)
    return _reason(case, condition, now, flips)


def _reason(case: Case, condition: Condition, now: int, flips: int | None) -> Reason:
    value, _ = case.answer(condition, now)
    inner: tuple[Condition, ...] = ()
    match condition:
        case And() | Or():
            inner = condition.parts
        case Not():
            inner = (condition.part,)
        case InSegment():
            inner = (case.condition_of(condition),)
        case _:
            pass
    parts = tuple(_reason(case, part, now, case.settled(part, now)[1]) for part in inner)
    today = date.fromordinal(case.clock.day(now))
    flips_on = None if flips is None else date.fromordinal(case.clock.day(flips))
    return Reason(condition, value, _facts(case, condition, now), today, flips_on, parts)


def _facts(case: Case, condition: Condition, now: int) -> Facts:
    reckoner = case.reckoner
    match condition:
        case Exists():
            return _events(case, condition.selector, condition.window, now)
        case Comparison():
            left, right = reckoner.amount(condition.left, now).value, reckoner.amount(condition.right, now).value
            counted = condition.left
            if not (isinstance(counted, Aggregate) and counted.function == "count"):
                return Facts(left=left, right=right)
            found = _events(case, counted.selector, counted.window, now)
            return Facts(found.count, found.last, left, right)
        case OneOf() | TextTest() | Holds():
            return Facts(left=reckoner.amount(condition.value, now).value)
        case Anniversary():
            return Facts(left=reckoner.day(condition.moment, now).value)
        case Sequence():
            return _waiting(case, condition, now)
        case _:
            return Facts()


def _events(case: Case, selector: Selector, window: Window, now: int) -> Facts:
    inside = case.reckoner.inside(selector, window, now)
    known = inside or case.reckoner.inside(selector, None, now)
    last = date.fromordinal(case.clock.day(known[-1].event.at)) if known else None
    return Facts(len(inside), last)


def _waiting(case: Case, sequence: Sequence, now: int) -> Facts:
    found = _events(case, sequence.first.selector, sequence.first.window, now)
    inside = case.reckoner.inside(sequence.first.selector, sequence.first.window, now)
    if not inside or sequence.limit is None:
        return found
    due = case.clock.later(inside[-1].event.at, sequence.limit)
    return Facts(found.count, found.last, due=date.fromordinal(case.clock.day(due)) if due > now else None)
