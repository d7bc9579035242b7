"""Judge at a glance what a cell could be: a number, an amount of money, a date, an address."""

import re
from collections.abc import Iterable, Sequence

_SYMBOLS = r"(?:€|\$|£|¥|EUR|USD|GBP|CHF|PLN|SEK|DKK|CZK)"
_NUMBER = re.compile(
    rf"[(\-−+]?\s*{_SYMBOLS}?\s*[(\-−+]?(?:\d[\d.,'’\u00a0\u202f ]*|[.,]\d+)"
    rf"(?:[eE][+-]?\d+)?(?:[.,][-–—]+)?\s*{_SYMBOLS}?[-)]?",
    re.IGNORECASE,
)
_MONTHS = r"(?:jan|feb|m(?:ar|ae|är)|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-zä]*"
_DATE = re.compile(
    r"(?:[a-z]{2,10}[.,]?\s+)?(?:"
    r"(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}"
    r"|\d{1,2}[-/.]\s?\d{1,2}[-/.]\s?(?:\d{4}|\d{2})"
    r"|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:\d{4}|\d{6})?"
    rf"|\d{{1,2}}[-/. ]{{1,2}}{_MONTHS}[-/., ]{{1,2}}(?:\d{{4}}|\d{{2}})"
    rf"|{_MONTHS}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}}"
    r")(?:[T ,]+.*|Z)?",
    re.IGNORECASE,
)
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?\s*(?:[ap]\.?m\.?|uhr)?", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_CENTS = re.compile(r".*\d[.,]\d{1,2}\D*")


def number(cell: str) -> bool:
    """Tell whether the cell reads as a number or an amount.

    >>> [number(cell) for cell in ("17", "1.234,50 €", "-3", "2026-01-03", "A17")]
    [True, True, True, False, False]
    """
    return bool(_NUMBER.fullmatch(cell.strip()))


def date(cell: str) -> bool:
    """Tell whether the cell reads as a day or a moment.

    >>> [date(cell) for cell in ("2026-01-03T10:00:00Z", "3.1.26", "19970101", "3 March 2026", "536365")]
    [True, True, True, True, False]
    """
    return bool(_DATE.fullmatch(cell.strip()))


def epoch(cell: str) -> bool:
    """Tell whether the cell could count seconds or milliseconds since 1970."""
    return bool(_EPOCH.fullmatch(cell.strip()))


def clock(cell: str) -> bool:
    """Tell whether the cell reads as a time of day."""
    return bool(_CLOCK.fullmatch(cell.strip()))


def email(cell: str) -> bool:
    """Tell whether the cell reads as an e-mail address."""
    return bool(_EMAIL.fullmatch(cell.strip()))


def cents(cell: str) -> bool:
    """Tell whether the cell has decimals, as amounts of money have."""
    return bool(_CENTS.fullmatch(cell.strip())) and number(cell)


def share(cells: Iterable[str], judged: Sequence[str] = ("number",)) -> float:
    """Return the share of the filled cells of which one of the judgements holds; 0 when none is filled."""
    judges = [_JUDGES[name] for name in judged]
    filled = [cell for cell in cells if cell.strip()]
    return sum(any(judge(cell) for judge in judges) for cell in filled) / len(filled) if filled else 0.0


_JUDGES = {"number": number, "date": date, "epoch": epoch, "clock": clock, "email": email, "cents": cents}
