"""Let customers be found by the beginning of a name, place, number or address, whatever the language of the database."""

from typing import ClassVar

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import StateApps

from stammkunde.customers.folding import FoldedField

_BYTEWISE = {
    "customers_customer": {"by_family_name": 210, "by_given_name": 210, "by_city": 105, "by_postcode": 25},
    "customers_identity": {"value": 254},
}


def compare_bytewise(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give PostgreSQL's columns the plain order that SQLite's have: only then does an index find beginnings."""
    if schema_editor.connection.vendor != "postgresql":
        return
    for table, columns in _BYTEWISE.items():
        for column, length in columns.items():
            schema_editor.execute(f'ALTER TABLE {table} ALTER COLUMN {column} TYPE varchar({length}) COLLATE "C"')


def _follow(length: int, *sources: str) -> FoldedField:
    return FoldedField(blank=True, default="", editable=False, max_length=length, sources=sources)


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("customers", "0001_initial")]
    operations: ClassVar[list[Operation]] = [
        migrations.RemoveIndex("customer", "customer_by_name"),
        migrations.RemoveIndex("customer", "customer_by_city"),
        migrations.RemoveIndex("customer", "customer_by_postcode"),
        migrations.AddField("customer", "by_family_name", _follow(210, "family_name", "given_name")),
        migrations.AddField("customer", "by_given_name", _follow(210, "given_name", "family_name")),
        migrations.AddField("customer", "by_city", _follow(105, "city")),
        migrations.AddField("customer", "by_postcode", _follow(25, "postcode")),
        migrations.RunPython(compare_bytewise, migrations.RunPython.noop),
        migrations.AddIndex("customer", models.Index(fields=["by_family_name"], name="customer_by_family_name")),
        migrations.AddIndex("customer", models.Index(fields=["by_given_name"], name="customer_by_given_name")),
        migrations.AddIndex("customer", models.Index(fields=["by_city"], name="customer_by_city")),
        migrations.AddIndex("customer", models.Index(fields=["by_postcode"], name="customer_by_postcode")),
    ]
