"""Let people set up the business, themselves, each other and their keys, and read what was done."""
