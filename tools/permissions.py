"""Write the permission table into the reference: `python -m tools.permissions`."""

import sys
from pathlib import Path

from stammkunde.accounts.permissions import ABILITIES, ALL_ROLES, ROUTES, SCOPES_OF_ROLE, Access

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "permissions.md"
BEGIN, END = "<!-- written by python -m tools.permissions -->", "<!-- end of what is written -->"


def main() -> int:
    """Replace what stands between the marks by the present tables."""
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text(f"{before}{tables()}{after}", encoding="utf-8")
    return 0


def tables() -> str:
    """Return the tables of routes, abilities and scopes, with their marks."""
    routes = [
        (f"`{route}`", ", ".join(methods_alike), _roles(access), f"`{access.scope}`" if access.scope else "–")
        for route, methods in ROUTES.items()
        for access, methods_alike in _alike(methods).items()
    ]
    abilities = [(f"`{name}`", *_marks(roles)) for name, roles in ABILITIES.items()]
    scopes = sorted({scope for granted in SCOPES_OF_ROLE.values() for scope in granted})
    grants = [
        (f"`{scope}`", *_marks(frozenset(role for role in ALL_ROLES if scope in SCOPES_OF_ROLE[role])))
        for scope in scopes
    ]
    return "\n\n".join(
        (
            BEGIN,
            "## Routes\n\n" + _table(("route", "method", "people", "scope of a key"), routes),
            "## Abilities\n\n" + _table(("ability", *ALL_ROLES), abilities),
            "## Scopes a key can be given\n\n" + _table(("scope", *ALL_ROLES), grants),
            END,
        )
    )


def _alike(methods: dict[str, Access]) -> dict[Access, list[str]]:
    alike: dict[Access, list[str]] = {}
    for method, access in methods.items():
        alike.setdefault(access, []).append(method)
    return alike


def _roles(access: Access) -> str:
    if access.public:
        return "everybody, also without log-in"
    if not access.by_session:
        return "only with a key: " + ", ".join(role for role in ALL_ROLES if role in access.roles)
    if access.roles == frozenset(ALL_ROLES):
        return "all who are logged in"
    return ", ".join(role for role in ALL_ROLES if role in access.roles)


def _marks(roles: frozenset[str]) -> list[str]:
    return ["✓" if role in roles else "–" for role in ALL_ROLES]


def _table(heading: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [heading, ("---",) * len(heading), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
