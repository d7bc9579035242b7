"""Ask a database about many values at once, with one parameter instead of thousands."""

import json
from collections.abc import Sequence

_SQL = {"sqlite": "IN (SELECT value FROM json_each(%s))", "postgresql": "= ANY(%s)"}


def among(vendor: str, values: Sequence[str] | Sequence[int]) -> tuple[str, str | list[str] | list[int]]:
    """Return the SQL that follows a column to match any of the values, and its one parameter.

    >>> among("sqlite", ["a", "b"])
    ('IN (SELECT value FROM json_each(%s))', '["a", "b"]')
    >>> among("postgresql", [1, 2])
    ('= ANY(%s)', [1, 2])
    """
    return _SQL[vendor], json.dumps(values) if vendor == "sqlite" else list(values)  # type: ignore[return-value]
