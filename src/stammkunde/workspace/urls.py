"""The addresses of the staff pages: short, stable, fit to be sent to a colleague."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
