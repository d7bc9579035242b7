"""Maps, their versions, and what is being changed at the moment."""

from typing import Any, ClassVar

from django.db import models

from stammkunde.accounts.models import User


class FrozenVersion(ValueError):
    """A published version stays as it is; what changes becomes the next one."""


class Map(models.Model):
    """One map of what customers go through; what it says stands in its versions."""

    slug = models.SlugField(max_length=64, unique=True)
    title = models.CharField(max_length=200, blank=True, default="")
    title_en = models.CharField(max_length=200, blank=True, default="")
    current = models.ForeignKey("MapVersion", on_delete=models.RESTRICT, null=True, blank=True, related_name="+")
    archived_at = models.DateTimeField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["slug"]

    def __str__(self) -> str:
        return self.slug

    def title_in(self, language: str) -> str:
        """Return the title in German or English; the other one, or the short name, where it is missing."""
        german = language.startswith("de")
        own, other = (self.title, self.title_en) if german else (self.title_en, self.title)
        return own or other or self.slug


class MapVersion(models.Model):
    """What a map said when it was published; never changed afterwards, so that figures can name it."""

    map = models.ForeignKey(Map, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    digest = models.CharField(max_length=64)
    note = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["map", "-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["map", "number"], name="journeys_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.map_id} version {self.number}"

    def save(self, *args: Any, **values: Any) -> None:
        """Keep a new version; one that exists already is never changed."""
        if not self._state.adding:
            raise FrozenVersion(f"{self} is published: publish a new version instead.")
        super().save(*args, **values)


class MapDraft(models.Model):
    """What a map is to become: the step that stands now, and the version it began from.

    `turn` grows with every change, so that somebody who saw an older state is told instead of overwriting.
    """

    map = models.OneToOneField(Map, on_delete=models.CASCADE, primary_key=True, related_name="draft")
    base = models.PositiveIntegerField(default=0)
    step = models.PositiveIntegerField(default=0)
    turn = models.PositiveIntegerField(default=0)
    text = models.TextField()
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return f"draft of {self.map_id}, turn {self.turn}"


class MapDraftStep(models.Model):
    """One change of a draft: the text after it, and what it was."""

    draft = models.ForeignKey(MapDraft, on_delete=models.CASCADE, related_name="steps")
    seq = models.PositiveIntegerField()
    text = models.TextField()
    what = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["draft", "seq"], name="journeys_step_once"),
        ]

    def __str__(self) -> str:
        return f"{self.draft_id}.{self.seq} {self.what}"
