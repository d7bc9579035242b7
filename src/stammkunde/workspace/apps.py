"""Tell Django about this package."""

from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    """Named after the package, so that tables are too."""

    name = "stammkunde.workspace"
    label = "workspace"
