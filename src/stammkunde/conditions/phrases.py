"""Put the small words of conditions into German and English: numbers, days, lengths of time, names of attributes."""

from datetime import date

from stammkunde.conditions.kinds import Language, Noun, noun
from stammkunde.conditions.local_clock import Duration
from stammkunde.conditions.scalars import Scalar
from stammkunde.conditions.tree import INTEREST, Between, Last, Operator, Window

_MONTHS: dict[Language, tuple[str, ...]] = {
    "de": tuple("Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()),
    "en": tuple("January February March April May June July August September October November December".split()),
}
_UNITS: dict[str, tuple[str, str, str]] = {
    "minute": ("Minute", "Minuten", "in der letzten Minute"),
    "hour": ("Stunde", "Stunden", "in der letzten Stunde"),
    "day": ("Tag", "Tagen", "am letzten Tag"),
    "week": ("Woche", "Wochen", "in der letzten Woche"),
    "month": ("Monat", "Monaten", "im letzten Monat"),
    "year": ("Jahr", "Jahren", "im letzten Jahr"),
}
_NAMES: dict[str, tuple[str, str]] = {
    "value": ("Wert", "value"),
    "category": ("Kategorie", "category"),
    "product": ("Produkt", "product"),
    "quantity": ("Menge", "quantity"),
    "unit_price": ("Einzelpreis", "unit price"),
    "line_total": ("Positionswert", "line total"),
    "line_discount": ("Positionsrabatt", "line discount"),
    "discount": ("Rabatt", "discount"),
    "coupon": ("Gutscheincode", "coupon"),
    "survey": ("Umfrage", "survey"),
    "score": ("Bewertung", "score"),
    "flow": ("Ablauf", "flow"),
    "message": ("Titel", "title"),
    "programme": ("Programm", "programme"),
    "code": ("Code", "code"),
    "topic": ("Thema", "topic"),
    "path": ("Pfad", "path"),
    "source": ("Quelle", "source"),
    "channel": ("Kanal", "channel"),
    "form": ("Formular", "form"),
    "type": ("Art", "type"),
    "reason": ("Grund", "reason"),
    "city": ("Stadt", "city"),
    "country": ("Land", "country"),
    "postcode": ("Postleitzahl", "postcode"),
    "street": ("Straße", "street"),
    "company": ("Firma", "company"),
    "lifetime_status": ("Stand der Beziehung", "lifetime status"),
    "tone": ("Anrede", "form of address"),
    "language": ("Sprache", "language"),
    "birthday": ("Geburtstag", "birthday"),
    "tier": ("Stufe", "tier"),
    "points": ("Punktestand", "points"),
    "clv": ("Kundenwert", "customer lifetime value"),
    "churn_risk": ("Abwanderungsrisiko", "churn risk"),
    "recency_score": ("Aktualität (RFM)", "recency score"),
    "frequency_score": ("Häufigkeit (RFM)", "frequency score"),
    "monetary_score": ("Umsatz (RFM)", "monetary score"),
    "rfm_group": ("RFM-Gruppe", "RFM group"),
}
_COMPARED: dict[Language, dict[Operator, str]] = {
    "de": {
        "=": "",
        "!=": "nicht ",
        "<": "kleiner als ",
        "<=": "höchstens ",
        ">": "größer als ",
        ">=": "mindestens ",
    },
    "en": {"=": "", "!=": "not ", "<": "below ", "<=": "at most ", ">": "above ", ">=": "at least "},
}
_COUNTED: dict[Language, dict[Operator, str]] = {
    "de": {
        "=": "genau",
        "!=": "nicht genau",
        "<": "weniger als",
        "<=": "höchstens",
        ">": "mehr als",
        ">=": "mindestens",
    },
    "en": {
        "=": "exactly",
        "!=": "not exactly",
        "<": "fewer than",
        "<=": "at most",
        ">": "more than",
        ">=": "at least",
    },
}


def either(language: Language, german: str, english: str) -> str:
    """Return the wording in this language."""
    return german if language == "de" else english


def number(value: float, language: Language) -> str:
    """Write a number with the separators of the language, two decimals at most unless it is small."""
    digits = 2 if abs(value) >= 1 else 4
    text = f"{value:,.{digits}f}".rstrip("0").rstrip(".") if value != int(value) else f"{value:,.0f}"
    return text.translate(str.maketrans(",.", ".,")) if language == "de" else text


def day(value: date, language: Language, today: date | None = None) -> str:
    """Write a day, with its year unless it is this year's: `3. März`, `3 March 2025`."""
    month = _MONTHS[language][value.month - 1]
    year = "" if today and today.year == value.year else f" {value.year}"
    return f"{value.day}. {month}{year}" if language == "de" else f"{value.day} {month}{year}"


def said(value: Scalar, language: Language) -> str:
    """Write a value."""
    if value is None:
        return either(language, "unbekannt", "unknown")
    if isinstance(value, bool):
        return either(language, "ja", "yes") if value else either(language, "nein", "no")
    if isinstance(value, float):
        return number(value, language)
    if isinstance(value, date):
        return day(value, language)
    return either(language, f"„{value}“", f"“{value}”")


def named(name: str, language: Language) -> str:
    """Return the name of an attribute or trait."""
    if name.startswith(INTEREST):
        topic = said(name.removeprefix(INTEREST), language)
        return either(language, f"Interesse an {topic}", f"interest in {topic}")
    known = _NAMES.get(name)
    return either(language, *known) if known else name


def compared(operator: Operator, language: Language) -> str:
    """Return the words before the value that something is compared with."""
    return _COMPARED[language][operator]


def counted(operator: Operator, language: Language) -> str:
    """Return the words before a number of things."""
    return _COUNTED[language][operator]


def lasting(duration: Duration, language: Language) -> str:
    """Return a length of time as after `within`: `14 Tagen`, `14 days`."""
    one, many, _ = _UNITS[duration.unit]
    if language == "de":
        ending = "em" if duration.unit in ("day", "month", "year") else "er"
        return f"ein{ending} {one}" if duration.amount == 1 else f"{duration.amount} {many}"
    return f"{duration.amount} {duration.unit}{'' if duration.amount == 1 else 's'}"


def throughout(duration: Duration, language: Language) -> str:
    """Return a length of time that something lasts: `60 Tage lang`, `for 60 days`."""
    if language == "en":
        return f"for {lasting(duration, language)}"
    one, many, _ = _UNITS[duration.unit]
    if duration.amount == 1:
        return f"ein{'en' if duration.unit in ('day', 'month') else '' if duration.unit == 'year' else 'e'} {one} lang"
    return f"{duration.amount} {many.removesuffix('n') if duration.unit in ('day', 'month', 'year') else many} lang"


def during(window: Window, language: Language) -> str:
    """Return the words for a window, with a space in front."""
    match window:
        case Last(duration) if language == "de":
            alone = _UNITS[duration.unit][2]
            return f" {alone}" if duration.amount == 1 else f" in den letzten {lasting(duration, 'de')}"
        case Last(duration):
            return f" in the last {duration.unit if duration.amount == 1 else lasting(duration, 'en')}"
        case Between(first, last):
            span = either(language, "vom {} bis {}", "from {} to {}")
            return " " + span.format(day(first, language), day(last, language))
        case None:
            return ""


def things(kind: str, count: float, language: Language) -> str:
    """Return the name of a kind of event for so many: `Bestellung`, `orders`."""
    return noun(kind).of(language, several=count != 1)


def one_or_none(kind: str, language: Language, *, none: bool) -> str:
    """Return `eine Bestellung`, `keine Bestellung`, `an order`, `no order`."""
    known = noun(kind)
    if language == "de":
        article = "eine" if known.gender == "f" else "ein"
        return f"{'k' if none else ''}{article} {known.eine}"
    article = "no" if none else "an" if known.one[0] in "aeiou" else "a"
    return f"{article} {known.one}"


def which(kind: str, place: int, language: Language) -> str:
    """Return `erste Bestellung`, `letzter Klick`, `2nd order`; the place of the last is -1."""
    known = noun(kind)
    if language == "en":
        return f"{ordinal(place)} {known.one}"
    ending = {"f": "e", "m": "er", "n": "es"}[known.gender]
    return f"{_stem(place)}{ending} {known.eine}" if place in (1, -1) else f"{place}. {known.eine}"


def certain(kind: str, place: int, language: Language) -> str:
    """Return `die 2. Bestellung`, `der 2. Klick`, `the 2nd order`."""
    article = either(language, {"f": "die", "m": "der", "n": "das"}[noun(kind).gender], "the")
    name = noun(kind).one if language == "en" else _after_article(noun(kind).eine)
    return f"{article} {place}. {name}" if language == "de" else f"{article} {ordinal(place)} {name}"


def since(kind: str, place: int, language: Language) -> str:
    """Return `der letzten Bestellung`, `dem ersten Klick`, `the last order`."""
    known = noun(kind)
    if language == "en":
        return f"the {ordinal(place)} {known.one}"
    article = "der" if known.gender == "f" else "dem"
    stem = f"{_stem(place)}en" if place in (1, -1) else f"{place}."
    return f"{article} {stem} {_declined(known.eine)}"


def of_all(known: Noun, language: Language) -> str:
    """Return `der Bestellungen`, `of orders`."""
    return either(language, f"der {_declined(known.viele)}", f"of {known.many}")


def _stem(place: int) -> str:
    return "erst" if place == 1 else "letzt"


def ordinal(place: int) -> str:
    """Return the English ordinal; -1 is the last."""
    if place in (1, -1):
        return "first" if place == 1 else "last"
    ending = {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th") if place % 100 not in (11, 12, 13) else "th"
    return f"{place}{ending}"


def _after_article(name: str) -> str:
    """Put the adjective in front of a German noun as after `der`, `die`, `das`."""
    return _declined(name, "e")


def _declined(name: str, ending: str = "en") -> str:
    """Put the adjective in front of a German noun into the case that follows an article."""
    words = name.split(" ")
    for number, word in enumerate(words[:-1]):
        if word[0].islower() and words[number + 1][0].isupper():
            words[number] = word.removesuffix("r").removesuffix("s").removesuffix("e") + ending
            break
    return " ".join(words)
