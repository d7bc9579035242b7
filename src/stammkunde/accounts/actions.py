"""Name, in the reader's language, what people do here and to what."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ACTIONS: dict[str, Promise] = {
    "account.changed": _("Changed the own account"),
    "account.password_changed": _("Changed the own password"),
    "business.changed": _("Changed the business"),
    "customers.exported": _("Downloaded the list of customers"),
    "import.checked": _("Tried out an import"),
    "import.discarded": _("Threw away a file"),
    "import.resumed": _("Let an import go on"),
    "import.started": _("Started an import"),
    "import.stopped": _("Stopped an import"),
    "import.undone": _("Took an import back"),
    "import.uploaded": _("Handed in a file to import"),
    "key.created": _("Created an API key"),
    "key.revoked": _("Revoked an API key"),
    "page.posted": _("Sent a form"),
    "persona.changed": _("Changed a persona"),
    "persona.created": _("Drew a persona"),
    "persona.deleted": _("Deleted a persona"),
    "segment.changed": _("Changed a segment"),
    "segment.created": _("Built a segment"),
    "segment.deleted": _("Deleted a segment"),
    "segment.described": _("Wrote on the sheet of a segment"),
    "segment.exported": _("Downloaded the members of a segment"),
    "user.added": _("Added a person"),
    "user.changed": _("Changed a person"),
    "user.logged_in": _("Logged in"),
    "user.logged_out": _("Logged out"),
    "user.password_set": _("Gave a person a new password"),
}

KINDS: dict[str, Promise] = {
    "apikey": _("API key"),
    "business": _("Business"),
    "import": _("Import"),
    "persona": _("Persona"),
    "segment": _("Segment"),
    "user": _("Person"),
}

DETAILS: dict[str, Promise] = {
    "accent": _("Accent colour"),
    "currency": _("Currency"),
    "customers": _("Customers"),
    "dates": _("Dates"),
    "decimal": _("Numbers"),
    "email": _("E-mail address"),
    "fields": _("Fields"),
    "file": _("File"),
    "group": _("RFM group"),
    "is_active": _("May log in"),
    "language": _("Language"),
    "last": _("Last order"),
    "members": _("Members"),
    "min_orders": _("Orders at least"),
    "name": _("Name"),
    "orders": _("Orders"),
    "preset": _("Export of"),
    "q": _("Search"),
    "role": _("Role"),
    "scopes": _("It may"),
    "segment": _("Segment"),
    "shop": _("Name of the shop"),
    "size": _("Size in bytes"),
    "sort": _("Order of the list"),
    "standing": pgettext_lazy("customers", "Standing"),
    "text": _("Text"),
    "time_zone": _("Time zone"),
}
