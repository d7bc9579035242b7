"""Columns of the log: moments as whole microseconds and attributes as JSON text, the same on both databases."""

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    _Number = models.BigIntegerField[Any, Any]
    _Text = models.TextField[Any, Any]
else:
    _Number, _Text = models.BigIntegerField, models.TextField

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class NaiveMoment(ValueError):
    """A moment needs a time zone; use an aware datetime."""


def to_us(moment: datetime) -> int:
    """Return the moment in microseconds since 1970 in UTC, exactly."""
    if moment.tzinfo is None:
        raise NaiveMoment(f"{moment} has no time zone; use an aware datetime.")
    return (moment - EPOCH) // _MICROSECOND


def from_us(microseconds: int) -> datetime:
    """Return the moment that many microseconds after 1970, in UTC."""
    return EPOCH + timedelta(microseconds=microseconds)


class MomentField(_Number):
    """An aware datetime in Python, microseconds since 1970 (UTC) in the database: exact, small, quick to copy."""

    def from_db_value(self, value: int | None, expression: Any, connection: BaseDatabaseWrapper) -> datetime | None:
        """Turn microseconds into a moment."""
        return None if value is None else from_us(value)

    def to_python(self, value: Any) -> Any:
        """Accept moments as they are, and microseconds."""
        return from_us(value) if isinstance(value, int) else value

    def get_prep_value(self, value: Any) -> Any:
        """Turn a moment into microseconds."""
        return to_us(value) if isinstance(value, datetime) else value


class JsonTextField(_Text):
    """A JSON object kept as text: written and copied in bulk without being taken apart."""

    def from_db_value(self, value: str | None, expression: Any, connection: BaseDatabaseWrapper) -> Any:
        """Parse the text."""
        return None if value is None else json.loads(value)

    def to_python(self, value: Any) -> Any:
        """Accept text and objects."""
        return json.loads(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        """Write objects as compact JSON text."""
        return value if value is None or isinstance(value, str) else as_json(value)


def as_json(value: Any) -> str:
    """Write an object as compact JSON text, umlauts as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
