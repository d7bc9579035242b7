"""Let people and programs in from the terminal."""

import getpass
import sys
from argparse import Namespace
from typing import TYPE_CHECKING

from stammkunde.cli.starting import start
from stammkunde.kernel.errors import WrongInput

if TYPE_CHECKING:
    from stammkunde.accounts.models import User


def user(options: Namespace) -> int:
    """Add somebody, or give a new password."""
    start()
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from stammkunde.accounts import audit
    from stammkunde.accounts.models import User
    from stammkunde.kernel import clock

    password = _password(from_stdin=options.password_stdin)
    try:
        validate_password(password)
        if options.what == "add":
            person = User.objects.create_user(
                options.email, password=password, name=options.name, role=options.role, language=options.language
            )
            detail = {"email": person.email, "role": person.role}
            audit.note("user.added", by=None, about=person, detail=detail, now=clock.now())
        else:
            person = _person(options.email)
            person.set_password(password)
            person.save(update_fields=["password"])
            audit.note("user.password_set", by=None, about=person, now=clock.now())
    except ValidationError as error:
        raise WrongInput(" ".join(error.messages)) from error
    print(f"{options.email} can log in now.")
    return 0


def key(options: Namespace) -> int:
    """Make an API key and print it, once."""
    start()
    from stammkunde.accounts import audit, keys
    from stammkunde.kernel import clock

    now = clock.now()
    created, token = keys.create(_person(options.email), name=options.name, scopes=options.scope, now=now)
    detail = {"name": created.name, "scopes": created.scopes}
    audit.note("key.created", by=None, about=created, detail=detail, now=now)
    print(token)
    return 0


def _person(email: str) -> "User":
    from stammkunde.accounts.models import User

    try:
        return User.objects.get_by_natural_key(email)
    except User.DoesNotExist:
        raise WrongInput(f"Nobody here has the address {email}; add them with: stammkunde user add {email}") from None


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password: ")
    if first != getpass.getpass("Again: "):
        raise WrongInput("The two passwords differ; try once more.")
    return first
