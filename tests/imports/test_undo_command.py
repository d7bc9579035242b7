"""`stammkunde import list` and `import undo`: what goes is said, nothing goes unasked."""

import json
from pathlib import Path

import pytest
from django.test import override_settings

from stammkunde.accounts.models import AuditEntry
from stammkunde.cli import main
from stammkunde.events.models import Event, Import
from tests.imports.taking import write

ORDERS = "order_id;customer;date;total\n1;Eva;2026-01-05;20,00\n2;Kaya;2026-02-03;10,00\n"

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_import_is_listed_and_taken_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with override_settings(HOME=tmp_path):
        assert 0 == main(["import", "orders", str(write(tmp_path, ORDERS))])
        number = str(Import.objects.get().pk)
        capsys.readouterr()
        assert 0 == main(["import", "list", "--json"])
        [listed] = json.loads(capsys.readouterr().out)["imports"]
        assert (2, "done") == (listed["imported"], listed["state"])
        assert 2 == main(["import", "undo", number])
        said = capsys.readouterr().err
        assert "2 orders, 0 returns and cancellations and 2 customers go." in said
        assert "--yes" in said
        assert 2 == Event.objects.count()
        assert 0 == main(["import", "undo", number, "--yes"])
        assert "2 entries and 2 customers went" in capsys.readouterr().out
        assert not Event.objects.exists()
        assert "import.undone" == AuditEntry.objects.get().action
        assert 2 == main(["import", "undo", number, "--yes"])
        assert "taken back already" in capsys.readouterr().err
        assert 2 == main(["import", "undo", "999999"])
        assert "There is no import 999999" in capsys.readouterr().err


def test_figures_that_are_unknown_say_why_below_the_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with override_settings(HOME=tmp_path):
        main(["import", "orders", str(write(tmp_path, ORDERS))])
        capsys.readouterr()
        assert 0 == main(
            ["figures", "revenue", "retention_rate", "churn_rate", "--from", "2026-01-01", "--to", "2026-02-28"]
        )
        lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("revenue") and "30.00 EUR" in line for line in lines)
    assert 1 == sum(line.startswith("[1] unknown: ") for line in lines), "one reason is told once"
    assert max(len(line) for line in lines if not line.startswith("[")) <= 100


def test_a_full_disk_ends_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from django.db import OperationalError

    from stammkunde.events.imports import writing

    def full(*_: object, **__: object) -> None:
        raise OperationalError("database or disk is full")

    with override_settings(HOME=tmp_path):
        monkeypatch.setattr(writing, "write", full)
        assert 1 == main(["import", "orders", str(write(tmp_path, ORDERS))])
        assert "no room left on the disk" in capsys.readouterr().err
        monkeypatch.undo()
        assert 0 == main(["import", "orders", str(write(tmp_path, ORDERS))])
        assert 2 == Event.objects.filter(kind="order.placed").count()
