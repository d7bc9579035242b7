"""Say no to a file as a whole, before anything is written, and say what to do instead."""

from stammkunde.kernel.errors import WrongInput


class Refused(WrongInput):
    """A file cannot be imported as it is; the message says why and what to do next. Nothing has been written."""
