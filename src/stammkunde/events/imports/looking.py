"""Look into a file before it is imported: what was recognised, how its first rows are understood, what is in doubt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal as Exact
from hashlib import md5
from io import StringIO
from pathlib import Path

import duckdb

from stammkunde.accounts.models import Business
from stammkunde.events.fields import to_us
from stammkunde.events.imports import (
    columns,
    decoding,
    files,
    guesses,
    lines,
    moments,
    orders,
    overlapping,
    presets,
    reading,
    rejects,
    shape,
    staging,
)
from stammkunde.events.imports.amounts import Decimal
from stammkunde.events.imports.columns import Column
from stammkunde.events.imports.plan import NUMBERS, Plan
from stammkunde.events.imports.refusals import Refused
from stammkunde.events.imports.taxes import Value, value_of
from stammkunde.events.imports.vocabulary import EXPLAINING
from stammkunde.events.models import Import

_SAMPLE = 2_000
_SHAPE_TEXT = 256 << 10
_PREVIEW = 20
_MOST_COLUMNS = 1_000
_NUMBER_TYPES = ("INT", "DOUBLE", "FLOAT", "DECIMAL", "HUGEINT")


class TooManyColumns(Refused):
    """The file has more columns than any export of orders; export fewer."""


class BadOption(Refused):
    """An option has a value that means nothing; the message lists those that do."""


@dataclass(frozen=True)
class Understood:
    """One row as it would be understood; `reason` says why it would be rejected."""

    line: int
    order_id: str
    customer: str
    at: str
    product: str
    quantity: Exact | None
    amount: Exact | None
    total: Exact | None
    currency: str
    reason: str


@dataclass(frozen=True)
class Told:
    """What people said about the file, rather than what was recognised."""

    mapping: Mapping[str, str]
    preset: str | None = None
    dates: moments.Order | None = None
    decimal: Decimal | None = None


@dataclass(frozen=True)
class Look:
    """What a look into the file showed. `problem` is what forbids to import it as it is; then there is no plan."""

    file_name: str
    encoding: str
    separator: str
    named: bool
    names: tuple[str, ...]
    columns: Mapping[str, Column]
    preset: presets.Preset | None
    sample: list[list[str]]
    preview: list[Understood]
    warnings: list[str]
    dates: str
    decimals: Mapping[str, str]
    problem: Refused | None
    plan: Plan | None
    told: Told

    @property
    def unused(self) -> list[str]:
        """Return the columns that nothing is taken from."""
        used = {column.place for column in self.columns.values()}
        return [name for place, name in enumerate(self.names) if place not in used and name not in EXPLAINING]

    @property
    def value(self) -> Value | None:
        """Return which column decides what an order is worth, and whether that is net or gross."""
        return value_of(self.columns, self.names, self.preset)


@dataclass(frozen=True)
class _Opened:
    """A file's beginning: what kind it is, how it is cut, its column names and first rows."""

    kind: files.Kind
    encoding: str
    shape: shape.Shape
    table: columns.Table
    decimals: Mapping[str, Decimal]


@staging.within_memory()
def look(
    path: Path,
    *,
    now: datetime,
    file_name: str = "",
    mapping: Mapping[str, str] | None = None,
    preset: str | None = None,
    encoding: str = "",
    separator: str = "",
    dates: str | None = None,
    decimal: str | None = None,
    currency: str | None = None,
    shop: str = "shop",
    counted: tuple[str, ...] = (),
    preview: bool = True,
) -> Look:
    """Return what is recognised in the file, with its first rows as they would be understood (unless told not to).

    `mapping` says which column holds a field, by name or place (#3); an empty column leaves the field out. `dates` is
    dmy or mdy, `decimal` a point or a comma; without them the values decide. What was said about an earlier file with
    the same columns still holds. Raises Refused for a file that is no table at all.
    """
    _check_options(dates, decimal, currency, counted)
    opened = _open(path, encoding=encoding, separator=separator)
    earlier = _earlier(opened.table.names)
    told = _with_earlier(Told(mapping or {}, preset, _order(dates), _sign(decimal)), earlier)
    chosen = presets.named(told.preset) if told.preset else presets.fitting(opened.table.names)
    found = columns.recognise(opened.table, mapping=told.mapping, preset=chosen)
    problem = _problem(opened.table, found)
    business = Business.current()
    plan = Plan(
        file=opened.kind,
        names=tuple(opened.table.names),
        columns={name: column.place for name, column in found.items()},
        time_zone=(chosen.time_zone if chosen else "") or _zone(found, business),
        shop=shop,
        encoding=opened.encoding,
        shape=opened.shape,
        decimals=_decimals(opened, found, told.decimal),
        usual_decimal=_usual_decimal(opened, earlier),
        dates=told.dates or _order(chosen.dates if chosen else None),
        usual_dates=_usual_dates(business, earlier),
        currency=(currency or "").upper(),
        usual_currency=business.currency or "EUR",
        total_contains=chosen.total_contains if chosen else (),
        counted=counted,
        notes=tuple(_warnings(opened, chosen, found)),
    )
    seen = Look(
        file_name=file_name or path.name,
        encoding=decoding.name_of(opened.encoding) if opened.kind == "text" else "Parquet",
        separator=opened.shape.separator,
        named=opened.table.named,
        names=plan.names,
        columns=found,
        preset=chosen,
        sample=[list(row) for row in opened.table.sample[:_PREVIEW]],
        preview=[],
        warnings=list(plan.notes),
        dates="",
        decimals={},
        problem=problem,
        plan=None if problem else plan,
        told=told,
    )
    return _previewed(seen, opened, plan, now) if preview and not problem else seen


def signature(names: tuple[str, ...]) -> str:
    """Return what files with the same columns have in common; the explaining columns of a rejects file do not count."""
    bare = names[len(EXPLAINING) :] if names[: len(EXPLAINING)] == EXPLAINING else names
    return md5("\x1f".join(bare).encode(), usedforsecurity=False).hexdigest()


def _check_options(dates: str | None, decimal: str | None, currency: str | None, counted: tuple[str, ...]) -> None:
    if dates not in (None, "", "dmy", "mdy"):
        raise BadOption(f"The order of dates is {dates!r}: write dmy (day first) or mdy (month first).")
    if decimal not in (None, "", ".", ","):
        raise BadOption(f"The decimal sign is {decimal!r}: write . or ,")
    if currency and not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        raise BadOption(f"The currency is {currency!r}: write its code of three letters, such as EUR.")
    if set(counted) - {"shipping", "tax"}:
        raise BadOption("Only shipping and tax can be counted in.")


def _open(path: Path, *, encoding: str, separator: str) -> _Opened:
    if files.kind_of(path) == "parquet":
        types = staging.parquet_columns(path)
        names = tuple(types)
        _check_width(len(names))
        numeric = {name: kind.upper().startswith(_NUMBER_TYPES) for name, kind in types.items()}
        decimals: dict[str, Decimal] = {name: "." for name in names if numeric[name]}
        rows = staging.parquet_rows(path, _SAMPLE)
        if not rows:
            raise shape.HeaderOnly("The file has columns but no rows. Export a period in which there were orders.")
        return _Opened(
            "parquet", "utf-8", shape.Shape(",", '"', "", 0, True, names), columns.Table(names, True, rows), decimals
        )
    head = files.read_head(path)
    encoding = decoding.known(encoding) if encoding else decoding.recognise(head)
    text = decoding.text_of(head, encoding)[:_SHAPE_TEXT]
    cut = shape.recognise(text, separator=separator)
    _check_width(cut.width)
    reader = cut.reader(StringIO(text, newline=""))
    reader.take(cut.before)
    rows = [row for row in reader.take(_SAMPLE) if any(cell.strip() for cell in row)]
    return _Opened("text", encoding, cut, columns.Table(cut.names, cut.named, rows), {})


def _check_width(columns: int) -> None:
    if columns > _MOST_COLUMNS:
        raise TooManyColumns(
            f"The file has {columns} columns, more than {_MOST_COLUMNS}. Export the columns of orders only."
        )


def _earlier(names: Sequence[str]) -> Import | None:
    """Return the last import of a file with the same columns."""
    return (
        Import.objects.filter(signature=signature(tuple(names)), state=Import.State.DONE)
        .order_by("-finished_at")
        .first()
    )


def _with_earlier(told: Told, earlier: Import | None) -> Told:
    if earlier is None or told.preset:
        return told
    before = earlier.told
    return Told(
        {**before.get("mapping", {}), **told.mapping},
        before.get("preset"),
        told.dates or _order(before.get("dates")),
        told.decimal or _sign(before.get("decimal")),
    )


def _order(text: str | None) -> moments.Order | None:
    return {"dmy": "dmy", "mdy": "mdy"}.get(text or "")  # type: ignore[return-value]


def _sign(text: str | None) -> Decimal | None:
    return {".": ".", ",": ","}.get(text or "")  # type: ignore[return-value]


def _problem(table: columns.Table, found: Mapping[str, Column]) -> Refused | None:
    try:
        columns.require(table, dict(found))
    except Refused as problem:
        return problem
    return None


def _zone(found: Mapping[str, Column], business: Business) -> str:
    column = found.get("at")
    return "UTC" if column and "utc" in column.name.lower() else business.time_zone


def _decimals(opened: _Opened, found: Mapping[str, Column], told: Decimal | None) -> dict[str, Decimal]:
    """Return the decimal sign of the fields where there is no doubt: a person told it, or a Parquet column's type."""
    numeric = {name: column for name, column in found.items() if name in NUMBERS}
    if told:
        return dict.fromkeys(numeric, told)
    return {name: opened.decimals[column.name] for name, column in numeric.items() if column.name in opened.decimals}


def _usual_decimal(opened: _Opened, earlier: Import | None) -> Decimal:
    return _sign(_settled(earlier).get("decimal")) or ("," if opened.shape.separator == ";" else ".")


def _usual_dates(business: Business, earlier: Import | None) -> moments.Order:
    return _order(_settled(earlier).get("dates")) or ("mdy" if business.time_zone.startswith("America/") else "dmy")


def _settled(earlier: Import | None) -> Mapping[str, str]:
    """Return how an earlier file with the same columns was read; it breaks ties."""
    return earlier.told.get("settled", {}) if earlier else {}


def _warnings(opened: _Opened, preset: presets.Preset | None, found: Mapping[str, Column]) -> list[str]:
    said = [preset.note] if preset and preset.note else []
    names = [name for name in opened.table.names if name]
    twins = sorted({name for name in names if names.count(name) > 1})
    if twins and opened.table.named:
        said.append(f"Several columns have the same name: {', '.join(twins)}.")
    total, places = found.get("total"), {name: column.place for name, column in found.items()}
    if total and "line_total" not in found and guesses.is_amount_of_rows(opened.table.sample, total.place, places):
        said.append(
            f"Column {total.name!r} counts as the total of the order, but by quantity × price it is the amount of each "
            "row: orders of several rows would count for too little. If so: --map line_total=COLUMN instead of total."
        )
    return said


def _previewed(seen: Look, opened: _Opened, plan: Plan, now: datetime) -> Look:
    """Read the sample just as the import would, and show its first rows."""
    batch = reading.judge(opened.table.sample, plan.shape, needed=staging.needed_cells(plan))
    with staging.workbench() as con:
        staging.lay_out_rows(con, batch, plan)
        read = lines.understand(con, plan, now_us=to_us(now))
        already = _already_there(con, plan)
        rows = con.execute(
            "SELECT line, coalesce(order_id, ''), coalesce(number, email, phone, ''), coalesce(stamp, ''), "
            "coalesce(product, ''), quantity, amount::DECIMAL(28, 4), total, coalesce(currency, ''), failure, uneven "
            'FROM lines JOIN (SELECT row, uneven, raw."at" FROM raw) USING (row) JOIN moments USING ("at") '
            f"ORDER BY row LIMIT {_PREVIEW}"
        ).fetchall()
    understood = ([*cells, _reason(failure, plan, uneven)] for *cells, failure, uneven in rows)
    preview = [Understood(*cells) for cells in understood]
    return replace(
        seen,
        preview=preview,
        warnings=[*already, *seen.warnings, *read.warnings],
        dates=read.dates,
        decimals=read.decimals,
    )


def _already_there(con: duckdb.DuckDBPyConnection, plan: Plan) -> list[str]:
    """Say whether the first orders seem to be in the log already; a file that makes no orders is refused later."""
    try:
        orders.make(con, plan)
    except Refused:
        return []
    return overlapping.warnings(con, plan)


def _reason(failure: str | None, plan: Plan, uneven: str | None) -> str:
    if not failure:
        return ""
    column, reason = rejects.explain(failure, plan, uneven)
    return f"{column}: {reason}" if column else reason
