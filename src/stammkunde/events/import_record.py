"""Remember each import: what was handed in, how it is read, how far it is, and what came of it."""

from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

FOLDER_NAME = "imports"


class Import(models.Model):
    """One file on its way into the log. Whoever runs it holds it by `fence` and `lease_until`; see imports.claims."""

    class State(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        STOPPED = "stopped", _("Stopped")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")
        FAILED = "failed", _("Failed")
        UNDONE = "undone", _("Taken back")

    kind = models.CharField(max_length=16, default="orders")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField(default=0)
    shop = models.CharField(max_length=64, default="shop")
    plan = models.JSONField(default=dict)
    told = models.JSONField(default=dict)
    signature = models.CharField(max_length=32, db_index=True)
    only_check = models.BooleanField(default=False)

    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    phase = models.CharField(max_length=16, blank=True, default="")
    share = models.FloatField(default=0.0)
    cursor = models.BigIntegerField(default=0)
    fence = models.BigIntegerField(default=0)
    holder = models.CharField(max_length=200, blank=True, default="")
    lease_until = models.DateTimeField(null=True)
    stop_asked = models.BooleanField(default=False)

    read = models.BigIntegerField(default=0)
    imported = models.BigIntegerField(default=0)
    duplicate = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    orders = models.BigIntegerField(default=0)
    returns = models.BigIntegerField(default=0)
    changed = models.BigIntegerField(default=0)
    warnings = models.JSONField(default=list)
    message = models.TextField(blank=True, default="")

    undoing = models.BooleanField(default=False)
    taken_events = models.BigIntegerField(default=0)
    taken_customers = models.BigIntegerField(default=0)

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        """The oldest that waits comes first; the newest is shown first."""

        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "id"], name="import_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.state})"

    @property
    def folder(self) -> Path:
        """Return the folder that holds the file while it is needed, and its rejects."""
        return Path(settings.HOME) / FOLDER_NAME / str(self.pk)

    @property
    def file(self) -> Path:
        """Return our copy of the file; it is deleted when the import is done."""
        return self.folder / "file"

    @property
    def rejects_file(self) -> Path | None:
        """Return the file of rejected rows with their reasons, if there are any."""
        path = self.folder / "rejects.csv"
        return path if path.exists() else None

    @property
    def is_over(self) -> bool:
        """Tell whether nothing more will happen to it by itself."""
        return self.state not in (self.State.WAITING, self.State.RUNNING)
