"""Exactly one process works on an import; it can be stopped, resumed, taken over, and tells how far it is."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from stammkunde.events import imports
from stammkunde.events.imports import claims, writing
from stammkunde.events.models import Event, Import
from tests.imports.taking import NOW, log, take, write

HEADER = "order_id,customer,date,sku,quantity,unit_price\n"


def many(folder: Path, orders: int = 10) -> Path:
    return write(folder, HEADER + "".join(f"{n},{n % 4},2026-01-{1 + n % 28:02},a,1,5\n" for n in range(1, orders + 1)))


def waiting(file: Path, **options: object) -> Import:
    return imports.create(file, file_name="Bestellungen.csv", now=NOW, **options)  # type: ignore[arg-type]


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "UNITS", 3)


def test_the_oldest_that_waits_is_claimed_first_and_only_once(db: None, tmp_path: Path) -> None:
    first, second = waiting(many(tmp_path)), waiting(many(tmp_path, 11))
    assert [first.pk, second.pk, None] == [
        found and found.pk for found in (imports.claim(NOW), imports.claim(NOW), imports.claim(NOW))
    ]


def test_a_claim_ends_with_its_lease(db: None, tmp_path: Path) -> None:
    import_ = waiting(many(tmp_path))
    held = imports.claim(NOW)
    assert held
    Import.objects.filter(pk=import_.pk).update(holder="elsewhere:1:1")
    assert imports.claim(NOW + claims.LEASE - timedelta(seconds=1)) is None
    taken = imports.claim(NOW + claims.LEASE + timedelta(seconds=1))
    assert taken
    assert import_.pk == taken.pk
    with pytest.raises(imports.Lost):
        claims.keep(held, now=NOW, cursor=1)


def test_the_claim_of_a_dead_process_is_free_at_once(db: None, tmp_path: Path) -> None:
    import_ = waiting(many(tmp_path))
    assert imports.claim(NOW)
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    Import.objects.filter(pk=import_.pk).update(holder=f"{claims.this_process().split(':')[0]}:{dead.pid}:123")
    taken = imports.claim(NOW)
    assert taken
    assert import_.pk == taken.pk


def test_a_reused_process_number_is_not_taken_for_the_holder() -> None:
    host, process, started = claims.this_process().rsplit(":", 2)
    assert claims.is_alive(f"{host}:{process}:{started}")
    assert not claims.is_alive(f"{host}:{process}:1")
    assert str(os.getpid()) == process


def test_what_another_process_holds_is_not_run(db: None, tmp_path: Path) -> None:
    import_ = waiting(many(tmp_path))
    Import.objects.filter(pk=import_.pk).update(
        state="running", holder="elsewhere:1:1", fence=4, lease_until=NOW + claims.LEASE
    )
    with pytest.raises(imports.NotFree):
        imports.run(import_, now=NOW)


def test_an_import_stops_between_two_batches_and_goes_on(db: None, tmp_path: Path, small_batches: None) -> None:
    import_ = waiting(many(tmp_path))
    asked = iter([False, False, True])
    half = imports.run(import_, now=NOW, stopping=lambda: next(asked))
    assert (6, False) == (half.imported, half.finished)
    assert 6 == Event.objects.count()
    import_.refresh_from_db()
    assert ("waiting", 6) == (import_.state, import_.cursor)
    claimed = imports.claim(NOW)
    assert claimed
    whole = imports.run(claimed, now=NOW)
    assert (10, 10, 0, True) == (whole.read, whole.imported, whole.duplicate, whole.finished)


def test_people_stop_and_resume(db: None, tmp_path: Path, small_batches: None) -> None:
    import_ = waiting(many(tmp_path))
    imports.stop(import_)
    assert imports.claim(NOW) is None
    imports.resume(import_)
    claimed = imports.claim(NOW)
    assert claimed

    def stop_it(phase: str, share: float) -> None:
        imports.stop(import_)

    imports.run(claimed, now=NOW, progress=stop_it)
    import_.refresh_from_db()
    assert "stopped" == import_.state
    assert Event.objects.count() in (0, 3)
    imports.resume(import_)
    claimed = imports.claim(NOW)
    assert claimed
    assert 10 == imports.run(claimed, now=NOW).imported


def test_an_interrupted_import_of_the_same_file_is_taken_up(db: None, tmp_path: Path, small_batches: None) -> None:
    file = many(tmp_path)
    import_ = waiting(file)
    asked = iter([False, True])
    imports.run(import_, now=NOW, stopping=lambda: next(asked))
    again = waiting(file)
    assert import_.pk == again.pk
    assert import_.pk != waiting(file, shop="filiale").pk
    assert 10 == imports.run(again, now=NOW).imported
    assert import_.pk != waiting(file).pk


def test_who_lost_an_import_writes_nothing_more(db: None, tmp_path: Path, small_batches: None) -> None:
    import_ = waiting(many(tmp_path))

    def steal() -> bool:
        if Event.objects.count() == 3:
            Import.objects.filter(pk=import_.pk).update(fence=99)
        return False

    with pytest.raises(imports.Lost):
        imports.run(import_, now=NOW, stopping=steal)
    assert 3 == Event.objects.count()


def test_progress_is_told_in_phases(db: None, tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    imports.run(waiting(many(tmp_path)), now=NOW, progress=lambda phase, share: told.append((phase, share)))
    assert ["reading", "understanding", "writing", "done"] == list(dict.fromkeys(phase for phase, _ in told))
    assert [share for _, share in told] == sorted(share for _, share in told)
    assert 1.0 == told[-1][1]


def test_a_check_counts_and_the_import_follows(db: None, tmp_path: Path) -> None:
    import_ = waiting(many(tmp_path))
    checked = imports.check(import_, now=NOW)
    assert (10, 10, 0) == (checked.read, checked.imported, checked.duplicate)
    assert [] == log()
    imports.resume(import_, only_check=False)
    claimed = imports.claim(NOW)
    assert claimed
    assert checked.as_json() == imports.run(claimed, now=NOW).as_json()
    assert 10 == len(log())


def test_our_copy_of_the_file_goes_when_it_is_done_and_the_rejects_stay(db: None, tmp_path: Path) -> None:
    import_ = waiting(write(tmp_path, HEADER + "1,7,2026-01-03,a,1,5\n2,7,soon,a,1,5\n"))
    assert import_.file.exists()
    result = imports.run(import_, now=NOW)
    assert not import_.file.exists()
    assert str(import_.rejects_file) == result.rejects_file
    assert ["rejects.csv"] == [file.name for file in import_.folder.iterdir()]


def test_a_refused_import_says_why(db: None, tmp_path: Path) -> None:
    import_ = waiting(write(tmp_path, "order_id,date,total,currency\n1,2026-01-03,5,EUR\n2,2026-01-03,5,USD\n"))
    with pytest.raises(imports.Refused):
        imports.run(import_, now=NOW)
    import_.refresh_from_db()
    assert "refused" == import_.state
    assert "several currencies" in import_.message


def test_an_import_that_breaks_says_so_and_can_be_tried_again(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_batches: None
) -> None:
    import_ = waiting(many(tmp_path))
    with monkeypatch.context() as patch:
        patch.setattr(writing.ingest, "store", lambda *args, **options: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            imports.run(import_, now=NOW)
    import_.refresh_from_db()
    assert ("failed", "ZeroDivisionError: division by zero") == (import_.state, import_.message)
    imports.resume(import_)
    claimed = imports.claim(NOW)
    assert claimed
    assert 10 == imports.run(claimed, now=NOW).imported


def test_history_is_not_live(db: None, tmp_path: Path) -> None:
    take(many(tmp_path))
    assert {False} == set(Event.objects.values_list("live", flat=True))
