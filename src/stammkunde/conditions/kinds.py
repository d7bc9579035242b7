"""Name the kinds of events as people do, in German and English: one, several, and none of them."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["de", "en"]


@dataclass(frozen=True)
class Noun:
    """The names of a kind of event: singular and plural; `gender` is that of the German singular."""

    one: str
    many: str
    eine: str
    viele: str
    gender: Literal["f", "m", "n"]

    def of(self, language: Language, *, several: bool) -> str:
        """Return the name for one or several."""
        if language == "de":
            return self.viele if several else self.eine
        return self.many if several else self.one


_TABLE = """
order.placed | order | orders | Bestellung | Bestellungen | f
order.returned | return | returns | Rücksendung | Rücksendungen | f
order.cancelled | cancelled order | cancelled orders | Stornierung | Stornierungen | f
cart.updated | filled cart | filled carts | gefüllter Warenkorb | gefüllte Warenkörbe | m
checkout.started | started checkout | started checkouts | begonnener Kauf | begonnene Käufe | m
product.viewed | viewed product | viewed products | Produktansicht | Produktansichten | f
page.viewed | page view | page views | Seitenaufruf | Seitenaufrufe | m
shipment.delivered | delivery | deliveries | Lieferung | Lieferungen | f
lead.created | enquiry | enquiries | Anfrage | Anfragen | f
freebie.requested | requested freebie | requested freebies | angefordertes Freebie | angeforderte Freebies | n
freebie.downloaded | downloaded freebie | downloaded freebies | geladenes Freebie | geladene Freebies | n
consent.requested | asked consent | asked consents | erbetene Einwilligung | erbetene Einwilligungen | f
consent.given | consent | consents | Einwilligung | Einwilligungen | f
consent.withdrawn | withdrawal of consent | withdrawals of consent | Widerruf | Widerrufe | m
consent.objected | objection | objections | Widerspruch | Widersprüche | m
message.planned | planned message | planned messages | geplante Nachricht | geplante Nachrichten | f
message.deferred | deferred message | deferred messages | aufgeschobene Nachricht | aufgeschobene Nachrichten | f
message.refused | refused message | refused messages | zurückgehaltene Nachricht | zurückgehaltene Nachrichten | f
message.sent | sent message | sent messages | gesendete Nachricht | gesendete Nachrichten | f
message.delivered | delivered message | delivered messages | zugestellte Nachricht | zugestellte Nachrichten | f
message.bounced | bounced message | bounced messages | unzustellbare Nachricht | unzustellbare Nachrichten | f
message.complained | complaint | complaints | Beschwerde | Beschwerden | f
message.clicked | click | clicks | Klick | Klicks | m
message.opened | opened message | opened messages | geöffnete Nachricht | geöffnete Nachrichten | f
message.replied | reply | replies | Antwort auf eine Nachricht | Antworten auf Nachrichten | f
message.uncertain | uncertain message | uncertain messages | ungewisse Nachricht | ungewisse Nachrichten | f
segment.entered | entry into a segment | entries into segments | Eintritt in ein Segment | Eintritte in Segmente | m
segment.left | exit from a segment | exits from segments | Austritt aus einem Segment | Austritte aus Segmenten | m
trait.changed | changed trait | changed traits | geändertes Merkmal | geänderte Merkmale | n
initiative.assigned | assignment | assignments | Zuteilung | Zuteilungen | f
flow.entered | start of a flow | starts of flows | Start eines Ablaufs | Starts von Abläufen | m
flow.step_done | step done | steps done | Schritt | Schritte | m
flow.goal_reached | reached goal | reached goals | erreichtes Ziel | erreichte Ziele | n
flow.left | end of a flow | ends of flows | Ende eines Ablaufs | Enden von Abläufen | n
survey.sent | sent survey | sent surveys | gesendete Umfrage | gesendete Umfragen | f
survey.answered | answered survey | answered surveys | beantwortete Umfrage | beantwortete Umfragen | f
review.requested | asked review | asked reviews | erbetene Bewertung | erbetene Bewertungen | f
review.written | review | reviews | Bewertung | Bewertungen | f
points.earned | credit of points | credits of points | Punktegutschrift | Punktegutschriften | f
points.spent | spending of points | spendings of points | Punkteeinlösung | Punkteeinlösungen | f
points.expired | expiry of points | expiries of points | Punkteverfall | Punkteverfälle | m
points.reversed | reversal of points | reversals of points | Punkterückbuchung | Punkterückbuchungen | f
stamp.earned | stamp | stamps | Stempel | Stempel | m
tier.changed | change of tier | changes of tier | Stufenwechsel | Stufenwechsel | m
voucher.issued | issued voucher | issued vouchers | ausgestellter Gutschein | ausgestellte Gutscheine | m
voucher.held | held voucher | held vouchers | vorgemerkter Gutschein | vorgemerkte Gutscheine | m
voucher.redeemed | redeemed voucher | redeemed vouchers | eingelöster Gutschein | eingelöste Gutscheine | m
voucher.released | released voucher | released vouchers | freigegebener Gutschein | freigegebene Gutscheine | m
referral.shared | referral | referrals | Weiterempfehlung | Weiterempfehlungen | f
referral.visited | visit by referral | visits by referral | Besuch auf Empfehlung | Besuche auf Empfehlung | m
referral.converted | customer by referral | customers by referral | Kunde auf Empfehlung | Kunden auf Empfehlung | m
case.opened | case | cases | Anliegen | Anliegen | n
case.message_added | message in a case | messages in cases | Nachricht zum Anliegen | Nachrichten zum Anliegen | f
case.solved | solved case | solved cases | gelöstes Anliegen | gelöste Anliegen | n
case.reopened | reopened case | reopened cases | wieder geöffnetes Anliegen | wieder geöffnete Anliegen | n
activity.logged | activity | activities | Aktivität | Aktivitäten | f
contract.signed | signed contract | signed contracts | geschlossener Vertrag | geschlossene Verträge | m
contract.renewed | renewed contract | renewed contracts | verlängerter Vertrag | verlängerte Verträge | m
contract.cancelled | cancelled contract | cancelled contracts | gekündigter Vertrag | gekündigte Verträge | m
offer.sent | offer | offers | Angebot | Angebote | n
offer.accepted | accepted offer | accepted offers | angenommenes Angebot | angenommene Angebote | n
offer.declined | declined offer | declined offers | abgelehntes Angebot | abgelehnte Angebote | n
article.read | read article | read articles | gelesener Artikel | gelesene Artikel | m
customer.merged | merge of customers | merges of customers | Zusammenführung | Zusammenführungen | f
customer.unmerged | split of customers | splits of customers | Trennung | Trennungen | f
customer.erased | erasure | erasures | Löschung | Löschungen | f
"""


def _nouns() -> dict[str, Noun]:
    nouns = {}
    for line in _TABLE.strip().splitlines():
        kind, one, many, eine, viele, gender = (cell.strip() for cell in line.split("|"))
        nouns[kind] = Noun(one, many, eine, viele, "f" if gender == "f" else "m" if gender == "m" else "n")
    return nouns


NOUNS = _nouns()
KNOWN_KINDS = tuple(NOUNS)


def noun(kind: str) -> Noun:
    """Return the names of a kind; a custom one is called by its code."""
    known = NOUNS.get(kind)
    return known or Noun(f"event “{kind}”", f"events “{kind}”", f"Ereignis „{kind}“", f"Ereignisse „{kind}“", "n")
