"""Keep adding to a mirror until killed: `python storage_writer.py FOLDER`. Event batches follow from their number."""

import sys
from pathlib import Path

from stammkunde.metrics import storage
from tests.metrics.storage_model import Happened, append

DAY = 86_400_000_000


def batch(number: int) -> list[Happened]:
    """Return the events of batch 1, 2, 3 …: orders of a few customers, and a correction of one before."""
    first = number * 10
    orders = [
        Happened(first + step, customer=(number * step) % 7 or None, at=(number * 3 + step) * DAY, value=first + step)
        for step in range(1, 9)
    ]
    correction = Happened(first + 9, customer=number % 5 + 1, at=number * DAY, value=number, replaces=first - 5)
    return [*orders, correction] if number > 1 else orders


def batches(last: int) -> list[Happened]:
    """Return the events of all batches up to the last."""
    return [event for number in range(1, last + 1) for event in batch(number)]


def add_next(folder: Path) -> None:
    """Add the batch that follows; somebody who was overtaken looks again, as a sync does."""
    manifest = storage.read_manifest(folder)
    seen = manifest.watermark if manifest else None
    following = int(seen or 0) + 1
    try:
        append(folder, batch(following), str(following), expected_watermark=seen)
    except storage.MovedOn:
        return


def main(folder: Path, rounds: int) -> None:
    """Add batch after batch and fold now and then."""
    storage.FOLD_ROWS = 60
    storage.MOST_LAYERS = 4
    storage.GRACE_SECONDS = 1
    print("ready", flush=True)
    for _ in range(rounds):
        add_next(folder)
        print("added", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
