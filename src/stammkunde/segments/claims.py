"""Let one worker at a time keep a segment: claimed by a conditional update, for a short time, by a token."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import F, Q

from stammkunde.segments.models import Watch

LEASE = timedelta(minutes=2)


class Overtaken(RuntimeError):
    """Another worker has taken the segments over; what this one found is thrown away, and nothing is lost."""


def claim(watches: Collection[Watch], *, now: datetime) -> str | None:
    """Claim all of these as they were read, or none; return the token.

    A claim whose time is over counts no more, nor does one from the future, which another clock has left behind.
    """
    token = secrets.token_hex(8)
    free = Q(claimed_until=None) | Q(claimed_until__lte=now) | Q(claimed_until__gt=now + LEASE)
    claimed = 0
    for turn in {watch.turn for watch in watches}:
        same = Watch.objects.filter(free, turn=turn, pk__in=[watch.pk for watch in watches if watch.turn == turn])
        claimed += same.update(claim=token, claimed_until=now + LEASE)
    if claimed == len(watches):
        return token
    release(token)
    return None


def release(token: str) -> None:
    """Give back what is still claimed by the token."""
    Watch.objects.filter(claim=token).update(claim="", claimed_until=None)


def settle(watches: Collection[Watch], token: str, *, watermark: str, checked_at: datetime) -> None:
    """Write how far these have been kept and give them back; raises Overtaken unless the claim still stands.

    Call it first in the transaction that writes the memberships: it locks the rows.
    """
    mine = Watch.objects.filter(pk__in=[watch.pk for watch in watches], claim=token)
    written = mine.update(watermark=watermark, checked_at=checked_at, turn=F("turn") + 1, claim="", claimed_until=None)
    if written != len(watches):
        raise Overtaken(str(Overtaken.__doc__))
