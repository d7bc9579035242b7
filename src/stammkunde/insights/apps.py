"""Tell Django about this package."""

from django.apps import AppConfig


class InsightsConfig(AppConfig):
    """Named after the package, so that tables are too."""

    name = "stammkunde.insights"
    label = "insights"
