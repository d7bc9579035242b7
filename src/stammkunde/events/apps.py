"""Tell Django about this package."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Named after the package, so that tables are too."""

    name = "stammkunde.events"
    label = "events"
