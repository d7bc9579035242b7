"""Count the yearly returns of a day; 29 February returns on 1 March where there is none."""

from datetime import date


def next_anniversary(day: date, today: date) -> date:
    """Return the first return of the day that is today or later, and at least a year after the day itself.

    >>> next_anniversary(date(2024, 2, 29), date(2025, 1, 1))
    datetime.date(2025, 3, 1)
    """
    year = max(today.year, day.year + 1)
    found = anniversary(day, year)
    return found if found >= today else anniversary(day, year + 1)


def anniversary(day: date, year: int) -> date:
    """Return the return of the day in a year."""
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 3, 1)
