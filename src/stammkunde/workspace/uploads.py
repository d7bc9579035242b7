"""Take files from browsers: to disk piece by piece, within limits, and keep them until it is said how to read them."""

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest
from django.urls import reverse

from stammkunde.accounts.models import User

KEPT = timedelta(days=1)
Refusal = Literal["", "too large", "no room"]
_FOLDER = "uploads"
_MAP_LIMIT = 1_000_000
_FILE, _ABOUT = "file", "about.json"


@dataclass(frozen=True)
class Upload:
    """A file that somebody handed in and that waits to be looked at; its name is only ever shown, never a path."""

    key: str
    file_name: str
    size: int
    by: int
    at: str

    @property
    def folder(self) -> Path:
        return _root() / self.key

    @property
    def file(self) -> Path:
        """Return our copy of the file."""
        return self.folder / _FILE


class Gatekeeper(FileUploadHandler):
    """Let files in only where files are expected, from people who may import them, and only up to the limit.

    The rest of what a refused browser sends is read and thrown away, so that it can be told why.
    """

    def handle_raw_input(
        self, input_data: Any, meta: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        """Refuse at once what says it is too large, or larger than what is left on the disk."""
        self._received = 0
        self._refusal: Refusal = ""
        if content_length > _limit(self.request) + 2**20:
            self._refusal = "too large"
        elif content_length * 2 > shutil.disk_usage(settings.HOME).free:
            self._refusal = "no room"

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Stop at the first file where none is expected."""
        super().new_file(*args, **kwargs)
        if not _expected(self.request) or self._refusal:
            self._stop()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Count what comes, whatever the browser said before."""
        self._received += len(raw_data)
        if self._received > _limit(self.request):
            self._refusal = "too large"
            self._stop()
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""

    def _stop(self) -> None:
        if self.request is not None:
            self.request.META["stammkunde.upload_refused"] = self._refusal
        raise StopUpload(connection_reset=False)


def refusal(request: HttpRequest) -> Refusal:
    """Say why a file was not let in; empty when none was turned away."""
    refused: Refusal = request.META.get("stammkunde.upload_refused", "")
    return refused


def keep(file: "UploadedFile[bytes]", *, by: User, now: datetime) -> Upload:
    """Keep a file that came in; a large one is moved, not copied."""
    forget_old(now=now)
    upload = _announce(file.name or "", file.size or 0, by=by, now=now)
    if isinstance(file, TemporaryUploadedFile):
        Path(file.temporary_file_path()).replace(upload.file)
    else:
        with upload.file.open("wb") as out:
            shutil.copyfileobj(file, out)
    return upload


def keep_again(path: Path, file_name: str, *, by: User, now: datetime) -> Upload:
    """Keep a copy of a file that was imported or refused, to be read in another way; it costs no further room."""
    upload = _announce(file_name, path.stat().st_size, by=by, now=now)
    try:
        os.link(path, upload.file)
    except OSError:
        shutil.copyfile(path, upload.file)
    return upload


def find(key: UUID, *, by: User) -> Upload | None:
    """Return what this person handed in under this key, if it is still here."""
    try:
        upload = Upload(**json.loads((_root() / str(key) / _ABOUT).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    return upload if upload.by == by.pk and upload.file.exists() else None


def forget(upload: Upload) -> None:
    """Throw the file away."""
    shutil.rmtree(upload.folder, ignore_errors=True)


def forget_old(*, now: datetime) -> None:
    """Throw away what nobody has come back to for a day."""
    for folder in _folders():
        if datetime.fromtimestamp(folder.stat().st_mtime, tz=now.tzinfo) < now - KEPT:
            shutil.rmtree(folder, ignore_errors=True)


def _announce(file_name: str, size: int, *, by: User, now: datetime) -> Upload:
    upload = Upload(str(uuid4()), _shown(file_name), size, by.pk, now.isoformat())
    upload.folder.mkdir(parents=True)
    (upload.folder / _ABOUT).write_text(json.dumps(asdict(upload)), encoding="utf-8")
    return upload


def _shown(name: str) -> str:
    """Return a name fit to be shown: one line, without folders."""
    bare = name.replace("\\", "/").rpartition("/")[2]
    return "".join(character for character in bare if character.isprintable())[:200] or "file"


def _folders() -> Iterator[Path]:
    return (path for path in _root().glob("*") if (path / _ABOUT).exists())


def _root() -> Path:
    return Path(settings.HOME) / _FOLDER


def _limit(request: HttpRequest | None) -> int:
    """Return how large a file may be here: a map is a text, not an export."""
    is_map = request is not None and request.path == reverse("journey-import")
    return _MAP_LIMIT if is_map else int(settings.UPLOAD_LIMIT)


def _expected(request: HttpRequest | None) -> bool:
    user = getattr(request, "user", None)
    allowed = isinstance(user, User) and user.may("import_files")
    return request is not None and request.path in (reverse("imports"), reverse("journey-import")) and allowed
