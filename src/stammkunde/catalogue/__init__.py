"""Know what is bought: products by their code."""
