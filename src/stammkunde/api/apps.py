"""Tell Django about this package."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Named after the package, so that tables are too."""

    name = "stammkunde.api"
    label = "api"
