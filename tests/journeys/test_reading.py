"""Maps are read as they are written, and what is wrong is told with line, touchpoint and remedy."""

from datetime import date
from pathlib import Path

import pytest

from stammkunde.conditions import parse, parse_selector
from stammkunde.conditions.local_clock import Duration
from stammkunde.journeys.document import Evidence, Silence
from stammkunde.journeys.lint import lint
from stammkunde.journeys.problems import Problem
from stammkunde.journeys.reading import read, usable
from stammkunde.journeys.writing import written
from tests.journeys.sheets import SMALL, SOAP


def test_everything_that_a_map_can_say_is_read() -> None:
    soap = usable(SOAP)
    assert ("soap", 2, "de", "du", "person") == (soap.id, soap.version, soap.language, soap.tone, soap.unit)
    assert "From problem to regulars" == soap.label.in_language("en")
    home = soap.touchpoint("home")
    assert (True, -1, "Versteht mich hier jemand?") == (home.moment_of_truth, home.feels, home.thinks)
    assert "awareness" == soap.phase_of("home").id
    assert ["not-me", "late-shipping", "scent"] == [pain.id for _at, pain in soap.pains()]
    assert Duration(180, "day") == (soap.goal and soap.goal.within)
    assert [Duration(60, "day"), None, Duration(2, "year")] == [path.within for path in soap.paths]
    assert (30.0, date(2027, 12, 31)) == (soap.touchpoint("ask").targets[0].min, soap.touchpoint("ask").targets[0].by)
    silence = Silence(
        parse_selector("order.placed"), parse_selector("order.placed where value > 5"), Duration(60, "day")
    )
    assert silence == soap.touchpoint("silence").signal.found
    assert ("nicht messbar", None) == (soap.touchpoint("talk").signal.none, soap.touchpoint("talk").signal.found)
    assert "monthly" == soap.touchpoint("birthday").signal.manual
    assert (0.5, "planned") == (soap.opportunities[0].effort_weeks, soap.opportunities[0].status)
    assert (0.1, ("unsubscribed",)) == (soap.initiatives[0].holdout, soap.initiatives[0].guardrails)
    assert (14, 21) == (soap.phases[0].line, home.line)
    assert () == lint(soap)


def test_evidence_tells_whom_it_concerns_where_the_log_can_know() -> None:
    soap = usable(SOAP)
    returned, events, often = soap.touchpoint("first_order").pains[1].evidence
    assert parse_selector("order.returned where reason = 'scent'") == returned.found
    assert parse('any(order.returned where reason = "scent")') == returned.condition
    assert parse_selector("order.returned where value > 20") == events.found
    assert (parse("count(order.returned) >= 2"), None) == (often.condition, often.found)
    interview = soap.touchpoint("home").pains[0].evidence[0]
    assert Evidence("interview", "5 Gespräche") == interview
    assert ["", "Vermutung aus dem Laden"] == [
        one.text for one in soap.touchpoint("first_order").pains[0].evidence if one.sort == "assumption"
    ]


@pytest.mark.parametrize("text", [SOAP, SMALL], ids=["everything", "small"])
def test_a_written_map_reads_back_as_the_same(text: str) -> None:
    journey = usable(text)
    again = written(journey)
    assert usable(again) == journey
    assert written(usable(again)) == again


@pytest.mark.parametrize(("name", "touchpoints"), [("journey-shop", 15), ("journey-b2b", 16)])
def test_the_examples_of_the_design_read_lint_and_come_back(real_data: Path, name: str, touchpoints: int) -> None:
    file = real_data.parent / "design" / "examples" / f"{name}.yaml"
    if not file.is_file():
        pytest.skip("the design is not part of the project")
    found = read(file.read_text(encoding="utf-8"))
    assert found.journey is not None
    assert (True, ()) == (found.ok, found.problems)
    assert touchpoints == len(found.journey.touchpoints)
    assert [] == [problem for problem in lint(found.journey) if problem.severe]
    assert usable(written(found.journey)) == found.journey


# YAML's traps


def test_words_stay_words() -> None:
    trap = SMALL.replace("label: Klein", "label: no").replace("label: Kaufen", "label: 2025-12-31")
    trap = trap.replace("Erster Kauf", "on").replace("Zweiter Kauf", "0x1F").replace("id: buy", "id: 1e3")
    journey = usable(trap)
    names = [journey.label, journey.phases[0].label, *(one.label for one in journey.touchpoints)]
    assert ["no", "2025-12-31", "on", "0x1F"] == [label.in_language("de") for label in names]
    assert "1e3" == journey.phases[0].id
    assert usable(written(journey)) == journey


@pytest.mark.parametrize(
    ("written_as", "said"), [("yes", "true"), ("on", "true"), ("Yes", "true"), ("no", "false"), ("off", "false")]
)
def test_only_true_and_false_say_yes_and_no(written_as: str, said: str) -> None:
    problem = _only(
        SMALL.replace("initiator: customer\n", f"moment_of_truth: {written_as}\n        initiator: customer\n", 1)
    )
    assert (11, "first") == (problem.line, problem.place)
    assert f"Write `moment_of_truth: {said}`." == problem.remedy
    assert f"Schreiben Sie `moment_of_truth: {said}`." == problem.in_language("de").remedy


BAD = {
    "nothing": ("", 1, "YAML", "The file is empty."),
    "only a comment": ("# later\n", 1, "YAML", "The file is empty."),
    "no map": ("- a\n- b\n", 1, "YAML", "This is no map."),
    "a word": ("hello", 1, "YAML", "This is no map."),
    "brackets that never close": (SMALL.replace("within: 90d}", "within: 90d"), 19, "YAML", "This is no YAML"),
    "a tab as indentation": (SMALL.replace("  - id: buy", "\t- id: buy"), 5, "YAML", "This is no YAML"),
    "an anchor": (SMALL.replace("label: Klein", "label: &a Klein"), 3, "YAML", "`&` and `*` (anchors)"),
    "an alias": (SMALL.replace("label: Klein", "label: *a"), 3, "YAML", "`&` and `*` (anchors)"),
    "a tag": (SMALL.replace("label: Klein", "label: !!python/name:os.system x"), 3, "YAML", "(a tag) is not allowed"),
    "two documents": (SMALL + "---\njourney: other\n", 19, "YAML", "A second map begins here."),
    "a key twice": (
        SMALL.replace("label: Klein", "label: Klein\nversion: 2"),
        4,
        "YAML",
        "for the second time, first in line 2",
    ),
    "too deep": ("a: " + "[" * 40 + "]" * 40, 1, "YAML", "too deep"),
    "too large": (SMALL + "#" * 500_001, 1, "YAML", "500,000 is the most"),
    "a list as key": ("[a, b]: c\n", 1, "YAML", "where a key is expected"),
    "control characters": (SMALL.replace("Klein", "Kl\x07ein"), 1, "YAML", "characters that no text has"),
    "a hidden character": (
        SMALL.replace("label: Klein", 'label: "Kl\\0ein"'),
        3,
        "YAML",
        "characters that no text has",
    ),
    "half a character": (SMALL.replace("Klein", "Kl\ud800ein"), 1, "YAML", "characters that no text has"),
    "an unknown key": (
        SMALL.replace("stage: purchase", "stagge: purchase"),
        7,
        "buy",
        "The key `stagge` has no meaning here.",
    ),
    "no phases": ("journey: x\nlabel: X\n", 1, "journey", "`phases` is missing."),
    "no name": (SMALL.replace("journey: small\n", ""), 1, "journey", "`journey` is missing."),
    "a long name": (SMALL.replace("id: buy", "id: Der Kauf!"), 5, "phase", "is no short name"),
    "an unknown stage": (
        SMALL.replace("stage: purchase", "stage: purchasing"),
        7,
        "buy",
        "`stage: purchasing` is not known.",
    ),
    "a wrong signal": (
        SMALL.replace("nth(order.placed, 1)", "nth(order.placed)"),
        12,
        "first",
        "The signal cannot be read",
    ),
    "a condition for a signal": (
        SMALL.replace("nth(order.placed, 1)", "any(order.placed)"),
        12,
        "first",
        "without `any(…)`",
    ),
    "a window in a silence": (
        SMALL.replace("nth(order.placed, 1)", "any(order.placed, last 9 days) then none(order.placed) for 60d"),
        12,
        "first",
        "leave the window out",
    ),
    "no length of time": (
        SMALL.replace("within: 90d", "within: soon"),
        18,
        "first → second",
        "`within` is no length of time",
    ),
    "a bare number as time": (
        SMALL.replace("within: 90d", "within: 90"),
        18,
        "first → second",
        "`within` is no length of time",
    ),
    "a list for a text": (SMALL.replace("stage: purchase", "maps_to: [a]"), 7, "buy", "holds a single text"),
    "a text for a group": (SMALL + "goal: second\n", 19, "journey", "`goal` is a group of keys."),
    "a text for an entry": (
        SMALL.replace("  - {from: first, to: second, within: 90d}", "  - first"),
        18,
        "journey",
        "An entry of `paths`",
    ),
    "no day": (
        SMALL.replace("signal: nth(order.placed, 1)", "targets: [{metric: x, min: 1, by: 31.12.2026}]"),
        12,
        "first",
        "`by: 31.12.2026` is no day.",
    ),
    "no number": (SMALL.replace("version: 1", "version: one"), 2, "journey", "`version: one` is no number from 1"),
    "half a version": (SMALL.replace("version: 1", "version: 1.5"), 2, "journey", "`version` is a whole number."),
    "endless": (
        SMALL.replace("signal: nth(order.placed, 1)", "targets: [{metric: x, min: .inf}]"),
        12,
        "first",
        "`min: .inf` is no number",
    ),
    "evidence of an unknown sort": (
        SMALL.replace("signal: nth(order.placed, 1)", "pains: [{id: p, label: P, evidence: [{gossip: x}]}]"),
        12,
        "first, p",
        "The key `gossip` has no meaning here.",
    ),
    "a signal that says nothing": (
        SMALL.replace("signal: nth(order.placed, 1)", "signal: {none: }"),
        12,
        "first",
        "The signal says nothing.",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_is_told_with_line_place_and_remedy(name: str) -> None:
    text, line, place, message = BAD[name]
    problem = _only(text)
    assert (line, place) == (problem.line, problem.place), str(problem)
    assert message in problem.message
    assert problem.severe
    assert problem.remedy
    german = problem.in_language("de-du")
    assert german.message != problem.message
    assert german.remedy != problem.remedy


def test_all_problems_are_told_at_once_in_the_order_of_the_text() -> None:
    text = SMALL.replace("stage: purchase", "stage: x").replace("90d", "x").replace("version: 1", "version: x")
    assert [2, 7, 18] == [problem.line for problem in read(text).problems]


def test_lines_of_a_long_signal_count_within_the_file() -> None:
    text = SMALL.replace(
        "signal: nth(order.placed, 1)", "signal: |-\n          order.placed\n          where vallue >>= 3"
    )
    assert 13 <= _only(text).line <= 14


def test_what_can_be_read_is_kept_beside_the_problems() -> None:
    found = read(SMALL.replace("stage: purchase", "stagge: purchase"))
    assert not found.ok
    assert found.journey is not None
    assert ["first", "second"] == [one.id for one in found.journey.touchpoints]


def test_a_billion_laughs_are_not_funny() -> None:
    laughs = "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(50))
    assert "anchors" in _only(laughs).message


def test_half_a_megabyte_is_read_in_a_moment() -> None:
    text = SMALL + "note: |\n" + "  lorem ipsum dolor\n" * 20_000
    assert read(text).ok


def _only(text: str) -> Problem:
    [problem] = read(text).problems
    return problem
