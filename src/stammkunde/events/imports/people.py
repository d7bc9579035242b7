"""Learn names and addresses from an orders file: what the latest order of each customer tells."""

from datetime import datetime

import duckdb

from stammkunde.customers import identity, profiles
from stammkunde.customers.profiles import Profile
from stammkunde.events import traits
from stammkunde.events.fields import from_us
from stammkunde.events.imports.plan import Plan
from stammkunde.events.imports.vocabulary import ADDRESS_FIELDS, NAME_FIELDS

_FIELDS = (*NAME_FIELDS, *ADDRESS_FIELDS)
_NOTHING = "('', '-', '–', '?', 'n/a', 'null', 'none', 'nan', 'unbekannt', 'unknown')"


def prepare(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Make the table `people`: each customer of the accepted rows, her first unit, and what is told of her last."""
    told = [name for name in _FIELDS if plan.has(name)]
    silent = "".join(f", ''::VARCHAR AS {name}" for name in _FIELDS if name not in told)
    if not told or not plan.has("customer", "email", "phone"):
        columns = "0 AS unit, '' AS number, '' AS email, '' AS phone, 0::BIGINT AS utc" + "".join(
            f", '' AS {name}" for name in _FIELDS
        )
        con.execute(f"CREATE OR REPLACE TABLE people AS SELECT {columns} LIMIT 0")
        return
    cleaned = ", ".join(f"{_clean(name)} AS {name}" for name in told)
    groups = [[name for name in group if name in told] for group in (NAME_FIELDS, ADDRESS_FIELDS)]
    latest = "".join(_latest(group) for group in groups if group)
    con.execute(
        f"""
        CREATE OR REPLACE TABLE people AS
        WITH told AS (
            SELECT unit, coalesce(number, '') AS number, coalesce(email, '') AS email, coalesce(phone, '') AS phone,
                utc, row, {", ".join(told)}
            FROM lines JOIN (SELECT key, unit FROM orders WHERE unit IS NOT NULL) USING (key)
            JOIN (SELECT row, {cleaned} FROM raw) USING (row)
            WHERE coalesce(number, email, phone) IS NOT NULL AND coalesce({", ".join(told)}) IS NOT NULL
        ),
        latest AS (
            SELECT min(unit) AS unit, number, email, phone, max(utc) AS utc{latest}
            FROM told GROUP BY number, email, phone
        )
        SELECT unit, number, email, phone, utc, {", ".join(f"coalesce({name}, '') AS {name}" for name in told)}{silent}
        FROM (SELECT * EXCLUDE ({_names(groups)}){_unpacked(groups)} FROM latest)
        """
    )


def write(con: duckdb.DuckDBPyConnection, shop: str, *, after: int, until: int, now: datetime, origin: int) -> None:
    """Write what is told of the customers who first come up in these units; call it in the batch's transaction."""
    rows = con.execute(
        f"SELECT number, email, phone, utc, {', '.join(_FIELDS)} FROM people "
        f"WHERE unit > {after} AND unit <= {until} ORDER BY unit"
    ).fetchall()
    if not rows:
        return
    hints = [identity.Hint(*row[:3]) for row in rows]
    ids = identity.resolve(hints, scope=shop, now=now, origin=origin)
    told = [_profile(who, *row[3:]) for who, row in zip(ids, rows, strict=True) if who is not None]
    changed = profiles.tell(told)
    if changed:
        moments = {profile.customer: from_us(profile.at) for profile in told}
        traits.note(changed, now=now, at=moments)


def _profile(
    customer: int, at: int, name: str, given: str, family: str, street: str, postcode: str, city: str, country: str
) -> Profile:
    if name and not (given and family):
        given, family = profiles.split_name(name)
    return Profile(customer, at, given, family, street, postcode, city, profiles.country_code(country))


def _clean(name: str) -> str:
    text = f"regexp_replace(trim({name}), '\\s+', ' ', 'g')"
    if name == "postcode":
        text = f"regexp_replace({text}, '^''?(\\d+)\\.0$', '\\1')"
    return f"CASE WHEN lower({text}) NOT IN {_NOTHING} THEN left({text}, 200) END"


def _latest(group: list[str]) -> str:
    """Return the SQL of what the last row tells that tells anything of these; its parts stay together."""
    packed = ", ".join(f"{name} := {name}" for name in group)
    return (
        f", arg_max(struct_pack({packed}), utc::HUGEINT * 1000000000 + row) "
        f"FILTER (coalesce({', '.join(group)}) IS NOT NULL) AS about_{group[0]}"
    )


def _names(groups: list[list[str]]) -> str:
    return ", ".join(f"about_{group[0]}" for group in groups if group)


def _unpacked(groups: list[list[str]]) -> str:
    return "".join(f", about_{group[0]}.{name} AS {name}" for group in groups if group for name in group)
