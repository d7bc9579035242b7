"""Name the codes that traits hold as people do: groups by recency, frequency and revenue, forms of address."""

from stammkunde.conditions.kinds import Language
from stammkunde.conditions.scalars import Scalar

CODES: dict[str, dict[str, tuple[str, str]]] = {
    "rfm_group": {
        "champions": ("Champions", "Champions"),
        "loyal": ("Treue Kunden", "Loyal customers"),
        "potential_loyalists": ("Könnten treu werden", "Potential loyalists"),
        "new": ("Neue Kunden", "New customers"),
        "promising": ("Vielversprechend", "Promising"),
        "needs_attention": ("Brauchen Aufmerksamkeit", "Need attention"),
        "about_to_sleep": ("Kurz vor dem Einschlafen", "About to fall asleep"),
        "cannot_lose": ("Nicht verlieren", "Must not be lost"),
        "at_risk": ("Gefährdet", "At risk"),
        "hibernating": ("Im Winterschlaf", "Hibernating"),
        "lost": ("Verloren", "Lost"),
    },
    "tone": {"du": ("du", "du"), "sie": ("Sie", "Sie")},
    "language": {
        "de": ("Deutsch", "German"),
        "en": ("Englisch", "English"),
        "fr": ("Französisch", "French"),
        "it": ("Italienisch", "Italian"),
        "es": ("Spanisch", "Spanish"),
        "nl": ("Niederländisch", "Dutch"),
        "pl": ("Polnisch", "Polish"),
        "tr": ("Türkisch", "Turkish"),
    },
}


def decoded(trait: str, value: Scalar, language: Language) -> Scalar:
    """Return what a code of this trait is called; any other value as it is.

    >>> decoded("rfm_group", "at_risk", "de"), decoded("city", "at_risk", "de")
    ('Gefährdet', 'at_risk')
    """
    known = CODES.get(trait, {}).get(value) if isinstance(value, str) else None
    return known[0 if language == "de" else 1] if known else value
