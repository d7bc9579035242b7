"""Say who may do what: the one table of routes, methods, roles and key scopes, and the named abilities.

A route that is not in the table is refused to everybody, and a test fails. Routes are named as Django resolves
them (`resolver_match.view_name`); HEAD counts as GET. What a person may do with one object among many (somebody
else's API key, an address inside a page) is a named ability, asked with `user.may(ability)`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

from stammkunde.accounts.roles import Role, Scope

OWNER, MARKETING, SERVICE, ANALYST = Role.OWNER, Role.MARKETING, Role.SERVICE, Role.ANALYST


@dataclass(frozen=True)
class Access:
    """Who may use one method of one route: people by role, programs by the scope of their key."""

    roles: frozenset[str]
    scope: str = ""
    public: bool = False
    by_session: bool = True


class Verdict(Enum):
    """What the table says to one request."""

    OPEN = "open"
    WHO_ARE_YOU = "who are you"
    REFUSED = "refused"
    NO_SUCH_METHOD = "no such method"


def people(*roles: str, scope: str = "") -> Access:
    """Open to these roles; with a scope also to the keys of such people."""
    return Access(frozenset(roles), scope=scope)


def programs(scope: str, *roles: str) -> Access:
    """Open only to API keys with this scope whose person has one of these roles (what changes things by the API)."""
    return Access(frozenset(roles), scope=scope, by_session=False)


PUBLIC = Access(frozenset(), public=True)
ALL_ROLES = (OWNER, MARKETING, SERVICE, ANALYST)
EVERYBODY = people(*ALL_ROLES)
OWNERS = people(OWNER)
IMPORTERS = people(OWNER, MARKETING)
EDITORS = people(OWNER, MARKETING)
CUSTOMERS = people(OWNER, MARKETING, SERVICE, scope=Scope.CUSTOMERS_READ)
FIGURES = people(*ALL_ROLES, scope=Scope.FIGURES_READ)

ABILITIES: dict[str, frozenset[str]] = {
    "see_addresses": frozenset({OWNER, MARKETING, SERVICE}),
    "import_files": frozenset({OWNER, MARKETING}),
    "manage_users": frozenset({OWNER}),
    "manage_all_keys": frozenset({OWNER}),
}

SCOPES_OF_ROLE: dict[str, frozenset[str]] = {
    OWNER: frozenset(Scope.values),
    MARKETING: frozenset(Scope.values),
    SERVICE: frozenset({Scope.FIGURES_READ, Scope.CUSTOMERS_READ, Scope.EVENTS_WRITE}),
    ANALYST: frozenset({Scope.FIGURES_READ}),
}

ROUTES: dict[str, dict[str, Access]] = {
    # Coming and going
    "login": {"GET": PUBLIC, "POST": PUBLIC},
    "logout": {"POST": EVERYBODY},
    "language": {"POST": PUBLIC},
    "brand-style": {"GET": PUBLIC},
    # Figures
    "overview": {"GET": EVERYBODY},
    "figures": {"GET": EVERYBODY},
    "figure": {"GET": EVERYBODY},
    "cohorts": {"GET": EVERYBODY},
    "rfm": {"GET": EVERYBODY},
    # The customers
    "customers": {"GET": EVERYBODY},
    "customers-export": {"GET": people(OWNER, MARKETING)},
    "customer": {"GET": EVERYBODY},
    # The journey
    "journeys": {"GET": EVERYBODY},
    "journey-new": {"GET": EDITORS, "POST": EDITORS},
    "journey-import": {"GET": EDITORS, "POST": EDITORS},
    "journey": {"GET": EVERYBODY},
    "journey-text": {"GET": EVERYBODY},
    "journey-reviewed": {"POST": EDITORS},
    "journey-touchpoint": {"GET": EVERYBODY},
    "journey-paths": {"GET": EVERYBODY, "POST": EDITORS},
    "journey-pains": {"GET": EVERYBODY, "POST": EDITORS},
    "journey-versions": {"GET": EVERYBODY, "POST": EDITORS},
    "journey-posters": {"GET": EVERYBODY},
    "journey-poster": {"GET": EVERYBODY},
    "journey-edit": {"GET": EDITORS, "POST": EDITORS},
    "journey-edit-text": {"GET": EDITORS, "POST": EDITORS},
    "journey-edit-phase": {"GET": EDITORS, "POST": EDITORS},
    "journey-edit-touchpoint": {"GET": EDITORS, "POST": EDITORS},
    # Segments, personas
    "segments": {"GET": EVERYBODY},
    "segment-new": {"GET": EDITORS, "POST": EDITORS},
    "segment": {"GET": EVERYBODY},
    "segment-course": {"GET": EVERYBODY},
    "segment-export": {"GET": EDITORS},
    "segment-edit": {"GET": EDITORS, "POST": EDITORS},
    "segment-sheet": {"POST": EDITORS},
    "segment-delete": {"POST": EDITORS},
    "personas": {"GET": EVERYBODY},
    "persona-new": {"GET": EDITORS, "POST": EDITORS},
    "persona": {"GET": EVERYBODY, "POST": EVERYBODY},
    "persona-edit": {"GET": EDITORS, "POST": EDITORS},
    "persona-delete": {"POST": EDITORS},
    # The check-up
    "checkup": {"GET": EVERYBODY},
    "checkup-kit": {"GET": EVERYBODY},
    "checkup-question": {"GET": EVERYBODY, "POST": people(OWNER, MARKETING, SERVICE)},
    # The imports
    "imports": {"GET": IMPORTERS, "POST": IMPORTERS},
    "import-new": {"GET": IMPORTERS, "POST": IMPORTERS},
    "import-discard": {"POST": IMPORTERS},
    "import": {"GET": IMPORTERS},
    "import-stop": {"POST": IMPORTERS},
    "import-resume": {"POST": IMPORTERS},
    "import-again": {"POST": IMPORTERS},
    "import-undo": {"GET": IMPORTERS, "POST": IMPORTERS},
    "import-rejects": {"GET": IMPORTERS},
    # Settings
    "account": {"GET": EVERYBODY, "POST": EVERYBODY},
    "account-password": {"GET": EVERYBODY, "POST": EVERYBODY},
    "settings-business": {"GET": OWNERS, "POST": OWNERS},
    "settings-users": {"GET": OWNERS},
    "settings-user-add": {"GET": OWNERS, "POST": OWNERS},
    "settings-user": {"GET": OWNERS, "POST": OWNERS},
    "settings-keys": {"GET": EVERYBODY, "POST": EVERYBODY},
    "settings-key-revoke": {"POST": EVERYBODY},
    "settings-audit": {"GET": OWNERS},
    # For programs
    "api:root": {"GET": FIGURES},
    "api:api-root": {"GET": FIGURES},
    "api:openapi-json": {"GET": FIGURES},
    "api:figures": {"GET": FIGURES},
    "api:cohorts": {"GET": FIGURES},
    "api:rfm": {"GET": FIGURES},
    "api:checkup": {"GET": FIGURES},
    "api:checkup-question": {"GET": FIGURES},
    "api:segments": {"GET": FIGURES},
    "api:segment-test": {"POST": programs(Scope.FIGURES_READ, *ALL_ROLES)},
    "api:segment": {"GET": FIGURES},
    "api:segment-members": {"GET": CUSTOMERS},
    "api:segment-why": {"GET": CUSTOMERS},
    "api:journeys": {"GET": FIGURES, "POST": programs(Scope.JOURNEYS_WRITE, OWNER, MARKETING)},
    "api:journey-check": {"POST": programs(Scope.FIGURES_READ, *ALL_ROLES)},
    "api:journey": {"GET": FIGURES},
    "api:journey-figures": {"GET": FIGURES},
    "api:journey-paths": {"GET": FIGURES},
    "api:journey-drift": {"GET": FIGURES},
    "api:journey-pains": {"GET": FIGURES},
}


def scopes_in_use() -> frozenset[str]:
    """Return the scopes by which a key can open anything at all."""
    return frozenset(access.scope for methods in ROUTES.values() for access in methods.values() if access.scope)


def may(role: str, ability: str) -> bool:
    """Tell whether a role includes a named ability."""
    return role in ABILITIES[ability]


def may_open(role: str, route: str, method: str) -> bool:
    """Tell whether somebody in this role, logged in, may use the route."""
    return decide(route, method, role=role) is Verdict.OPEN


def decide(route: str, method: str, *, role: str, scopes: Collection[str] | None = None) -> Verdict:
    """Return what the table says; `role` is empty for strangers, `scopes` is None unless an API key asks."""
    methods = ROUTES.get(route)
    if methods is None:
        return Verdict.REFUSED
    access = methods.get("GET" if method == "HEAD" else method)
    if access is None:
        return Verdict.NO_SUCH_METHOD
    if access.public:
        return Verdict.OPEN
    if not role:
        return Verdict.WHO_ARE_YOU
    knows_the_way = access.by_session if scopes is None else bool(access.scope) and access.scope in scopes
    return Verdict.OPEN if knows_the_way and role in access.roles else Verdict.REFUSED
