"""What does not hang together on a map is told with line, touchpoint and remedy, in both languages."""

from datetime import date

import pytest

from stammkunde.conditions import Vocabulary
from stammkunde.journeys.document import Journey
from stammkunde.journeys.lint import lint, overlaps, sound
from stammkunde.journeys.problems import BadMap, Problem
from stammkunde.journeys.reading import usable
from tests.journeys.sheets import SMALL, SOAP

MAIL = "channel: email\n        initiator: company\n"


def many(count: int) -> str:
    points = "".join(
        f"      - {{id: t{n}, label: T{n}, initiator: customer, signal: order.placed where value > {n}}}\n"
        for n in range(count)
    )
    return f"journey: many\nlabel: Viele\nphases:\n  - id: all\n    label: Alle\n    touchpoints:\n{points}"


SEVERE = {
    "a target that is missing": (
        SMALL.replace("to: second", "to: secnd"),
        18,
        "first → secnd",
        "Did you mean `second`?",
    ),
    "a start that is missing": (
        SMALL.replace("from: first", "from: nowhere"),
        18,
        "nowhere → second",
        "Add it, or name one",
    ),
    "a goal that is missing": (SMALL + "goal: {touchpoint: thrid}\n", 19, "goal", "Add it, or name one"),
    "a path to itself": (SMALL.replace("to: second", "to: first"), 18, "first → first", "Add `loop: true`"),
    "a path twice": (SMALL + "  - {from: first, to: second}\n", 19, "first → second", "Keep one of the two."),
    "a touchpoint twice": (
        SMALL.replace("id: second", "id: first").replace("to: second", "to: first, loop: true"),
        13,
        "first",
        "another short name",
    ),
    "a phase twice": (
        SMALL.replace(
            "paths:",
            "  - {id: buy, label: B, touchpoints: [{id: x, label: X, signal: case.opened}]}\npaths:",
        ),
        17,
        "buy",
        "another short name",
    ),
    "a pain twice": (
        SMALL.replace(
            "nth(order.placed, 1)", "nth(order.placed, 1)\n        pains: [{id: p, label: P}, {id: p, label: Q}]"
        ),
        13,
        "p",
        "another short name",
    ),
    "a parent that is missing": (SMALL.replace("stage: purchase", "parent: by"), 5, "buy", "Did you mean `buy`?"),
    "a phase in itself": (SMALL.replace("stage: purchase", "parent: buy"), 5, "buy", "Take `parent:` out"),
    "a mail without legal ground": (
        SMALL.replace("initiator: customer\n", MAIL, 1),
        9,
        "first",
        "Add `consent: opt_in`",
    ),
    "201 touchpoints": (many(201), 207, "journey", "Split it into several maps."),
    "an initiative that is missing": (
        SMALL.replace("signal: nth(order.placed, 1)", "signal: nth(order.placed, 1)\n        initiatives: [welcome]"),
        9,
        "first",
        "Add it, or name one",
    ),
    "an opportunity without its pain": (
        SMALL + "opportunities: [{id: o, label: O, pains: [p]}]\n",
        19,
        "o",
        "Add it, or name one",
    ),
    "an initiative that solves nothing": (
        SMALL + "initiatives: [{id: i, label: I, solves: [p]}]\n",
        19,
        "i",
        "Add it, or name one",
    ),
}


@pytest.mark.parametrize("name", SEVERE)
def test_this_keeps_a_map_from_being_published(name: str) -> None:
    text, line, place, remedy = SEVERE[name]
    [problem] = [one for one in lint(usable(text)) if one.severe]
    assert (line, place) == (problem.line, problem.place), str(problem)
    assert remedy in problem.remedy
    assert problem.what.de != problem.what.en
    assert problem.cure.de != problem.cure.en
    with pytest.raises(BadMap, match=f"Line {line}"):
        sound(text)


def test_two_hundred_touchpoints_are_allowed() -> None:
    assert [] == [one for one in lint(usable(many(200))) if one.severe]


def test_a_circle_is_worth_knowing_unless_it_is_meant() -> None:
    back = SMALL + "  - {from: second, to: first}\n"
    problem = _note(back)
    assert (19, "second → first") == (problem.line, problem.place)
    assert "first → second → first" in problem.message
    assert () == lint(usable(back.replace("to: first}", "to: first, loop: true}")))


def test_circles_of_many_are_found_once_each_and_fast() -> None:
    paths = "".join(f"  - {{from: t{n}, to: t{(n + 1) % 200}}}\n" for n in range(200))
    circles = [one for one in lint(usable(f"{many(200)}paths:\n{paths}")) if "circle" in one.message]
    assert 1 == len(circles)
    web = "".join(f"  - {{from: t{a}, to: t{b}}}\n" for a in range(30) for b in range(30) if a < b)
    assert [] == [one for one in lint(usable(f"{many(30)}paths:\n{web}")) if "circle" in one.message]


def test_overlapping_signals_are_allowed_and_shown() -> None:
    wide = usable(SMALL.replace("nth(order.placed, 2)", "order.placed"))
    assert (("second", ("first",)),) == overlaps(wide)
    problem = _note(wide)
    assert "Events of “first” count here as well." == problem.message
    same = usable(SMALL.replace("nth(order.placed, 2)", "nth(order.placed, 1)"))
    assert (("first", ("second",)),) == overlaps(same)
    assert () == overlaps(usable(SMALL))


def test_a_touchpoint_without_signal_and_a_phase_without_touchpoint_are_worth_knowing() -> None:
    assert "no signal" in _note(SMALL.replace("        signal: nth(order.placed, 2)\n", "")).message
    assert "no touchpoint" in _note(SMALL.replace("paths:", "  - {id: empty, label: Leer}\npaths:")).message


def test_a_target_that_was_due_is_worth_knowing() -> None:
    soap = usable(SOAP)
    [problem] = lint(soap, today=date(2028, 1, 1))
    assert ("ask", "The target for nps was due on 2027-12-31.") == (problem.place, problem.message)
    assert () == lint(soap, today=date(2027, 12, 31))


def test_what_nobody_has_seen_is_worth_knowing() -> None:
    known = Vocabulary(kinds={"order.placed": {"value": "number"}, "case.opened": None}, segments=["vip"])
    slip = usable(SMALL.replace("nth(order.placed, 2)", "nth(order.plaaced, 2)"))
    [problem] = lint(slip, known)
    assert (False, 13, "second") == (problem.severe, problem.line, problem.place)
    assert "It counts as soon as the data have it. Or did you mean `order.placed`?" == problem.remedy
    strange = usable(SMALL.replace("nth(order.placed, 2)", "sauna.visited"))
    [problem] = lint(strange, known)
    assert "Die Ereignisart `sauna.visited` kennt noch niemand." == problem.what.de
    assert "It counts as soon as the data have it." == problem.remedy
    [problem] = lint(usable(SMALL + "segment: vips\n"), known)
    assert "Did you mean `vip`?" == problem.remedy
    types = usable(SMALL.replace("nth(order.placed, 2)", "order.placed where value = 'x'"))
    assert [False] == [one.severe for one in lint(types, known) if "compares" in one.message]


def test_a_silence_is_checked_like_other_signals() -> None:
    silence = SMALL.replace("nth(order.placed, 2)", "any(order.placed) then none(order.plaaced) for 60d")
    [problem] = lint(usable(silence), Vocabulary(kinds={"order.placed": None}))
    assert "order.plaaced" in problem.message


def _note(text: str | Journey) -> Problem:
    [problem] = lint(usable(text) if isinstance(text, str) else text)
    assert not problem.severe
    assert problem.what.de != problem.what.en
    return problem
