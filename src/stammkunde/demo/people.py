"""Invent names, addresses, tone and consents for households that have none; the same seed invents the same people."""

from dataclasses import dataclass
from random import Random

_GIVEN = (
    "Anna Lena Sophie Marie Emma Mia Hannah Leonie Laura Julia Lisa Sarah Katharina Eva Ayşe Elif Zeynep Olga "
    "Nina Clara Ida Frieda Greta Martha Helga Ingrid Renate Ursula Monika Petra Sabine Claudia Susanne Birgit "
    "Andrea Heike Martina Jan Lukas Felix Paul Jonas Maximilian Leon Finn Noah Elias Ben Moritz Jakob David Emre "
    "Mehmet Can Piotr Tomasz Luca Karl Otto Heinz Günter Horst Wolfgang Jürgen Peter Michael Thomas Andreas "
    "Stefan Christian Markus Frank Uwe Dieter"
).split()
_FAMILY = (
    "Ahrens Albrecht Baumann Becker Berger Bergmann Böhm Brandt Braun Busch Demir Dietrich Engel Ernst Fischer "
    "Franke Friedrich Fuchs Graf Groß Gruber Günther Haas Hahn Hartmann Heinrich Hofer Hofmann Horn Huber Jäger "
    "Jansen Kaiser Kaya Keller Koch Köhler König Kowalski Krause Krüger Kuhn Lang Lehmann Lindner Lorenz Ludwig "
    "Maier Martin Mayr Moser Müller Nowak Öztürk Otto Peters Pichler Pohl Richter Roth Sauer Schäfer Schmid "
    "Scholz Schreiber Schröder Schulz Schuster Seidel Simon Sommer Stein Steiner Thomas Vogel Vogt Wagner Weber "
    "Weiß Werner Winkler Winter Wolf Yılmaz Ziegler"
).split()
_STREETS = (
    "Ahornweg|Am Anger|Am Markt|Bachstraße|Bahnhofstraße|Bergstraße|Birkenweg|Blumenstraße|Buchenweg|Dorfstraße|"
    "Feldstraße|Gartenstraße|Goethestraße|Hauptstraße|Kirchgasse|Lindenallee|Mozartgasse|Mühlweg|Neugasse|Ringstraße|"
    "Rosenweg|Schillerstraße|Schulstraße|Sonnenweg|Talstraße|Waldstraße|Wiesengrund"
).split("|")
_PLACES = (
    ("1070", "Wien", "AT"),
    ("1190", "Wien", "AT"),
    ("8010", "Graz", "AT"),
    ("4020", "Linz", "AT"),
    ("5020", "Salzburg", "AT"),
    ("6020", "Innsbruck", "AT"),
    ("10437", "Berlin", "DE"),
    ("12043", "Berlin", "DE"),
    ("20257", "Hamburg", "DE"),
    ("80469", "München", "DE"),
    ("50674", "Köln", "DE"),
    ("60316", "Frankfurt am Main", "DE"),
    ("70178", "Stuttgart", "DE"),
    ("04109", "Leipzig", "DE"),
    ("01099", "Dresden", "DE"),
    ("90402", "Nürnberg", "DE"),
    ("8004", "Zürich", "CH"),
    ("4057", "Basel", "CH"),
)
_PLAIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ş": "s", "ı": "i", "Ö": "Oe", "Ü": "Ue"})


@dataclass(frozen=True)
class Person:
    """Somebody invented, and whether she allowed a newsletter."""

    given_name: str
    family_name: str
    street: str
    postcode: str
    city: str
    country: str
    tone: str
    email: str
    newsletter: bool


def invent(number: str, *, seed: int = 1) -> Person:
    """Return the person who stands for a household; the same number and seed give the same person."""
    dice = Random(f"{seed}/{number}")
    given, family = dice.choice(_GIVEN), dice.choice(_FAMILY)
    postcode, city, country = dice.choice(_PLACES)
    return Person(
        given_name=given,
        family_name=family,
        street=f"{dice.choice(_STREETS)} {dice.randint(1, 98)}",
        postcode=postcode,
        city=city,
        country=country,
        tone=dice.choices(("du", "sie", ""), weights=(35, 45, 20))[0],
        email=f"{given}.{family}.{number}@kunden.example".translate(_PLAIN).lower(),
        newsletter=dice.random() < 0.6,
    )
