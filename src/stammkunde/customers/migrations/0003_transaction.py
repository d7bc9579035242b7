"""On PostgreSQL, remember which transaction wrote a customer, as for events: newcomers are read without losing any."""

from typing import ClassVar

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import StateApps


def add_transaction(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Add the column and its index."""
    if schema_editor.connection.vendor == "postgresql":
        table = "ALTER TABLE customers_customer"
        schema_editor.execute(f"{table} ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id()")
        schema_editor.execute("CREATE INDEX customer_by_transaction ON customers_customer (xid)")


def drop_transaction(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take it away again."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE customers_customer DROP COLUMN xid")


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("customers", "0002_folded_names")]
    operations: ClassVar[list[Operation]] = [migrations.RunPython(add_transaction, drop_transaction)]
