"""What a business sees of its mirror when it adds, corrects, folds and clears."""

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stammkunde.metrics import layers, storage
from stammkunde.metrics.attributes import Kept
from stammkunde.metrics.storage_manifest import MANIFEST
from tests.metrics.storage_model import BERLIN, SCHEMA, Happened, append, expected, moment, shown, table

EVA, KAYA, JO = 1, 2, 3
MAY, JUNE = moment("2025-05-10 12:00"), moment("2025-06-10 12:00")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "Eva's [shop] *" / "mirror"


def products(*codes: str) -> pa.Table:
    return pa.table({name: [f"{name} {code}" for code in codes] for name in ("code", "name", "category", "department")})


def ask(folder: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as con:
        layers.attach(con, folder)
        return con.execute(query).fetchall()


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {"lock", MANIFEST}


# Adding


def test_day_of_an_order_is_the_one_on_the_wall_of_the_business(folder: Path) -> None:
    before_midnight, after = moment("2024-12-31 23:59:59"), moment("2025-01-01 00:00")
    append(folder, [Happened(1, EVA, before_midnight), Happened(2, EVA, after)], "2")
    assert [(date(2024, 12, 31),), (date(2025, 1, 1),)] == ask(folder, "SELECT day FROM orders ORDER BY event")
    assert [(2024 * 12 + 11, 1), (2025 * 12, 1)] == ask(folder, "SELECT month, orders FROM months ORDER BY month")


def test_manifest_tells_how_far_the_mirror_reaches(folder: Path) -> None:
    written = append(folder, [Happened(1, None, MAY), Happened(2, EVA, JUNE), Happened(3, EVA, JUNE, value=0)], "3")
    assert written == storage.read_manifest(folder)
    assert ("3", BERLIN, "EUR") == (written.watermark, written.time_zone, written.currency)
    assert (date(2025, 5, 10), date(2025, 6, 10)) == (written.first_day, written.last_day)


def test_same_watermark_again_changes_nothing(folder: Path) -> None:
    first = append(folder, [Happened(1, EVA, MAY)], "1")
    assert first == append(folder, [Happened(1, EVA, MAY)], "1")
    assert first == append(folder, [Happened(1, EVA, MAY)], "1", expected_watermark=None)
    assert 1 == len(shown(folder)["orders"])


def test_quiet_stretch_of_the_log_moves_the_watermark_and_no_figure(folder: Path) -> None:
    first = append(folder, [Happened(1, EVA, MAY)], "1")
    second = append(folder, [], "2")
    assert ("2", first.generation, first.layers) == (second.watermark, second.generation, second.layers)


def test_business_without_a_single_event_has_an_empty_mirror(folder: Path) -> None:
    written = append(folder, [], "0")
    assert (None, None) == (written.first_day, written.last_day)
    assert expected([]) == shown(folder)
    append(folder, [Happened(1, EVA, MAY)], "1")
    assert 1 == len(shown(folder)["customers"])


def test_late_event_moves_the_first_day(folder: Path) -> None:
    append(folder, [Happened(1, EVA, JUNE)], "1")
    written = append(folder, [Happened(2, EVA, MAY)], "2")
    assert date(2025, 5, 10) == written.first_day
    assert [(date(2025, 5, 10), 2, 2)] == ask(folder, "SELECT first_day, orders, first_order FROM customers")


def test_stream_is_drawn_in_the_thread_of_its_cursor(folder: Path) -> None:
    drawn = []

    def batches() -> Iterator[pa.RecordBatch]:
        for number in range(1, 30):
            drawn.append(threading.get_ident())
            yield from table([Happened(number, EVA, MAY, attributes='{"lines": []}')]).to_batches()

    stream = pa.RecordBatchReader.from_batches(SCHEMA, batches())
    storage.append(folder, stream, watermark="29", time_zone=BERLIN, currency="EUR")
    assert {threading.get_ident()} == set(drawn)
    assert 29 == len(shown(folder)["orders"])


def test_only_what_figures_need_reaches_the_mirror(folder: Path) -> None:
    told = '{"lines": [{"product": "P1", "name": "Eva Muster"}], "email": "eva@example.org", "street": "Am Wall 1"}'
    append(folder, [Happened(1, EVA, MAY, attributes=told)], "1", products=products("P1"))
    texts = {
        value
        for path in folder.rglob("*.parquet")
        for column in pq.read_table(path).columns
        for value in column.to_pylist()
        if isinstance(value, str)
    }
    assert {"order.placed", "P1", "code P1", "name P1", "category P1", "department P1"} == texts


def test_of_a_known_kind_only_its_own_attributes_are_kept_and_of_others_no_names(folder: Path) -> None:
    told = '{"total": 3.5, "coupon": null, "note": "hi", "lines": [{"product": "P1"}], "city": ["Wien"], "mail": "e"}'
    events = [Happened(1, EVA, MAY, attributes=told), Happened(2, EVA, MAY, kind="a.b", attributes=told)]
    append(folder, events, "1", kept=Kept({"order.placed": ("total", "coupon", "city")}, frozenset({"mail"})))
    assert ['{"total":3.5}', '{"total":3.5,"note":"hi"}'] == [row[-1] for row in shown(folder)["events"]]
    assert [(1, "order.placed", "P1")] == [(row[0], row[1], row[4]) for row in shown(folder)["lines"]]


def test_customers_without_events_are_known_and_nobody_twice(folder: Path) -> None:
    newcomers = pa.table({"customer": pa.array([7, EVA], pa.int64())})
    append(folder, [Happened(1, EVA, MAY)], "1")
    append(folder, [], "2", people=newcomers)
    storage.compact(folder)
    assert [(EVA,), (7,)] == shown(folder)["customers_all"]


# Lines


@pytest.mark.parametrize(
    ("line", "shows"),
    [
        ('{"product": "P", "quantity": 3, "unit_price": 2.55}', ("P", None, 3.0, 25500, 76500, None)),
        ('{"product": "P", "quantity": 2, "unit_price": 5, "line_total": 9.5, "discount": 0.5}',
         ("P", None, 2.0, 50000, 95000, 5000)),
        ('{"quantity": 0.333, "unit_price": 19.99}', (None, None, 0.333, 199900, 66567, None)),
        ('{"product": "P", "unit_price": "1.10"}', ("P", None, None, 11000, None, None)),
        ('{"product": 4711, "category": "Bad"}', ("4711", "Bad", None, None, None, None)),
        ('{"product": "P", "unit_price": 1e30, "quantity": 1e30}', ("P", None, 1e30, None, None, None)),
        ('{"product": "P", "quantity": 1, "unit_price": 99999999999999.99}',
         ("P", None, 1.0, 999999999999999900, 999999999999999900, None)),
        ('{"product": "P", "quantity": 900000000000, "unit_price": 99999999999.99}',
         ("P", None, 900000000000.0, 999999999999900, None, None)),
        ('{"product": "P", "line_total": 1234567.8901}', ("P", None, None, None, 12345678901, None)),
        ('{"product": null, "line_total": {"a": 1}, "discount": 1}', (None, None, None, None, None, 10000)),
    ],
    ids=[
        "total is quantity times price", "a stated total wins", "parts of a piece", "numbers in quotation marks",
        "a number as code", "no such amount", "a very large amount", "a product beyond all numbers",
        "four places count exactly", "an object for an amount",
    ],
)  # fmt: skip
def test_line_shows_what_the_order_says(folder: Path, line: str, shows: tuple[Any, ...]) -> None:
    append(folder, [Happened(1, EVA, MAY, attributes=f'{{"lines": [{line}]}}')], "1")
    assert [shows] == [row[4:] for row in shown(folder)["lines"]]


@pytest.mark.parametrize("broken", ["", "{", '{"lines": [', '{"lines": {"product": "P"}}', '"lines"', '"\\ud800"'])
def test_one_broken_payload_costs_only_its_own_lines(folder: Path, broken: str) -> None:
    good = '{"lines": [{"product": "P", "line_total": 1}]}'
    append(folder, [Happened(1, EVA, MAY, attributes=broken), Happened(2, EVA, MAY, attributes=good)], "2")
    assert [2] == [row[0] for row in shown(folder)["lines"]]
    assert 2 == len(shown(folder)["orders"])


def test_returned_lines_are_told_from_placed_ones(folder: Path) -> None:
    payload = '{"lines": [{"product": "P", "line_total": 1}]}'
    append(
        folder,
        [
            Happened(1, EVA, MAY, attributes=payload),
            Happened(2, EVA, MAY, kind="order.returned", attributes=payload),
            Happened(3, EVA, MAY, kind="order.cancelled", attributes=payload),
        ],
        "3",
    )
    assert ["order.placed", "order.returned", "order.cancelled"] == [row[1] for row in shown(folder)["lines"]]
    assert [(2, 100000), (3, 100000)] == ask(folder, "SELECT event, value FROM returns ORDER BY event")


# Products


def test_products_stay_until_others_come(folder: Path) -> None:
    first = append(folder, [Happened(1, EVA, MAY)], "1", products=products("P1", "P2"))
    same = append(folder, [Happened(2, EVA, MAY)], "2", products=products("P1", "P2"))
    kept = append(folder, [Happened(3, EVA, MAY)], "3")
    assert first.products == same.products == kept.products
    changed = append(folder, [], "3", products=products("P2"))
    assert kept.generation + 1 == changed.generation
    assert [("code P2", "name P2", "category P2", "department P2")] == ask(folder, "FROM products")


def test_mirror_without_products_shows_none(folder: Path) -> None:
    append(folder, [Happened(1, EVA, MAY)], "1")
    assert [] == ask(folder, "SELECT code, name, category, department FROM products")


# Correcting


def test_correction_moves_an_order_to_another_customer(folder: Path) -> None:
    log = [Happened(1, EVA, MAY), Happened(2, KAYA, MAY)]
    append(folder, log, "2")
    log += [Happened(3, KAYA, JUNE, replaces=1)]
    append(folder, log[2:], "3")
    assert [(KAYA, 2)] == ask(folder, "SELECT customer, orders FROM customers")
    assert expected(log) == shown(folder)
    storage.compact(folder)
    assert expected(log) == shown(folder)


def test_order_corrected_to_nothing_takes_its_day_along(folder: Path) -> None:
    append(folder, [Happened(1, EVA, MAY), Happened(2, EVA, JUNE)], "2")
    written = append(folder, [Happened(3, EVA, JUNE, value=0, replaces=2)], "3")
    assert date(2025, 5, 10) == written.last_day


def test_correction_may_come_before_what_it_corrects(folder: Path) -> None:
    log = [Happened(2, EVA, MAY, replaces=1, value=70000)]
    append(folder, log, "a")
    storage.compact(folder)
    log += [Happened(1, EVA, JUNE), Happened(3, JO, JUNE)]
    append(folder, log[1:], "b")
    assert expected(log) == shown(folder)


# Folding


def test_folded_mirror_lies_clustered_by_customer_and_time(folder: Path) -> None:
    for number in range(1, 6):
        batch = [Happened(number, number % 2 or None, MAY - number), Happened(10 + number, EVA, JUNE)]
        append(folder, batch, str(number))
    written = storage.compact(folder)
    assert written
    assert 1 == len(written.layers)
    rows = pq.read_table(folder / written.layers[0].events.file, columns=["customer", "at", "id"]).to_pylist()
    found = [tuple(row.values()) for row in rows]
    assert sorted(found, key=lambda row: (row[0] is None, row)) == found
    assert written == storage.compact(folder)


@pytest.mark.parametrize(
    ("sizes", "first"),
    [
        ([1_000_000], None),
        ([1_000_000, 100_000, 100_000], None),
        ([1_000_000, 100_000, 100_001], 0),
        ([10, 9_000, 900], None),
        ([10, 9_000, 1_001], 0),
        ([1_000_000, *[10] * 12], 1),
        ([1_000_000, 10_000, *[10] * 11], 2),
    ],
    ids=[
        "a base alone", "a fifth more", "more than a fifth", "little upon a small base", "much upon a small base",
        "thirteenth layer", "large layer stays out",
    ],
)  # fmt: skip
def test_stack_is_folded_when_due(sizes: list[int], first: int | None) -> None:
    assert first == storage._due(tuple(_layer(rows) for rows in sizes))


def _layer(rows: int) -> storage.Layer:
    part = storage.Part("", rows)
    return storage.Layer("", *(part,) * 7)


def test_many_small_layers_do_not_touch_the_base(folder: Path) -> None:
    base = append(folder, [Happened(number, number, MAY) for number in range(1, 101)], "0")
    for number in range(1, 13):
        written = append(folder, [Happened(1000 + number, number, JUNE)], str(number))
    assert (base.layers[0], 12) == (written.layers[0], written.layers[1].events.rows)


# Reading while it changes


def test_reader_of_an_old_snapshot_keeps_its_files_for_the_grace_time(folder: Path) -> None:
    append(folder, [Happened(1, EVA, MAY)], "1")
    append(folder, [Happened(2, EVA, JUNE)], "2")
    with duckdb.connect() as con:
        layers.attach(con, folder)
        storage.compact(folder)
        append(folder, [Happened(3, EVA, JUNE)], "3")
        assert [(2,)] == con.execute("SELECT count(*) FROM orders").fetchall()


def test_reader_attaches_again_when_its_files_are_gone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "GRACE_SECONDS", 0)
    append(folder, [Happened(1, EVA, MAY)], "1")
    with duckdb.connect() as con:
        layers.attach(con, folder)
        append(folder, [Happened(2, EVA, JUNE)], "2")
        written = storage.compact(folder)
        append(folder, [Happened(3, EVA, JUNE)], "3")
        with pytest.raises(duckdb.IOException) as caught:
            con.execute("SELECT count(*) FROM orders")
        assert layers.gone(caught.value)
        layers.attach(con, folder)
        assert [(3,)] == con.execute("SELECT count(*) FROM orders").fetchall()
    assert written
    assert names(folder) == {layer.id for layer in _present(folder).layers}


def test_attach_tries_again_when_a_sync_overtakes_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = append(folder, [Happened(1, EVA, MAY)], "1")
    storage.rebuild(folder, table([Happened(2, KAYA, MAY)]), watermark="2", time_zone=BERLIN, currency="EUR")
    monkeypatch.setattr(storage, "GRACE_SECONDS", 0)
    append(folder, [Happened(3, EVA, MAY)], "3")
    seen = iter([old])
    monkeypatch.setattr(layers, "read_manifest", lambda folder: next(seen, None) or storage.read_manifest(folder))
    assert [(2,)] == ask(folder, "SELECT count(*) FROM orders")


def test_writer_removes_what_a_killed_one_left(folder: Path) -> None:
    append(folder, [Happened(1, EVA, MAY)], "1")
    for stray in ("layer-000002-dead", "work-dead/spill"):
        (folder / stray).mkdir(parents=True)
        (folder / stray / "events.parquet").write_bytes(b"half")
    (folder / "manifest.json.part").write_text("{")
    (folder / "notes-of-the-owner").write_text("stay")
    written = append(folder, [Happened(2, EVA, MAY)], "2")
    assert {*(layer.id for layer in written.layers), "notes-of-the-owner"} == names(folder)


def _present(folder: Path) -> storage.Manifest:
    manifest = storage.read_manifest(folder)
    assert manifest
    return manifest


# Rebuilding and clearing


def test_rebuild_that_fails_leaves_the_old_mirror(folder: Path) -> None:
    append(folder, [Happened(1, EVA, MAY)], "1")

    def broken() -> Iterator[pa.RecordBatch]:
        yield from table([Happened(2, EVA, MAY)]).to_batches()
        raise ConnectionError("the database went away")

    stream = pa.RecordBatchReader.from_batches(SCHEMA, broken())
    with pytest.raises(ConnectionError):
        storage.rebuild(folder, stream, watermark="2", time_zone=BERLIN, currency="EUR")
    assert "1" == _present(folder).watermark
    assert 1 == len(shown(folder)["orders"])


def test_rebuild_takes_new_rules(folder: Path) -> None:
    first = append(folder, [Happened(1, EVA, moment("2025-05-10 00:30"))], "1")
    with pytest.raises(storage.OtherRules, match="mirror rebuild"):
        storage.append(folder, table([]), watermark="2", time_zone="UTC", currency="EUR")
    events = table([Happened(1, EVA, moment("2025-05-10 00:30"))])
    second = storage.rebuild(folder, events, watermark="1", time_zone="UTC", currency="CHF")
    assert (date(2025, 5, 9), "UTC", "CHF") == (second.first_day, second.time_zone, second.currency)
    assert first.generation < second.generation


def test_cleared_mirror_is_gone_at_once_and_never_counts_a_generation_twice(folder: Path) -> None:
    first = append(folder, [Happened(1, EVA, MAY)], "1", products=products("P"))
    storage.clear(folder)
    assert set() == names(folder)
    assert storage.read_manifest(folder) is None
    with duckdb.connect() as con, pytest.raises(layers.NoMirror, match="mirror sync"):
        layers.attach(con, folder)
    again = append(folder, [Happened(1, EVA, MAY)], "1", expected_watermark=None)
    assert first.generation < again.generation
    assert 1 == len(shown(folder)["orders"])


@pytest.mark.parametrize("text", ['{"format": 99, "layers": []}', '{"format"'], ids=["from the future", "damaged"])
def test_mirror_that_cannot_be_read_is_rebuilt(folder: Path, text: str) -> None:
    append(folder, [Happened(1, EVA, MAY)], "1")
    (folder / MANIFEST).write_text(text)
    with pytest.raises(storage.UnreadableMirror, match="mirror rebuild"):
        storage.read_manifest(folder)
    storage.rebuild(folder, table([Happened(1, EVA, MAY)]), watermark="1", time_zone=BERLIN, currency="EUR")
    assert 1 == len(shown(folder)["orders"])


# Several writers


@pytest.mark.parametrize("expects", [None, "0"], ids=["when there was no mirror", "from another watermark"])
def test_writer_who_was_overtaken_is_told(folder: Path, expects: str | None) -> None:
    append(folder, [Happened(1, EVA, MAY)], "1", expected_watermark=None)
    with pytest.raises(storage.MovedOn, match="extract again"):
        append(folder, [Happened(1, EVA, MAY), Happened(2, EVA, MAY)], "2", expected_watermark=expects)
    append(folder, [Happened(2, EVA, MAY)], "2", expected_watermark="1")
    assert 2 == len(shown(folder)["orders"])


def test_writer_who_expects_a_mirror_that_was_cleared_is_told(folder: Path) -> None:
    append(folder, [Happened(1, EVA, MAY)], "1")
    storage.clear(folder)
    with pytest.raises(storage.MovedOn):
        append(folder, [Happened(2, EVA, MAY)], "2", expected_watermark="1")
