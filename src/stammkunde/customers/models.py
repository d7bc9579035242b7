"""A customer, and the names under which others know her."""

from typing import ClassVar

from django.db import models


class Customer(models.Model):
    """One person or household; everything personal is here and in her identities, nowhere else."""

    class Tone(models.TextChoices):
        """How she wishes to be addressed; empty means: as the business does by default."""

        DU = "du", "du"
        SIE = "sie", "Sie"

    given_name = models.CharField(max_length=100, blank=True, default="")
    family_name = models.CharField(max_length=100, blank=True, default="")
    street = models.CharField(max_length=200, blank=True, default="")
    postcode = models.CharField(max_length=20, blank=True, default="")
    city = models.CharField(max_length=100, blank=True, default="")
    country = models.CharField(max_length=2, blank=True, default="")
    language = models.CharField(max_length=10, blank=True, default="")
    tone = models.CharField(max_length=3, blank=True, default="", choices=Tone.choices)
    invented = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        """Found by name in a list of a million."""

        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["family_name", "given_name"], name="customer_by_name"),
            models.Index(fields=["city"], name="customer_by_city"),
            models.Index(fields=["postcode"], name="customer_by_postcode"),
        ]

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"

    @property
    def name(self) -> str:
        """Return the whole name, empty when none is known."""
        return f"{self.given_name} {self.family_name}".strip()


class Identity(models.Model):
    """A name under which a customer is known: her number in a shop, an e-mail address, a telephone."""

    class Kind(models.TextChoices):
        """What sort of name it is."""

        NUMBER = "number", "customer number"
        EMAIL = "email", "e-mail"
        PHONE = "phone", "phone"

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    scope = models.CharField(max_length=64, blank=True, default="")
    value = models.CharField(max_length=254)

    class Meta:
        """One name leads to one customer; numbers only mean something within their shop (scope)."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind", "value", "scope"], name="identity_is_one_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"
