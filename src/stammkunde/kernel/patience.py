"""Let nobody wait for ever, and nobody keep others waiting: an answer has a deadline."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic

from stammkunde.kernel.errors import WrongInput

_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)


class TookTooLong(WrongInput):
    """The question was given up at its deadline; ask for a shorter period, fewer units or fewer conditions."""

    def __init__(self) -> None:
        super().__init__(
            "This takes too long and was stopped, so that others can go on working. "
            "Ask for a shorter period, fewer units or fewer conditions; the command line waits as long as it takes."
        )


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Give up whatever is asked inside, in this thread, once so many seconds are over; an earlier deadline stays."""
    ours, theirs = monotonic() + seconds, _deadline.get()
    token = _deadline.set(ours if theirs is None else min(ours, theirs))
    try:
        yield
    finally:
        _deadline.reset(token)


def time_left() -> float | None:
    """Return the seconds until the deadline, None where nobody waits; raises TookTooLong when it has passed."""
    deadline = _deadline.get()
    if deadline is None:
        return None
    left = deadline - monotonic()
    if left <= 0:
        raise TookTooLong
    return left
