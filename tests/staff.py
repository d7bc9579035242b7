"""The people who work at the shop in all tests: Olga owns it, Mara does marketing, Sven service, Anna the figures."""

from collections.abc import Callable

import pytest
from django.test import Client

from stammkunde.accounts.models import User
from stammkunde.accounts.roles import Role

PASSWORD = "sieben-rote-Tulpen"
NAMES = {Role.OWNER: "Olga", Role.MARKETING: "Mara", Role.SERVICE: "Sven", Role.ANALYST: "Anna"}

Enter = Callable[..., Client]


def hire(role: str, *, name: str = "", language: str = "de") -> User:
    """Return the person in this role, brought in if she is not here yet."""
    name = name or NAMES[Role(role)]
    email = f"{name.lower()}@shop.example"
    user = User.objects.filter(email=email).first()
    return user or User.objects.create_user(email, password=PASSWORD, name=name, role=role, language=language)


@pytest.fixture
def enter(db: None) -> Enter:
    """Log somebody in by role: `enter("owner").get("/account")`; without a role it is a stranger."""

    def as_role(role: str = "", *, language: str = "de") -> Client:
        client = Client(headers={"accept-language": language.split("-")[0]})
        if role:
            person = hire(role, language=language)
            client.force_login(person)
        return client

    return as_role
