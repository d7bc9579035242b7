"""Say where each kind of event comes from, so that a signal that nothing was seen of can be connected."""

from stammkunde.journeys.problems import Both

_ORDERS = Both(
    "It comes with the orders: import an export of your shop.",
    "Das kommt mit den Bestellungen: Importieren Sie einen Export Ihres Shops.",
)
_RETURNS = Both(
    "It comes with the orders: rows of the export with a negative quantity or sum, or cancelled ones.",
    "Das kommt mit den Bestellungen: Zeilen des Exports mit negativer Menge oder Summe, oder stornierte.",
)
_SOURCES: dict[str, Both] = {
    "page": Both("the website", "der Website"),
    "product": Both("the shop's pages", "den Seiten des Shops"),
    "cart": Both("the shop's cart", "dem Warenkorb des Shops"),
    "checkout": Both("the shop's checkout", "der Kasse des Shops"),
    "shipment": Both("the parcel service", "dem Paketdienst"),
    "lead": Both(
        "the forms of the website, or the list of enquiries", "den Formularen der Website oder der Anfragenliste"
    ),
    "freebie": Both("the form for the freebie", "dem Formular für das Freebie"),
    "consent": Both(
        "the sign-up to the newsletter, or the customer card", "der Newsletter-Anmeldung oder der Kundenkarte"
    ),
    "message": Both("whatever sends your e-mails and letters", "dem, was Ihre E-Mails und Briefe verschickt"),
    "survey": Both("the surveys", "den Umfragen"),
    "review": Both("the reviews", "den Bewertungen"),
    "points": Both("the loyalty programme", "dem Treueprogramm"),
    "stamp": Both("the stamp card", "der Stempelkarte"),
    "tier": Both("the loyalty programme", "dem Treueprogramm"),
    "voucher": Both("the till or the shop that takes the vouchers", "der Kasse oder dem Shop, der Gutscheine annimmt"),
    "referral": Both("the referral links", "den Empfehlungslinks"),
    "case": Both("the service's inbox", "dem Postfach des Service"),
    "activity": Both("the notes on calls and meetings", "den Notizen zu Anrufen und Terminen"),
    "contract": Both("the list of contracts", "der Vertragsliste"),
    "offer": Both("the list of offers", "der Angebotsliste"),
    "article": Both("the help pages", "den Hilfeseiten"),
}
_ELSEWHERE = Both("the system that knows it", "dem System, das es weiß")


def connect(kind: str) -> Both:
    """Return how events of a kind come into the log."""
    if kind == "order.placed":
        return _ORDERS
    if kind in ("order.returned", "order.cancelled"):
        return _RETURNS
    source = _SOURCES.get(kind.partition(".")[0], _ELSEWHERE)
    return Both(
        f"It comes from {source.en}. There is no import for it yet; a program writes it into the log as `{kind}` "
        "(`stammkunde.events.ingest.record`).",
        f"Das kommt von {source.de}. Einen Import dafür gibt es noch nicht; ein Programm schreibt es als `{kind}` "
        "ins Protokoll (`stammkunde.events.ingest.record`).",
    )
