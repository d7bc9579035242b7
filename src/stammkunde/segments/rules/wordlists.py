"""The words that the rules about texts look for, in German and English."""

# Addressing somebody. A capital Sie or Ihr at the beginning of a sentence may be "they" or "her": it is not counted.
DU = frozenset("du dich dir dein deine deinen deinem deiner deines".split())
SIE = frozenset("Sie Ihnen Ihr Ihre Ihren Ihrem Ihrer Ihres".split())
YOU = frozenset("you your yours yourself".split())
WE = frozenset("wir uns unser unsere unseren unserem unserer unseres we us our ours".split())

# Too frequent to say anything about what a text is about.
COMMON = (
    frozenset(
        """
    aber alle allem allen aller alles also auch auf aus bei beim bin bis bist damit dann das dass dem den denn der des
    die dies diese diesem diesen dieser dieses doch dort durch eben ein eine einem einen einer eines einfach einmal er
    erst es etwas euch euer für ganz gar gerade gern gerne gibt habe haben hat hatte hier hin ich ihm ihn ihr immer in
    ins ist ja jede jedem jeden jeder jedes jetzt kann kein keine keinen keiner können könnte machen macht mal man mehr
    mein meine meinem meinen meiner mich mir mit muss müssen nach nicht nichts noch nun nur ob oder ohne schon sehr sein
    seine seinen selbst sich sie sind so soll sollte sondern sonst über um und uns unser unsere unter viel viele vom von
    vor wann war waren warum was weil weiter wenn wer werden wie wieder will wir wird wirklich wo zu zum zur zwischen
    about after again all also and any are because been before being but can could did does doing don down each even
    every few for from further had has have having her here him his how into its just like made make makes many may more
    most much must not now off once only other our out over own really same she should some such than that the their
    them then there these they this those through too under until very was were what when where which while who whom why
    will with would you your
    """.split()
    )
    | DU
    | YOU
    | WE
)

# What people mean together: an objection about money is answered by a word about money. Beginnings of words.
THEMES: dict[str, tuple[str, ...]] = {
    "money": (
        "teuer", "preis", "kost", "geld", "rabatt", "günstig", "billig", "leist", "wert", "euro", "€", "zahl", "rate",
        "expens", "price", "cost", "money", "discount", "cheap", "afford", "worth", "pay", "budget",
    ),
    "time": (
        "zeit", "dauer", "schnell", "minute", "stunde", "warte", "eilig", "sofort", "langsam", "liefer",
        "time", "quick", "fast", "hour", "wait", "hurry", "slow", "deliver",
    ),
    "trust": (
        "vertrau", "erfahrung", "bewert", "garantie", "rückgabe", "zurückgeb", "geld zurück", "zufrieden", "sicher",
        "zweifel", "enttäusch", "probier", "probe", "test", "muster",
        "trust", "experience", "review", "guarantee", "return", "refund", "satisf", "safe", "doubt", "disappoint",
        "try", "trial", "sample",
    ),
    "effort": (
        "einfach", "schwierig", "kompliziert", "aufwand", "mühe", "schritt", "bequem", "leicht", "umständlich",
        "easy", "simple", "difficult", "complicat", "effort", "step", "conven", "hard",
    ),
    "quality": (
        "qualität", "haltbar", "kaputt", "material", "handgemacht", "echt", "frisch", "hält",
        "quality", "durab", "broken", "broke", "handmade", "genuine", "fresh", "last",
    ),
    "need": (
        "brauch", "nötig", "überflüssig", "schon genug", "sinn", "nutz",
        "need", "necess", "already enough", "useful", "sense",
    ),
}  # fmt: skip
