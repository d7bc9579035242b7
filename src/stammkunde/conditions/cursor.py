"""Go through the pieces of a condition's text one by one, and say well what was expected where one does not fit."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from stammkunde.conditions.local_clock import UNITS, Duration, Unit
from stammkunde.conditions.tokens import BadCondition, Token, nearest, tokens, unquoted
from stammkunde.conditions.tree import Between, Last, Number, Text, Window

MAX_DEPTH = 40
_MOST: dict[Unit, int] = {"minute": 525_600, "hour": 87_600, "day": 36_525, "week": 5_200, "month": 1_200, "year": 100}
_UNIT_NAMES: dict[str, Unit] = {
    **{unit: unit for unit in UNITS},
    **{f"{unit}s": unit for unit in UNITS},
    "min": "minute",
    "m": "minute",
    "h": "hour",
    "d": "day",
    "w": "week",
    "mo": "month",
    "y": "year",
}


class Cursor:
    """Where the reader stands in the text."""

    def __init__(self, text: str) -> None:
        self._tokens = tokens(text)
        self._at = 0
        self._depth = 0
        self.clauses = 0

    @property
    def token(self) -> Token:
        """Return the piece that comes next."""
        return self._tokens[self._at]

    @property
    def following(self) -> Token:
        """Return the piece after the next."""
        return self._tokens[min(self._at + 1, len(self._tokens) - 1)]

    def advance(self) -> Token:
        """Return the next piece and step over it."""
        token = self.token
        self._at += token.sort != "end"
        return token

    def took(self, text: str) -> bool:
        """Step over the next piece if it is this word or sign."""
        if self.token.text != text or self.token.sort not in ("name", "sign"):
            return False
        self.advance()
        return True

    def expect(self, text: str, expected: str) -> None:
        """Step over this word or sign, which must come next."""
        if not self.took(text):
            raise self.failure(f"expected {expected}", (text,))

    def failure(self, message: str, known: tuple[str, ...] = ()) -> BadCondition:
        """Return the error that says what was expected instead of the next piece."""
        token = self.token
        guess = nearest(token.text, known) if token.sort == "name" else None
        guess = guess if guess != token.text else None
        return BadCondition(f"{message[0].upper()}{message[1:]}, found {token}.", token.place, nearest=guess)

    def refusal(self, message: str) -> BadCondition:
        """Return the error that says what is wrong at the next piece."""
        return BadCondition(f"{message}.", self.token.place)

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """Count how deep brackets and functions lie within one another; too deep is refused."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self.refusal(f"Brackets lie more than {MAX_DEPTH} deep: put parts of this into segments")
        try:
            yield
        finally:
            self._depth -= 1

    def quoted_text(self) -> Text:
        """Read a text in quotes."""
        if self.token.sort != "text":
            raise self.failure("expected a text in quotes")
        token = self.advance()
        return Text(unquoted(token), token.place)

    def number(self) -> Number:
        """Read a number."""
        if self.token.sort != "number":
            raise self.failure("expected a number")
        token = self.advance()
        if len(token.text.replace(".", "")) > 15:
            raise BadCondition("Numbers have 15 digits at most.", token.place)
        return Number(float(token.text), token.place)

    def whole(self, expected: str, most: int) -> int:
        """Read a whole number from 1 up."""
        token = self.token
        number = self.number().value
        if number != int(number) or not 1 <= number <= most:
            raise BadCondition(f"Expected {expected} from 1 to {most:,}, found {token}.", token.place)
        return int(number)

    def duration(self) -> Duration:
        """Read a length of time, such as `60 days` or `60d`."""
        if self.token.sort != "number":
            raise self.failure("expected a length of time, such as `60 days` or `60d`")
        number, unit = self.token, self.following
        name = _UNIT_NAMES.get(unit.text if unit.sort == "name" else "")
        if name is None:
            self.advance()
            raise self.failure("expected days, weeks, months, years, hours or minutes", tuple(_UNIT_NAMES))
        amount = self.whole(f"a number of {name}s", _MOST[name])
        if unit.text == "m" and number.text and unit.place.column > number.place.column + len(number.text):
            raise self.refusal("`m` alone could be minutes or months: write the word")
        self.advance()
        return Duration(amount, name)

    def window(self) -> Window:
        """Read which time is looked at."""
        if self.took("ever"):
            return None
        if self.took("last"):
            return Last(self.duration())
        if self.took("between"):
            return self._between()
        raise self.failure(
            "expected `last 90 days`, `between 2026-01-01 and 2026-03-31` or `ever`", ("last", "between", "ever")
        )

    def _between(self) -> Between:
        first = self.date()
        self.expect("and", "`and` and the last day")
        place, last = self.token.place, self.date()
        if last < first:
            raise BadCondition(f"No day lies between {first} and {last}: the first day comes first.", place)
        return Between(first, last)

    def date(self) -> date:
        """Read a calendar day."""
        token = self.token
        if token.sort != "date":
            raise self.failure("expected a day such as 2026-03-31")
        self.advance()
        try:
            found = date.fromisoformat(token.text)
        except ValueError:
            raise BadCondition(f"There is no day {token.text} in the calendar.", token.place) from None
        if not 1970 <= found.year <= 2099:
            raise BadCondition("Days lie between 1970-01-01 and 2099-12-31.", token.place)
        return found
