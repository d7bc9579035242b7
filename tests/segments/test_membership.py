"""Whatever happens, in whatever order it is told, whoever is in a segment is in it, and nobody else."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from django.test import override_settings

from stammkunde.events.models import Event
from stammkunde.insights import figures, mirroring
from stammkunde.segments import definitions, membership
from stammkunde.segments.models import Membership
from tests.segments import settled
from tests.segments.chance import STARTS, World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _home(tmp_path: Path) -> Iterator[None]:
    with override_settings(HOME=tmp_path):
        yield


def kept() -> dict[str, set[int]]:
    found: dict[str, set[int]] = {name: set() for name in definitions.conditions()}
    for name, customer in Membership.objects.values_list("segment__name", "customer_id"):
        found[name].add(customer)
    return found


def tick(world: World) -> membership.Ticked:
    settled.wait()
    if figures.snapshot() is None or world.random.random() < 0.3:
        mirroring.sync()
    return membership.tick(figures.snapshot(), now=world.now)


def live_through(seed: int) -> None:
    """Go through one random history; after each tick the kept members are those whom evaluation names."""
    random = Random(seed)
    world = World(random, random.choice(STARTS))
    for _ in range(5):
        if random.random() < 0.4 or not world.definitions:
            name, text = world.define()
            definitions.save(name, text, now=world.now)
        world.happen()
        tick(world)
        assert world.expected() == kept(), f"seed {seed} at {world.now}"
        told = Event.objects.filter(source="segments").count()
        assert (0, 0) == moves(tick(world)), "a second tick changes nothing"
        assert told == Event.objects.filter(source="segments").count()
        world.go_on()
    settled.wait()
    membership.tick(figures.snapshot(), now=world.now)
    assert world.expected() == kept(), f"seed {seed}, by time alone"
    settled.wait()
    mirroring.sync()
    assert (0, 0) == moves(membership.recompute(figures.snapshot(), now=world.now)), f"seed {seed}, recomputed"
    assert world.expected() == kept()


def moves(ticked: membership.Ticked) -> tuple[int, int]:
    return ticked.entered, ticked.left


@pytest.mark.parametrize("seed", range(40))
def test_members_are_those_of_a_full_recomputation(seed: int) -> None:
    live_through(seed)


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(1_000, 2_000))
def test_members_are_those_of_a_full_recomputation_at_length(seed: int) -> None:
    live_through(seed)
