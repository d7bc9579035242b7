"""Say things so that every page can say them in the reader's language."""

from collections.abc import Mapping
from datetime import date


def gettext_noop(message: str) -> str:
    """Mark a message for the translators; whoever shows it translates it."""
    return message


class Share(str):
    """A share within a sentence: in English as it stands, elsewhere as readers there are used to.

    >>> Sentence("%(share)s came back.", share=Share(0.6234))
    '62.3 % came back.'
    """

    share: float

    def __new__(cls, share: float) -> "Share":
        text = super().__new__(cls, f"{share * 100:.1f} %")
        text.share = share
        return text


class Verbatim(str):
    """A name that people gave: it is said as it is in every language."""


class Sentence(str):
    """An English sentence that remembers its message and its values, so that it can be said again in German.

    >>> reason = Sentence("The data begin on %(first_day)s.", first_day=date(2010, 1, 4))
    >>> reason
    'The data begin on 2010-01-04.'
    >>> reason.message, reason.values
    ('The data begin on %(first_day)s.', {'first_day': datetime.date(2010, 1, 4)})
    """

    message: str
    values: Mapping[str, date | int | str]

    def __new__(cls, message: str, **values: date | int | str) -> "Sentence":
        sentence = super().__new__(cls, message % values if values else message)
        sentence.message, sentence.values = message, values
        return sentence
