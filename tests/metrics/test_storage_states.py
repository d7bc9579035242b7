"""However the log reached the mirror, it shows the same: what one recomputation of all events gives."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stammkunde.metrics import Mirror, storage
from tests.metrics.storage_model import Happened, append, expected, moment, order_days, shown

START = moment("2024-10-20 00:00")
HOUR = 3600 * 1_000_000
WEEKS = [START + step * 7 * HOUR + minute * 60_000_000 for step in range(200) for minute in (0, 59)]
KINDS = st.sampled_from(["order.placed"] * 6 + ["order.returned", "order.cancelled", "message.sent", "trait.changed"])
AMOUNTS = st.one_of(st.none(), st.integers(0, 20_000).map(lambda cents: cents / 100))
LINES = st.fixed_dictionaries(
    {},
    optional={
        "product": st.sampled_from(["A1", "B2"]),
        "category": st.sampled_from(["Küche", "Bad"]),
        "quantity": st.sampled_from([1, 2, 0.5, 12]),
        "unit_price": AMOUNTS,
        "line_total": AMOUNTS,
        "discount": AMOUNTS,
    },
)
ATTRIBUTES = st.one_of(
    st.none(),
    st.sampled_from(["", "{", "[]", '{"lines": 7}', '{"lines": [null, 3, "x"]}', '{"total": 3}']),
    st.sampled_from([None, True, 7, 2.5, 'Wien "Süd"', ["x"]]).map(
        lambda after: json.dumps({"trait": "city", "after": after, "lines": 1}, ensure_ascii=False)
    ),
    st.lists(LINES, max_size=3).map(lambda lines: json.dumps({"order_id": "7", "lines": lines})),
)


@st.composite
def logs(draw: st.DrawFn) -> list[list[Happened]]:
    """Draw batches of events; any event not replaced yet may be replaced, also within its own batch."""
    batches: list[list[Happened]] = []
    free: list[int] = []
    number = 0
    for size in draw(st.lists(st.integers(0, 6), min_size=1, max_size=5)):
        batches.append([])
        for _ in range(size):
            number += 1
            replaces = draw(st.one_of(st.none(), st.none(), st.sampled_from(free))) if free else None
            if replaces:
                free.remove(replaces)
            free.append(number)
            event = Happened(
                id=number,
                customer=draw(st.sampled_from([None, 1, 2, 3, 4])),
                at=draw(st.sampled_from(WEEKS)),
                value=draw(st.sampled_from([None, -50_000, 0, 100_000, 123_456, 70_000])),
                kind=draw(KINDS),
                replaces=replaces,
                attributes=draw(ATTRIBUTES),
            )
            batches[-1].append(event)
    return batches


NEVER = 1_000_000
FOLDING = st.sampled_from([(NEVER, 12), (NEVER, 2), (0, 12)])  # layers stay, small ones are folded, all are


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(log=logs(), folding=FOLDING)
def test_layers_show_what_a_recomputation_of_all_events_gives(
    monkeypatch: pytest.MonkeyPatch, folding: tuple[int, int], log: list[list[Happened]]
) -> None:
    monkeypatch.setattr(storage, "FOLD_ROWS", folding[0])
    monkeypatch.setattr(storage, "MOST_LAYERS", folding[1])
    with TemporaryDirectory() as place:
        folder, known = Path(place) / "mirror", list[Happened]()
        for number, batch in enumerate(log):
            known += batch
            manifest = append(folder, batch, str(number))
            assert expected(known) == shown(folder)
            assert order_days(expected(known)) == (manifest.first_day, manifest.last_day)
        _check_arrays(folder)
        storage.compact(folder)
        assert expected(known) == shown(folder)
        _check_arrays(folder)
        append(Path(place) / "fresh", known, "all")
        assert shown(folder) == shown(Path(place) / "fresh")


def _check_arrays(folder: Path) -> None:
    state = shown(folder)
    with Mirror.open(folder) as mirror:
        months, customers = mirror.month_arrays(), mirror.customer_arrays()
    assert state["months"] == list(zip(*(column.tolist() for column in vars(months).values()), strict=True))
    epoch = np.datetime64("1970-01-01")
    days = [(epoch + column).tolist() for column in (customers.first_day, customers.last_day)]
    columns = [customers.customer.tolist(), *days, customers.orders.tolist(), customers.value.tolist()]
    assert [row[:5] for row in state["customers"]] == sorted(zip(*columns, strict=True))
