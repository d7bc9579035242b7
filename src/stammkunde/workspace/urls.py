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
