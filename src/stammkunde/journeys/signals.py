"""Read by which sign somebody is recognised at a touchpoint, and what makes a pain believable."""

from stammkunde.conditions import BadCondition, Condition, Selector, parse, parse_selector
from stammkunde.conditions.cursor import Cursor
from stammkunde.conditions.local_clock import Duration
from stammkunde.conditions.tokens import quoted
from stammkunde.conditions.tree import Exists, Sequence
from stammkunde.conditions.writing import written as condition_text
from stammkunde.journeys.document import Evidence, Silence

# Sorts of evidence that the log can count, and the events in which they show.
_COUNTED = {
    "survey_theme": "survey.answered where theme = {0}",
    "ticket_tag": "case.opened where topic = {0} or tags contains {0}",
    "return_reason": "order.returned where reason = {0}",
}
EVIDENCE = ("interview", *_COUNTED, "assumption", "condition")
_SHORT = {"minute": "min", "hour": "h", "day": "d", "week": "w", "month": "mo", "year": "y"}
_SILENCE = "`any(order.placed) then none(order.placed) for 60 days`"


def found_by(text: str) -> Selector | Silence:
    """Return what a signal means: events, or a silence after an event; raises BadCondition."""
    if not text.lstrip().startswith(("any(", "none(", "any (", "none (")):
        return parse_selector(text)
    tree = parse(text)
    if isinstance(tree, Sequence) and tree.then.none and tree.limit is not None:
        if tree.first.window is not None or tree.then.window is not None:
            raise BadCondition(f"A signal looks at all times: leave the window out, as in {_SILENCE}.", tree.place)
        return Silence(tree.first.selector, tree.then.selector, tree.limit)
    if isinstance(tree, Exists) and not tree.none and tree.window is None:
        raise BadCondition(
            f"A signal names the events themselves: write `{condition_text(tree.selector)}` without `any(…)`.",
            tree.place,
        )
    raise BadCondition(
        f"A signal is a kind of event, such as `order.placed`, or a silence, such as {_SILENCE}; others after one "
        "another belong into `paths`."
    )


def signal_text(found: Selector | Silence) -> str:
    """Return the text of a signal in its normal form."""
    if not isinstance(found, Silence):
        return condition_text(found)
    return condition_text(Sequence(Exists(found.first), Exists(found.missing, none=True), found.length))


def evidence(sort: str, text: str, line: int = 0) -> Evidence:
    """Return evidence with whom and what it is about, where the log can know; raises BadCondition."""
    if sort == "condition":
        condition, found = _either(text)
        return Evidence(sort, text, condition, found, line)
    if sort in _COUNTED and text:
        found = parse_selector(_COUNTED[sort].format(quoted(text)))
        return Evidence(sort, text, Exists(found), found, line)
    return Evidence(sort, text, line=line)


def read_duration(text: str) -> Duration:
    """Return the length of time that the text says, such as `60d` or `2 years`; raises BadCondition."""
    cursor = Cursor(text)
    found = cursor.duration()
    if cursor.token.sort != "end":
        raise cursor.failure("expected nothing more after the length of time")
    return found


def duration_text(duration: Duration) -> str:
    """Return a length of time in short: `60d`."""
    return f"{duration.amount}{_SHORT[duration.unit]}"


def _either(text: str) -> tuple[Condition, Selector | None]:
    """Read events or a condition; events stand for `any(…)` of them."""
    try:
        found = parse_selector(text)
    except BadCondition:
        condition = parse(text)
        events = condition.selector if isinstance(condition, Exists) and not condition.none else None
        return condition, events
    return Exists(found), found
