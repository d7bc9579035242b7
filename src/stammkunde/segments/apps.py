"""Tell Django about this package."""

from django.apps import AppConfig


class SegmentsConfig(AppConfig):
    """Named after the package, so that tables are too."""

    name = "stammkunde.segments"
    label = "segments"
