"""Tell Django about this package."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Named after the package, so that tables are too."""

    name = "stammkunde.catalogue"
    label = "catalogue"
