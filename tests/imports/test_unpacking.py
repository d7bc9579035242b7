"""A small file that holds very much is given up before it fills the disk."""

import gzip
from pathlib import Path

import pytest

from stammkunde.events import imports
from stammkunde.events.imports import files
from stammkunde.events.models import Event
from tests.imports.taking import NOW, take

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("rows", [100, 200_000])
def test_what_is_unpacked_has_a_limit(rows: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = tmp_path / "bomb.csv.gz"
    bomb.write_bytes(gzip.compress(b"order id;customer id;date;total\n" + b"1;1;05.01.2026;1,50\n" * rows))
    monkeypatch.setattr(files, "LARGEST_UNPACKED", 1_000 if rows == 100 else 2_000_000)
    with pytest.raises(imports.Refused, match="when unpacked"):
        take(bomb)
    assert 0 == Event.objects.count()


def test_what_stays_below_the_limit_comes_in(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv.gz"
    file.write_bytes(gzip.compress(b"order id;customer id;date;total\n1;1;05.01.2026;1,50\n"))
    assert 1 == take(file, now=NOW).imported
