"""Every operation returns a new map that hangs together, and leaves the old one as it was."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from stammkunde.conditions.local_clock import Duration
from stammkunde.journeys import editing
from stammkunde.journeys.document import Journey, Label, Opportunity, Pain, Path, Phase, Touchpoint
from stammkunde.journeys.lint import lint
from stammkunde.journeys.reading import usable
from tests.journeys.sheets import SMALL, SOAP

SOAPS = usable(SOAP)
NAME = Label((("de", "Neu"),))
CHANGES: dict[str, Callable[[Journey], Journey]] = {
    "a phase at the end": lambda soap: editing.add_phase(soap, Phase("new", NAME)),
    "a phase in front": lambda soap: editing.add_phase(soap, Phase("new", NAME), index=0),
    "a phase renamed": lambda soap: editing.set_phase(soap, "decision", label=NAME),
    "a phase moved": lambda soap: editing.move_phase(soap, "loyalty", 0),
    "a phase removed": lambda soap: editing.remove_phase(soap, "loyalty"),
    "a touchpoint": lambda soap: editing.add_touchpoint(soap, "decision", Touchpoint("new", NAME), index=1),
    "a touchpoint changed": lambda soap: editing.set_touchpoint(soap, "home", owner="kaya", channel="app"),
    "a touchpoint with another id": lambda soap: editing.set_touchpoint(soap, "second_order", id="again"),
    "a touchpoint moved on": lambda soap: editing.move_touchpoint(soap, "home", "loyalty", 2),
    "a touchpoint moved within": lambda soap: editing.move_touchpoint(soap, "home", "awareness", 0),
    "a touchpoint removed": lambda soap: editing.remove_touchpoint(soap, "second_order"),
    "a path": lambda soap: editing.add_path(soap, Path("search", "home", Duration(1, "day"))),
    "a path changed": lambda soap: editing.add_path(soap, Path("home", "first_order", Duration(9, "day"))),
    "a path back": lambda soap: editing.add_path(soap, Path("home", "home")),
    "a path removed": lambda soap: editing.remove_path(soap, "home", "first_order"),
    "a pain": lambda soap: editing.add_pain(soap, "search", Pain("new", NAME)),
    "a pain changed": lambda soap: editing.set_pain(soap, "home", "not-me", status="solved"),
    "a pain removed": lambda soap: editing.remove_pain(soap, "first_order", "late-shipping"),
    "an opportunity": lambda soap: editing.add_opportunity(soap, Opportunity("new", NAME, ("scent",))),
    "an opportunity changed": lambda soap: editing.set_opportunity(soap, "honest", impact=3.0),
    "an opportunity removed": lambda soap: editing.remove_opportunity(soap, "honest"),
    "the map itself": lambda soap: editing.set_journey(soap, label=NAME, segment=""),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_map_hangs_together(name: str) -> None:
    changed = CHANGES[name](SOAPS)
    assert changed != SOAPS
    assert SOAPS == usable(SOAP)
    assert [] == [str(problem) for problem in lint(changed) if problem.severe]


def test_where_things_end_up() -> None:
    moved = editing.move_touchpoint(SOAPS, "home", "loyalty", 1)
    assert ["ask", "home", "talk", "birthday", "second_order"] == [one.id for one in moved.phases[2].touchpoints]
    assert ["search"] == [one.id for one in moved.phases[0].touchpoints]
    assert ["home", "search"] == [
        one.id for one in editing.move_touchpoint(SOAPS, "home", "awareness", 0).phases[0].touchpoints
    ]
    front = editing.move_phase(SOAPS, "quiet", -5)
    assert ["quiet", "awareness", "decision", "loyalty"] == [phase.id for phase in front.phases]
    assert "new" == editing.add_phase(SOAPS, Phase("new", NAME), index=99).phases[-1].id


def test_another_id_is_carried_on_to_paths_and_goal() -> None:
    renamed = editing.set_touchpoint(SOAPS, "second_order", id="again")
    assert [("first_order", "again"), ("again", "again")] == [(one.start, one.end) for one in renamed.paths[1:]]
    assert renamed.goal is not None
    assert "again" == renamed.goal.touchpoint


def test_what_is_removed_takes_along_what_hangs_on_it() -> None:
    gone = editing.remove_touchpoint(SOAPS, "second_order")
    assert ([("home", "first_order")], None) == ([(one.start, one.end) for one in gone.paths], gone.goal)
    without = editing.remove_phase(SOAPS, "loyalty")
    assert ["", "", ""] == [phase.parent for phase in without.phases]
    solved = editing.remove_pain(SOAPS, "home", "not-me")
    assert () == solved.initiatives[0].solves


def test_a_changed_path_stays_where_it_was() -> None:
    changed = editing.add_path(SOAPS, Path("home", "first_order", Duration(9, "day")))
    assert (3, Path("home", "first_order", Duration(9, "day"))) == (len(changed.paths), changed.paths[0])
    assert editing.add_path(SOAPS, Path("home", "home")).paths[-1].loop


REFUSED: dict[str, Callable[[Journey], Journey]] = {
    "a touchpoint that is gone": lambda soap: editing.set_touchpoint(soap, "gone", owner="x"),
    "a phase that is gone": lambda soap: editing.move_touchpoint(soap, "home", "gone"),
    "a path that is gone": lambda soap: editing.remove_path(soap, "home", "talk"),
    "a path to nowhere": lambda soap: editing.add_path(soap, Path("home", "gone")),
    "a pain that is gone": lambda soap: editing.remove_pain(soap, "home", "scent"),
    "an opportunity that is gone": lambda soap: editing.remove_opportunity(soap, "gone"),
    "a taken id": lambda soap: editing.add_touchpoint(soap, "decision", Touchpoint("home", NAME)),
    "the id of a phase": lambda soap: editing.set_touchpoint(soap, "home", id="loyalty"),
    "a taken pain": lambda soap: editing.add_pain(soap, "search", Pain("scent", NAME)),
    "a taken opportunity": lambda soap: editing.add_opportunity(soap, Opportunity("honest", NAME)),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_done_says_what_to_do_instead(name: str) -> None:
    with pytest.raises((editing.NoSuchPart, editing.NotSo), match=r"load the page anew|choose another short name"):
        REFUSED[name](SOAPS)


def test_a_map_has_200_touchpoints_at_most() -> None:
    full = usable(SMALL)
    for number in range(198):
        full = editing.add_touchpoint(full, "buy", Touchpoint(f"t{number}", NAME))
    with pytest.raises(editing.NotSo, match="begin a second map"):
        editing.add_touchpoint(full, "buy", Touchpoint("one-more", NAME))


def test_names_are_found_for_what_has_none() -> None:
    assert "suesse-gruesse" == editing.free_id(SOAPS, "Süße Grüße!")
    assert "home-2" == editing.free_id(SOAPS, "Home")
    assert "new" == editing.free_id(SOAPS, "???")
    assert "scent-2" == editing.free_id(SOAPS, "scent")


def test_a_name_changes_in_one_language() -> None:
    both = Label((("de", "Kauf"), ("en", "Purchase")))
    assert Label((("de", "Einkauf"), ("en", "Purchase"))) == editing.renamed(both, "Einkauf", "de")
    assert Label((("de", "Kauf"),)) == editing.renamed(both, " ", "en")
    assert replace(SOAPS.touchpoint("home").signal, text="case.opened") != editing.signal("case.opened")
