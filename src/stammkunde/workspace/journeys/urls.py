"""The addresses of the journey's pages."""

from django.urls import URLPattern, path

from stammkunde.workspace.journeys import (
    editor,
    files,
    list_page,
    map_page,
    new_page,
    pains_page,
    paths_page,
    poster_page,
    touchpoint_edit,
    touchpoint_page,
    versions_page,
)

urlpatterns: list[URLPattern] = [
    path("journeys", list_page.journeys, name="journeys"),
    path("journeys/new", new_page.journey_new, name="journey-new"),
    path("journeys/import", files.journey_import, name="journey-import"),
    path("journeys/<slug:slug>.yaml", files.journey_text, name="journey-text"),
    path("journeys/<slug:slug>", map_page.journey_map, name="journey"),
    path("journeys/<slug:slug>/reviewed", map_page.journey_reviewed, name="journey-reviewed"),
    path("journeys/<slug:slug>/touchpoints/<slug:name>", touchpoint_page.journey_touchpoint, name="journey-touchpoint"),
    path("journeys/<slug:slug>/paths", paths_page.journey_paths, name="journey-paths"),
    path("journeys/<slug:slug>/pains", pains_page.journey_pains, name="journey-pains"),
    path("journeys/<slug:slug>/versions", versions_page.journey_versions, name="journey-versions"),
    path("journeys/<slug:slug>/poster", poster_page.journey_posters, name="journey-posters"),
    path("journeys/<slug:slug>/poster.<str:form>", poster_page.journey_poster_file, name="journey-poster"),
    path("journeys/<slug:slug>/edit", editor.journey_edit, name="journey-edit"),
    path("journeys/<slug:slug>/edit/text", editor.journey_edit_text, name="journey-edit-text"),
    path("journeys/<slug:slug>/edit/phases/<slug:name>", touchpoint_edit.journey_edit_phase, name="journey-edit-phase"),
    path(
        "journeys/<slug:slug>/edit/touchpoints/<slug:name>",
        touchpoint_edit.journey_edit_touchpoint,
        name="journey-edit-touchpoint",
    ),
]
