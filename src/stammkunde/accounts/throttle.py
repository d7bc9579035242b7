"""Slow down whoever guesses passwords: every attempt is claimed first, and each failure lengthens the wait."""

import hashlib
import ipaddress
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.http import HttpRequest

from stammkunde.accounts.models import FailedLogIn

_FREE_ATTEMPTS = {"email": 4, "from": 20}
_FIRST_WAIT = timedelta(seconds=15)
_LONGEST_WAIT = timedelta(minutes=30)
_FORGOTTEN_AFTER = timedelta(days=1)


class TooManyAttempts(Exception):
    """Log-in failed too often in a row; it opens again at `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"Log-in failed too often: wait until {until:%H:%M:%S} UTC.")
        self.until = until


def subjects(request: HttpRequest, email: str) -> tuple[str, ...]:
    """Name what is counted: the e-mail address (as a hash) and the network address it comes from."""
    digest = hashlib.sha256(email.strip().lower().encode()).hexdigest()[:32]
    address = network_address(request)
    return (f"email:{digest}", f"from:{address}") if address else (f"email:{digest}",)


def network_address(request: HttpRequest) -> str:
    """Return where a request comes from; empty when a proxy on this machine does not say."""
    peer = _parsed(request.META.get("REMOTE_ADDR", ""))
    if peer is None or peer.is_loopback:
        last_hop = request.headers.get("X-Forwarded-For", "").rsplit(",", 1)[-1].strip()
        peer = _parsed(last_hop)
    return "" if peer is None or peer.is_loopback else str(peer)


def claim(keys: Iterable[str], *, now: datetime) -> None:
    """Count an attempt as failed before it is tried, so that many at once gain nothing; refuse when closed."""
    with transaction.atomic():
        FailedLogIn.objects.filter(last_at__lt=now - _FORGOTTEN_AFTER).delete()
        for key in sorted(keys):
            FailedLogIn.objects.get_or_create(subject=key, defaults={"last_at": now})
            row = FailedLogIn.objects.select_for_update().get(subject=key)
            if row.closed(now=now) and row.closed_until is not None:
                raise TooManyAttempts(row.closed_until)
            row.count += 1
            row.last_at = now
            row.closed_until = now + wait_after(row.count, free=_FREE_ATTEMPTS[key.split(":")[0]])
            row.save()


def forgive(keys: Iterable[str]) -> None:
    """Forget the failures of an e-mail address and give the network address its attempt back."""
    for key in keys:
        if key.startswith("email:"):
            FailedLogIn.objects.filter(subject=key).delete()
        else:
            FailedLogIn.objects.filter(subject=key, count__gt=0).update(count=F("count") - 1, closed_until=None)


def wait_after(count: int, *, free: int) -> timedelta:
    """Return how long to wait after so many failures: nothing at first, then 15 s, doubling up to half an hour."""
    if count <= free:
        return timedelta(0)
    doublings: int = min(count - free - 1, 20)
    return min(_FIRST_WAIT * (1 << doublings), _LONGEST_WAIT)


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(address)
    except ValueError:
        return None
