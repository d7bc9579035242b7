"""Maps are kept in versions that never change; drafts have undo and redo, and nobody overwrites anybody."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from stammkunde.accounts.models import AuditEntry, User
from stammkunde.conditions.local_clock import Duration
from stammkunde.journeys import drafts, editing, maps
from stammkunde.journeys.document import Journey, Label, Path
from stammkunde.journeys.models import FrozenVersion, Map, MapDraft, MapDraftStep, MapVersion
from stammkunde.journeys.problems import BadMap
from stammkunde.journeys.reading import usable
from tests.journeys.sheets import SMALL, SOAP

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def eva() -> User:
    return User.objects.create_user("eva@example.org", password="long enough 123")


def test_a_text_is_published_as_it_is_comments_too(eva: User) -> None:
    made, new = maps.bring(SOAP, by=eva, now=NOW)
    assert (True, 2, "soap") == (new, made.number, made.map.slug)
    assert SOAP == made.text
    assert maps.digest(SOAP) == made.digest
    assert usable(SOAP) == maps.current("soap")
    assert ("Vom Problem zur Stammkundschaft", "From problem to regulars") == (
        made.map.title_in("de-du"),
        made.map.title_in("en"),
    )
    assert ["map.published"] == list(AuditEntry.objects.values_list("action", flat=True))


def test_the_same_text_makes_no_new_version() -> None:
    maps.bring(SMALL, by=None, now=NOW)
    again, new = maps.bring("\ufeff" + SMALL.replace("\n", "\r\n"), by=None, now=NOW)
    assert (1, False) == (again.number, new)
    changed, new = maps.bring(SMALL.replace("90d", "60d"), note="Frist", by=None, now=NOW)
    assert (2, True, "Frist") == (changed.number, new, changed.note)
    assert ("version: 2" in changed.text, 2) == (True, maps.current("small").version)
    assert [2, 1] == list(MapVersion.objects.values_list("number", flat=True))


def test_a_version_stays_as_it_is() -> None:
    made, _new = maps.bring(SMALL, by=None, now=NOW)
    made.text = SOAP
    with pytest.raises(FrozenVersion, match="publish a new version"):
        made.save()


def test_what_does_not_hang_together_is_not_published() -> None:
    with pytest.raises(BadMap, match=r"Line 18, first → nobody: .*`to: nobody`"):
        maps.bring(SMALL.replace("to: second", "to: nobody"), by=None, now=NOW)
    with pytest.raises(BadMap, match="Line 7, buy"):
        maps.bring(SMALL.replace("stage: purchase", "stage: x"), by=None, now=NOW)
    assert not Map.objects.exists()


def test_an_earlier_version_comes_back_as_the_newest() -> None:
    maps.bring(SMALL, by=None, now=NOW)
    maps.bring(SMALL.replace("90d", "60d"), by=None, now=NOW)
    back = maps.roll_back("small", 1, by=None, now=NOW)
    assert 3 == back.number
    assert "90d" in back.text
    assert 3 == maps.version("small").number
    assert "60d" in maps.version("small", 2).text


def test_names_that_do_not_exist_are_answered_with_the_nearest() -> None:
    maps.bring(SMALL, by=None, now=NOW)
    with pytest.raises(maps.NoSuchMap, match="Did you mean “small”"):
        maps.find("smal")
    with pytest.raises(maps.NoSuchMap, match="has no version 7"):
        maps.version("small", 7)


def test_a_map_gets_the_name_it_is_given() -> None:
    made, _new = maps.bring(SMALL, slug="other", by=None, now=NOW)
    assert ("other", "other") == (made.map.slug, maps.current("other").id)
    assert "journey: other\n" in made.text
    one_line = "{journey: a, label: A, phases: [{id: p, label: P}]}"
    made, _new = maps.bring(one_line, slug="line", by=None, now=NOW)
    assert ("line", 1) == (maps.current("line").id, made.number)


def test_a_map_is_put_aside_and_taken_out_again(eva: User) -> None:
    maps.bring(SMALL, by=None, now=NOW)
    maps.archive("small", by=eva, now=NOW)
    assert ([], ["small"]) == ([one.slug for one in maps.maps()], [one.slug for one in maps.maps(archived=True)])
    maps.take_out("small", by=eva, now=NOW)
    maps.reviewed("small", by=eva, now=NOW)
    assert [(NOW, eva)] == [(one.reviewed_at, one.reviewed_by) for one in maps.maps()]


def test_names_are_free_until_they_are_taken() -> None:
    maps.bring(SMALL, by=None, now=NOW)
    names = [maps.free_name(wish) for wish in ("small", "fresh", "???", "Süße Grüße", "new")]
    assert ["small-2", "fresh", "map", "suesse-gruesse", "new-2"] == names


@pytest.mark.parametrize("name", ["new", "import", "check", "Groß", "a" * 65, "a/b", "-"])
def test_not_everything_can_be_a_name(name: str) -> None:
    with pytest.raises(maps.BadName, match=r"short name|choose another name"):
        maps.bring(SMALL, slug=name, by=None, now=NOW)
    with pytest.raises(maps.BadName):
        drafts.create(name, SMALL, by=None, now=NOW)


# Drafts


def test_a_new_map_is_a_draft_until_it_is_published(eva: User) -> None:
    fresh = drafts.create("mine", SMALL, by=eva, now=NOW)
    with pytest.raises(maps.NotPublished, match="publish it first"):
        maps.current("mine")
    with pytest.raises(drafts.NameTaken):
        drafts.create("mine", SMALL, by=eva, now=NOW)
    draft = drafts.draft_of(fresh)
    assert draft is not None
    made = drafts.publish(fresh, note="zum ersten Mal", turn=draft.turn, by=eva, now=NOW)
    assert (1, eva, None) == (made.number, made.created_by, drafts.draft_of(fresh))
    assert "mine" == maps.current("mine").id


def test_changes_are_taken_back_and_made_again() -> None:
    found = maps.bring(SMALL, by=None, now=NOW)[0].map
    draft = drafts.open_draft(found, by=None, now=NOW)
    assert (None, None) == drafts.ways(draft)
    for within in (10, 20, 30):
        draft = _edit(found, draft.turn, within)
    assert ("auf 30", None) == drafts.ways(draft)
    draft = drafts.undo(found, turn=draft.turn, by=None, now=NOW)
    draft = drafts.undo(found, turn=draft.turn, by=None, now=NOW)
    assert (10, ("auf 10", "auf 20")) == (_within(drafts.journey_of(draft)), drafts.ways(draft))
    draft = drafts.redo(found, turn=draft.turn, by=None, now=NOW)
    assert 20 == _within(drafts.journey_of(draft))
    draft = _edit(found, draft.turn, 99)
    assert ("auf 99", None) == drafts.ways(draft)
    with pytest.raises(drafts.NothingToUndo):
        drafts.redo(found, turn=draft.turn, by=None, now=NOW)
    for _again in range(3):
        draft = drafts.undo(found, turn=draft.turn, by=None, now=NOW)
    assert SMALL == draft.text
    with pytest.raises(drafts.NothingToUndo):
        drafts.undo(found, turn=draft.turn, by=None, now=NOW)


def test_undo_goes_200_steps_back_at_most() -> None:
    found = maps.bring(SMALL, by=None, now=NOW)[0].map
    draft = drafts.open_draft(found, by=None, now=NOW)
    for number in range(1, 206):
        draft = _edit(found, draft.turn, number)
    assert 201 == MapDraftStep.objects.filter(draft=draft).count()


def test_whoever_saw_an_older_state_is_told_and_overwrites_nothing() -> None:
    found = maps.bring(SMALL, by=None, now=NOW)[0].map
    seen = drafts.open_draft(found, by=None, now=NOW).turn
    mine = _edit(found, seen, 10)
    for late in (
        lambda: _edit(found, seen, 20),
        lambda: drafts.undo(found, turn=seen, by=None, now=NOW),
        lambda: drafts.replace_text(found, SMALL, what="", turn=seen, by=None, now=NOW),
        lambda: drafts.publish(found, turn=seen, by=None, now=NOW),
        lambda: drafts.discard(found, turn=seen, by=None, now=NOW),
    ):
        with pytest.raises(drafts.ChangedMeanwhile, match="Somebody has changed"):
            late()
    assert 10 == _within(drafts.journey_of(drafts.open_draft(found, by=None, now=NOW)))
    assert 2 == drafts.publish(found, turn=mine.turn, by=None, now=NOW).number
    with pytest.raises(drafts.ChangedMeanwhile):
        drafts.publish(found, turn=mine.turn, by=None, now=NOW)


def test_a_text_takes_the_place_of_a_draft_unless_it_cannot_be_read() -> None:
    found = maps.bring(SMALL, by=None, now=NOW)[0].map
    draft = drafts.open_draft(found, by=None, now=NOW)
    with pytest.raises(BadMap):
        drafts.replace_text(found, "journey: [", what="Text", turn=draft.turn, by=None, now=NOW)
    draft = drafts.replace_text(found, SOAP, what="Text", turn=draft.turn, by=None, now=NOW)
    assert "small" == drafts.journey_of(draft).id
    assert "This comment is kept" in draft.text


def test_an_unfinished_draft_is_kept_but_not_published() -> None:
    found = maps.bring(SMALL, by=None, now=NOW)[0].map
    draft = drafts.open_draft(found, by=None, now=NOW)
    draft = drafts.replace_text(
        found, SMALL.replace("to: second", "to: later"), what="Weg", turn=draft.turn, by=None, now=NOW
    )
    with pytest.raises(BadMap):
        drafts.publish(found, turn=draft.turn, by=None, now=NOW)
    assert drafts.draft_of(found) == draft
    assert 1 == maps.version("small").number


def test_a_draft_that_was_overtaken_is_published_only_once_that_is_known() -> None:
    found = maps.bring(SMALL, by=None, now=NOW)[0].map
    draft = _edit(found, drafts.open_draft(found, by=None, now=NOW).turn, 10)
    maps.bring(SMALL.replace("Zweiter", "Nächster"), by=None, now=NOW)
    with pytest.raises(drafts.Overtaken, match="Version 2 was published after this draft began with version 1"):
        drafts.publish(found, turn=draft.turn, by=None, now=NOW)
    assert "Nächster" in maps.version("small").text
    assert 3 == drafts.publish(found, turn=draft.turn, by=None, now=NOW).number
    assert 10 == _within(maps.current("small"))


def test_what_could_not_be_read_again_is_not_kept() -> None:
    found = maps.bring(SMALL, by=None, now=NOW)[0].map
    draft = drafts.open_draft(found, by=None, now=NOW)
    for label in (Label(()), Label((("de", "Kl\0ein"),))):
        with pytest.raises(BadMap):
            drafts.edit(
                found,
                lambda old, label=label: editing.set_journey(old, label=label),  # type: ignore[misc]
                what="",
                turn=draft.turn,
                by=None,
                now=NOW,
            )
    assert drafts.draft_of(found) == draft


def test_a_draft_is_thrown_away_and_a_map_that_was_never_published_with_it() -> None:
    found = maps.bring(SMALL, by=None, now=NOW)[0].map
    draft = drafts.open_draft(found, by=None, now=NOW)
    drafts.discard(found, turn=draft.turn, by=None, now=NOW)
    assert drafts.draft_of(found) is None
    fresh = drafts.create("mine", SMALL, by=None, now=NOW)
    drafts.discard(fresh, turn=0, by=None, now=NOW)
    assert ["small"] == [one.slug for one in maps.maps()]


def test_a_map_can_be_deleted_with_all_it_has() -> None:
    found = maps.bring(SMALL, by=None, now=NOW)[0].map
    drafts.open_draft(found, by=None, now=NOW)
    found.delete()
    assert (0, 0) == (MapVersion.objects.count(), MapDraftStep.objects.count())


@pytest.mark.django_db(transaction=True)
def test_of_many_who_change_at_once_one_wins_and_the_others_are_told() -> None:
    found = maps.bring(SMALL, by=None, now=NOW)[0].map
    turn = drafts.open_draft(found, by=None, now=NOW).turn
    outcomes = _at_once(8, lambda number: _edit(found, turn, number + 1))
    assert ["ChangedMeanwhile"] * 7 + ["done"] == sorted(outcomes)
    assert turn + 1 == drafts.open_draft(found, by=None, now=NOW).turn


@pytest.mark.django_db(transaction=True)
def test_many_who_publish_at_once_get_a_number_each() -> None:
    outcomes = _at_once(6, lambda number: maps.bring(SMALL.replace("90d", f"{number + 1}d"), by=None, now=NOW))
    assert ["done"] * 6 == outcomes
    assert [6, 5, 4, 3, 2, 1] == list(MapVersion.objects.values_list("number", flat=True))


def _at_once(count: int, work: Callable[[int], object]) -> list[str]:
    outcomes: list[str] = []
    gate = threading.Barrier(count)

    def run(number: int) -> None:
        try:
            gate.wait()
            work(number)
            outcomes.append("done")
        except drafts.ChangedMeanwhile as told:
            outcomes.append(type(told).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


def _edit(found: Map, turn: int, within: int) -> MapDraft:
    path = Path("first", "second", Duration(within, "day"))
    with transaction.atomic():
        return drafts.edit(
            found, lambda old: editing.add_path(old, path), what=f"auf {within}", turn=turn, by=None, now=NOW
        )


def _within(journey: Journey) -> int:
    assert Label((("de", "Klein"),)) == journey.label
    within = journey.paths[0].within
    assert within is not None
    return within.amount
