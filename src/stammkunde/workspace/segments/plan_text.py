"""Show the query that asks a condition of all customers, laid out so that people can read it and run it themselves."""

import re
from datetime import datetime

from stammkunde import conditions
from stammkunde.conditions import Condition
from stammkunde.segments import definitions

_BREAK = re.compile(
    r" (?=(?:FROM|WHERE|LEFT JOIN|GROUP BY|QUALIFY|ORDER BY|UNION ALL)\b)"
    r"|(?<=\),) (?=\w+ AS (?:NOT )?(?:MATERIALIZED )?\()|(?<=\)) (?=SELECT\b)"
)
_NAME = re.compile(r"\$(\w+)")
_LONGEST = 20_000


def plan_text(text: str, condition: Condition, *, now: datetime) -> str:
    """Return the condition as a remark, and below it the query as of now with all values written out."""
    known = definitions.known()
    plan = conditions.compile(condition, now=now, zone=known.zone, segments=known.conditions)
    parameters = {name: _literal(value) for name, value in plan.parameters.items()}
    query = _NAME.sub(lambda match: parameters.get(match[1], match[0]), _BREAK.sub("\n", plan.sql))
    shown = query if len(query) <= _LONGEST else f"{query[:_LONGEST]} …"
    remark = "\n".join(f"-- {line}" for line in text.splitlines())
    return f"{remark}\n{shown}"


def _literal(value: object) -> str:
    """Write a value as SQL does; a text stays a text, whatever stands in it."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return repr(value)
    return "'" + str(value).replace("'", "''") + "'"
