"""Open what people hand in: plain or compressed text, Parquet, and politely none of the rest."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Literal, cast

from stammkunde.events.imports.refusals import Refused

Kind = Literal["text", "parquet"]

HEAD = 1 << 20
LARGEST_UNPACKED = 20_000_000_000
_GZIP = b"\x1f\x8b"
_FOREIGN = {
    b"PK\x03\x04": "a ZIP archive or an Excel workbook (.xlsx)",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook (.xls)",
    b"%PDF": "a PDF document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"SQLite format 3": "a SQLite database",
    b"(\xb5/\xfd": "compressed with Zstandard",
    b"BZh": "compressed with bzip2",
    b"\xfd7zXZ": "compressed with xz",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
}
_TEXTUAL_CONTROLS = frozenset(b"\t\n\v\f\r\x1a\x1b")
_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


class EmptyFile(Refused):
    """The file is empty; export the orders again."""


class BinaryFile(Refused):
    """The file is not text and not Parquet; save or export it as CSV."""


class BrokenArchive(Refused):
    """The compressed file ends early or is damaged; download or copy it again."""


class TooMuchInside(Refused):
    """The compressed file holds more than we unpack; export a shorter period."""


class NoSuchFile(Refused):
    """There is no file of this name; check the path."""


def kind_of(path: Path) -> Kind:
    """Tell text from Parquet by content, whatever the file is called; refuse what is neither, and what is empty."""
    head = read_head(path)
    if not head.strip(b"\x00\xef\xbb\xbf \t\r\n"):
        raise EmptyFile(f"{path.name} is empty. Export the orders again.")
    if head.startswith(b"PAR1"):
        return "parquet"
    foreign = next((what for magic, what in _FOREIGN.items() if head.startswith(magic)), None)
    if foreign:
        raise BinaryFile(f"{path.name} is {foreign}. Unpack it, or save it as CSV, and import that.")
    if _is_binary(head):
        raise BinaryFile(f"{path.name} is neither text nor Parquet. Export the orders as CSV and import that.")
    return "text"


def read_head(path: Path, *, size: int = HEAD) -> bytes:
    """Return the first bytes of the file's content, unpacked."""
    with opened(path) as stream:
        return stream.read(size)


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """Open the file's content, unpacking gzip on the way."""
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == _GZIP
            raw.seek(0)
            if packed:
                with _Unpacked(fileobj=raw, mode="rb") as unpacked:
                    yield cast(IO[bytes], unpacked)
            else:
                yield raw
    except (FileNotFoundError, IsADirectoryError, PermissionError) as problem:
        raise NoSuchFile(f"Cannot read {path}: {problem.strerror}. Check the path.") from problem
    except (EOFError, gzip.BadGzipFile, zlib.error) as problem:
        raise BrokenArchive(f"{path.name} is damaged or cut off ({problem}). Fetch it again.") from problem


class _Unpacked(gzip.GzipFile):
    """Unpacks up to a limit: a few megabytes may hold terabytes of the same letter."""

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        if self.tell() > LARGEST_UNPACKED:
            gigabytes = LARGEST_UNPACKED // 1_000_000_000
            raise TooMuchInside(f"The file holds more than {gigabytes} GB when unpacked. Export a shorter period.")
        return data


def _is_binary(head: bytes) -> bool:
    """Text has next to no control characters, once the zeros of UTF-16 and UTF-32 are left aside."""
    if head.startswith(_BOMS):
        return False
    sample = head[:65_536]
    zeros = sample.count(0)
    if zeros > len(sample) // 100:
        return not _is_wide(sample)
    controls = sum(byte < 32 and byte not in _TEXTUAL_CONTROLS for byte in sample)
    return controls > len(sample) // 100 + zeros


def _is_wide(sample: bytes) -> bool:
    """Tell text in UTF-16 or UTF-32 without a mark: nearly all zeros stand at the same places of each character."""
    for width in (2, 4):
        places = [sample[place::width].count(0) for place in range(width)]
        most, zeros = max(places), sum(places)
        if width == 2 and most > 0.4 * len(sample) / 2 and most > 0.95 * zeros:
            return True
        if width == 4 and sorted(places)[1] > 0.9 * len(sample) / 4:
            return True
    return False
