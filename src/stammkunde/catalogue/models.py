"""A product, as orders name it."""

from django.db import models


class Product(models.Model):
    """One thing that is bought, known by the code the shop gives it."""

    code = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=300, blank=True, default="")
    category = models.CharField(max_length=200, blank=True, default="")
    department = models.CharField(max_length=200, blank=True, default="")

    def __str__(self) -> str:
        return self.name or self.code
