"""The addresses of the JSON interface."""

from django.urls import path

from stammkunde.api.endpoints import api

urlpatterns = [path("", api.urls)]
