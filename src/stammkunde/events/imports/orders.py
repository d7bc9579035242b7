"""Make orders and returns of rows: what belongs together, what it is worth, and what the log will say about it."""

from dataclasses import dataclass
from typing import NamedTuple

import duckdb

from stammkunde.events.imports.plan import Plan
from stammkunde.events.imports.refusals import Refused

_CREDIT_WORDS = ("GUTSCHRIFT", "STORNO", "RETOURE", "REFUND", "CREDIT")
_CREDIT_LETTERS = ("C", "CN", "CR", "CM", "GS", "GU", "ST", "SR", "RT", "RET", "RMA")
_CANCELLED = (
    "cancelled", "canceled", "storniert", "abgebrochen", "voided", "wc-cancelled", "annulliert", "reversed",
)  # fmt: skip
_REFUNDED = ("refunded", "erstattet", "wc-refunded", "zurückerstattet", "rückerstattet")
_NO_ORDER = (
    "failed", "wc-failed", "fehlgeschlagen", "declined", "denied", "expired", "abgelaufen", "abgelehnt", "draft",
    "checkout-draft", "wc-checkout-draft", "entwurf",
)  # fmt: skip
_SLICE = 600_000
_NOTED = (
    "SELECT back, credit, other_total, below_price, below_line FROM parts "
    "WHERE other_total IS NOT NULL OR below_price > 0"
)


class TwoCurrencies(Refused):
    """The amounts are in several currencies, which cannot be added up; choose one."""


@dataclass(frozen=True)
class Made:
    """What the rows amount to: how many rows and units there are, in which currency, and what had to be assumed.

    A unit is all that comes of one order number: the order, its returns. Units are numbered from 1 by their first row.
    """

    rows: int
    units: int
    rejected: int
    currency: str
    warnings: list[str]


def make(con: duckdb.DuckDBPyConnection, plan: Plan) -> Made:
    """Make the tables `orders` (a row per key, with unit or failure) and `happened` (a row per event) from `lines`."""
    warnings = _mark_credit_notes(con, plan)
    currency = _one_currency(con, plan)
    per_order, more = _discount_is_per_order(con, plan)
    _group(con, plan)
    _put_together(con, plan, discount_per_order=per_order)
    rows, rejected = con.execute(
        "SELECT coalesce(sum(rows), 0)::BIGINT, coalesce(sum(rows) FILTER (failure IS NOT NULL), 0)::BIGINT FROM orders"
    ).fetchall()[0]
    units = con.execute("SELECT coalesce(max(unit), 0) FROM orders").fetchall()[0][0]
    return Made(rows, units, rejected, currency, [*warnings, *more, *_remarks(con, plan), *_repeated(con, plan)])


def _mark_credit_notes(con: duckdb.DuckDBPyConnection, plan: Plan) -> list[str]:
    """Make the table `credits` of the keys that are returns as a whole: credit notes, and totals below zero.

    A credit note is known by its number: a word such as Storno, or letters such as C or GS that few numbers of the file
    have and behind which most amounts are negative. C before digits suffices where most numbers are digits alone.
    """
    con.execute("CREATE OR REPLACE TABLE credits (key VARCHAR)")
    if plan.has("total"):
        con.execute("INSERT INTO credits SELECT DISTINCT key FROM lines WHERE total < 0")
    if not plan.has("order_id"):
        return []
    con.execute(
        """
        CREATE OR REPLACE TABLE prefixes AS
        SELECT clean, upper(regexp_extract(clean, '^([A-Za-z]{1,12})[-_ /.]?\\d', 1)) AS prefix,
            regexp_full_match(clean, '[A-Za-z]\\d+') AS bare, regexp_full_match(clean, '\\d+') AS digits
        FROM (SELECT DISTINCT clean FROM ids_order_id WHERE clean IS NOT NULL)
        """
    )
    con.execute(
        f"""
        INSERT INTO credits
        WITH signs AS (
            SELECT prefix, count(*) FILTER (coalesce(quantity, amount) < 0 OR amount < 0) * 2 >= count(*) AS negative
            FROM lines JOIN prefixes ON clean = order_id WHERE prefix IN {_CREDIT_LETTERS} GROUP BY prefix
        ),
        shares AS (
            SELECT prefix, count(*) * 2 < sum(count(*)) OVER () AS few,
                sum(count(*) FILTER (digits)) OVER () * 2 > sum(count(*)) OVER () AS plain
            FROM prefixes GROUP BY prefix
        )
        SELECT clean FROM prefixes JOIN shares USING (prefix) LEFT JOIN signs USING (prefix)
        WHERE prefix IN {_CREDIT_WORDS} OR (prefix IN {_CREDIT_LETTERS} AND few AND negative)
            OR (prefix = 'C' AND bare AND few AND plain)
        """
    )
    count, example, positive = con.execute(
        "SELECT count(DISTINCT order_id), min(order_id), count(*) FILTER (coalesce(quantity, 1) > 0 AND amount > 0) "
        "FROM lines WHERE order_id IN (SELECT key FROM credits) AND coalesce(total, 0) >= 0"
    ).fetchall()[0]
    if not positive:
        return []
    return [
        f"{count} orders with numbers such as {example} were taken for returns, {positive} rows without a minus sign."
    ]


def _one_currency(con: duckdb.DuckDBPyConnection, plan: Plan) -> str:
    counts = con.execute(
        "SELECT currency, count(*) FROM lines WHERE regexp_full_match(currency, '[A-Z]{3}') "
        "GROUP BY 1 ORDER BY 2 DESC, 1"
    ).fetchall()
    if plan.currency:
        return plan.currency
    if len(counts) > 1:
        listed = ", ".join(f"{count} rows in {currency}" for currency, count in counts)
        raise TwoCurrencies(
            f"The file holds several currencies: {listed}. Import one of them: --currency {counts[0][0]} "
            "takes those rows; the others are written to the rejects file."
        )
    return str(counts[0][0]) if counts else ""


def _discount_is_per_order(con: duckdb.DuckDBPyConnection, plan: Plan) -> tuple[bool, list[str]]:
    """Tell a discount of the whole order, repeated in each row, from one per row: it is the same whatever rows cost."""
    if not (plan.has("discount") and plan.has("order_id")):
        return False, []
    repeated, several = con.execute(
        """
        SELECT count(*) FILTER (lowest = highest AND filled = rows), count(*) FROM (
            SELECT min(discount) AS lowest, max(discount) AS highest, count(discount) AS filled, count(*) AS rows,
                count(DISTINCT amount) AS amounts
            FROM lines GROUP BY key HAVING count(*) > 1 AND max(abs(discount)) > 0 AND count(DISTINCT amount) > 1
        )
        """
    ).fetchall()[0]
    if several < 2 or repeated < several:
        return False, []
    return True, ["discount: every row of an order tells the same discount; it was taken off once per order."]


def _group(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Make the table `orders`: key, first row, rows, unit, and failure with the row that spoils the whole order."""
    no_order = f"max(lower(status)) IN {_NO_ORDER}" if plan.has("status") else "false"
    con.execute(
        f"""
        CREATE OR REPLACE TABLE orders AS
        WITH grouped AS (
            SELECT key, min(row) AS first_row, max(row) AS last_row, count(*) AS rows,
                arg_min(failure, row) FILTER (failure IS NOT NULL) AS bad,
                min(row) FILTER (failure IS NOT NULL) AS bad_row,
                count(amount) < count(*) AND count(total) = 0 AS worthless,
                min(row) FILTER (amount IS NULL) AS worthless_row,
                min(number) <> max(number) OR (max(number) IS NULL AND min(email) <> max(email)) AS two_customers,
                min(coalesce(number, email)) AS one, max(coalesce(number, email)) AS other,
                {no_order} AS no_order, max(status) AS status
            FROM lines GROUP BY key
        ),
        judged AS (
            SELECT *,
                CASE WHEN bad IS NOT NULL THEN bad WHEN two_customers THEN 'customer:two'
                    WHEN no_order THEN 'status:no order' WHEN worthless THEN 'value:missing' END AS failure,
                CASE WHEN bad IS NOT NULL THEN bad_row WHEN two_customers OR no_order THEN first_row
                    ELSE worthless_row END AS spoiler
            FROM grouped
        )
        SELECT key, first_row, last_row, rows, failure, spoiler, one, other, status,
            CASE WHEN failure IS NULL
                THEN row_number() OVER (PARTITION BY failure IS NULL ORDER BY first_row) END AS unit
        FROM judged
        """
    )


def _put_together(con: duckdb.DuckDBPyConnection, plan: Plan, *, discount_per_order: bool) -> None:
    """Make the table `happened`: unit, kind, external_id, identities, moment, value, attributes, digest, rows.

    A long file is put together slice by slice, so that no more than a slice of its lines is held in memory; the table
    `noted` keeps what there is to remark on.
    """
    slices = _slices(con)
    whole = len(slices) == 1 and not con.execute("SELECT EXISTS (FROM orders WHERE unit IS NULL)").fetchall()[0][0]
    for number, part in enumerate(slices or [_Slice(0, 0, 0, 0)]):
        some = "" if whole else part.sql
        con.execute(f"CREATE OR REPLACE TABLE parts AS {_parts_sql(plan, some)}")
        con.execute(f"CREATE OR REPLACE VIEW valued AS {_valued_sql(plan, discount_per_order=discount_per_order)}")
        for table, rows in (("happened", _happened_sql(plan)), ("noted", _NOTED)):
            con.execute(f"INSERT INTO {table} {rows}" if number else f"CREATE OR REPLACE TABLE {table} AS {rows}")
    con.execute("DROP VIEW valued")
    con.execute("DROP TABLE parts")


class _Slice(NamedTuple):
    """Units from one to another, and the rows among which their lines are."""

    first: int
    last: int
    first_row: int
    last_row: int

    @property
    def sql(self) -> str:
        """Return what follows `FROM lines` to keep only the lines of this slice."""
        units = f"SELECT key FROM orders WHERE unit BETWEEN {self.first} AND {self.last}"
        return f"SEMI JOIN ({units}) AS slice USING (key) WHERE row BETWEEN {self.first_row} AND {self.last_row}"


def _slices(con: duckdb.DuckDBPyConnection) -> list[_Slice]:
    """Cut the units into stretches of bearable numbers of rows."""
    rows = con.execute(
        f"""
        SELECT min(unit), max(unit), min(first_row), max(last_row) FROM (
            SELECT *, (sum(rows) OVER (ORDER BY unit) - rows) // {_SLICE} AS slice FROM orders WHERE unit IS NOT NULL
        ) GROUP BY slice ORDER BY 1
        """
    ).fetchall()
    return [_Slice(*row) for row in rows]


def _parts_sql(plan: Plan, some: str) -> str:
    """Part each order in what was bought and what came back."""
    kept = {
        "number": _least("number", "customer", plan), "email": _least("email", "email", plan),
        "phone": _least("phone", "phone", plan),
        "order_id": _least("order_id", "order_id", plan), "utc": "min(utc)", "utc_offset": "arg_min(utc_offset, utc)",
        "first_row": "min(row)", "rows": "count(*)",
        "bought": "sum(amount) FILTER (amount > 0 AND coalesce(quantity, 1) > 0 AND coalesce(unit_price, 1) > 0)",
        "turned": "sum(abs(amount))", "stated": _first("total", plan), "other_total": _conflict(plan),
        "taken_off": "sum(abs(discount))" if plan.has("discount") else "NULL::DECIMAL(38, 6)",
        "taken_off_once": "max(abs(discount))" if plan.has("discount") else "NULL::DECIMAL(19, 6)",
        "shipping": _per_order("shipping", plan), "tax": _per_order("tax", plan),
        "refunded": _per_order("refunded", plan),
        "coupon": _first("coupon", plan), "channel": _first("channel", plan), "source": _first("source", plan),
        "status": _first("status", plan), "below_price": "count(*) FILTER (upside_down)",
        "below_line": "min(line) FILTER (upside_down)",
        "pieces": "list(piece ORDER BY row)" if plan.has(*_LINE_FIELDS) else "NULL::VARCHAR[]",
    }  # fmt: skip
    columns = ", ".join(f"{value} AS {name}" for name, value in kept.items())
    return f"""
        WITH signed AS (
            SELECT lines.*, key IN (SELECT key FROM credits) AS credit,
                coalesce(quantity, 1) >= 0 AND (coalesce(amount, 0) < 0 OR coalesce(unit_price, 0) < 0) AS upside_down
            FROM lines {some}
        )
        SELECT key, bool_or(credit) AS credit, credit OR upside_down OR coalesce(quantity, 0) < 0 AS back, {columns}
        FROM signed GROUP BY key, back
        """


_LINE_FIELDS = ("product", "product_name", "quantity", "unit_price", "line_total")


def _first(name: str, plan: Plan) -> str:
    if plan.has(name):
        return f"arg_min({name}, row)"
    return "NULL::VARCHAR" if name in ("coupon", "channel", "source", "status") else "NULL::DECIMAL(19, 6)"


def _least(column: str, name: str, plan: Plan) -> str:
    return f"min({column})" if plan.has(name) else "NULL::VARCHAR"


def _conflict(plan: Plan) -> str:
    return "CASE WHEN min(total) <> max(total) THEN min(line) END" if plan.has("total") else "NULL::BIGINT"


def _per_order(name: str, plan: Plan) -> str:
    """Take what is repeated in each row once, and add up what differs from row to row."""
    if not plan.has(name):
        return "NULL::DECIMAL(38, 6)"
    return f"CASE WHEN min({name}) = max({name}) THEN min({name})::DECIMAL(38, 6) ELSE sum({name}) END"


def _valued_sql(plan: Plan, *, discount_per_order: bool) -> str:
    """Value the parts: the stated total, else the goods less discounts; what came back counts without its sign."""
    taken_off = "taken_off_once" if discount_per_order else "taken_off"
    apart = " ".join(f"- coalesce({name}, 0)" for name in plan.total_contains if name not in plan.counted)
    added = " ".join(f"+ coalesce({name}, 0)" for name in plan.counted)
    has_total = plan.has("total") and plan.has("order_id")
    stated = f"stated::DECIMAL(38, 12) {apart}" if has_total else "NULL::DECIMAL(38, 12)"
    goods = f"greatest(coalesce(bought, 0) - coalesce({taken_off}, 0), 0) {added}"
    once = f"{taken_off}" if discount_per_order else "NULL::DECIMAL(19, 6)"
    return f"""
        SELECT *, {once} AS discount, round_even(CASE
            WHEN back AND credit THEN coalesce(abs({stated}), turned, 0)
            WHEN back THEN turned
            ELSE coalesce({stated}, {goods}) END * 10000, 0)::BIGINT AS value
        FROM parts
        """


def _happened_sql(plan: Plan) -> str:
    """Say what happened: orders, returns, and for orders that were cancelled or paid back what undoes them."""
    total = "stated" if plan.has("total") and plan.has("order_id") else "NULL::DECIMAL(19, 6)"
    head = "concat(" + ", ".join(
        [
            _text_piece("order_id", "CASE WHEN NOT credit THEN order_id END"),
            *(_number_piece(name, value) for name, value in (("total", f"abs({total})"), ("discount", "discount"))),
            *(_number_piece(name, name) for name in ("shipping", "tax")),
            *(_text_piece(name, name) for name in ("coupon", "channel", "source")),
        ]
    ) + ")"  # fmt: skip
    undone = []
    if plan.has("status"):
        undone.append(("'order.cancelled'", "'/cancelled'", "value", f"lower(status) IN {_CANCELLED}"))
    if plan.has("refunded"):
        undone.append(
            ("'order.returned'", "'/refunded'", "round_even(abs(refunded) * 10000, 0)::BIGINT", "abs(refunded) > 0")
        )
    elif plan.has("status"):
        undone.append(("'order.returned'", "'/refunded'", "value", f"lower(status) IN {_REFUNDED}"))
    more = "".join(
        f"""
        UNION ALL SELECT unit, {kind}, key || {suffix}, number, email, phone, utc, utc_offset, {value},
            {_text_piece("order_id", "order_id")} || {_text_piece("reason", "status")}, NULL, 0, first_row
        FROM placed WHERE NOT back AND {when}"""
        for kind, suffix, value, when in undone
    )
    return f"""
        WITH placed AS (SELECT valued.*, unit FROM valued JOIN orders USING (key)),
        everything AS (
            SELECT unit, CASE WHEN back THEN 'order.returned' ELSE 'order.placed' END AS kind,
                CASE WHEN back AND NOT credit THEN key || '/returned' ELSE key END AS external_id,
                number, email, phone, utc, utc_offset, value,
                {head} || CASE WHEN below_price > 0 THEN ',"reason":"negative price"' ELSE '' END AS head,
                pieces, rows, first_row
            FROM placed {more}
        )
        SELECT unit, kind, external_id, coalesce(number, '') AS number, coalesce(email, '') AS email,
            coalesce(phone, '') AS phone, utc, utc_offset, value, rows, first_row,
            '{{' || substr(head || CASE WHEN pieces IS NULL THEN ''
                ELSE ',"lines":[' || array_to_string(pieces, ',') || ']' END, 2) || '}}' AS attributes,
            md5(concat_ws(chr(31), kind, coalesce('n' || number, 'e' || email, 'p' || phone, ''), utc, value, head,
                coalesce(array_to_string(list_sort(pieces), ','), ''))) AS digest
        FROM everything
        """


def _text_piece(name: str, value: str) -> str:
    return f"coalesce(',\"{name}\":' || to_json({value})::VARCHAR, '')"


def _number_piece(name: str, value: str) -> str:
    return f"coalesce(',\"{name}\":' || rtrim(rtrim(({value})::DECIMAL(38, 6)::VARCHAR, '0'), '.'), '')"


def _remarks(con: duckdb.DuckDBPyConnection, plan: Plan) -> list[str]:
    """Say what deserves a look: totals that contradict each other, prices below zero."""
    said = []
    ((count, line),) = con.execute(
        "SELECT count(*), min(other_total) FROM noted WHERE other_total IS NOT NULL"
    ).fetchall()
    if count and plan.has("order_id"):
        said.append(
            f"{count} orders tell different totals, the first in line {line}; the first total counts. "
            "If the column tells the amount of each row: --map line_total=COLUMN."
        )
    count, line = con.execute(
        "SELECT sum(below_price)::BIGINT, min(below_line) FROM noted WHERE back AND NOT credit"
    ).fetchall()[0]
    if count:
        said.append(
            f"{count} rows have a price below zero, the first in line {line}; they count as given back, not as bought."
        )
    return said


def _repeated(con: duckdb.DuckDBPyConnection, plan: Plan) -> list[str]:
    """Say how many rows repeat another one in every column that is read."""
    cells = ", ".join(f'"{name}"' for name in plan.columns)
    count, line = con.execute(
        f"SELECT sum(times - 1)::BIGINT, min(second) FROM (SELECT count(*) AS times, min(line, 2)[2] AS second "
        f"FROM raw GROUP BY hash({cells}) HAVING count(*) > 1)"
    ).fetchall()[0]
    if not count:
        return []
    said = (
        f"{count} rows repeat another row of the file letter for letter, the first in line {line}; each of them "
        "counts. If the export has doubled them, take them out of the file."
    )
    return [said]
