"""Keep the picture of the customer one wishes for, so that it can be held against the customers one has."""

from django.db import models


class Persona(models.Model):
    """A customer one wishes for: a name, answers in one's own words, and what one believes of her.

    `answers` holds texts by question, `picture` what can be checked against data: city, tone, category, order value,
    orders per year. The segment says who of the real customers is meant.
    """

    class Tone(models.TextChoices):
        """How she wants to be addressed."""

        INFORMAL = "du", "du"
        FORMAL = "sie", "Sie"

    slug = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=120)
    segment = models.ForeignKey("segments.Segment", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    tone = models.CharField(max_length=8, choices=Tone.choices, blank=True, default="")
    answers = models.JSONField(default=dict, blank=True)
    picture = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
