"""Read the pieces of a condition: figures over events, what is known of a customer, and which events are meant."""

from abc import ABC, abstractmethod

from stammkunde.conditions.cursor import Cursor
from stammkunde.conditions.kinds import KNOWN_KINDS
from stammkunde.conditions.local_clock import Duration
from stammkunde.conditions.tokens import BadCondition, Token, nearest
from stammkunde.conditions.tree import (
    INTEREST,
    Aggregate,
    Anniversary,
    Attribute,
    Bound,
    Condition,
    Consent,
    Day,
    DaysSince,
    Events,
    Exists,
    Flag,
    Function,
    MedianGap,
    Nth,
    Selector,
    Sequence,
    Text,
    Trait,
    Value,
    Window,
)

MOST_NTH = 10_000
_OF_EVENTS: dict[str, Function] = {"count": "count"}
_OF_VALUES: dict[str, Function] = {"sum": "sum", "avg": "avg", "min": "min", "max": "max", "distinct": "distinct"}
_OF_EITHER: dict[str, Function] = {"first": "first", "last": "last", "nth": "nth"}
_AGGREGATES = {**_OF_EVENTS, **_OF_VALUES, **_OF_EITHER}
_OTHERS = ("any", "none", "consent", "anniversary", "interest", "segment", "customer", "days", "median")
FUNCTIONS = (*_AGGREGATES, *_OTHERS)
_NO_NAMES = frozenset(
    "and or not in where then within for last between ever contains starts with true false segment gap since".split()
)
_OWN = ("interest", "consent")
_SEQUENCE = "`any(…) then any(…) within 14 days`"


class Pieces(Cursor, ABC):
    """What a reader of conditions knows besides operators."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._kind: str | None = None

    @abstractmethod
    def condition(self) -> Condition:
        """Read a whole condition."""

    def primary(self) -> Condition | Value:
        """Read one value, or one question about the customer."""
        token = self.token
        match token.sort:
            case "number":
                return self.number()
            case "text":
                return self.quoted_text()
            case "date":
                return Day(self.date(), token.place)
            case "name":
                return self._attribute() if self._kind else self._word()
        raise self.failure("expected a condition, such as `any(order.placed, last 90 days)`")

    def _word(self) -> Condition | Value:
        token = self.advance()
        if token.text in ("true", "false"):
            return Flag(token.text == "true", token.place)
        if token.text == "days" and self.took("since"):
            return DaysSince(self._moment(), token.place)
        if token.text == "median" and self.took("gap"):
            return self._median_gap(token)
        if self.token.text == "(":
            return self._function(token)
        return self._name(token)

    def _function(self, token: Token) -> Condition | Value:
        if token.text in ("any", "none"):
            return self._sequence(self._exists(token))
        if token.text in _AGGREGATES:
            return self._aggregate(token)
        if token.text == "interest":
            return Trait(INTEREST + self.argument("the name of an interest"), token.place)
        if token.text == "consent":
            return self._consent(token)
        if token.text == "anniversary":
            return self._anniversary(token)
        guess = nearest(token.text, FUNCTIONS)
        raise BadCondition(f"There is no function `{token.text}`.", token.place, nearest=guess)

    def _name(self, token: Token) -> Value:
        parts = token.text.split(".")
        if token.text in _NO_NAMES or parts[0] in _OWN:
            self._at -= 1
            raise self.failure("expected a condition, such as `any(order.placed, last 90 days)`")
        if len(parts) == 1:
            return Trait(token.text, token.place)
        if len(parts) == 2 and parts[0] == "customer":
            return Trait(parts[1], token.place)
        if len(parts) == 2 and parts[0] in ("event", "start"):
            return Bound("event" if parts[0] == "event" else "start", parts[1], token.place)
        raise BadCondition(
            self._misplaced(parts), token.place, nearest=nearest(parts[0], ("customer", "event", "start"))
        )

    @staticmethod
    def _misplaced(parts: list[str]) -> str:
        name = ".".join(parts)
        if len(parts) == 2:
            return f"`{name}` names events, not a condition: ask `any({name})` or `count({name}) > 1`."
        if parts[0] in ("customer", "event", "start"):
            return f"`{name}` has too many dots: write `{parts[0]}.{parts[1]}`."
        return f"`{name}` belongs to many events: ask `sum({name})`, `last({name})` or the like."

    def _attribute(self) -> Value:
        token = self.advance()
        parts = token.text.split(".")
        if token.text in ("true", "false"):
            return Flag(token.text == "true", token.place)
        if len(parts) == 2 and parts[0] in ("event", "start"):
            return Bound("event" if parts[0] == "event" else "start", parts[1], token.place)
        if self.token.text == "(" or len(parts) > 1 or token.text in _NO_NAMES:
            self._at -= 1
            raise self.failure(f"after `where` only attributes of {self._kind} can be asked; expected one")
        return Attribute(token.text, token.place)

    def selector(self) -> Selector:
        """Read which events are meant."""
        token = self.token
        if token.text == "nth" and self.following.text == "(":
            self.advance()
            self.advance()
            events = self._events(self._kind_name())
            self.expect(",", "`,` and which one, as in `nth(order.placed, 2)`")
            n = self.whole("a number", MOST_NTH)
            self.expect(")", "`)`")
            return Nth(events, n, token.place)
        return self._events(self._kind_name())

    def _kind_name(self, *, attribute: bool = False) -> Token:
        token = self.token
        parts = token.text.split(".")
        if token.sort != "name" or token.text in _NO_NAMES:
            raise self.failure("expected a kind of event, such as order.placed", KNOWN_KINDS)
        if len(parts) < 2 or (parts[0] in ("customer", "event", "start") and token.text not in KNOWN_KINDS):
            guess = nearest(token.text, KNOWN_KINDS)
            raise BadCondition(
                f"Expected a kind of event, such as order.placed, found {token}.", token.place, nearest=guess
            )
        if len(parts) > 3 or (len(parts) == 3 and not attribute):
            raise BadCondition(
                f"Here whole events are meant: write `{parts[0]}.{parts[1]}` without `.{'.'.join(parts[2:])}`.",
                token.place,
            )
        return self.advance()

    def _events(self, token: Token) -> Events:
        kind = ".".join(token.text.split(".")[:2])
        if not self.took("where"):
            return Events(kind, None, token.place)
        if self._kind:
            raise self.failure("`where` has already been said; join what else must hold with `and`")
        self._kind = kind
        try:
            return Events(kind, self.condition(), token.place)
        finally:
            self._kind = None

    def _rest(self) -> Window:
        """Read the window, if there is one, and the closing bracket."""
        window = self.window() if self.took(",") else None
        self.expect(")", "`, last 90 days` or `)`")
        return window

    def _exists(self, token: Token) -> Exists:
        self.expect("(", "`(`")
        selector = self.selector()
        return Exists(selector, self._rest(), token.text == "none", token.place)

    def _sequence(self, first: Exists) -> Exists | Sequence:
        then = self.token
        if not self.took("then"):
            return first
        if first.none:
            raise BadCondition(f"A sequence begins with something that happened: {_SEQUENCE}.", first.place)
        token = self.token
        if token.text not in ("any", "none"):
            raise self.failure(f"expected `any(…)` or `none(…)` after `then`, as in {_SEQUENCE}", ("any", "none"))
        self.advance()
        second = self._exists(token)
        return Sequence(first, second, self._limit(none=second.none), then.place)

    def _limit(self, *, none: bool) -> Duration | None:
        if none:
            self.expect("for", "`for` and how long nothing may follow, such as `for 60 days`")
            return self.duration()
        return self.duration() if self.took("within") else None

    def _aggregate(self, token: Token) -> Aggregate:
        self.expect("(", "`(`")
        function, start = _AGGREGATES[token.text], self.token
        if start.text == "nth" and token.text != "nth":
            selector, attribute = self.selector(), None
        else:
            name = self._kind_name(attribute=token.text not in _OF_EVENTS)
            attribute = ".".join(name.text.split(".")[2:]) or None
            selector = self._events(name)
        if token.text in _OF_VALUES and attribute is None:
            example = f"{token.text}({start.text}.value)"
            raise BadCondition(f"`{token.text}` needs an attribute, as in `{example}`.", start.place)
        n = self._which() if token.text == "nth" else 0
        return Aggregate(function, selector, attribute, self._rest(), n, token.place)

    def _which(self) -> int:
        self.expect(",", "`,` and which one, as in `nth(order.placed, 2)`")
        return self.whole("a number", MOST_NTH)

    def _median_gap(self, token: Token) -> MedianGap:
        self.expect("(", "`(`")
        selector = self.selector()
        return MedianGap(selector, self._rest(), token.place)

    def _moment(self) -> Aggregate | Trait:
        token = self.token
        if token.sort == "name" and token.text in _OF_EITHER and self.following.text == "(":
            self.advance()
            found = self._aggregate(token)
            if found.is_moment:
                return found
            raise BadCondition(f"Here the event itself is meant, not its attribute `{found.attribute}`.", token.place)
        if token.sort == "name" and token.text.startswith("customer.") and token.text.count(".") == 1:
            self.advance()
            return Trait(token.text.partition(".")[2], token.place)
        raise self.failure(
            "expected an event, such as `last(order.placed)`, or a day, such as `customer.birthday`", tuple(_OF_EITHER)
        )

    def _consent(self, token: Token) -> Consent:
        self.expect("(", "`(`")
        purpose: Text = self.quoted_text()
        channel = self.quoted_text().value if self.took(",") else None
        self.expect(")", "`)`")
        return Consent(purpose.value, channel, token.place)

    def _anniversary(self, token: Token) -> Anniversary:
        self.expect("(", "`(`")
        moment = self._moment()
        self.expect(")", "`)`")
        self.expect("within", "`within 7 days` after the anniversary")
        place, ahead = self.token.place, self.duration()
        days = {"day": 1, "week": 7}.get(ahead.unit, 0) * ahead.amount
        if not 1 <= days <= 366:
            raise BadCondition("Anniversaries are looked for within 1 to 366 days.", place)
        return Anniversary(moment, days, token.place)

    def argument(self, expected: str) -> str:
        """Read a single text in brackets."""
        self.expect("(", f"`(` and {expected} in quotes")
        text = self.quoted_text()
        self.expect(")", "`)`")
        return text.value
