"""Name what an orders file may tell, and the names that shops give to it in German and English."""

import unicodedata
from typing import Literal, NamedTuple

Kind = Literal["text", "number", "moment", "clock"]


class Field(NamedTuple):
    """One thing a row may tell: its name, its kind, and the column names that surely mean it, best first."""

    name: str
    kind: Kind
    meaning: str
    names: tuple[str, ...]


def _names(text: str) -> tuple[str, ...]:
    return tuple(normal(name) for name in text.split("|"))


def normal(name: str) -> str:
    """Return a column name as it is compared: small letters and digits only, umlauts written out.

    >>> normal("Art. Nr."), normal("Währung"), normal("E-Mail Address")
    ('artnr', 'waehrung', 'emailaddress')
    """
    text = name.strip().lower().translate(_UMLAUTS)
    plain = unicodedata.normalize("NFKD", text)
    return "".join(char for char in plain if char.isascii() and char.isalnum())


_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})

FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        Field(
            "order_id",
            "text",
            "number of the order; rows with the same number are one order",
            _names(
                "order id|order number|order no|order nr|order_name|order|orders id|sales order|sales order number|"
                "bestellnummer|bestellnr|bestell nr|best nr|bestell id|bestellung|auftragsnummer|auftragsnr|"
                "auftrag nr|auftrag|auftrags id|vorgangsnummer|belegnummer|beleg nr|beleg|invoice|invoice no|"
                "invoice number|invoice id|invoice nr|rechnungsnummer|rechnungsnr|rechnung nr|rechnung|rg nr|re nr|"
                "transaction id|transaction no|transaction|transaktions id|transaktionsnummer|basket id|basket|"
                "receipt|receipt id|receipt number|bon|bonnummer|bon nr|kassenbon|purchase id|sale id|ticket id|"
                "order reference|bestellreferenz|order key|orderid"
            ),
        ),
        Field(
            "customer",
            "text",
            "number of the customer in this shop",
            _names(
                "customer id|customer number|customer no|customer nr|customer|customer key|customer code|cust id|"
                "cust no|kundennummer|kundennr|kunden nr|kd nr|kdnr|kunden id|kunde|kundencode|debitor|"
                "debitorennummer|debitoren nr|debitornr|client id|client number|client|household id|household key|"
                "household|member id|member number|mitgliedsnummer|mitglied|user id|customer user|buyer id|"
                "shopper id|account id|account number|kontonummer kunde|contact id|kundenkonto|customers id|"
                "links customer"
            ),
        ),
        Field(
            "email",
            "text",
            "e-mail address of the customer",
            _names(
                "email|e mail|customer email|email address|e mail address|email adresse|e mail adresse|mail|"
                "mailadresse|kunden email|kunden e mail|billing email|rechnung email|buyer email|contact email|"
                "from email address|customers email|user email|emailkunde"
            ),
        ),
        Field(
            "phone",
            "text",
            "telephone number of the customer",
            _names(
                "phone|phone number|telephone|telefon|telefonnummer|telefon nr|tel|mobile|mobile phone|handy|"
                "handynummer|mobil|mobilnummer|billing phone|customer phone|contact phone number"
            ),
        ),
        Field(
            "at",
            "moment",
            "when it was ordered",
            _names(
                "order date|ordered at|order time|order timestamp|order datetime|order created at|bestelldatum|"
                "bestellzeitpunkt|bestellt am|bestelltag|auftragsdatum|auftrag vom|kaufdatum|kaufzeitpunkt|"
                "gekauft am|purchase date|purchased at|purchase timestamp|purchase time|invoice date|"
                "invoice datetime|rechnungsdatum|rechnung vom|belegdatum|buchungsdatum|transaction timestamp|"
                "transaction date|transaction time|transaktionsdatum|sale date|sold at|verkaufsdatum|created at|"
                "created at utc|created utc|date created|created on|created|erstellt am|erstelldatum|erstellt|"
                "angelegt am|timestamp|ts|datetime|date time|datum uhrzeit|zeitpunkt|zeitstempel|date|datum|tag|day|"
                "paid at|paid date|bezahlt am|charge date|at"
            ),
        ),
        Field(
            "time",
            "clock",
            "time of day, when the date stands in a column of its own",
            _names("time|uhrzeit|zeit|bestellzeit|order time of day|kaufzeit|bestelluhrzeit"),
        ),
        Field(
            "product",
            "text",
            "number of the product",
            _names(
                "sku|lineitem sku|product sku|item sku|produkt sku|article number|article no|article nr|article id|"
                "article|artikelnummer|artikelnr|artikel nr|art nr|artnr|artikel id|artikel|product id|product code|"
                "product number|product no|produktnummer|produkt nr|produkt id|produktcode|stock code|stockcode|"
                "item id|item number|item no|item code|ean|gtin|produkt gtin|asin|upc|product|produkt|item|material|"
                "materialnummer|variant sku|ware"
            ),
        ),
        Field(
            "product_name",
            "text",
            "name of the product",
            _names(
                "product name|item name|lineitem name|article name|produktname|artikelname|artikelbezeichnung|"
                "produktbezeichnung|bezeichnung|product title|item title|description|product description|"
                "item description|beschreibung|artikelbeschreibung|artikeltext|title|titel"
            ),
        ),
        Field(
            "category",
            "text",
            "category of the product",
            _names(
                "category|product category|item category|kategorie|produktkategorie|artikelkategorie|warengruppe|"
                "product type|produktgruppe|product group|artikelgruppe|sub category|subcategory|unterkategorie|"
                "commodity|gruppe"
            ),
        ),
        Field(
            "department",
            "text",
            "department, above the category",
            _names("department|abteilung|sortiment|hauptkategorie|main category|hauptwarengruppe|sparte"),
        ),
        Field(
            "quantity",
            "number",
            "how many; negative: given back",
            _names(
                "quantity|qty|item quantity|lineitem quantity|order quantity|quantity ordered|menge|anzahl|"
                "bestellmenge|stueck|stueckzahl|stk|units|units sold|pieces|pcs|count|absatz|quantity sold"
            ),
        ),
        Field(
            "unit_price",
            "number",
            "price of one piece",
            _names(
                "unit price|price per unit|price each|item price|lineitem price|product price|selling price|"
                "retail price|price|einzelpreis|stueckpreis|preis pro stueck|preis je stueck|e preis|ep|"
                "verkaufspreis|vk preis|vk|artikelpreis|preis|priceeach|unit cost|rate"
            ),
        ),
        Field(
            "line_total",
            "number",
            "amount of this row",
            _names(
                "line total|line amount|line value|line item total|lineitem total|item total|row total|"
                "extended price|position total|positionssumme|positionswert|positionsbetrag|positionspreis|"
                "zeilensumme|zeilenbetrag|artikelsumme|gesamtpreis|g preis|gp|sales value|sales amount|line revenue|"
                "item revenue|total price|net line total"
            ),
        ),
        Field(
            "total",
            "number",
            "total of the whole order",
            _names(
                "order total|order value|order amount|total order value|bestellsumme|bestellwert|auftragswert|"
                "auftragssumme|gesamtsumme|gesamtbetrag|rechnungsbetrag|rechnungssumme|endbetrag|endsumme|"
                "warenkorbwert|warenwert|grand total|invoice total|invoice amount|total amount|total paid|"
                "amount paid|total sum|order sum|basket value|kaufbetrag|zahlbetrag|total spent|payment value"
            ),
        ),
        Field(
            "discount",
            "number",
            "what was taken off",
            _names(
                "discount|discount amount|line discount|lineitem discount|order discount|discount total|"
                "total discount|discounts|rabatt|rabattbetrag|nachlass|preisnachlass|rabatt betrag|gutscheinwert|"
                "gutscheinbetrag|coupon amount|voucher value"
            ),
        ),
        Field(
            "shipping",
            "number",
            "cost of delivery, kept apart",
            _names(
                "shipping|shipping total|shipping cost|shipping costs|shipping price|shipping amount|shipping fee|"
                "delivery cost|delivery fee|versandkosten|versand|lieferkosten|porto|fracht|freight|freight value|"
                "versandpreis"
            ),
        ),
        Field(
            "tax",
            "number",
            "tax, kept apart",
            _names(
                "tax|taxes|tax total|total tax|tax amount|vat|vat amount|mwst|mehrwertsteuer|mwst betrag|ust|"
                "umsatzsteuer|steuer|steuerbetrag|ust betrag"
            ),
        ),
        Field(
            "currency",
            "text",
            "currency of the amounts",
            _names("currency|currency code|order currency|waehrung|whg|waehrungscode|waehrungskuerzel|iso currency"),
        ),
        Field(
            "coupon",
            "text",
            "voucher or coupon code",
            _names(
                "coupon|coupon code|discount code|voucher|voucher code|promo code|promotion code|gutschein|"
                "gutscheincode|gutschein code|gutscheinnummer|rabattcode|aktionscode|coupon items|coupon upc"
            ),
        ),
        Field(
            "channel",
            "text",
            "sales channel",
            _names(
                "channel|sales channel|kanal|vertriebskanal|verkaufskanal|marktplatz|marketplace|vertriebsweg|"
                "bestellkanal"
            ),
        ),
        Field(
            "source",
            "text",
            "where the order came from",
            _names("source|order source|quelle|herkunft|utm source|bestellquelle|referrer|source name|traffic source"),
        ),
        Field(
            "status",
            "text",
            "state of the order; cancelled ones are told apart",
            _names(
                "order status|bestellstatus|auftragsstatus|status|financial status|payment status|zahlungsstatus|"
                "order state|statusbezeichnung"
            ),
        ),
        Field(
            "refunded",
            "number",
            "amount that was paid back",
            _names(
                "refunded amount|amount refunded|refund amount|refunded|refund total|total refunded|erstattet|"
                "erstattungsbetrag|erstattung|rueckerstattung|gutschriftbetrag"
            ),
        ),
        Field(
            "name",
            "text",
            "whole name of the customer",
            _names(
                "customer name|customer full name|full name|buyer name|billing name|client name|contact name|"
                "kundenname|"
                "name des kunden|name kunde|rechnungsname|vor und nachname|vorname und nachname|vollstaendiger name|"
                "besteller|kaeufer|kaeufername|empfaenger|rechnungsempfaenger"
            ),
        ),
        Field(
            "given_name",
            "text",
            "first name of the customer",
            _names(
                "first name|given name|customer first name|billing first name|vorname|kunde vorname|vorname kunde|"
                "rechnung vorname|rechnungsvorname|rechnungsadresse vorname"
            ),
        ),
        Field(
            "family_name",
            "text",
            "family name of the customer",
            _names(
                "last name|family name|surname|customer last name|billing last name|nachname|familienname|zuname|"
                "kunde nachname|nachname kunde|rechnung nachname|rechnungnachname|rechnungsnachname|"
                "rechnungsadresse nachname"
            ),
        ),
        Field(
            "street",
            "text",
            "street and house number of the customer",
            _names(
                "street|street address|address|address 1|address line 1|customer address|billing street|"
                "billing address|billing address 1|billing address1|strasse|strasse nr|strasse hausnr|"
                "strasse hausnummer|strasse und hausnummer|adresse|anschrift|rechnung strasse|rechnungsstrasse|"
                "rechnungsadresse|rechnungsadresse strasse"
            ),
        ),
        Field(
            "postcode",
            "text",
            "postcode of the customer",
            _names(
                "postcode|post code|zip|zip code|zipcode|postal code|billing zip|billing postcode|"
                "billing postal code|customer zip|plz|postleitzahl|rechnung plz|rechnungsplz|rechnungsadresse plz"
            ),
        ),
        Field(
            "city",
            "text",
            "town of the customer",
            _names(
                "city|town|town city|billing city|customer city|ort|stadt|wohnort|kundenort|rechnung ort|rechnungsort|"
                "rechnungsadresse ort"
            ),
        ),
        Field(
            "country",
            "text",
            "country of the customer, by name or code",
            _names(
                "country|country code|billing country|billing country code|customer country|land|laendercode|"
                "laenderkuerzel|kundenland|rechnung land|rechnungsland|rechnungsadresse land"
            ),
        ),
    )
}

# Whom a file tells about: names and addresses of customers.
NAME_FIELDS = ("name", "given_name", "family_name")
ADDRESS_FIELDS = ("street", "postcode", "city", "country")

# An amount that may belong to the row or to the whole order: the values decide.
AMOUNTS = _names(
    "amount|total|sum|summe|betrag|gesamt|netto|brutto|net|gross|net amount|gross amount|nettobetrag|bruttobetrag|"
    "net sales|gross sales|sales|revenue|umsatz|value|wert|subtotal|zwischensumme|zahlung|payment|spend|gesamtwert|"
    "netto betrag|turnover|nettoumsatz|bruttoumsatz|erloes|amt|monetary value"
)

# Columns of contact lists: with an address among them and neither date nor amount of an order, it is no orders file.
CONTACTS = frozenset(
    _names(
        "first name|last name|vorname|nachname|surname|name|firstname|lastname|tags|given name|family name|anrede|"
        "firma|company|city|ort|plz|zip code|country|land|strasse|email|e mail|email address|date added|"
        "date registered|added time|profile created on|optin time|status|phone|telefon|phone number|sms|kundennummer"
    )
)

# The columns that explain in a rejects file; they are skipped when the mended file comes back.
EXPLAINING = ("line", "column", "value", "reason")
