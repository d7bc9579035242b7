"""Guess what columns tell when their names do not: from what their values look like and how they repeat."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from stammkunde.events.imports import looks

Guess = dict[str, tuple[int, str]]

BY_DEFAULT = "no order has several rows, so either reading is the same"
BY_PRODUCT = "it is quantity × price"
BY_ROWS = "it is quantity × price of each row, not their sum"
BY_SUM = "it is the sum of quantity × price of all rows of an order"
ONCE = "it stands in one row of each order only"
_ALL = 0.95
_CENT = 0.011
_ROUNDED = 0.001
# Amounts with or without VAT, where prices are the other way: the rates of Germany, Austria and Switzerland.
_TAXED = tuple(
    factor for rate in (1.19, 1.07, 1.2, 1.1, 1.13, 1.081, 1.026, 1.077, 1.025) for factor in (rate, 1 / rate)
)


def by_values(names: Sequence[str], sample: Sequence[Sequence[str]]) -> Guess:
    """Guess the columns of a file without column names: date, e-mail, amount, quantity, customer and order number."""
    columns = [[row[place] for row in sample if place < len(row)] for place in range(len(names))]
    guess: Guess = date_column(names, sample, set())
    email = _first(columns, lambda cells: looks.share(cells, ("email",)) >= _ALL, set())
    if email is not None:
        guess["email"] = (email, "values are e-mail addresses")
    taken = {place for place, _ in guess.values()}
    _guess_amounts(columns, taken, guess)
    taken = {place for place, _ in guess.values()}
    for place, cells in enumerate(columns):
        if place in taken or not any(cells):
            continue
        role = _role(cells, columns[guess["at"][0]] if "at" in guess else cells)
        if role and role not in guess:
            guess[role] = (place, "repeats as such numbers do")
    return guess


def date_column(names: Sequence[str], sample: Sequence[Sequence[str]], taken: set[int]) -> Guess:
    """Return the column whose values are dates, if there is exactly one, or the first of several."""
    for place in range(len(names)):
        cells = [row[place] for row in sample if place < len(row)]
        if place not in taken and looks.share(cells, ("date",)) >= _ALL:
            return {"at": (place, "values are dates")}
    return {}


def level(sample: Sequence[Sequence[str]], place: int, known: Mapping[str, int]) -> tuple[str, str]:
    """Say whether the amount in this column is the row's or the whole order's, and why."""
    if "order_id" not in known:
        why = (
            BY_PRODUCT if _is_product(sample, place, known) else "without order numbers each row counts its own amount"
        )
        return "line_total", why
    of_rows, of_orders = _votes(sample, place, known)
    if of_rows or of_orders:
        return ("line_total", BY_ROWS) if of_rows > of_orders else ("total", BY_SUM)
    if _is_product(sample, place, known):
        return "line_total", BY_PRODUCT
    if _stands_once(sample, place, known["order_id"]):
        return "total", ONCE
    differing, several = _differing(sample, place, known["order_id"])
    if not several:
        return ("line_total" if {"product", "quantity"} <= known.keys() else "total"), BY_DEFAULT
    if differing * 2 > several:
        return "line_total", "it differs between the rows of an order"
    return "total", "it is the same in all rows of an order"


def is_amount_of_rows(sample: Sequence[Sequence[str]], place: int, known: Mapping[str, int]) -> bool:
    """Tell whether what is called a total is each row's own amount: quantity × price, and not their sum."""
    if "order_id" not in known:
        return False
    of_rows, of_orders = _votes(sample, place, known)
    return of_rows > of_orders


def _votes(sample: Sequence[Sequence[str]], place: int, known: Mapping[str, int]) -> tuple[int, int]:
    """Return in how many orders of several rows the amount is each row's quantity × price, in how many their sum."""
    if "unit_price" not in known or "order_id" not in known:
        return 0, 0
    rows: dict[str, list[tuple[float, float]]] = defaultdict(list)
    spoiled: set[str] = set()
    for row in sample:
        if len(row) <= max(place, known["order_id"], known["unit_price"], known.get("quantity", 0)):
            continue
        order = row[known["order_id"]]
        stated, price = _rough(row[place]), _rough(row[known["unit_price"]])
        pieces = _rough(row[known["quantity"]]) if "quantity" in known else 1.0
        if stated is None or price is None or pieces is None:
            spoiled.add(order)
        else:
            rows[order].append((abs(stated), abs(pieces * price)))
    several = [amounts for order, amounts in rows.items() if len(amounts) > 1 and order not in spoiled]
    plain = _counted(several, (1.0,))
    return plain if any(plain) else _counted(several, _TAXED)


def _counted(orders: Sequence[Sequence[tuple[float, float]]], factors: Sequence[float]) -> tuple[int, int]:
    """Count the orders whose amounts are their rows' goods, or the sum of them, times a factor."""

    def are_alike(stated: float, goods: float) -> bool:
        return any(abs(stated - goods * factor) <= max(_CENT, goods * _ROUNDED) for factor in factors)

    of_rows = of_orders = 0
    for amounts in orders:
        total = sum(goods for _, goods in amounts)
        own = all(are_alike(stated, goods) for stated, goods in amounts)
        sums = all(are_alike(stated, total) for stated, _ in amounts)
        of_rows, of_orders = of_rows + (own and not sums), of_orders + (sums and not own)
    return of_rows, of_orders


def _stands_once(sample: Sequence[Sequence[str]], place: int, order_id: int) -> bool:
    """Tell whether most orders of several rows tell the amount in one of them only, and leave it open in the others."""
    filled: dict[str, list[bool]] = defaultdict(list)
    for row in sample:
        if max(place, order_id) < len(row) and row[order_id].strip():
            filled[row[order_id]].append(bool(row[place].strip()))
    several = [cells for cells in filled.values() if len(cells) > 1]
    return sum(sum(cells) == 1 for cells in several) * 2 > len(several) > 0


def _is_product(sample: Sequence[Sequence[str]], place: int, known: Mapping[str, int]) -> bool:
    if not {"quantity", "unit_price"} <= known.keys():
        return False
    share = _share_of_products(sample, place, known["quantity"], known["unit_price"])
    return share is not None and share >= 0.9


def _differing(sample: Sequence[Sequence[str]], place: int, order_id: int) -> tuple[int, int]:
    """Return in how many orders the amount differs from row to row, and how many orders have several rows."""
    amounts: dict[str, list[str]] = defaultdict(list)
    for row in sample:
        if max(place, order_id) < len(row) and row[place].strip():
            amounts[row[order_id]].append(row[place].strip())
    several = [cells for cells in amounts.values() if len(cells) > 1]
    return sum(len(set(cells)) > 1 for cells in several), len(several)


def _share_of_products(sample: Sequence[Sequence[str]], amount: int, quantity: int, price: int) -> float | None:
    agreed = seen = 0
    for row in sample:
        if max(amount, quantity, price) >= len(row):
            continue
        values = [_rough(row[place]) for place in (amount, quantity, price)]
        if None in values or values[1] in (0, 1):
            continue
        seen += 1
        a, q, p = (value or 0.0 for value in values)
        agreed += abs(abs(a) - abs(q * p)) <= _CENT
    return agreed / seen if seen else None


def _rough(cell: str) -> float | None:
    """Read a number by and large, taking the last point or comma for the decimal sign."""
    text = "".join(char for char in cell if char in "0123456789.,-")
    last = max(text.rfind("."), text.rfind(","))
    whole, part = (text[:last], text[last + 1 :]) if last >= 0 else (text, "")
    try:
        return float(whole.replace(".", "").replace(",", "") + "." + part)
    except ValueError:
        return None


def _first(columns: Sequence[Sequence[str]], fits: Callable[[Sequence[str]], bool], taken: set[int]) -> int | None:
    places = (place for place, cells in enumerate(columns) if place not in taken and any(cells) and fits(cells))
    return next(places, None)


def _guess_amounts(columns: Sequence[Sequence[str]], taken: set[int], guess: Guess) -> None:
    numeric = [place for place, cells in enumerate(columns) if place not in taken and looks.share(cells) >= _ALL]
    money = [place for place in numeric if looks.share(columns[place], ("cents",)) >= 0.5]
    counts = [place for place in numeric if place not in money and _is_quantity(columns[place])]
    rows = list(zip(*columns, strict=False))
    for first in money:
        for second in money:
            for count in counts:
                share = _share_of_products(rows, first, count, second) if first != second else None
                if share is not None and share >= 0.9:
                    guess["unit_price"] = (second, "price of one piece")
                    guess["line_total"] = (first, BY_PRODUCT)
                    guess["quantity"] = (count, "small whole numbers")
                    return
    if money:
        guess["line_total"] = (money[-1], "values are amounts of money")
    if counts:
        guess["quantity"] = (counts[-1], "small whole numbers")


def _is_quantity(cells: Sequence[str]) -> bool:
    filled = [cell.strip().lstrip("-−") for cell in cells if cell.strip()]
    plain = (cell.isdecimal() and len(cell) <= 3 and (cell == "0" or cell[0] != "0") for cell in filled)
    return bool(filled) and all(plain)


def _role(cells: Sequence[str], dates: Sequence[str]) -> str:
    """Tell order numbers, which repeat at one moment only, from customer numbers, which come back."""
    moments: dict[str, set[str]] = defaultdict(set)
    rows: dict[str, int] = defaultdict(int)
    for cell, date in zip(cells, dates, strict=False):
        if cell.strip():
            moments[cell].add(date)
            rows[cell] += 1
    if not rows or not all(any(char.isdigit() for char in cell) for cell in rows):
        return ""
    if any(len(days) > 1 for days in moments.values()):
        return "customer"
    return "order_id" if any(count > 1 for count in rows.values()) else ""
