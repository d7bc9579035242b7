"""Get ready to work: settings, database and its tables."""

import fcntl
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.migrations.executor import MigrationExecutor


def start() -> None:
    """Set up Django and bring the database to this version; a fresh data folder is filled with empty tables."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stammkunde.config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.utils import translation

    translation.activate("en")
    if not _waiting(MigrationExecutor(connection)):
        return
    with (Path(settings.HOME) / "migrating").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        executor = MigrationExecutor(connection)
        if _waiting(executor):
            print("Preparing the database …", file=sys.stderr)
            executor.migrate(executor.loader.graph.leaf_nodes())


def _waiting(executor: "MigrationExecutor") -> bool:
    """Tell whether tables of this version are still missing."""
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
