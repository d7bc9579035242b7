"""On PostgreSQL, remember which transaction wrote an event: only so can the log be read without losing late commits."""

from typing import ClassVar

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import StateApps


def add_transaction(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Add the column and its index."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE events_event ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id()")
        schema_editor.execute("CREATE INDEX event_by_transaction ON events_event (xid)")


def drop_transaction(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take it away again."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE events_event DROP COLUMN xid")


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("events", "0001_initial")]
    operations: ClassVar[list[Operation]] = [migrations.RunPython(add_transaction, drop_transaction)]
