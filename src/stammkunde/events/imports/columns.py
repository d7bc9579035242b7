"""Recognise which column tells what: by its name, by its values, or because somebody said so."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from stammkunde.events.imports import guesses, looks, presets
from stammkunde.events.imports.refusals import Refused
from stammkunde.events.imports.vocabulary import AMOUNTS, CONTACTS, EXPLAINING, FIELDS, normal

Sure = Literal["told", "sure", "likely", "guess"]

_ADDITIONS = ("id", "no", "nr", "utc", "eur", "euro", "usd", "gbp", "chf", "ineur", "netto", "brutto", "net", "gross")
_TAX_WORDS = ("netto", "brutto", "net", "gross")
_SHORTEST_PART = 6
_NONE = frozenset({"", "-", "none", "–"})


class UnknownField(Refused):
    """There is no such field; the message lists those there are."""


class UnknownColumn(Refused):
    """The file has no such column; the message lists those it has."""


class AmbiguousColumn(Refused):
    """Several columns have the same name; name the column by its place."""


class MissingColumns(Refused):
    """The file does not tell when or how much was ordered; say which column does."""


class ContactsOnly(Refused):
    """The file lists people, not orders; export the orders."""


@dataclass(frozen=True)
class Column:
    """A column that was recognised: where it stands (from 0), what it is called, how sure this is, and why."""

    field: str
    place: int
    name: str
    sure: Sure
    why: str


@dataclass(frozen=True)
class Table:
    """What there is to recognise: column names, whether the file gave them, and some rows."""

    names: Sequence[str]
    named: bool
    sample: Sequence[Sequence[str]]

    def values(self, place: int) -> list[str]:
        """Return the sample's cells of one column."""
        return [row[place] for row in self.sample if place < len(row)]


Found = dict[str, Column]


def recognise(table: Table, *, mapping: Mapping[str, str], preset: presets.Preset | None) -> Found:
    """Return the column of each field that the file tells, by field name. What people say counts before everything."""
    unknown = sorted(set(mapping) - set(FIELDS))
    if unknown:
        near = get_close_matches(unknown[0], FIELDS, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise UnknownField(f"There is no field {unknown[0]!r}.{hint} Fields: {', '.join(FIELDS)}.")
    found = {
        field: Column(field, place := _place(table, column), table.names[place], "told", "you said so")
        for field, column in mapping.items()
        if column.strip().lower() not in _NONE
    }
    settled = set(mapping)
    if preset:
        settled |= _from_preset(table, preset, found, settled)
    if not table.named:
        _add(found, settled, guesses.by_values(table.names, table.sample), table, "guess")
        return found
    _by_name(table, found, settled, parts=preset is None)
    _by_level(table, found, settled)
    if "at" not in found and "at" not in settled:
        _add(found, settled, guesses.date_column(table.names, table.sample, _taken(table, found)), table, "guess")
    return found


def require(table: Table, found: Found) -> None:
    """Refuse a file that does not tell when orders were placed and what they were worth."""
    priced = "total" in found or "line_total" in found or {"quantity", "unit_price"} <= found.keys()
    if "at" in found and priced:
        _require_unique_names(table, found)
        return
    if _is_contact_list(table, found):
        raise ContactsOnly(
            "This is a list of people, not of orders: it tells neither amounts nor dates of orders. "
            "Export the orders; importing customers comes later."
        )
    columns = ", ".join(name or f"#{place + 1}" for place, name in enumerate(table.names))
    said = [] if "at" in found else ["when an order was placed (at)"]
    if not priced:
        said.append("what it was worth (total, or line_total, or quantity and unit_price)")
    missing = "at" if "at" not in found else "total"
    raise MissingColumns(
        f"No column tells {' nor '.join(said)}. Found: {columns}.{_nearest(table, missing, _taken(table, found))} "
        f"Say which column it is: --map {missing}=COLUMN, by name or by place (#1 is the first)."
    )


def _nearest(table: Table, field: str, taken: set[int]) -> str:
    names = {normal(name): name for place, name in enumerate(table.names) if place not in taken}
    near = [match for known in FIELDS[field].names[:20] for match in get_close_matches(known, names, n=1, cutoff=0.75)]
    return f" The nearest is {names[near[0]]!r}." if near else ""


def _require_unique_names(table: Table, found: Found) -> None:
    for column in found.values():
        twins = [place for place, name in enumerate(table.names) if name == column.name]
        if table.named and column.sure != "told" and len(twins) > 1:
            places = ", ".join(f"#{place + 1}" for place in twins)
            raise AmbiguousColumn(
                f"Several columns are called {column.name!r} ({places}). "
                f"Choose one by its place: --map {column.field}=#{twins[0] + 1}."
            )


def _is_contact_list(table: Table, found: Found) -> bool:
    names = {normal(name) for name in table.names}
    money = {"total", "line_total", "unit_price", "quantity", "order_id"} & found.keys()
    return "email" in found and not money and len(names & CONTACTS) >= 2


def _place(table: Table, column: str) -> int:
    """Find a column by exact name, by place, or by a name that differs only in writing."""
    wanted = column.strip()
    same = [place for place, name in enumerate(table.names) if name == wanted]
    if len(same) > 1:
        places = ", ".join(f"#{place + 1}" for place in same)
        raise AmbiguousColumn(f"Several columns are called {wanted!r} ({places}). Choose one by its place.")
    if same:
        return same[0]
    digits = wanted.removeprefix("#")
    if digits.isdecimal() and 1 <= int(digits) <= len(table.names):
        return int(digits) - 1
    alike = [place for place, name in enumerate(table.names) if normal(name) == normal(wanted) and normal(wanted)]
    if len(alike) == 1:
        return alike[0]
    near = get_close_matches(wanted, table.names, n=1, cutoff=0.5)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise UnknownColumn(f"The file has no column {wanted!r}.{hint} Found: {', '.join(table.names)}.")


def _from_preset(table: Table, preset: presets.Preset, found: Found, settled: set[str]) -> set[str]:
    places = {normal(name): place for place, name in reversed(list(enumerate(table.names)))}
    for field, choices in preset.columns.items():
        place = next((places[normal(choice)] for choice in choices if normal(choice) in places), None)
        if field not in settled and place is not None:
            found[field] = Column(field, place, table.names[place], "sure", preset.title)
    return set(preset.columns)


def _by_name(table: Table, found: Found, settled: set[str], *, parts: bool) -> None:
    names = [normal(name) for name in table.names]
    rules = ((_is_same, "sure"), (_is_part, "likely"))
    for matches, sure in rules if parts else rules[:1]:
        for field in FIELDS.values():
            if field.name in found or field.name in settled:
                continue
            candidates = [
                (rank, place)
                for place, name in enumerate(names)
                for rank, known in enumerate(field.names)
                if name and place not in _taken(table, found) and matches(name, known)
            ]
            place = _best(table, field.kind, sorted(candidates))
            if place is not None:
                why = "known name" if sure == "sure" else "name contains a known one"
                found[field.name] = Column(field.name, place, table.names[place], sure, why)  # type: ignore[arg-type]


def _is_same(name: str, known: str) -> bool:
    return name == known


def _is_part(name: str, known: str) -> bool:
    if len(known) < _SHORTEST_PART:
        return name in {known + addition for addition in _ADDITIONS}
    return name.endswith(known) or name in {known + addition for addition in _ADDITIONS}


def _is_amount(name: str, known: str) -> bool:
    """Tell whether the name is this one, perhaps with a word before or after it, such as Summe brutto."""
    return name == known or name in {known + more for more in _ADDITIONS} | {more + known for more in _TAX_WORDS}


_FITS: dict[str, Callable[[list[str]], bool]] = {
    "text": lambda cells: True,
    "number": lambda cells: looks.share(cells, ("number",)) >= 0.5,
    "moment": lambda cells: looks.share(cells, ("date", "epoch")) >= 0.5,
    "clock": lambda cells: looks.share(cells, ("clock",)) >= 0.8,
}


def _best(table: Table, kind: str, candidates: Sequence[tuple[int, int]]) -> int | None:
    """Take the best name whose values fit; when no column's do, the best name, so that the rows can say why."""
    fits = _FITS[kind]
    filled = [(rank, place) for rank, place in candidates if any(cell.strip() for cell in table.values(place))]
    good = next((place for _, place in filled if fits(table.values(place))), None)
    if good is not None or not candidates:
        return good
    return None if kind == "clock" else candidates[0][1]


def _by_level(table: Table, found: Found, settled: set[str]) -> None:
    """Settle whether an amount is the row's or the order's: by quantity × price, then by how orders repeat it."""
    if "line_total" in found or "total" in found or {"line_total", "total"} <= settled:
        _correct_total(table, found, settled)
        return
    names = [normal(name) for name in table.names]
    candidates = sorted(
        (rank, place)
        for place, name in enumerate(names)
        for rank, known in enumerate(AMOUNTS)
        if place not in _taken(table, found) and _is_amount(name, known)
    )
    place = _best(table, "number", candidates)
    if place is None:
        return
    field, why = guesses.level(table.sample, place, {name: column.place for name, column in found.items()})
    if field not in settled:
        found[field] = Column(field, place, table.names[place], "likely", why)


def _correct_total(table: Table, found: Found, settled: set[str]) -> None:
    total = found.get("total")
    if total is None or total.sure == "told" or "line_total" in found or settled & {"total", "line_total"}:
        return
    if guesses.is_amount_of_rows(table.sample, total.place, {name: column.place for name, column in found.items()}):
        del found["total"]
        found["line_total"] = Column("line_total", total.place, total.name, "likely", guesses.BY_ROWS)


def _add(found: Found, settled: set[str], guessed: Mapping[str, tuple[int, str]], table: Table, sure: Sure) -> None:
    for field, (place, why) in guessed.items():
        if field not in found and field not in settled:
            found[field] = Column(field, place, table.names[place], sure, why)


def _taken(table: Table, found: Found) -> set[int]:
    """Return the columns that are spoken for: those found, and those of a rejects file that explain."""
    explaining = range(len(EXPLAINING)) if tuple(table.names[: len(EXPLAINING)]) == EXPLAINING else ()
    return {column.place for column in found.values()} | set(explaining)
