"""The addresses of the staff pages: short, stable, fit to be sent to a colleague."""

from django.urls import URLPattern, path

from stammkunde.workspace import (
    brand,
    cohorts_page,
    customer_list,
    customer_page,
    figure_page,
    figures_list,
    import_page,
    importing,
    login,
    overview,
    rfm_page,
)
from stammkunde.workspace.checkup import checkup_page, question_page
from stammkunde.workspace.journeys import urls as journeys_urls
from stammkunde.workspace.segments import builder, changing, personas_pages, segment_list, segment_page
from stammkunde.workspace.settings import account, api_keys, audit_log, business, people

urlpatterns: list[URLPattern] = [
    path("", overview.overview, name="overview"),
    path("figures", figures_list.all_figures, name="figures"),
    path("figures/cohorts", cohorts_page.cohorts, name="cohorts"),
    path("figures/<str:name>", figure_page.one_figure, name="figure"),
    path("customers", customer_list.customers, name="customers"),
    path("customers.csv", customer_list.customers_export, name="customers-export"),
    path("customers/rfm", rfm_page.rfm, name="rfm"),
    path("customers/<int:pk>", customer_page.customer, name="customer"),
    *journeys_urls.urlpatterns,
    path("segments", segment_list.segments, name="segments"),
    path("segments/new", builder.segment_new, name="segment-new"),
    path("segments/<slug:name>", segment_page.segment, name="segment"),
    path("segments/<slug:name>.csv", changing.segment_export, name="segment-export"),
    path("segments/<slug:name>/edit", builder.segment_edit, name="segment-edit"),
    path("segments/<slug:name>/sheet", changing.segment_sheet, name="segment-sheet"),
    path("segments/<slug:name>/delete", changing.segment_delete, name="segment-delete"),
    path("personas", personas_pages.personas, name="personas"),
    path("personas/new", personas_pages.persona_new, name="persona-new"),
    path("personas/<slug:slug>", personas_pages.persona, name="persona"),
    path("personas/<slug:slug>/edit", personas_pages.persona_edit, name="persona-edit"),
    path("personas/<slug:slug>/delete", personas_pages.persona_delete, name="persona-delete"),
    path("checkup", checkup_page.checkup, name="checkup"),
    path("checkup/kit", checkup_page.kit, name="checkup-kit"),
    path("checkup/<str:name>", question_page.question, name="checkup-question"),
    path("imports", importing.all_imports, name="imports"),
    path("imports/new/<uuid:key>", importing.import_new, name="import-new"),
    path("imports/new/<uuid:key>/discard", importing.import_discard, name="import-discard"),
    path("imports/<int:pk>", import_page.one_import, name="import"),
    path("imports/<int:pk>/stop", import_page.import_stop, name="import-stop"),
    path("imports/<int:pk>/resume", import_page.import_resume, name="import-resume"),
    path("imports/<int:pk>/again", import_page.import_again, name="import-again"),
    path("imports/<int:pk>/rejects.csv", import_page.import_rejects, name="import-rejects"),
    path("login", login.LogIn.as_view(), name="login"),
    path("logout", login.log_out, name="logout"),
    path("language", login.choose_language, name="language"),
    path("brand.css", brand.brand_style, name="brand-style"),
    path("account", account.account, name="account"),
    path("account/password", account.account_password, name="account-password"),
    path("settings/business", business.business, name="settings-business"),
    path("settings/people", people.users, name="settings-users"),
    path("settings/people/add", people.add_user, name="settings-user-add"),
    path("settings/people/<int:pk>", people.change_user, name="settings-user"),
    path("settings/keys", api_keys.api_keys, name="settings-keys"),
    path("settings/keys/<int:pk>/revoke", api_keys.revoke_key, name="settings-key-revoke"),
    path("settings/audit", audit_log.audit_log, name="settings-audit"),
]
