"""Orders that are there already under another number or shop are noticed before they count twice."""

from pathlib import Path

import pytest

from stammkunde.events import imports
from stammkunde.events.imports import overlapping
from stammkunde.events.models import Event
from tests.imports.taking import NOW, take, write

HEADER = "order_id,customer,email,date,total\n"
SHOP = HEADER + "".join(
    f"S{n},{1 + n % 5},c{n % 5}@example.org,2026-01-{n:02} 14:{n:02},{n}.50\n" for n in range(1, 21)
)


def till(renamed: int) -> str:
    """Return what the till exports of the same sales: other numbers and times, and for the others other values."""
    rows = (
        f"{9000 + n},{1 + n % 5},,2026-01-{n:02} 14:{n:02},{n}.{'50' if n <= renamed else '70'}\n" for n in range(1, 21)
    )
    return HEADER + "".join(rows)


def said(warnings: list[str]) -> list[str]:
    return [warning for warning in warnings if "seem to be here already" in warning]


def test_the_same_sales_from_another_system_are_noticed_before_and_while_they_come_in(db: None, tmp_path: Path) -> None:
    take(write(tmp_path, SHOP))
    file = write(tmp_path, till(20), "till.csv")
    [seen] = said(imports.look(file, now=NOW).warnings)
    assert seen.startswith("20 of 20 orders looked at seem to be here already under another number or shop")
    assert "such as 9001 and S1." in seen
    assert [seen] == said(imports.rehearse(file, now=NOW).warnings)
    assert [seen] == said(take(file).warnings)
    assert 40 == Event.objects.count(), "it is a warning, not a refusal"


@pytest.mark.parametrize(("renamed", "warned"), [(0, 0), (4, 0), (5, 1)])
def test_a_few_alike_are_no_reason_to_worry(db: None, tmp_path: Path, renamed: int, warned: int) -> None:
    take(write(tmp_path, SHOP))
    assert warned == len(said(take(write(tmp_path, till(renamed), "till.csv")).warnings))


def test_the_same_file_under_another_shop_is_noticed_though_nobody_is_recognised(db: None, tmp_path: Path) -> None:
    numbers_only = "\n".join(",".join((*line.split(",")[:2], *line.split(",")[3:])) for line in SHOP.splitlines())
    take(write(tmp_path, numbers_only))
    assert 1 == len(said(take(write(tmp_path, numbers_only, "again.csv"), shop="other").warnings))


def test_the_same_file_again_is_simply_known(db: None, tmp_path: Path) -> None:
    take(write(tmp_path, SHOP))
    assert [] == said(take(write(tmp_path, SHOP)).warnings)


def test_only_some_orders_are_looked_at(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overlapping, "LOOKED_AT", 8)
    take(write(tmp_path, SHOP))
    [seen] = said(imports.rehearse(write(tmp_path, till(20), "till.csv"), now=NOW).warnings)
    assert seen.startswith("8 of 8 orders")
