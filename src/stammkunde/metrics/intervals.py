"""Say how sure a share is that was counted on a limited number of customers."""

from math import sqrt
from statistics import NormalDist

LEVEL = 0.95


def wilson(successes: int, n: int, *, level: float = LEVEL) -> tuple[float, float]:
    """Return the Wilson score interval of a share, within [0, 1]; n must be at least 1.

    Source: Wilson (1927), Journal of the American Statistical Association 22, 209-212.

    >>> low, high = wilson(8, 40)
    >>> f"{low:.5f} {high:.5f}"
    '0.10500 0.34757'
    """
    z = NormalDist().inv_cdf((1 + level) / 2)
    share = successes / n
    scale = 1 + z * z / n
    middle = (share + z * z / (2 * n)) / scale
    reach = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / scale
    low = 0.0 if successes == 0 else middle - reach
    high = 1.0 if successes == n else middle + reach
    return low, high
