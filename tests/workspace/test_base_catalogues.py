"""German is complete, du holds only what sounds different, and what is compiled is what is written."""

import polib
import pytest

from tools import messages

GATHERED = messages.gather()


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(messages.LOCALE / language / "LC_MESSAGES" / "django.po"))


def test_every_text_of_the_pages_is_there_in_german() -> None:
    assert messages.missing(catalogue("de"), GATHERED) == [], "run: python -m tools.messages"


def test_german_holds_nothing_that_no_page_says_any_more() -> None:
    gone = {messages.key_of(entry) for entry in catalogue("de")} - set(GATHERED)
    assert sorted(gone) == []


def test_du_never_says_sie_and_differs_wherever_sie_is_said() -> None:
    assert messages.too_formal(catalogue("de"), catalogue("de_DU")) == []


def test_du_holds_only_what_differs() -> None:
    german = {messages.key_of(entry): entry for entry in catalogue("de")}
    same = [
        entry.msgid
        for entry in catalogue("de_DU")
        if (formal := german.get(messages.key_of(entry)))
        and (formal.msgstr, formal.msgstr_plural) == (entry.msgstr, entry.msgstr_plural)
    ]
    assert same == []


@pytest.mark.parametrize("language", ["de", "de_DU"])
def test_the_compiled_catalogue_is_the_written_one(language: str) -> None:
    def texts(entries: polib.POFile | polib.MOFile) -> set[tuple[str, str, str, str]]:
        return {
            (entry.msgctxt or "", entry.msgid, entry.msgstr, str(sorted(entry.msgstr_plural.items())))
            for entry in entries
            if entry.msgstr or any(entry.msgstr_plural.values())
        }

    compiled = polib.mofile(str(messages.LOCALE / language / "LC_MESSAGES" / "django.mo"))
    assert texts(catalogue(language)) == texts(compiled)
