"""One table says who may do what: every route × method × visitor is tried, and a route the table forgets fails."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, UUIDConverter

from stammkunde.accounts import keys
from stammkunde.accounts.permissions import ABILITIES, ROUTES, Verdict, decide, may, may_open
from stammkunde.accounts.roles import Role, Scope
from tests.staff import Enter, hire
from tools import permissions

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
SAFE = ("GET",)


@dataclass(frozen=True)
class Route:
    """One address as the resolver knows it, with made-up arguments that lead to no object."""

    name: str
    address: str


def every_route() -> list[Route]:
    return sorted(set(_routes(get_resolver(), "", "/")), key=lambda route: (route.name, route.address))


def _routes(resolver: URLResolver, namespace: str, prefix: str) -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _routes(pattern, inner, prefix + _filled(pattern))
        elif isinstance(pattern, URLPattern):
            yield Route(f"{namespace}{pattern.name}", prefix + _filled(pattern))


def _filled(pattern: URLPattern | URLResolver) -> str:
    address = str(pattern.pattern)
    for name, converter in pattern.pattern.converters.items():
        made_up = {IntConverter: "4711", UUIDConverter: "0" * 8 + "-0000-0000-0000-" + "0" * 12}
        for written in (f"<{name}>", f"<{_kind(converter)}:{name}>"):
            address = address.replace(written, made_up.get(type(converter), "x"))
    assert "<" not in address, f"teach this test to fill in {address}"
    return address


def _kind(converter: object) -> str:
    return type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")


@pytest.mark.parametrize("route", every_route(), ids=lambda route: route.address)
def test_every_route_is_in_the_table(route: Route) -> None:
    assert route.name in ROUTES, f"declare {route.name} ({route.address}) in accounts/permissions.py"


def test_the_table_names_no_route_that_is_gone() -> None:
    assert sorted(set(ROUTES) - {route.name for route in every_route()}) == []


def test_changing_things_by_the_api_needs_a_key_because_a_session_alone_could_be_abused_by_another_site() -> None:
    api = {route.name for route in every_route() if route.address.startswith("/api/")}
    by_session = [
        (name, method)
        for name in api & set(ROUTES)
        for method, access in ROUTES[name].items()
        if method not in SAFE and (access.by_session or access.public)
    ]
    assert by_session == []


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("route", every_route(), ids=lambda route: route.address)
@pytest.mark.django_db
def test_every_visitor_meets_what_the_table_says(route: Route, method: str, enter: Enter) -> None:
    met = {who: _met(_ask(client, route, method), who) for who, client in _visitors(enter)}
    expected = {who: _expected(route, method, who) for who in met}
    assert expected == met


def _visitors(enter: Enter) -> Iterator[tuple[str, Client]]:
    yield "stranger", enter()
    for role in Role.values:
        yield role, enter(role)
    for role in Role.values:
        user = hire(role)
        key, token = keys.create(user, name="all its scopes", scopes=[], now=NOW)
        key.scopes = Scope.values
        key.save()
        yield f"key of {role}", Client(headers={"authorization": f"Bearer {token}"})
    _key, token = keys.create(hire(Role.OWNER), name="no scope", scopes=[], now=NOW)
    yield "key without scope", Client(headers={"authorization": f"Bearer {token}"})
    yield "key unknown", Client(headers={"authorization": "Bearer stk_unknown"})


def _ask(client: Client, route: Route, method: str) -> HttpResponse:
    arguments: dict[str, Any] = {}
    if method != "GET" and route.address.startswith("/api/"):
        arguments = {"data": "{}", "content_type": "application/json"}
    return getattr(client, method.lower())(route.address, **arguments)


def _met(response: HttpResponse, who: str) -> str:
    if response.status_code == 302 and response["Location"].startswith(reverse("login")):
        logged_out = response.wsgi_request.path == reverse("logout") and who != "stranger"
        return "open" if logged_out else "log in"
    if response.status_code == 401:
        assert json.loads(response.content)["status"] == 401
        assert response["Content-Type"] == "application/problem+json"
        return "log in"
    return {403: "refused", 405: "no such method"}.get(response.status_code, "open")


def _expected(route: Route, method: str, who: str) -> str:
    if who == "key unknown":
        return "log in"
    scopes: list[str] | None = None
    if who.startswith("key"):
        scopes = [] if who == "key without scope" else Scope.values
    role = {"stranger": "", "key without scope": "owner"}.get(who, who.removeprefix("key of "))
    verdict = decide(route.name, method, role=role, scopes=scopes)
    words = {
        Verdict.OPEN: "open",
        Verdict.WHO_ARE_YOU: "log in",
        Verdict.REFUSED: "refused",
        Verdict.NO_SUCH_METHOD: "no such method",
    }
    return words[verdict]


@pytest.mark.parametrize("route", every_route(), ids=lambda route: route.address)
@pytest.mark.django_db
def test_no_form_is_taken_without_its_token(route: Route) -> None:
    methods = ROUTES.get(route.name, {})
    if "POST" not in methods or route.address.startswith("/api/"):
        return
    client = Client(enforce_csrf_checks=True)
    client.force_login(hire(Role.OWNER))
    assert client.post(route.address).status_code == 403


@pytest.mark.django_db
def test_a_route_outside_the_table_is_refused_even_to_the_owner(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    without = {name: methods for name, methods in ROUTES.items() if name != "account"}
    monkeypatch.setattr("stammkunde.accounts.permissions.ROUTES", without)
    assert enter("owner").get("/account").status_code == 403


@pytest.mark.parametrize(
    ("role", "ability", "expected"),
    [
        pytest.param("analyst", "see_addresses", False, id="the analyst sees figures but no address"),
        pytest.param("service", "see_addresses", True, id="service sees whom it answers"),
        pytest.param("marketing", "see_addresses", True, id="marketing sees whom it writes to"),
        pytest.param("marketing", "manage_users", False, id="only owners manage people"),
        pytest.param("owner", "manage_users", True, id="owners manage people"),
        pytest.param("service", "import_files", False, id="service imports nothing"),
        pytest.param("marketing", "manage_all_keys", False, id="nobody but an owner touches the keys of others"),
    ],
)
def test_abilities(role: str, ability: str, expected: bool) -> None:
    assert may(role, ability) is expected


@pytest.mark.parametrize("ability", ABILITIES)
def test_owners_have_every_ability(ability: str) -> None:
    assert may("owner", ability)


def test_owners_may_open_every_page() -> None:
    closed = [
        (name, method)
        for name, methods in ROUTES.items()
        for method, access in methods.items()
        if access.by_session and not may_open("owner", name, method)
    ]
    assert closed == []


def test_head_is_asked_like_get() -> None:
    assert decide("account", "HEAD", role="analyst") is Verdict.OPEN


def test_the_reference_shows_the_table_as_it_is() -> None:
    assert permissions.tables() in permissions.PAGE.read_text(encoding="utf-8"), "run: python -m tools.permissions"
