"""Give the tests of pages their shelves."""

from tests.workspace.stock import stock

__all__ = ["stock"]
