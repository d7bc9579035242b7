"""Ask a database about many values at once, with one parameter instead of thousands."""

import json
from collections.abc import Sequence

_SQL = {"sqlite": "IN (SELECT value FROM json_each(%s))", "postgresql": "= ANY(%s)"}


def among(vendor: str, texts: Sequence[str]) -> tuple[str, str | list[str]]:
    """Return the SQL that follows a column to match any of the texts, and its one parameter.

    >>> among("sqlite", ["a", "b"])
    ('IN (SELECT value FROM json_each(%s))', '["a", "b"]')
    >>> among("postgresql", ["a", "b"])
    ('= ANY(%s)', ['a', 'b'])
    """
    return _SQL[vendor], json.dumps(texts) if vendor == "sqlite" else list(texts)
