"""Tell Django that the accounts exist."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The people of the business, its keys and its memory of who changed what."""

    name = "stammkunde.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
