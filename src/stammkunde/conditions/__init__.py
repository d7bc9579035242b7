"""Answer every question about one customer in one small language: read it, evaluate it, compile it for all.

>>> from datetime import UTC, datetime
>>> from zoneinfo import ZoneInfo
>>> condition = parse("count(order.placed, last 90 days) >= 2")
>>> format(condition), describe(condition, "en")
('count(order.placed, last 90 days) >= 2', 'at least 2 orders in the last 90 days')
>>> orders = [Event(1, "order.placed", 1_767_225_600_000_000), Event(2, "order.placed", 1_769_904_000_000_000)]
>>> verdict = evaluate(condition, orders, datetime(2026, 2, 15, tzinfo=UTC), zone=ZoneInfo("Europe/Berlin"))
>>> verdict.value, verdict.flips_at.isoformat()
(True, '2026-03-31T23:00:00+00:00')
"""

from stammkunde.conditions.concerns import Concerns, concerns
from stammkunde.conditions.describing import describe
from stammkunde.conditions.evaluation import Verdict, evaluate, matching, reached
from stammkunde.conditions.grammar import parse, parse_goal, parse_selector
from stammkunde.conditions.history import Event, History
from stammkunde.conditions.plan import Plan
from stammkunde.conditions.plan import planned as compile
from stammkunde.conditions.plan import planned_selector as compile_selector
from stammkunde.conditions.reasons import Reason
from stammkunde.conditions.tokens import BadCondition
from stammkunde.conditions.tree import Condition, Goal, Selector
from stammkunde.conditions.vocabulary import Vocabulary, check, check_segments
from stammkunde.conditions.writing import written as format

__all__ = [
    "BadCondition",
    "Concerns",
    "Condition",
    "Event",
    "Goal",
    "History",
    "Plan",
    "Reason",
    "Selector",
    "Verdict",
    "Vocabulary",
    "check",
    "check_segments",
    "compile",
    "compile_selector",
    "concerns",
    "describe",
    "evaluate",
    "format",
    "matching",
    "parse",
    "parse_goal",
    "parse_selector",
    "reached",
]
