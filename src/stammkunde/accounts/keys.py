"""Give programs keys of their own: shown once, kept only as a hash, limited to scopes, revocable."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from stammkunde.accounts.models import ApiKey, User
from stammkunde.accounts.permissions import SCOPES_OF_ROLE
from stammkunde.kernel.errors import WrongInput

_TOKEN_BYTES = 32
_PREFIX_LENGTH = 10
_USE_IS_NOTED_EVERY = timedelta(minutes=1)


class ScopeNotGranted(WrongInput):
    """A key can open no more than its person may: choose among the scopes of her role."""


def create(user: User, *, name: str, scopes: Iterable[str], now: datetime) -> tuple[ApiKey, str]:
    """Create a key and return it with its token, which cannot be shown again."""
    wanted = sorted(set(scopes))
    beyond = [scope for scope in wanted if scope not in SCOPES_OF_ROLE[user.role]]
    if beyond:
        raise ScopeNotGranted(f"{user.role} cannot be given {', '.join(beyond)}: choose among the scopes of the role.")
    token = f"stk_{secrets.token_urlsafe(_TOKEN_BYTES)}"
    key = ApiKey.objects.create(
        user=user, name=name, prefix=token[:_PREFIX_LENGTH], hash=_hash(token), scopes=wanted, created_at=now
    )
    return key, token


def recognise(token: str, *, now: datetime) -> ApiKey | None:
    """Return the usable key behind a token and remember, to the minute, that it was used."""
    key = ApiKey.objects.usable().select_related("user").filter(hash=_hash(token)).first()
    if key is not None:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - _USE_IS_NOTED_EVERY)
        ApiKey.objects.filter(stale, id=key.id).update(last_used_at=now)
    return key


def revoke(key: ApiKey, *, now: datetime) -> bool:
    """Close a key for good; False when it was closed already."""
    return ApiKey.objects.filter(id=key.id, revoked_at=None).update(revoked_at=now) == 1


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
