"""Read numbers as people write them: 1.234,50 € and 1,234.50 and (3.00) and 5,--; the column tells the signs apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import duckdb

Decimal = Literal[".", ","]

LARGEST = 1_000_000_000
CURRENCIES = {
    "€": "EUR",
    "EURO": "EUR",
    "$": "USD",
    "US$": "USD",
    "£": "GBP",
    "¥": "JPY",
    "SFR": "CHF",
    "FR.": "CHF",
    "ZŁ": "PLN",
}
_SIGNS = "€|US\\$|\\$|£|¥|EURO?|USD|GBP|CHF|SFR|FR\\.|PLN|ZŁ|SEK|DKK|NOK|CZK|HUF|JPY"
_MISSING = ("", "-", "–", "—", "NAN", "NULL", "NONE", "N/A", "NA", "#N/A")


@dataclass(frozen=True)
class Evidence:
    """How many values of a column speak for which decimal sign, how many could be either, and one of those."""

    point: int
    comma: int
    either: int
    example: str

    @property
    def sign(self) -> Decimal | None:
        """Return the sign that most values speak for, if any does."""
        if self.point == self.comma:
            return None
        return "." if self.point > self.comma else ","


def collect(con: duckdb.DuckDBPyConnection, field: str) -> None:
    """Make the table `texts_FIELD` of the different texts in a number column, stripped to sign, body and currency."""
    con.execute(
        f"""
        CREATE OR REPLACE TABLE texts_{field} AS
        WITH distinct_texts AS (SELECT DISTINCT {field} AS text FROM raw),
        bare AS (
            SELECT text, upper(regexp_replace(coalesce(text, ''), '[\\s\u00a0\u2009\u202f''’]+', '', 'g')) AS bare
            FROM distinct_texts
        ),
        unsigned AS (
            SELECT text, bare, regexp_extract(bare, '({_SIGNS})', 1) AS currency,
                CASE WHEN regexp_matches(bare, '\\d({_SIGNS})\\d|^[-−–+]{{2}}') THEN 'x'
                    ELSE regexp_replace(bare, '({_SIGNS})', '', 'g') END AS number
            FROM bare
        )
        SELECT text, currency, bare IN {_MISSING} AS missing,
            regexp_matches(number, '^[-−–]|[0-9.,][-−]$|^\\(.*\\)$')
                AND NOT regexp_matches(number, '[.,][-−–—]+$') AS negative,
            regexp_replace(regexp_replace(number, '[.,][-−–—]+$', ''), '^[-−–+(]+|[-−)]+$', '', 'g') AS body
        FROM unsigned
        """
    )


def evidence(con: duckdb.DuckDBPyConnection, field: str) -> Evidence:
    """Return what the column's values say about the decimal sign."""
    point, comma = (
        f"count(*) FILTER (regexp_full_match(body, '{_sure(sign, other)}'))"
        for sign, other in (("\\.", ","), (",", "\\."))
    )
    either = "regexp_full_match(body, '[1-9]\\d{0,2}[.,]\\d{3}')"
    row = con.execute(
        f"SELECT {point}, {comma}, count(*) FILTER ({either}), coalesce(min(text) FILTER ({either}), '') "
        f"FROM texts_{field}"
    ).fetchall()[0]
    return Evidence(*row)


def settle(
    found: Mapping[str, Evidence], *, told: Mapping[str, Decimal], fallback: Decimal
) -> tuple[dict[str, Decimal], list[str]]:
    """Return the decimal sign of each column, and a warning for each in which it had to be assumed."""
    together = Evidence(sum(e.point for e in found.values()), sum(e.comma for e in found.values()), 0, "")
    default = together.sign or fallback
    signs: dict[str, Decimal] = {}
    warnings = []
    for field, seen in found.items():
        signs[field] = told.get(field) or seen.sign or default
        if seen.either and not (field in told or seen.sign or together.sign):
            role = "decimal sign" if seen.example.count(default) else "thousands separator"
            warnings.append(
                f"{field}: {seen.example!r} can be read in two ways; the sign in it was taken for a {role}. "
                "If that is wrong, name the decimal sign."
            )
    return signs, warnings


def read(con: duckdb.DuckDBPyConnection, field: str, decimal: Decimal) -> None:
    """Make the table `numbers_FIELD`: text, number (null when missing or bad), currency, bad, piece.

    A piece is the number without its sign as it stands in JSON, behind a comma and its name; empty when missing or bad.
    """
    grouping = "," if decimal == "." else "."
    group, sign = (f"\\{char}" if char == "." else char for char in (grouping, decimal))
    shape = f"(\\d+|\\d{{1,3}}({group}\\d{{3}})+)?({sign}\\d*)?(E[-+]?\\d+)?"
    plain = f"replace(replace(body, '{grouping}', ''), '{decimal}', '.')"
    con.execute(
        f"""
        CREATE OR REPLACE TABLE numbers_{field} AS
        WITH read AS (
            SELECT *, CASE WHEN NOT missing AND regexp_full_match(body, '{shape}') AND regexp_matches(body, '\\d')
                THEN coalesce(TRY_CAST({plain} AS DECIMAL(18, 6)),
                    TRY_CAST(TRY_CAST({plain} AS DOUBLE) AS DECIMAL(18, 6)))
                END * CASE WHEN negative THEN -1 ELSE 1 END AS exact
            FROM texts_{field}
        ),
        sized AS (SELECT *, CASE WHEN abs(exact) < {LARGEST} THEN exact::DECIMAL(19, 6) END AS number FROM read)
        SELECT text, number,
            {_currency_of("currency")} AS currency, number IS NULL AND NOT missing AS bad,
            CASE WHEN number IS NULL THEN ''
                ELSE ',"{field}":' || rtrim(rtrim(abs(number)::VARCHAR, '0'), '.') END AS piece
        FROM sized
        """
    )


def currency_sql(text: str) -> str:
    """Return the SQL that turns a currency as written (€, Euro, eur) into its code; other texts stay as they are."""
    return _currency_of(f"upper(trim({text}))")


def _currency_of(text: str) -> str:
    cases = " ".join(f"WHEN '{sign}' THEN '{code}'" for sign, code in CURRENCIES.items())
    return f"CASE {text} {cases} ELSE {text} END"


def _sure(sign: str, other: str) -> str:
    """Match what can only be read with this decimal sign: not three digits behind it, or the other sign before it."""
    return (
        f"\\d*{sign}(\\d{{0,2}}|\\d{{4,}})|0{sign}\\d{{3}}|\\d{{4,}}{sign}\\d{{3}}|{sign}\\d+"
        f"|\\d{{1,3}}({other}\\d{{3}})+{sign}\\d+|\\d{{1,3}}({other}\\d{{3}}){{2,}}"
    )
