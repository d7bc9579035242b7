"""Hold the 44 questions of the checklists: what is asked, who can answer, what it takes, and when it counts as met."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from stammkunde.kernel.errors import WrongInput

Who = Literal["auto", "assisted", "person"]


class NoSuchQuestion(WrongInput):
    """There is no question of this name in the check-up; `stammkunde checkup` lists all of them."""


@dataclass(frozen=True)
class Texts:
    """A text in both languages."""

    de: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the text in German for any German, else in English."""
        return self.de if language.startswith("de") else self.en


@dataclass(frozen=True)
class Question:
    """One question. `who`: data alone, data and then a person, or only a person; `needs` names sources;
    `seed` is the line of the checklist it comes from, `met` says when the answer is yes.
    """

    id: str
    seed: str
    who: Who
    needs: tuple[str, ...]
    asks: Texts
    met: Texts

    @property
    def group(self) -> str:
        """Return the group it belongs to, such as s1."""
        return self.id.split(".")[0] if "." in self.id else self.id[0]


def find(name: str) -> Question:
    """Return the question with this id."""
    if name not in QUESTIONS:
        raise NoSuchQuestion(f"There is no question {name!r}. The check-up asks {', '.join(QUESTIONS)}.")
    return QUESTIONS[name]


def _q(name: str, seed: str, who: Who, needs: str, de: str, en: str, met_de: str, met_en: str) -> Question:
    return Question(name, seed, who, tuple(needs.split()), Texts(de, en), Texts(met_de, met_en))


GROUPS: Mapping[str, Texts] = {
    "s1": Texts("Ziele und Kennzahlen", "Goals and figures"),
    "s2": Texts("Laufende Maßnahmen", "What is running"),
    "s3": Texts("Der Vergleich mit anderen", "Compared with others"),
    "s4": Texts("Kunden informieren", "Informing customers"),
    "s5": Texts("Über alle Kanäle", "Across all channels"),
    "s6": Texts("Lange Beziehungen", "Long relationships"),
    "e1": Texts("Persönliche Empfehlungen", "Personal recommendations"),
    "e2": Texts("Rabatte und Angebote", "Discounts and offers"),
    "e3": Texts("Bezahlvorgang", "Checkout"),
    "e4": Texts("Nach dem Kauf", "After the purchase"),
    "e5": Texts("Service", "Service"),
    "q": Texts("Die fünf Fragen", "The five questions"),
    "r": Texts("Die Karte selbst", "The map itself"),
    "t": Texts("Die fünf Schritte", "The five steps"),
}

_ALL = (
    _q(
        "s1.1", "001:126", "auto", "goals",
        "Gibt es mindestens ein laufendes Bindungsziel mit Kennzahl, Ausgangswert, Zielwert, Frist und "
        "verantwortlicher Person?",
        "Is there at least one running retention goal with a figure, a baseline, a target, a date and somebody "
        "responsible?",
        "mindestens ein Ziel hat alle fünf Angaben und eine Frist, die noch nicht vorbei ist",
        "at least one goal has all five and a date that has not passed",
    ),
    _q(
        "s1.2", "001:127", "auto", "orders",
        "Werden Bindungsrate, Abwanderungsrate und CLV mit festgeschriebener Definition für mindestens zwei "
        "vergleichbare Zeiträume berechnet?",
        "Are retention rate, churn rate and customer lifetime value computed by a fixed definition for at least two "
        "comparable periods?",
        "alle drei Kennzahlen stehen für mindestens zwei abgeschlossene Zeiträume da, mit n und Spanne",
        "all three figures are there for at least two complete periods, with n and interval",
    ),
    _q(
        "s1.3", "001:128", "assisted", "goals benchmarks",
        "Hat jede dieser Kennzahlen einen Zielwert und einen Vergleichswert mit Quelle, Jahr und gleicher Definition?",
        "Does each of these figures have a target and a benchmark with source, year and the same definition?",
        "Zielwert gesetzt; dass der Vergleichswert gleich definiert ist, bestätigt eine Person",
        "a target is set; a person confirms that the benchmark is defined alike",
    ),
    _q(
        "s2.1", "001:132", "auto", "initiatives experiments",
        "Hat jede laufende Maßnahme eine Ergebniskennzahl und eine Wirkungsschätzung mit Spanne, höchstens 90 "
        "Tage alt?",
        "Does each running initiative have an outcome figure and an estimated effect with interval, at most 90 "
        "days old?",
        "mindestens 80 % der laufenden Maßnahmen haben beides",
        "at least 80 % of the running initiatives have both",
    ),
    _q(
        "s2.2", "001:133", "auto", "journey events",
        "Ist je Kanal und Kontaktpunkt bekannt: Menge, Weiterkommen, Stimmung, Wert?",
        "Are volume, moving on, mood and value known for each channel and touchpoint?",
        "mindestens 70 % der Kontaktpunkte haben ein lebendes Zeichen; die übrigen sagen, warum nicht",
        "at least 70 % of the touchpoints have a live signal; the rest say why not",
    ),
    _q(
        "s2.3", "001:134", "auto", "experiments",
        "Welche Maßnahmen sind mit Kontrollgruppe belegt, und wie heißt die Rangfolge nach Wirkung je Euro?",
        "Which initiatives are proven with a control group, and how do they rank by effect per euro?",
        "je Ziel mindestens eine Maßnahme mit Kontrollgruppe oder A/B-Test",
        "at least one initiative per goal with a holdout or an A/B test",
    ),
    _q(
        "s3.1", "001:138", "person", "notes",
        "Sind die Bindungsangebote von mindestens drei Wettbewerbern in den letzten 12 Monaten angesehen worden?",
        "Have the loyalty offers of at least three competitors been looked at in the last 12 months?",
        "drei Notizen, keine älter als ein Jahr",
        "three notes, none older than a year",
    ),
    _q(
        "s3.2", "001:139", "auto", "benchmarks orders",
        "Bei welchen Kennzahlen liegen wir unter dem Vergleichswert, außerhalb der Messunsicherheit?",
        "For which figures are we below the benchmark by more than the uncertainty of measuring?",
        "die Liste steht da; der Vergleichswert liegt außerhalb der Spanne",
        "the list is there; the benchmark lies outside the interval",
    ),
    _q(
        "s3.3", "001:140", "auto", "journey",
        "Hat jeder rote Wert und jeder Schmerzpunkt eine Verbesserungsidee mit verantwortlicher Person?",
        "Does every red value and every pain have an idea for improvement with somebody responsible?",
        "mindestens 90 % haben eine",
        "at least 90 % have one",
    ),
    _q(
        "s4.1", "001:144", "person", "plan",
        "Sind Mittel (Person, Stunden, Geld) für Kundeninformation eingeplant?",
        "Are means (a person, hours, money) planned for informing customers?",
        "jemand ist zuständig, und ein Betrag steht fest",
        "somebody is in charge, and an amount is set",
    ),
    _q(
        "s4.2", "001:145", "assisted", "activities",
        "Gab es im letzten Quartal eine Informationsveranstaltung, und wer kam?",
        "Was there an information event in the last quarter, and who came?",
        "mindestens eine Veranstaltung mit Teilnehmenden",
        "at least one event with attendance",
    ),
    _q(
        "s4.3", "001:146", "auto", "activities segments",
        "Welcher Anteil der wichtigen Kunden hatte in den letzten 120 Tagen ein gemeinsames Review?",
        "What share of the important customers had a joint review in the last 120 days?",
        "mindestens 80 %",
        "at least 80 %",
    ),
    _q(
        "s5.1", "001:150", "assisted", "templates surveys",
        "Stimmen Anrede (du/Sie), Name, Punktestand und Einwilligung über alle Kanäle überein, und "
        "unterscheidet sich die Zufriedenheit je Kanal?",
        "Do form of address, name, points and consent agree across all channels, and does satisfaction differ "
        "by channel?",
        "kein Bruch im Ton; die Zufriedenheit der Kanäle unterscheidet sich nicht gesichert",
        "no break in tone; satisfaction does not differ significantly between channels",
    ),
    _q(
        "s5.2", "001:151", "auto", "identity orders",
        "Wie viele Kunden nutzen zwei oder mehr Kanäle, und erkennen wir sie wieder?",
        "How many customers use two or more channels, and do we recognise them?",
        "der Anteil ist bekannt; mindestens 80 % der Bestellungen gehören zu jemandem",
        "the share is known; at least 80 % of the orders belong to somebody",
    ),
    _q(
        "s5.3", "001:152", "auto", "messages experiments",
        "Welcher Anteil der Sendungen ist nach Segment oder Verhalten zugeschnitten, und wirkt das?",
        "What share of what is sent is tailored to a segment or to behaviour, and does it work?",
        "mindestens die Hälfte, und die Spanne der Wirkung liegt über null",
        "at least half, and the interval of the effect lies above zero",
    ),
    _q(
        "s6.1", "001:156", "assisted", "discounts messages",
        "Wie hoch ist der Umsatzanteil mit Rabatt, und wie viele Nachrichten helfen statt zu verkaufen?",
        "What share of the revenue is made with discounts, and how many messages help instead of sell?",
        "der Anteil steigt nicht drei Quartale hintereinander; auf ein Angebot kommt mindestens eine Hilfe; "
        "über Vertrauen urteilt eine Person",
        "the share does not rise three quarters in a row; there is at least one help for each offer; a person "
        "judges trust",
    ),
    _q(
        "s6.2", "001:157", "auto", "flows",
        "Laufen persönliche Nachfassmails, Jubiläumsgruß und VIP-Service, und haben sie in 90 Tagen ausgelöst?",
        "Are personal follow-ups, anniversary greetings and a VIP service running, and did they fire within 90 days?",
        "alle drei Arten haben ausgelöst",
        "all three kinds have fired",
    ),
    _q(
        "s6.3", "001:158", "auto", "articles orders",
        "Gibt es für die 20 umsatzstärksten Produkte eine Anleitung, und wird sie gelesen?",
        "Is there a guide for each of the 20 products with the most revenue, and is it read?",
        "mindestens 80 % von ihnen haben eine, die gelesen wird",
        "at least 80 % of them have one that is read",
    ),
    _q(
        "e1.1", "001:168", "auto", "flows recs consent",
        "Gehen Produktvorschläge per E-Mail (und SMS) an Kunden mit Einwilligung?",
        "Do product suggestions go by e-mail (and text message) to customers with consent?",
        "der Ablauf ist aktiv und hat in 30 Tagen ausgelöst",
        "the flow is active and has fired within 30 days",
    ),
    _q(
        "e1.2", "001:169", "auto", "recs",
        "Ist eine Empfehlungs-Engine trainiert (Alter, Abdeckung) und besser als „meistgekauft“?",
        "Is a recommendation engine trained (age, coverage), and better than “bought most”?",
        "höchstens 7 Tage alt, 90 % Abdeckung, besser als die Beliebtheit",
        "at most 7 days old, 90 % coverage, better than popularity",
    ),
    _q(
        "e1.3", "001:170", "auto", "tracking consent",
        "Fließen Produktansichten ein, und für wie viele Besucher dürfen wir das?",
        "Are product views taken in, and for how many visitors may we do that?",
        "Ansichten aus den letzten 24 Stunden sind da; der Anteil mit Einwilligung wird gezeigt",
        "views of the last 24 hours are there; the share with consent is shown",
    ),
    _q(
        "e2.1", "001:174", "auto", "vouchers orders",
        "Gibt es einen Rabatt nur für Stammkunden, und lösen ihn nur Stammkunden ein?",
        "Is there a discount for regular customers only, and do only they redeem it?",
        "höchstens 2 % der Einlösungen kommen von anderen",
        "at most 2 % of the redemptions come from others",
    ),
    _q(
        "e2.2", "001:175", "assisted", "campaigns prices",
        "Gab es in 90 Tagen eine zeitlich begrenzte Aktion nur für Mitglieder, und ist bei öffentlichen Preisen der "
        "niedrigste 30-Tage-Preis hinterlegt (§ 11 PAngV)?",
        "Was there a limited-time offer for members only within 90 days, and is the lowest price of 30 days on record "
        "for public prices (§ 11 PAngV)?",
        "der Kreis war begrenzt und die Preise sind lückenlos; das rechtliche Urteil fällt eine Person",
        "the audience was restricted and the prices are complete; a person makes the legal judgement",
    ),
    _q(
        "e2.3", "001:176", "auto", "loyalty",
        "Hat das Programm mindestens zwei Stufen mit echt steigenden Vorteilen, und sind alle Stufen besetzt?",
        "Does the programme have at least two tiers with truly growing benefits, and is somebody in each?",
        "die Vorteile steigen, in jeder Stufe ist jemand",
        "the benefits grow, somebody is in each tier",
    ),
    _q(
        "e3.1", "001:180", "assisted", "shop",
        "Kommen angemeldete Kunden mit einem Klick zum Kauf?",
        "Can customers who are logged in buy with one click?",
        "die Zeit vom Warenkorb bis zur Zahlung ist bekannt; eine Person bestätigt die Funktion",
        "the time from cart to payment is known; a person confirms the feature",
    ),
    _q(
        "e3.2", "001:181", "assisted", "tracking",
        "Ist der Abschluss am Handy so gut wie am Rechner?",
        "Is finishing the purchase as easy on a phone as on a computer?",
        "der Unterschied ist mit Spanne bekannt; eine Person probiert es am Handy",
        "the gap is known with its interval; a person tries it on a phone",
    ),
    _q(
        "e3.3", "001:182", "auto", "experiments tracking",
        "Lief in 90 Tagen ein A/B-Test im Bezahlvorgang, ohne Verteilungsfehler (SRM)?",
        "Did an A/B test run in the checkout within 90 days, without a sample ratio mismatch?",
        "mindestens einer",
        "at least one",
    ),
    _q(
        "e4.1", "001:186", "auto", "mails orders",
        "Bekommen 99 % der Käufer binnen einer Stunde eine Danke-Mail mit Inhaltslink?",
        "Do 99 % of the buyers get a thank-you mail with a link to contents within an hour?",
        "mindestens 99 % der Bestellungen der letzten 90 Tage",
        "at least 99 % of the orders of the last 90 days",
    ),
    _q(
        "e4.2", "001:187", "auto", "reviews consent",
        "Wird um Bewertung gebeten – nur bei Einwilligung oder Bestandskundenausnahme?",
        "Are customers asked for a review – only with consent or the exception for existing customers?",
        "der Ablauf ist aktiv, keine Bitte ohne Grundlage",
        "the flow is active, no request without a ground",
    ),
    _q(
        "e4.3", "001:188", "auto", "surveys deliveries",
        "Geht nach fester Frist nach der Lieferung eine Zufriedenheitsumfrage hinaus, gedrosselt, und wie groß ist die "
        "Spanne des Ergebnisses?",
        "Does a satisfaction survey go out at a fixed time after delivery, throttled, and how wide is the "
        "interval of its result?",
        "sie ist aktiv, n und Spanne sind da, niemand wird zu oft gefragt",
        "it is active, n and interval are there, nobody is asked too often",
    ),
    _q(
        "e5.1", "001:192", "auto", "chat orders",
        "Ist der Chat in den Hauptkaufzeiten besetzt?",
        "Is the chat staffed at the main shopping hours?",
        "in mindestens 80 % der stärksten Stunden; neun von zehn ersten Antworten in zwei Minuten",
        "in at least 80 % of the busiest hours; nine of ten first answers within two minutes",
    ),
    _q(
        "e5.2", "001:193", "assisted", "social",
        "Sind soziale Kanäle angebunden, und wie schnell wird geantwortet?",
        "Are social channels connected, and how quickly are they answered?",
        "neun von zehn Antworten binnen vier Stunden; sonst berichtet eine Person",
        "nine of ten answers within four hours; else a person reports",
    ),
    _q(
        "e5.3", "001:194", "auto", "articles tickets",
        "Deckt die FAQ die 20 häufigsten Anfragen ab, und wie oft findet die Suche nichts?",
        "Does the FAQ cover the 20 most frequent requests, and how often does its search find nothing?",
        "mindestens 80 % abgedeckt, höchstens 15 % der Suchen leer",
        "at least 80 % covered, at most 15 % of the searches empty",
    ),
    _q(
        "q1", "001:88", "auto", "orders benchmarks",
        "Wie hoch ist die Bindungsrate, mit Spanne, und wie steht sie zum Vergleichswert?",
        "What is the retention rate, with its interval, and how does it compare with the benchmark?",
        "beides ist beantwortet, die neuen Kunden sind abgezogen",
        "both are answered, the new customers are subtracted",
    ),
    _q(
        "q2", "001:102", "assisted", "orders surveys plan",
        "Wie messen wir Zufriedenheit und Bindung, und was tun wir, um sie zu heben?",
        "How do we measure satisfaction and retention, and what do we do to raise them?",
        "beides wird gemessen, Maßnahmen laufen; eine Person bestätigt den Plan",
        "both are measured, initiatives are running; a person confirms the plan",
    ),
    _q(
        "q3", "001:106", "auto", "journey experiments",
        "Welche Kontaktpunkte nutzen wir nach dem Kauf, und was bewirken sie?",
        "Which touchpoints do we use after the purchase, and what do they bring about?",
        "die Liste steht da, mit Wirkung",
        "the list is there, with effects",
    ),
    _q(
        "q4", "001:110", "auto", "initiatives",
        "Welche Anreize für Wiederkauf laufen?",
        "Which incentives to buy again are running?",
        "die Liste steht da",
        "the list is there",
    ),
    _q(
        "q5", "001:114", "assisted", "orders",
        "Was treibt unsere Bindung?",
        "What drives our retention?",
        "die stärksten Zeichen stehen da; eine Person sagt, was Ursache ist und was nur Zeichen",
        "the strongest signs are there; a person says which is a cause and which a mere sign",
    ),
    _q(
        "r1", "001:66", "auto", "journey",
        "Ist die Karte in den letzten 90 Tagen mit Daten und Rückmeldungen überprüft worden?",
        "Has the map been reviewed with data and feedback in the last 90 days?",
        "die letzte Prüfung ist höchstens 90 Tage her",
        "the last review was at most 90 days ago",
    ),
    _q(
        "t1", "000:A1", "person", "persona",
        "Findet sich die Wunschkundin auf der Startseite wieder?",
        "Does the customer one wishes for recognise herself on the home page?",
        "fünf Menschen sehen sie fünf Sekunden lang an und sagen, worum es geht",
        "five people look at it for five seconds and say what it is about",
    ),
    _q(
        "t2", "000:A2", "assisted", "forms",
        "Passt das Freebie (Länge, Ton, Begleitmail) zum Problem?",
        "Does the freebie (length, tone, covering mail) fit the problem?",
        "der Anteil derer, die es zu Ende lesen, ist bekannt; eine Person urteilt über den Text",
        "the share who read it to the end is known; a person judges the text",
    ),
    _q(
        "t3", "000:A3", "auto", "flows",
        "Gibt es 7 bis 9 Folge-Mails, und wie viele Interessenten erhalten alle?",
        "Are there 7 to 9 follow-up mails, and how many prospects get all of them?",
        "7 bis 9 Mails; der Anteil, der alle erhält, ist bekannt",
        "7 to 9 mails; the share who get all of them is known",
    ),
    _q(
        "t4", "000:A4", "auto", "flows",
        "Gibt es nach dem Kauf Dank, Bestätigung, Hilfeangebot, Feedback- und Empfehlungsbitte?",
        "After the purchase: are there thanks, reassurance, help, a request for feedback and for a recommendation?",
        "alle fünf Arten sind aktiv",
        "all five kinds are active",
    ),
    _q(
        "t5", "000:A5", "auto", "vouchers orders",
        "Gibt es Angebote, die nur Bestandskunden bekommen?",
        "Are there offers that only existing customers get?",
        "mindestens eines lief in den letzten 90 Tagen",
        "at least one ran in the last 90 days",
    ),
)  # fmt: skip
QUESTIONS: Mapping[str, Question] = {question.id: question for question in _ALL}
KIT = ("q1", "q2", "q3", "q4", "q5")
