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
    "page": Both("the website", "von der Website"),
    "product": Both("the shop's pages", "von den Seiten des Shops"),
    "cart": Both("the shop's cart", "vom Warenkorb des Shops"),
    "checkout": Both("the shop's checkout", "von der Kasse des Shops"),
    "shipment": Both("the parcel service", "vom Paketdienst"),
    "lead": Both(
        "the forms of the website, or the list of enquiries", "aus den Formularen der Website oder der Anfragenliste"
    ),
    "freebie": Both("the form for the freebie", "aus dem Formular für das Freebie"),
    "consent": Both(
        "the sign-up to the newsletter, or the customer card", "von der Newsletter-Anmeldung oder der Kundenkarte"
    ),
    "message": Both(
        "whatever sends your e-mails and letters", "von dort, wo Ihre E-Mails und Briefe verschickt werden"
    ),
    "survey": Both("the surveys", "aus den Umfragen"),
    "review": Both("the reviews", "aus den Bewertungen"),
    "points": Both("the loyalty programme", "aus dem Treueprogramm"),
    "stamp": Both("the stamp card", "von der Stempelkarte"),
    "tier": Both("the loyalty programme", "aus dem Treueprogramm"),
    "voucher": Both(
        "the till or the shop that takes the vouchers", "von der Kasse oder dem Shop, wo Gutscheine eingelöst werden"
    ),
    "referral": Both("the referral links", "von den Empfehlungslinks"),
    "case": Both("the service's inbox", "aus dem Postfach des Service"),
    "activity": Both("the notes on calls and meetings", "aus den Notizen zu Anrufen und Terminen"),
    "contract": Both("the list of contracts", "aus der Vertragsliste"),
    "offer": Both("the list of offers", "aus der Angebotsliste"),
    "article": Both("the help pages", "von den Hilfeseiten"),
}
_ELSEWHERE = Both("the system that knows it", "aus dem System, das es weiß")


def connect(kind: str) -> Both:
    """Return how events of a kind come into the log."""
    if kind == "order.placed":
        return _ORDERS
    if kind in ("order.returned", "order.cancelled"):
        return _RETURNS
    source = _SOURCES.get(kind.partition(".")[0], _ELSEWHERE)
    return Both(
        f"It comes from {source.en}; there is no import for it yet. Programs record it as the event {kind}.",
        f"Das kommt {source.de}; einen Import dafür gibt es noch nicht. Programme halten es als {kind} fest.",
    )
