"""The terminal: everything the pages can do, for scripts and for people who like to type."""

import os
import sys
from collections.abc import Sequence

_NOBODY_READS_ON = 141  # what a shell says of a program that SIGPIPE has ended, as of `yes | head`


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 failed, 2 wrong input, 141 nobody reads on."""
    from stammkunde.cli.parser import parser

    try:
        options = parser().parse_args(arguments)
        code = _run(options.run, options)
        sys.stdout.flush()  # here, and not when Python ends, a closed pipe can still be dealt with
        return code
    except BrokenPipeError:
        _write_to_nowhere()
        return _NOBODY_READS_ON


def _run(run: str, options: object) -> int:
    from importlib import import_module

    from stammkunde.kernel.errors import WrongInput

    module, function = run.split(":")
    try:
        code = getattr(import_module(f"stammkunde.cli.{module}"), function)(options)
    except WrongInput as error:
        print(f"stammkunde: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        raise
    except Exception as error:
        if not _is_full(error):
            raise
        print(
            "stammkunde: There is no room left on the disk. Make room and start the same again: "
            "what is written stays, and nothing is half done.",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        return 130
    return int(code or 0)


def _write_to_nowhere() -> None:
    """Let what is still to be printed vanish, so that Python does not complain of the closed pipe when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _is_full(error: BaseException | None) -> bool:
    """Tell whether the disk is full, whoever noticed: the system, a database, or the engine of the figures."""
    from errno import EDQUOT, ENOSPC

    while error is not None:
        if isinstance(error, OSError) and error.errno in (ENOSPC, EDQUOT):
            return True
        if any(words in str(error) for words in ("No space left on device", "disk is full", "disk quota exceeded")):
            return True
        error = error.__cause__ or error.__context__
    return False
