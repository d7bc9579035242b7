"""The reference of the check-up names every question and every source, in the words of the product."""

from pathlib import Path

import pytest

from stammkunde.insights.checkup.questions import QUESTIONS
from stammkunde.insights.checkup.sources import SOURCES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "checkup.md"


@pytest.mark.parametrize("name", list(QUESTIONS))
def test_every_question_is_documented_as_it_is_asked(name: str) -> None:
    text, question = PAGE.read_text(encoding="utf-8"), QUESTIONS[name]
    assert [words for words in (f"| `{name}` |", question.asks.en, question.met.en) if words not in text] == []


@pytest.mark.parametrize("name", list(SOURCES))
def test_every_source_is_documented_with_how_to_connect_it(name: str) -> None:
    text, source = PAGE.read_text(encoding="utf-8"), SOURCES[name]
    assert [words for words in (f"| `{name}`: {source.title.en} |", source.how.en) if words not in text] == []
