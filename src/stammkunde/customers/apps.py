"""Tell Django about this package."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """Named after the package, so that tables are too."""

    name = "stammkunde.customers"
    label = "customers"
