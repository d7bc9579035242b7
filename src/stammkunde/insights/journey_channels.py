"""Call the channels of touchpoints by name."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

Titles = Mapping[str, Promise]

CHANNELS: Titles = {
    "web": gettext_lazy("Website"),
    "search": gettext_lazy("Search engine"),
    "email": gettext_lazy("E-mail"),
    "letter": gettext_lazy("Letter"),
    "leaflet": gettext_lazy("Leaflet"),
    "post": gettext_lazy("Letter"),
    "sms": gettext_lazy("SMS"),
    "phone": gettext_lazy("Telephone"),
    "chat": gettext_lazy("Chat"),
    "shop": gettext_lazy("In the shop"),
    "store": gettext_lazy("In the shop"),
    "parcel": gettext_lazy("Parcel"),
    "meeting": gettext_lazy("Meeting"),
    "fair": gettext_lazy("Trade fair"),
    "account": gettext_lazy("Customer account"),
    "link": gettext_lazy("Link that a customer shares"),
    "personal": gettext_lazy("In person"),
    "offline": gettext_lazy("Outside, unseen"),
    "social": gettext_lazy("Social media"),
    "ad": gettext_lazy("Advertisement"),
    "event": gettext_lazy("Event"),
}
