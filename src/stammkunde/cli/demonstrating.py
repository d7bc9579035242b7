"""Show the product: fill a folder with a real year of orders and serve it on this machine."""

import os
import sys
from argparse import Namespace
from hashlib import sha256
from pathlib import Path

from stammkunde.cli.serving import LOOPBACK, serve
from stammkunde.cli.starting import start
from stammkunde.kernel.errors import WrongInput


def run(options: Namespace) -> int:
    """Fill the demonstration's folder, print where it can be seen and how to log in, and serve."""
    file = _own_file(options.file)
    if "STAMMKUNDE_HOME" not in os.environ:
        os.environ["STAMMKUNDE_HOME"] = str(Path("data") / _folder_name(options, file))
    start()
    from stammkunde.demo import filling
    from stammkunde.kernel import clock

    if file:
        filling.fill_from(file, now=clock.now(), progress=_progress)
    else:
        filling.fill(full=options.full, as_recorded=options.as_recorded, now=clock.now(), progress=_progress)
    print(file=sys.stderr)
    if options.no_serve:
        return 0
    log_in = f"Log in with {filling.PEOPLE[0][0]} and the password {filling.PASSWORD}"
    return serve(host=LOOPBACK, port=options.port, workers=1, greeting=log_in)


def _own_file(name: str | None) -> Path | None:
    if name is None:
        return None
    file = Path(name).resolve()
    if not file.is_file():
        raise WrongInput(f"There is no file {name}; check the path.")
    return file


def _folder_name(options: Namespace, file: Path | None) -> str:
    """Name a folder of its own for each demonstration, so that they never mix."""
    if file:
        return "demo-" + sha256(str(file).encode()).hexdigest()[:8]
    return "demo" + ("-full" if options.full else "") + ("-as-recorded" if options.as_recorded else "")


def _progress(phase: str, share: float) -> None:
    print(f"\r\x1b[K{phase} {share:4.0%}", end="", file=sys.stderr, flush=True)
