"""Set the stage for the metrics: the worked example of the design, and small helpers to make orders."""

import pandas as pd
import pytest

from stammkunde.metrics import Mirror

WORKED_EXAMPLE = [
    ("Ada", "2025-01-05"), ("Ada", "2025-02-03"), ("Ada", "2025-04-09"),
    ("Ben", "2025-01-20"),
    ("Cem", "2025-02-02 09:30"), ("Cem", "2025-02-02 17:45"), ("Cem", "2025-05-01"),
    ("Dia", "2025-04-15"),
    ("Eli", "2024-11-10"), ("Eli", "2025-04-28"),
    (None, "2024-06-01"),  # the data begin with an order of somebody unknown
]  # fmt: skip


@pytest.fixture(scope="session")
def worked_example() -> Mirror:
    """Return the orders of Ada, Ben, Cem, Dia and Eli, at 10 each."""
    rows = pd.DataFrame(WORKED_EXAMPLE, columns=["customer", "at"]).assign(value=10)
    rows["at"] = pd.to_datetime(rows["at"], format="ISO8601")
    return Mirror.of(rows)
