"""`python -m stammkunde.worker` runs the worker on a data folder that is ready (`stammkunde worker` sees to that)."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stammkunde.config.settings")
django.setup()

from stammkunde.worker import loop  # noqa: E402

loop.run()
