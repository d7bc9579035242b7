"""Understand each row: whose order it belongs to, when it was placed, what it is worth, or why it makes no sense."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import duckdb

from stammkunde.events.imports import amounts, moments
from stammkunde.events.imports.plan import NUMBERS, Plan

LATEST_AHEAD = 86_400_000_000
LONGEST_ID = 180
_NOTHING = ("", "-", "–", "?", "nan", "null", "none", "n/a", "na", "<na>", "#n/a", "nat")
_NOBODY = (*_NOTHING, "0", "guest", "gast", "unknown", "unbekannt", "anonymous", "anonym")
_OF_A_LINE = ("product", "category", "quantity", "unit_price", "line_total", "discount")
_TEXTS = ("coupon", "channel", "source", "status")
_IDENTITIES = {"order_id": "order_id", "number": "customer", "email": "email", "phone": "phone"}


@dataclass
class Reading:
    """How the texts were read as far as they decided it themselves, and the warnings where it had to be assumed."""

    dates: moments.Order
    decimals: dict[str, amounts.Decimal]
    warnings: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, str]:
        """Return what breaks ties for the next file with the same columns."""
        return {"dates": self.dates, "decimal": "," if "," in self.decimals.values() else "."}


def understand(con: duckdb.DuckDBPyConnection, plan: Plan, *, now_us: int) -> Reading:
    """Make the view `lines` of `raw`: one row each, with key, identities, moment, numbers, failure and JSON piece.

    `failure` is null or FIELD:REASON. Rows with the same `key` are one order. A row without order number and customer
    gets a key of its own from its content, so that importing it again finds it again.
    """
    reading = _read_values(con, plan)
    for name in ("order_id", "customer", "email", "phone"):
        if plan.has(name):
            _clean_ids(con, name)
    if plan.has("product", "product_name"):
        _clean_products(con, plan)
    if plan.has("category"):
        _clean_categories(con)
    told, silent = _columns(plan)
    con.execute("CREATE OR REPLACE TABLE told AS " + _told_sql(plan, told, now_us))
    absent = "".join(f", NULL::{kind} AS {name}" for name, kind in silent.items())
    con.execute(f"CREATE OR REPLACE VIEW lines AS SELECT *{absent} FROM told")
    _name_the_nameless(con, plan)
    return reading


def _read_values(con: duckdb.DuckDBPyConnection, plan: Plan) -> Reading:
    found = {}
    for name in plan.numbers:
        amounts.collect(con, name)
        found[name] = amounts.evidence(con, name)
    decimals, warnings = amounts.settle(found, told=plan.decimals, fallback=plan.usual_decimal)
    for name in plan.numbers:
        amounts.read(con, name, decimals[name])
    moments.collect(con, with_clock=plan.has("time"))
    usual = "dmy" if "," in decimals.values() else plan.usual_dates
    order, more = moments.settle(moments.evidence(con), told=plan.dates, fallback=usual)
    moments.read(con, order=order, zone=ZoneInfo(plan.time_zone), with_clock=plan.has("time"))
    return Reading(order, decimals, [*warnings, *more])


def _clean_ids(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Make the table `ids_NAME`: text and clean, which is null when it names nobody; 17850.0 becomes 17850."""
    nothing = _NOTHING if name == "order_id" else _NOBODY
    clean = "regexp_replace(trim(text), '^(\\d+)\\.0+$', '\\1')"
    if name == "email":
        clean = "CASE WHEN contains(text, '@') THEN lower(trim(text)) END"
    con.execute(
        f"""
        CREATE OR REPLACE TABLE ids_{name} AS
        WITH texts AS (SELECT DISTINCT {name} AS text FROM raw), cleaned AS (SELECT text, {clean} AS clean FROM texts)
        SELECT text, CASE WHEN lower(clean) NOT IN {nothing} THEN clean END AS clean FROM cleaned
        """
    )


def _clean_products(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Make the table `products`: text, code and how JSON begins with it. A product without number goes by its name.

    The table `called` counts how often rows give a product which name, category and department.
    """
    names = "".join(f", {name}" for name in ("product_name", "category", "department") if plan.has(name))
    con.execute(
        f"CREATE OR REPLACE TABLE called AS SELECT {_product(plan)} AS text{names}, count(*) AS times "
        "FROM raw GROUP BY ALL"
    )
    con.execute(
        f"""
        CREATE OR REPLACE TABLE products AS
        WITH texts AS (SELECT DISTINCT text FROM called),
        coded AS (SELECT text, left(trim(text), 100) AS code FROM texts)
        SELECT text, CASE WHEN lower(code) NOT IN {_NOTHING} THEN code END AS code,
            '{{"product":' || to_json(code)::VARCHAR AS piece
        FROM coded
        """
    )


def _product(plan: Plan) -> str:
    if not plan.has("product"):
        return "product_name"
    return "CASE WHEN trim(product) = '' THEN product_name ELSE product END" if plan.has("product_name") else "product"


def _clean_categories(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        """
        CREATE OR REPLACE TABLE categories AS
        WITH texts AS (SELECT DISTINCT category AS text FROM raw)
        SELECT text, CASE WHEN trim(text) = '' THEN ''
            ELSE ',"category":' || to_json(left(trim(text), 200))::VARCHAR END AS piece
        FROM texts
        """
    )


def _columns(plan: Plan) -> tuple[dict[str, str], dict[str, str]]:
    """Return the SQL of every column that the file tells, and the type of every column that it does not tell."""
    told = {"row": "raw.row", "line": "raw.line", "utc": "moments.utc", "utc_offset": "moments.utc_offset"}
    kinds = {"product": "VARCHAR", **dict.fromkeys((*_IDENTITIES, *_TEXTS), "VARCHAR")}
    kinds |= {"amount": "DECIMAL(38, 12)", "currency": "VARCHAR", "piece": "VARCHAR"}
    kinds |= dict.fromkeys(NUMBERS, "DECIMAL(19, 6)")
    if plan.has("product", "product_name"):
        told["product"] = "products.code"
    told |= {column: f"ids_{name}.clean" for column, name in _IDENTITIES.items() if plan.has(name)}
    told |= {name: f"nullif(left(trim(raw.{name}), 200), '')" for name in _TEXTS if plan.has(name)}
    told |= {name: f"numbers_{name}.number" for name in plan.numbers}
    for name, value in (("amount", _amount(plan)), ("currency", _currency(plan)), ("piece", _piece(plan))):
        if value:
            told[name] = value
    return told, {name: kind for name, kind in kinds.items() if name not in told}


def _told_sql(plan: Plan, told: dict[str, str], now_us: int) -> str:
    columns = ", ".join(f"{value} AS {name}" for name, value in told.items())
    number, email, phone = (
        f"ids_{name}.clean" if plan.has(name) else "NULL" for name in ("customer", "email", "phone")
    )
    nameless = f"coalesce({number}, md5(coalesce({email}, {phone}))) || '@' || moments.stamp"
    key = f"coalesce(ids_order_id.clean, {nameless})" if plan.has("order_id") else nameless
    return f"SELECT {columns}, {key} AS key, {_failure(plan, now_us)} AS failure FROM raw {' '.join(_joins(plan))}"


def _joins(plan: Plan) -> Iterator[str]:
    clock = " AND moments.time = raw.time" if plan.has("time") else ""
    yield f'JOIN moments ON moments."at" = raw."at"{clock}'
    for name in plan.numbers:
        yield f"JOIN numbers_{name} ON numbers_{name}.text = raw.{name}"
    for name in ("order_id", "customer", "email", "phone"):
        if plan.has(name):
            yield f"JOIN ids_{name} ON ids_{name}.text = raw.{name}"
    if plan.has("product", "product_name"):
        yield f"JOIN products ON products.text = {_product(plan)}"
    if plan.has("category"):
        yield "JOIN categories ON categories.text = raw.category"


def _amount(plan: Plan) -> str:
    """Return what the row is worth: its stated amount (without order numbers: its total), else quantity × price."""
    stated = ["line_total"] if plan.has("line_total") else []
    if plan.has("total") and not plan.has("order_id", "line_total"):
        stated = ["total"]
    parts = [f"numbers_{name}.number::DECIMAL(38, 12)" for name in stated]
    if plan.has("quantity") and plan.has("unit_price"):
        parts.append("numbers_quantity.number * numbers_unit_price.number")
    return f"coalesce({', '.join(parts)}, NULL)" if parts else ""


def _currency(plan: Plan) -> str:
    """Return the currency: the column's, else the sign beside an amount."""
    parts = [f"nullif({amounts.currency_sql('raw.currency')}, '')"] if plan.has("currency") else []
    parts += [f"nullif(numbers_{name}.currency, '')" for name in plan.numbers if name != "quantity"]
    return f"coalesce({', '.join(parts)}, NULL)" if parts else ""


def _piece(plan: Plan) -> str:
    """Return the row as a line of its order in JSON; null when the file tells nothing about lines."""
    if not plan.has("product", "product_name", "quantity", "unit_price", "line_total"):
        return ""
    pieces = [f"numbers_{name}.piece" for name in plan.numbers if name in _OF_A_LINE]
    if plan.has("category"):
        pieces.insert(0, "categories.piece")
    rest = ", ".join(pieces) or "''"
    without_product = f"'{{' || substr(concat({rest}), 2) || '}}'"
    if not plan.has("product", "product_name"):
        return without_product
    return f"CASE WHEN products.code IS NULL THEN {without_product} ELSE concat(products.piece, {rest}, '}}') END"


def _failure(plan: Plan, now_us: int) -> str:
    cases = [
        "WHEN raw.uneven IS NOT NULL THEN 'row:uneven'",
        "WHEN moments.why IS NOT NULL THEN 'at:' || moments.why",
        f"WHEN moments.utc > {now_us + LATEST_AHEAD} THEN 'at:future'",
        *(f"WHEN numbers_{name}.bad THEN '{name}:unreadable'" for name in plan.numbers),
    ]
    for name in ("order_id", "customer", "email", "phone"):
        if plan.has(name):
            cases.append(f"WHEN length(ids_{name}.clean) > {LONGEST_ID} THEN '{name}:too long'")
    if amount := _amount(plan):
        cases.append(f"WHEN abs({amount}) >= {amounts.LARGEST} THEN 'value:too large'")
    if currency := _currency(plan):
        cases.append(f"WHEN NOT regexp_full_match({currency}, '[A-Z]{{3}}') THEN 'currency:unreadable'")
    if currency and plan.currency:
        cases.append(f"WHEN {currency} <> '{plan.currency}' THEN 'currency:other'")
    return f"CASE {' '.join(cases)} END"


def _name_the_nameless(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Give rows without order number and customer a key from their content, numbered through among equals."""
    content = ", ".join(f'raw."{name}"' for name in plan.columns)
    if con.execute("SELECT count(*) FROM told WHERE key IS NULL").fetchall() == [(0,)]:
        return
    con.execute(
        f"""
        UPDATE told SET key = named.key FROM (
            SELECT row, '~' || content || '#' || row_number() OVER (PARTITION BY content ORDER BY row) AS key
            FROM (SELECT row, md5(concat_ws(chr(31), {content})) AS content FROM raw SEMI JOIN
                (SELECT row FROM told WHERE key IS NULL) USING (row))
        ) AS named WHERE told.row = named.row AND told.key IS NULL
        """
    )
