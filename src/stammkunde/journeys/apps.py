"""Tell Django about this package."""

from django.apps import AppConfig


class JourneysConfig(AppConfig):
    """Named after the package, so that tables are too."""

    name = "stammkunde.journeys"
    label = "journeys"
