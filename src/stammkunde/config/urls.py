"""Where every page and every interface lives."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("stammkunde.workspace.urls")),
    path("api/v1/", include("stammkunde.api.urls")),
]
