"""Refuse passwords that are guessed first: a common word in German or English with digits and signs around it."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_PLAIN = str.maketrans("013457@$!ßäöü", "oleasiasisaou")
_AROUND = re.compile(r"^[^a-zäöüß]+|[^a-zäöüß]+$")
_WORDS = frozenset(
    "passwort password passwd kennwort pass geheim secret hallo hello hallihallo willkommen welcome admin "
    "administrator master root user test tester testtest login start schatz schatzi liebe ichliebedich iloveyou "
    "loveyou mausi maus "
    "hase hasi baby engel sonne sonnenschein sommer winter fruehling fruhling herbst montag dienstag mittwoch "
    "donnerstag freitag samstag sonntag januar februar maerz marz april mai juni juli august september oktober "
    "november dezember internet computer windows office laptop handy telefon fussball fusball football bayern "
    "bayernmuenchen bayernmunchen dortmund borussia schalke werder hamburg berlin muenchen munchen koeln koln "
    "frankfurt stuttgart deutschland germany oesterreich osterreich schweiz wien zuerich zurich michael thomas andreas "
    "stefan alexander christian martin daniel sebastian julia sandra nicole sabine andrea claudia melanie lisa anna "
    "laura sarah katharina schnecke schokolade schoko kaffee banane erdbeere pferd hund katze tiger drache dragon "
    "pokemon superman batman starwars ficken arschloch scheisse scheise fuckyou letmein qwertz qwertzu qwertzui "
    "qwertzuiop qwerty qwertyuiop asdf asdfg asdfgh asdfghjkl yxcvbnm asdfasdf qwertzqwertz abc abcd abcdef "
    "abcdefg abcabc "
    "stammkunde kunde kunden shop meinshop laden geschaeft geschaft firma verkauf blumen".split()
)


class EasilyGuessedValidator:
    """Refuse a common word with digits and signs around it, repeated, or in disguise (p4ssw0rt)."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError for a password that is guessed first."""
        if is_easily_guessed(password):
            raise ValidationError(self.get_help_text(), code="password_easily_guessed")

    def get_help_text(self) -> str:
        """Say what to do instead."""
        return _(
            "A common word with digits or signs around it is guessed first. Take several words, "
            "such as three that have nothing to do with each other."
        )


def is_easily_guessed(password: str) -> bool:
    """Tell whether only one common word, or none at all, is left without what stands around it.

    >>> [is_easily_guessed(word) for word in ("passwort123", "P4ssw0rt!2026", "1234567890", "hallohallo1")]
    [True, True, True, True]
    >>> [is_easily_guessed(word) for word in ("sieben-rote-Tulpen", "Ein-langes-Kennwort-7", "kT8#vQz2!mLp")]
    [False, False, False]
    """
    lower = password.lower()
    forms = {_AROUND.sub("", lower), _AROUND.sub("", _AROUND.sub("", lower).translate(_PLAIN)), lower.translate(_PLAIN)}
    return any(_is_common(form) or not form for form in forms)


def _is_common(word: str) -> bool:
    half = len(word) // 2
    return word in _WORDS or (len(word) % 2 == 0 and word[:half] == word[half:] and word[:half] in _WORDS)
