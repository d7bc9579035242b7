"""A customer, and the names under which others know her."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models

from stammkunde.customers.folding import FoldedField, followers


class Customers(models.QuerySet["Customer"]):
    """All customers, or some; keeps the folded columns in step when only some columns are written."""

    def bulk_update(self, objs: Iterable["Customer"], fields: Iterable[str], batch_size: int | None = None) -> int:
        """Write these columns of the customers, and those that follow them."""
        customers, columns = list(objs), list(fields)
        following = followers(self.model, set(columns))
        for customer in customers:
            for field in following:
                field.pre_save(customer, add=False)
        return super().bulk_update(customers, [*columns, *(field.name for field in following)], batch_size)


class Customer(models.Model):
    """One person or household; everything personal is here and in her identities, nowhere else.

    `origin` is the number of the import that brought her, `told_at` the moment (µs since 1970) as of which a file last
    told her name and address.
    """

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
    origin = models.BigIntegerField(null=True)
    told_at = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    by_family_name = FoldedField(max_length=210, sources=("family_name", "given_name"))
    by_given_name = FoldedField(max_length=210, sources=("given_name", "family_name"))
    by_city = FoldedField(max_length=105, sources=("city",))
    by_postcode = FoldedField(max_length=25, sources=("postcode",))

    objects: ClassVar[models.Manager["Customer"]] = Customers.as_manager()

    class Meta:
        """Found by the beginning of a name or place in a list of a million."""

        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["by_family_name"], name="customer_by_family_name"),
            models.Index(fields=["by_given_name"], name="customer_by_given_name"),
            models.Index(fields=["by_city"], name="customer_by_city"),
            models.Index(fields=["by_postcode"], name="customer_by_postcode"),
            models.Index(fields=["origin"], name="customer_by_origin", condition=models.Q(origin__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the row, or some columns of it and those that follow them."""
        some = kwargs.get("update_fields")
        if some is not None:
            kwargs["update_fields"] = {*some, *(field.name for field in followers(type(self), set(some)))}
        super().save(*args, **kwargs)

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
