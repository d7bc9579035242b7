"""Wait until what was written may be read: on PostgreSQL a running transaction, even of another test, holds it back."""

from django.db import connection

_WAITING = """
SELECT EXISTS (SELECT FROM events_event WHERE xid >= pg_snapshot_xmin(pg_current_snapshot()))
    OR EXISTS (SELECT FROM customers_customer WHERE xid >= pg_snapshot_xmin(pg_current_snapshot()))
"""


def wait() -> None:
    """Return as soon as no older transaction runs in the database server."""
    while connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(_WAITING)
            [(waiting,)] = cursor.fetchall()
            if not waiting:
                return
            cursor.execute("SELECT pg_sleep(0.005)")
