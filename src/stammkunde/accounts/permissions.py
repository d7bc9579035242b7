"""Say who may do what: the one table of routes, methods, roles and key scopes, and the named abilities."""

from stammkunde.accounts.roles import Role

ABILITIES: dict[str, frozenset[str]] = {
    "manage_all_keys": frozenset({Role.OWNER}),
}


def may(role: str, ability: str) -> bool:
    """Tell whether a role includes a named ability."""
    return role in ABILITIES[ability]
