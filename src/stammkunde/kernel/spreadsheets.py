"""Know by which signs a spreadsheet takes a text for a formula; East Asian ones take the full-width signs too."""

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
