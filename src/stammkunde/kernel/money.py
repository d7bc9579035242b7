"""Count money exactly: whole numbers of 1/10,000 of the currency unit ("e4")."""

from decimal import ROUND_HALF_EVEN, Decimal

SCALE = 10_000
_ONE = Decimal(1)


def to_e4(amount: Decimal | int | str) -> int:
    """Return the amount in 1/10,000 of the currency unit, rounded half to even.

    >>> to_e4("2.55"), to_e4(Decimal("0.00005"))
    (25500, 0)
    """
    return int((Decimal(amount) * SCALE).quantize(_ONE, rounding=ROUND_HALF_EVEN))


def from_e4(amount: int) -> Decimal:
    """Return the amount in currency units.

    >>> from_e4(25500)
    Decimal('2.55')
    """
    return Decimal(amount) / SCALE
