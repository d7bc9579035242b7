"""Segments, who is in them, and how far each membership has been kept."""

from typing import ClassVar

from django.db import models

from stammkunde.customers.models import Customer
from stammkunde.events.fields import MomentField
from stammkunde.segments.personas import Persona as Persona


class Segment(models.Model):
    """A group of customers: everybody of whom its condition is true."""

    name = models.SlugField(max_length=64, unique=True)
    title = models.CharField(max_length=120, blank=True, default="")
    title_en = models.CharField(max_length=120, blank=True, default="")
    purpose = models.TextField(blank=True, default="")
    purpose_en = models.TextField(blank=True, default="")
    text = models.TextField()
    sheet = models.JSONField(default=dict, blank=True)
    ready = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    def title_in(self, language: str) -> str:
        """Return the title in a language; the other one, or the name, where it is missing."""
        own, other = (self.title_en, self.title) if language == "en" else (self.title, self.title_en)
        return own or other or self.name

    def purpose_in(self, language: str) -> str:
        """Return the sentence that explains the segment."""
        own, other = (self.purpose_en, self.purpose) if language == "en" else (self.purpose, self.purpose_en)
        return own or other


class Membership(models.Model):
    """A customer is in a segment; whoever is not has no row."""

    class Cause(models.TextChoices):
        """What brought her in."""

        EVENT = "event", "something happened"
        TIME = "time", "time went by"
        DEFINITION = "definition", "the segment was saved"
        RECOUNT = "recount", "the log was read anew"

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    since = MomentField()
    cause = models.CharField(max_length=10, choices=Cause.choices)

    class Meta:
        """Once in each segment; read in the order of customers, and for a customer without looking at the rows."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["segment", "customer"], name="member_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["customer", "segment"], name="member_of")]

    def __str__(self) -> str:
        return f"{self.customer_id} in {self.segment_id}"


class Watch(models.Model):
    """How far a segment's membership has been kept: the place in the log, the moment, and by which definition.

    A worker claims it for a short time by its token; what it writes counts only while the token is still there.
    """

    segment = models.OneToOneField(Segment, on_delete=models.CASCADE, primary_key=True, related_name="watch")
    watermark = models.CharField(max_length=64, blank=True, default="")
    epoch = models.BigIntegerField(default=0)
    checked_at = MomentField(null=True)
    fingerprint = models.CharField(max_length=32, blank=True, default="")
    members = models.IntegerField(default=0)
    turn = models.BigIntegerField(default=0)
    claim = models.CharField(max_length=32, blank=True, default="")
    claimed_until = MomentField(null=True)

    def __str__(self) -> str:
        return f"{self.segment_id} up to {self.watermark}"


class Offered(models.Model):
    """A ready segment that was offered once; who deletes it does not get it again."""

    name = models.SlugField(max_length=64, unique=True)

    def __str__(self) -> str:
        return self.name
