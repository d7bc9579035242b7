"""Decide things about segments and personas from plain values, without a database."""
