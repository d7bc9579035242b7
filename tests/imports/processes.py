"""Run imports in processes of their own, on a data folder and a database that only they know."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

# Small batches, so that there are many moments between which to die.
_IMPORT = """
import json, sys
from pathlib import Path
from stammkunde.cli.starting import start
start()
from stammkunde.events import imports
from stammkunde.events.imports import writing
from stammkunde.kernel import clock
writing.UNITS = int(sys.argv[2])
file = Path(sys.argv[1])
print("begin", flush=True)
created = imports.create(file, file_name=file.name, now=clock.now())
result = imports.run(created, now=clock.now(), progress=lambda phase, share: print(phase, flush=True))
print(json.dumps(result.as_json()), flush=True)
"""
_CONTENTS = """
import json
from stammkunde.cli.starting import start
start()
from stammkunde.catalogue.models import Product
from stammkunde.customers.models import Customer, Identity
from stammkunde.events.models import Event, Import
events = Event.objects.order_by("source", "external_id", "revision").values_list(
    "source", "external_id", "revision", "kind", "at", "utc_offset", "value", "currency", "digest", "live", "customer")
names = dict(Identity.objects.filter(kind="number").values_list("customer", "value"))
print(json.dumps({
    "events": [[*map(str, row[:-1]), names.get(row[-1], "")] for row in events],
    "customers": Customer.objects.count(),
    "identities": sorted(map(list, Identity.objects.values_list("kind", "scope", "value"))),
    "products": sorted(map(list, Product.objects.values_list("code", "name"))),
    "imports": [[i.state, i.read, i.imported, i.duplicate, i.rejected, i.orders, i.returns, i.changed, i.cursor,
                 i.rejects_file.read_text() if i.rejects_file else ""] for i in Import.objects.order_by("id")],
}))
"""


@dataclass(frozen=True)
class Place:
    """A data folder with its database."""

    home: Path
    environment: dict[str, str]

    @classmethod
    def new(cls, home: Path) -> "Place":
        """Make an empty one, on the kind of database that the tests run on."""
        home.mkdir()
        environment = os.environ | {
            "STAMMKUNDE_HOME": str(home), "DJANGO_SETTINGS_MODULE": "stammkunde.config.settings", "DATABASE_URL": "",
        }  # fmt: skip
        url = os.environ.get("DATABASE_URL", "")
        if url:
            name = f"imports_{secrets.token_hex(6)}"
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}")
            environment["DATABASE_URL"] = urlsplit(url)._replace(path=f"/{name}").geturl()
        place = cls(home, environment)
        place.contents()
        return place

    def start(self, file: Path, *, units: int) -> "subprocess.Popen[str]":
        """Start importing; the process tells its phases, and in the end its result."""
        return self._process([sys.executable, "-c", _IMPORT, str(file), str(units)])

    def contents(self) -> dict[str, Any]:
        """Return all that imports leave behind, without ids and the moments of writing."""
        process = self._process([sys.executable, "-c", _CONTENTS])
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        contents: dict[str, Any] = json.loads(out)
        return contents

    def _process(self, command: Sequence[str]) -> "subprocess.Popen[str]":
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=self.environment, stdout=pipe, stderr=pipe, text=True)


def finish(process: "subprocess.Popen[str]") -> dict[str, Any]:
    """Wait for an import's end and return its result."""
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    result: dict[str, Any] = json.loads(out.strip().splitlines()[-1])
    return result
