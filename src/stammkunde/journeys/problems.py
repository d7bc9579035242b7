"""Say what is wrong with a map: in which line, at which place, and what to do about it, in German and English."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from stammkunde.conditions import BadCondition
from stammkunde.kernel.errors import WrongInput


class Both(NamedTuple):
    """One sentence in both languages."""

    en: str
    de: str

    def in_language(self, language: str) -> str:
        """Return the sentence in German or, for every other language, in English."""
        return self.de if language.startswith("de") else self.en


class Said(NamedTuple):
    """A problem and its remedy in one language."""

    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, or (not `severe`) worth knowing; `place` is a touchpoint, phase, path or key.

    `cause` is what the condition language had to say, where a signal or a condition cannot be read.
    """

    line: int
    place: str
    what: Both
    cure: Both
    severe: bool = True
    cause: BadCondition | None = field(default=None, compare=False, repr=False)

    @property
    def message(self) -> str:
        """Return what is wrong, in English."""
        return self.what.en

    @property
    def remedy(self) -> str:
        """Return what to do about it, in English."""
        return self.cure.en

    def in_language(self, language: str) -> Said:
        """Return message and remedy in a language."""
        return Said(self.what.in_language(language), self.cure.in_language(language))

    def __str__(self) -> str:
        return f"Line {self.line}, {self.place}: {self.message} {self.remedy}".strip()


class BadMap(WrongInput):
    """A map cannot be used like this; the message names every severe problem, the first one first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        severe = [problem for problem in self.problems if problem.severe]
        super().__init__("\n".join(map(str, severe)))


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return problems in the order of the text, severe ones of a line first, each once."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda one: (one.line, not one.severe)))
