"""Arrow columns are made without pandas, and say the same as pyarrow's own."""

import subprocess
import sys

import pyarrow as pa
import pytest

from stammkunde.insights.arrows import column


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([], pa.int64()), ([1, None, -(2**62)], pa.int64()), ([0, 7], pa.int64()), ([], pa.string()),
        (["", None, "Grüße 🌷", "x" * 999], pa.string()), (["a", "b"], pa.string()), ([None] * 9, pa.string()),
    ],
)  # fmt: skip
def test_a_column_holds_its_values(values: list[object], kind: pa.DataType) -> None:
    made = column(values, kind)  # type: ignore[arg-type]
    made.validate(full=True)
    assert values == made.to_pylist()
    assert made.equals(pa.array(values, kind))


def test_pandas_is_not_loaded() -> None:
    code = "import sys; from stammkunde.insights.arrows import column; import pyarrow as pa; column(['a', None], "
    code += "pa.string()); pa.table({'a': column([1], pa.int64())}); sys.exit('pandas' in sys.modules)"
    assert 0 == subprocess.run([sys.executable, "-c", code], check=False).returncode
