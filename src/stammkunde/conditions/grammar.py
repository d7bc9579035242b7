"""Read the text of a condition, a selector or a goal; `docs/reference/conditions.md` spells the grammar out."""

from typing import TypeVar

from stammkunde.conditions.cursor import MAX_DEPTH
from stammkunde.conditions.grammar_pieces import Pieces
from stammkunde.conditions.tokens import BadCondition, Token
from stammkunde.conditions.tree import (
    OPERATORS,
    And,
    Anniversary,
    Arithmetic,
    Attribute,
    Bound,
    Comparison,
    Condition,
    Consent,
    Events,
    Exists,
    Flag,
    Goal,
    Holds,
    InSegment,
    Node,
    Not,
    Nth,
    Number,
    OneOf,
    Operator,
    Or,
    Selector,
    Sequence,
    Sign,
    Text,
    TextTest,
    Trait,
    Value,
)
from stammkunde.conditions.walking import depth

MAX_CLAUSES = 1_000
Read = TypeVar("Read", bound=Node)
_OR, _AND, _NOT, _COMPARE, _ADD, _MULTIPLY, _MINUS = range(1, 8)
_STRENGTH = {
    "or": _OR,
    "and": _AND,
    **dict.fromkeys((*OPERATORS, "in", "not", "starts", "contains"), _COMPARE),
    "+": _ADD,
    "-": _ADD,
    "*": _MULTIPLY,
    "/": _MULTIPLY,
}
_MAY_FOLLOW = ("and", "or", "then", "within", "where", "in", "contains")
_AFTER_VALUE = "expected a comparison (such as `= 1`), `and`, `or` or the end"
_CONDITIONS = (And, Or, Not, Comparison, OneOf, TextTest, Holds, Exists, Sequence, InSegment, Consent, Anniversary)


def parse(text: str) -> Condition:
    """Return the condition that the text says; raises BadCondition."""
    reader = _Reader(text)
    found = reader.condition()
    reader.finish()
    return found


def parse_selector(text: str) -> Selector:
    """Return the events that the text names, such as `order.placed where value >= 20`; raises BadCondition."""
    reader = _Reader(text)
    found = reader.selector()
    reader.finish()
    return found


def parse_goal(text: str) -> Goal:
    """Return the goal that the text names, such as `order.placed within 60d`; raises BadCondition."""
    reader = _Reader(text)
    selector = reader.selector()
    goal = Goal(selector, reader.duration() if reader.took("within") else None)
    reader.finish()
    return goal


class _Reader(Pieces):
    """A parser by operator strength: brackets, functions and `not` descend, everything else loops."""

    def condition(self) -> Condition:
        """Read a whole condition."""
        start = self.token
        return self._as_condition(self.expression(0), start)

    def expression(self, strength: int) -> Node:
        """Read an expression whose operators bind stronger than given."""
        with self.deeper():
            start = self.token
            left = self._prefix()
            while _STRENGTH.get(self.token.text if self.token.sort in ("name", "sign") else "", 0) > strength:
                left = self._infix(left, start)
            return left

    def _prefix(self) -> Node:
        token = self.token
        if self.took("not"):
            inner = self.token
            return Not(self._as_condition(self.expression(_NOT), inner), token.place)
        if self.took("-"):
            return self._negative(token)
        if self.took("("):
            found = self.expression(0)
            self.expect(")", "`)`")
            return found
        if self.took("in"):
            self.expect("segment", "`segment`")
            return self._counted(InSegment(self.argument("the name of a segment"), token.place))
        return self._counted(self.primary())

    def _negative(self, token: Token) -> Value:
        start = self.token
        value = self._as_value(self.expression(_MINUS), start)
        if isinstance(value, Number):
            return Number(0.0 - value.value, token.place)
        return Arithmetic("-", Number(0.0), value, token.place)

    def _infix(self, left: Node, start: Token) -> Node:
        word = self.token.text
        if word in ("or", "and"):
            return self._joined(left, start, word)
        if word in ("in", "not", "starts", "contains"):
            return self._tested(self._as_value(left, start))
        operator = self.advance()
        value = self._as_value(left, start)
        inner = self.token
        right = self._as_value(self.expression(_STRENGTH[word]), inner)
        sign: dict[str, Sign] = {"+": "+", "-": "-", "*": "*", "/": "/"}
        if word in sign:
            return self._bearable(Arithmetic(sign[word], value, right, operator.place))
        if self.token.text in OPERATORS and self.token.sort == "sign":
            raise self.failure("one comparison has already been made: join two of them with `and`")
        compared: dict[str, Operator] = {name: name for name in OPERATORS}
        return self._counted(Comparison(compared[word], value, right, operator.place))

    def _bearable(self, value: Arithmetic) -> Arithmetic:
        if depth(value) > MAX_DEPTH:
            raise self.refusal(f"This sum has more than {MAX_DEPTH} steps: make a trait of it")
        return value

    def _joined(self, left: Node, start: Token, word: str) -> Condition:
        parts = [self._as_condition(left, start)]
        while self.took(word):
            inner = self.token
            parts.append(self._as_condition(self.expression(_STRENGTH[word]), inner))
        kind = Or if word == "or" else And
        return kind(tuple(parts), start.place)

    def _tested(self, value: Value) -> Condition:
        word = self.advance()
        if word.text == "not":
            self.expect("in", "`in` after `not`")
            return Not(self._one_of(value, word), word.place)
        if word.text == "in":
            return self._one_of(value, word)
        if word.text == "starts":
            self.expect("with", "`with` after `starts`")
            return self._counted(TextTest("starts with", value, self.quoted_text(), word.place))
        return self._counted(TextTest("contains", value, self.quoted_text(), word.place))

    def _one_of(self, value: Value, word: Token) -> Condition:
        self.expect("(", '`(` and a list, such as `("Wien", "Graz")`')
        if self.token.text == ")":
            raise self.failure("the list is empty, so nothing could ever be in it; expected a text or a number")
        options: list[Text | Number] = [self._option()]
        while self.took(","):
            options.append(self._option())
        self.expect(")", "`,` or `)`")
        return self._counted(OneOf(value, tuple(options), word.place))

    def _option(self) -> Text | Number:
        token = self.token
        if token.sort == "text":
            return self.quoted_text()
        negative = self.took("-")
        if self.token.sort != "number":
            raise self.failure("expected a text in quotes or a number")
        number = self.number()
        return Number(0.0 - number.value, token.place) if negative else number

    def _as_condition(self, node: Node, start: Token) -> Condition:
        if isinstance(node, _CONDITIONS):
            return node
        if isinstance(node, Trait | Attribute | Bound | Flag):
            return Holds(node, node.place)
        if self.token.sort == "end" or self.token.text in (")", ",", "and", "or"):
            raise BadCondition(
                f"This is a value, not a condition: compare it, as in `{start.text} … > 1`.", start.place
            )
        raise self.failure(_AFTER_VALUE)

    def _as_value(self, node: Node, start: Token) -> Value:
        if isinstance(node, Holds):
            return node.value
        if isinstance(node, _CONDITIONS):
            raise BadCondition("Expected a value here, found a condition; conditions are joined by `and`.", start.place)
        assert not isinstance(node, Events | Nth), "selectors are read where they are expected"
        return node

    def _counted(self, node: Read) -> Read:
        if isinstance(node, _CONDITIONS):
            self.clauses += 1
            if self.clauses > MAX_CLAUSES:
                raise self.refusal(f"There are more than {MAX_CLAUSES:,} clauses: put parts of them into segments")
        return node

    def finish(self) -> None:
        """Make sure that nothing follows."""
        if self.token.sort != "end":
            raise self.failure(
                "expected `and`, `or` or the end", ("and", "or", "then", "within", "where", "in", "contains")
            )
