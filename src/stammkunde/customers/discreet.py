"""Tell customer numbers that only count from those that are a name or an address in disguise."""


def discreet(number: str) -> str:
    """Return the number, or nothing when it may name a person: e-mail addresses and names serve as numbers in places.

    >>> discreet("K-1001"), discreet("eva@privat.example"), discreet("Erika Musterfrau0"), discreet("eva1")
    ('K-1001', '', '', '')
    """
    digits = sum(character.isdigit() for character in number)
    letters = sum(character.isalpha() for character in number)
    plain = digits >= max(letters, 1) and "@" not in number and not any(map(str.isspace, number))
    return number if plain else ""
