"""Write many new customers and their names at once: the rows differ in nothing, so one statement makes them all."""

import json
from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from stammkunde.customers.models import Customer, Identity
from stammkunde.kernel.batches import in_chunks

_CHUNK = 5_000
_ROWS = {"sqlite": "json_each(%s)", "postgresql": "json_array_elements(%s::json)"}
_COLUMNS = "kind, scope, value, customer_id"


def create(count: int, *, now: datetime, origin: int | None = None) -> list[int]:
    """Make so many customers about whom nothing is known, inside the caller's transaction, and return their ids.

    `origin` is the import that brings them.
    """
    if not count:
        return []
    blank = Customer(created_at=now, origin=origin)
    fields = [field for field in Customer._meta.concrete_fields if not field.primary_key]
    values = [field.get_db_prep_save(field.pre_save(blank, add=True), connection) for field in fields]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    told = ", ".join(["%s"] * len(fields))
    rows = _ROWS[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Customer._meta.db_table} ({columns}) SELECT {told} FROM {rows} RETURNING id",
            [*values, json.dumps([0] * count)],
        )
        return [row[0] for row in cursor.fetchall()]


def name(names: Iterable[tuple[str, str, str, int]]) -> None:
    """Write names (kind, scope, value, customer), leaving out those that lead to somebody already."""
    table = Identity._meta.db_table
    for chunk in in_chunks(names, _CHUNK):
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                columns = [list(column) for column in zip(*chunk, strict=True)]
                rows = "unnest(%s::text[], %s::text[], %s::text[], %s::bigint[])"
                cursor.execute(f"INSERT INTO {table} ({_COLUMNS}) SELECT * FROM {rows} ON CONFLICT DO NOTHING", columns)
            else:
                cursor.executemany(
                    f"INSERT INTO {table} ({_COLUMNS}) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING", chunk
                )
