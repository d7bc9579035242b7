"""Tables taken away open in a spreadsheet as they are, and nothing in them runs."""

import csv
from datetime import date
from io import StringIO

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from stammkunde.workspace.downloads import download, written


@pytest.mark.parametrize(
    "evil", ["=1+1", "+49 30 1", "-cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＠A"]
)
def test_what_a_spreadsheet_would_run_stands_behind_an_apostrophe(evil: str) -> None:
    assert written(evil, german=True) == f"'{evil}"


def test_numbers_keep_their_sign_and_follow_the_language() -> None:
    assert written(-0.25, german=True) == "-0,25"
    assert written(-0.25, german=False) == "-0.25"
    assert written(date(2026, 3, 1), german=True) == "2026-03-01"
    assert written(None, german=True) == ""


@pytest.mark.parametrize(("language", "delimiter"), [("de", ";"), ("de-du", ";"), ("en", ",")])
def test_the_delimiter_is_what_the_readers_spreadsheet_expects(language: str, delimiter: str) -> None:
    with translation.override(language):
        body = download("x", ["a", "b"], [["1;2,3", 4]]).content
    assert body.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(body.decode("utf-8-sig")), delimiter=delimiter))
    assert rows == [["a", "b"], ["1;2,3", "4"]]


@given(st.text())
def test_no_text_begins_a_formula(text: str) -> None:
    assert not written(text, german=True).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
