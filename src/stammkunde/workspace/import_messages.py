"""Say what imports report, which speak English to programs, in the reader's language."""

from django.utils.translation import gettext


def tell(message: str) -> str:
    """Return the message in the reader's language."""
    return gettext(message) if message else ""
