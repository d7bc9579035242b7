"""Learn the products that a file names: their commonest name, category and department."""

import duckdb

from stammkunde.catalogue.products import Seen
from stammkunde.events.imports.plan import Plan

_TOLD = ("product_name", "category", "department")


def prepare(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Make the table `learned`: each product of the accepted rows, how it is called, and its first unit."""
    told = [name for name in _TOLD if plan.has(name)] if plan.has("product", "product_name") else []
    commonest = "".join(f", {_commonest(name) if name in told else chr(39) * 2} AS {name}" for name in _TOLD)
    con.execute(
        f"""
        CREATE OR REPLACE TABLE learned AS
        WITH names AS ({_called(con, plan, told)}),
        first_seen AS (
            SELECT product AS code, min(unit) AS unit FROM lines JOIN (SELECT key, unit FROM orders) USING (key)
            WHERE product IS NOT NULL GROUP BY 1 HAVING min(unit) IS NOT NULL
        )
        SELECT code, min(unit) AS unit{commonest} FROM first_seen JOIN names USING (code) GROUP BY code
        """
    )


def seen(con: duckdb.DuckDBPyConnection, *, after: int, until: int) -> list[Seen]:
    """Return the products that first come up in these units."""
    rows = con.execute(
        "SELECT code, left(product_name, 300), left(category, 200), left(department, 200) FROM learned "
        f"WHERE unit > {after} AND unit <= {until} ORDER BY code"
    ).fetchall()
    return [Seen(*row) for row in rows]


def _called(con: duckdb.DuckDBPyConnection, plan: Plan, told: list[str]) -> str:
    """Return the SQL of how often a product is called what; rejected rows have no say."""
    if not plan.has("product", "product_name"):
        return "SELECT NULL::VARCHAR AS code, 1 AS times"
    names = "".join(f", trim({name}) AS {name}" for name in told)
    if con.execute("SELECT EXISTS (FROM orders WHERE unit IS NULL)").fetchall() == [(False,)]:
        return f"SELECT code{names}, times FROM called JOIN products USING (text)"
    good = "lines SEMI JOIN (SELECT key FROM orders WHERE unit IS NOT NULL) AS good USING (key)"
    texts = "".join(f", {name}" for name in told)
    rows = f"(SELECT row, product AS code FROM {good}) JOIN (SELECT row{texts} FROM raw) USING (row)"
    return f"SELECT code{names}, count(*) AS times FROM {rows} GROUP BY ALL"


def _commonest(name: str) -> str:
    """Return the SQL of the name that most rows give, the first in the alphabet among equals."""
    return f"coalesce((list({name} ORDER BY times DESC, {name}) FILTER ({name} <> ''))[1], '')"
