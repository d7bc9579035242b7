"""What people answered in the check-up, and what it said on the days on which that changed."""

from typing import ClassVar

from django.db import models

from stammkunde.accounts.models import User


class Opinion(models.Model):
    """What a person answered to one question; the newest one counts, the older ones are its history."""

    class State(models.TextChoices):
        """What the person says; "unknown" takes an earlier answer back."""

        YES = "yes", "yes"
        PARTLY = "partly", "partly"
        NO = "no", "no"
        UNKNOWN = "unknown", "unknown"

    question = models.CharField(max_length=8)
    state = models.CharField(max_length=8, choices=State.choices)
    note = models.TextField(blank=True, default="")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    who = models.CharField(max_length=254, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        """Read by question, the newest first."""

        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["question", "-at"], name="opinion_of_question")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(state__in=["yes", "partly", "no", "unknown"]), name="opinion_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.state}"


class CheckupDay(models.Model):
    """The states of all questions as they stood last on a day on which any of them changed."""

    day = models.DateField(unique=True)
    states = models.JSONField(default=dict)
    taken_at = models.DateTimeField()

    class Meta:
        """In the order of days."""

        ordering: ClassVar[list[str]] = ["day"]

    def __str__(self) -> str:
        return f"check-up of {self.day}"
