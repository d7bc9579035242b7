"""Bring the mirror up to date from the terminal."""

import json
from argparse import Namespace

from stammkunde.cli.starting import start


def run(options: Namespace) -> int:
    """Sync or rebuild, and say which generation the mirror has now."""
    start()
    from stammkunde.insights import mirroring

    done = mirroring.sync() if options.what == "sync" else mirroring.rebuild()
    if options.json:
        print(json.dumps({"generation": done.generation, "changed": done.changed}))
    else:
        print(f"The mirror is at generation {done.generation}" + ("." if done.changed else "; nothing was new."))
    return 0
