"""Name what an answer can rest on, tell which of it is there by now, and say how to connect the rest."""

from collections.abc import Mapping
from dataclasses import dataclass

from stammkunde.insights.checkup.questions import Texts


@dataclass(frozen=True)
class Source:
    """Something answers rest on. `kinds`: it is there once events of all these kinds are in the log.

    `route` is the page where it is connected, as far as there is one.
    """

    name: str
    title: Texts
    how: Texts
    kinds: tuple[str, ...] = ()
    route: str = ""


def _s(name: str, de: str, en: str, how_de: str, how_en: str, *, kinds: str = "", route: str = "") -> Source:
    return Source(name, Texts(de, en), Texts(how_de, how_en), tuple(kinds.split()), route)


_ALL = (
    _s(
        "orders", "Bestellungen", "Orders",
        "Bestellungen einlesen: eine Zeile je Bestellung, mit Nummer, Kunde, Datum und Betrag.",
        "Import orders: one row per order, with number, customer, date and amount.",
        kinds="order.placed", route="imports",
    ),
    _s(
        "discounts", "Nachlässe", "Discounts",
        "Die Spalte mit dem Nachlass oder dem Gutscheincode mit einlesen (Felder discount und coupon).",
        "Import the column with the discount or the coupon code too (fields discount and coupon).",
        route="imports",
    ),
    _s(
        "identity", "Wiedererkennen", "Recognition",
        "Mit jeder Bestellung Kundennummer oder E-Mail-Adresse einlesen.",
        "Import a customer number or an e-mail address with each order.",
        kinds="order.placed", route="imports",
    ),
    _s(
        "events", "Ereignisse", "Events",
        "Ereignisse jenseits der Bestellungen, etwa message.delivered oder case.opened.",
        "Events beyond orders, such as message.delivered or case.opened.",
    ),
    _s(
        "journey", "Reisekarte", "Journey map",
        "Eine Reisekarte veröffentlichen; fertige Vorlagen liegen bereit.",
        "Publish a journey map; ready templates are there.",
        route="journeys",
    ),
    _s(
        "goals", "Ziele", "Goals",
        "In der Reisekarte an einem Kontaktpunkt ein Ziel eintragen (targets: metric, min oder max, by) und wer ihn "
        "verantwortet (owner).",
        "Enter a goal at a touchpoint of the journey map (targets: metric, min or max, by) and who is responsible for "
        "it (owner).",
        route="journeys",
    ),
    _s(
        "initiatives", "Maßnahmen", "Initiatives",
        "In der Reisekarte die laufenden Maßnahmen eintragen (initiatives: label, status: running, outcome).",
        "Enter the running initiatives in the journey map (initiatives: label, status: running, outcome).",
        route="journeys",
    ),
    _s(
        "segments", "Segmente", "Segments",
        "Ein Segment der wichtigen Kunden anlegen; fertige liegen bereit.",
        "Build a segment of the important customers; ready ones are there.",
        route="segments",
    ),
    _s(
        "persona", "Persona", "Persona",
        "Eine Persona zeichnen: das Bild der Wunschkundin.",
        "Draw a persona: a picture of the customer one wishes for.",
        route="personas",
    ),
    _s(
        "vouchers", "Gutscheine", "Vouchers",
        "Einlösungen als Ereignis voucher.redeemed, mit code und programme.",
        "Redemptions as events voucher.redeemed, with code and programme.",
        kinds="voucher.redeemed",
    ),
    _s(
        "messages", "Nachrichten", "Messages",
        "Zugestellte Nachrichten als Ereignis message.delivered, mit message, channel und flow.",
        "Delivered messages as events message.delivered, with message, channel and flow.",
        kinds="message.delivered",
    ),
    _s(
        "campaigns", "Aktionen", "Campaigns",
        "Wer welche Aktion bekam, als Ereignis message.delivered mit message als Namen der Aktion.",
        "Who got which campaign, as events message.delivered with message as the campaign's name.",
        kinds="message.delivered",
    ),
    _s(
        "mails", "E-Mails", "E-mails",
        "Zugestellte E-Mails als Ereignis message.delivered mit channel = email: Danke-Mails zumal, mit dem Link als "
        "message.clicked.",
        "Delivered e-mails as events message.delivered with channel = email: thank-you mails above all, their link as "
        "message.clicked.",
    ),
    _s(
        "flows", "Abläufe", "Flows",
        "Nachrichten mit dem Namen ihres Ablaufs und Schritts: message.delivered mit flow und step.",
        "Messages with the name of their flow and step: message.delivered with flow and step.",
    ),
    _s(
        "consent", "Einwilligungen", "Consents",
        "Einwilligungen und Widerrufe als Ereignisse consent.given und consent.withdrawn, mit purpose und channel.",
        "Consents and withdrawals as events consent.given and consent.withdrawn, with purpose and channel.",
        kinds="consent.given",
    ),
    _s(
        "surveys", "Umfragen", "Surveys",
        "Umfragen als Ereignisse survey.sent und survey.answered, mit survey, score und channel.",
        "Surveys as events survey.sent and survey.answered, with survey, score and channel.",
        kinds="survey.answered",
    ),
    _s(
        "reviews", "Bewertungen", "Reviews",
        "Bitten um eine Bewertung als Ereignis review.requested, Bewertungen als review.written.",
        "Requests for a review as events review.requested, reviews as review.written.",
        kinds="review.requested",
    ),
    _s(
        "deliveries", "Lieferungen", "Deliveries",
        "Zugestellte Pakete als Ereignis shipment.delivered, mit order_id.",
        "Delivered parcels as events shipment.delivered, with order_id.",
        kinds="shipment.delivered",
    ),
    _s(
        "activities", "Gespräche und Veranstaltungen", "Meetings and events",
        "Gespräche, Besuche und Veranstaltungen als Ereignis activity.logged, mit type (etwa webinar oder quarterly "
        "review).",
        "Calls, visits and events as events activity.logged, with type (such as webinar or quarterly review).",
        kinds="activity.logged",
    ),
    _s(
        "tracking", "Besuche", "Visits",
        "Besuche des Shops als Ereignisse product.viewed und checkout.started, mit device, nur mit Einwilligung.",
        "Visits to the shop as events product.viewed and checkout.started, with device, only with consent.",
        kinds="product.viewed",
    ),
    _s(
        "shop", "Warenkörbe", "Carts",
        "Warenkörbe als Ereignis cart.updated, mit der Uhrzeit; die Bestellungen dann ebenfalls mit Uhrzeit.",
        "Carts as events cart.updated, with the time of day; then the orders with the time of day too.",
        kinds="cart.updated",
    ),
    _s(
        "forms", "Formulare", "Forms",
        "Anmeldungen als Ereignisse lead.created und freebie.downloaded, mit form; wer zu Ende liest, als "
        "article.read.",
        "Sign-ups as events lead.created and freebie.downloaded, with form; who reads to the end as article.read.",
        kinds="lead.created",
    ),
    _s(
        "articles", "Anleitungen und FAQ", "Guides and FAQ",
        "Gelesene Anleitungen als Ereignis article.read, mit article und product.",
        "Guides that were read as events article.read, with article and product.",
        kinds="article.read",
    ),
    _s(
        "tickets", "Anfragen", "Requests",
        "Anfragen an den Service als Ereignis case.opened, mit topic und channel.",
        "Requests to the service as events case.opened, with topic and channel.",
        kinds="case.opened",
    ),
    _s(
        "chat", "Chat", "Chat",
        "Chats als Ereignisse case.opened (channel = chat) und case.message_added, mit first_response_seconds.",
        "Chats as events case.opened (channel = chat) and case.message_added, with first_response_seconds.",
    ),
    _s(
        "social", "Soziale Kanäle", "Social channels",
        "Anfragen aus sozialen Kanälen als case.opened und case.message_added, mit channel und first_response_seconds.",
        "Requests from social channels as case.opened and case.message_added, with channel and first_response_seconds.",
    ),
    _s(
        "loyalty", "Treueprogramm", "Loyalty programme",
        "Stufen als Ereignis tier.changed, Punkte als points.earned und points.spent; die Vorteile je Stufe.",
        "Tiers as events tier.changed, points as points.earned and points.spent; the benefits of each tier.",
        kinds="tier.changed",
    ),
    _s(
        "experiments", "Versuche mit Kontrollgruppe", "Experiments with a control group",
        "Wer behandelt wird und wer zur Kontrollgruppe gehört, vorher ausgelost, als Ereignis initiative.assigned mit "
        "initiative und arm.",
        "Who is treated and who belongs to the control group, drawn beforehand, as events initiative.assigned with "
        "initiative and arm.",
        kinds="initiative.assigned",
    ),
    _s(
        "recs", "Empfehlungen", "Recommendations",
        "Ein trainiertes Empfehlungsmodell, mit Alter, Abdeckung und Trefferquote gegen die Beliebtheit.",
        "A trained recommendation model, with age, coverage and hit rate against popularity.",
    ),
    _s(
        "benchmarks", "Vergleichswerte", "Benchmarks",
        "Einen Vergleichswert der Branche, mit Quelle, Jahr und gleicher Definition.",
        "A benchmark of the trade, with source, year and the same definition.",
    ),
    _s(
        "prices", "Preisverlauf", "Price history",
        "Den Preis jedes Artikels an jedem Tag, damit der niedrigste der letzten 30 Tage feststeht.",
        "The price of each product on each day, so that the lowest of the last 30 days is certain.",
    ),
    _s(
        "templates", "Vorlagen der Nachrichten", "Templates of messages",
        "Die Texte aller Nachrichten je Kanal, mit ihrer Anrede.",
        "The texts of all messages by channel, with their form of address.",
    ),
    _s(
        "notes", "Notizen über Wettbewerber", "Notes on competitors",
        "Die Antwort einer Person, mit einer Notiz je Wettbewerber.",
        "A person's answer, with a note on each competitor.",
    ),
    _s(
        "plan", "Plan", "Plan",
        "Die Antwort einer Person: wer, wie viele Stunden, wie viel Geld.",
        "A person's answer: who, how many hours, how much money.",
    ),
)  # fmt: skip
SOURCES: Mapping[str, Source] = {source.name: source for source in _ALL}
