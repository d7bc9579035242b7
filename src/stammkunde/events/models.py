"""The log: one row for everything a customer does or is sent, never changed.

Rows go only when a person is erased, or when an import is taken back as a whole.
"""

from typing import ClassVar

from django.db import models

from stammkunde.customers.models import Customer
from stammkunde.events.fields import JsonTextField, MomentField
from stammkunde.events.import_record import Import

__all__ = ["Event", "Import"]


class Event(models.Model):
    """Something that happened. On PostgreSQL a further column `xid` tells which transaction wrote it."""

    kind = models.CharField(max_length=64)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    at = MomentField()
    utc_offset = models.SmallIntegerField(default=0)
    recorded_at = MomentField()
    source = models.CharField(max_length=64)
    external_id = models.CharField(max_length=200)
    revision = models.SmallIntegerField(default=0)
    value = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True, default="")
    attributes = JsonTextField(default=dict)
    digest = models.CharField(max_length=32, blank=True, default="")
    cause = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    live = models.BooleanField(default=True)
    brought_by = models.ForeignKey(Import, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        """The same thing is written once; a later state of it is a new revision that replaces the one before."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["source", "external_id", "revision"], name="event_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["customer", "at"], name="event_of_customer"),
            models.Index(fields=["at"], name="event_by_time"),
            models.Index(fields=["brought_by"], name="event_by_import", condition=models.Q(brought_by__isnull=False)),
            models.Index(fields=["replaces"], name="event_by_earlier", condition=models.Q(replaces__isnull=False)),
            models.Index(fields=["cause"], name="event_by_cause", condition=models.Q(cause__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source}/{self.external_id}"
