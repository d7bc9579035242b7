"""Name the four parts people play in a business."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What somebody does here decides what she sees and may change."""

    OWNER = "owner", _("Owner")
    MARKETING = "marketing", _("Marketing")
    SERVICE = "service", _("Service")
    ANALYST = "analyst", _("Analyst")


class Language(models.TextChoices):
    """The languages in which the pages speak to the people who work here."""

    GERMAN = "de", "Deutsch (Sie)"
    GERMAN_INFORMAL = "de-du", "Deutsch (du)"
    ENGLISH = "en", "English"


class Scope(models.TextChoices):
    """What an API key may be used for."""

    FIGURES_READ = "figures:read", _("Read figures, cohorts and RFM groups")
    CUSTOMERS_READ = "customers:read", _("Read customers with their addresses")
    EVENTS_WRITE = "events:write", _("Record events")
    IMPORTS_WRITE = "imports:write", _("Upload files and start imports")
    JOURNEYS_WRITE = "journeys:write", _("Publish journey maps")
