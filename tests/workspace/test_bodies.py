"""Slow and large bodies of strangers hold nobody up; those who are logged in may send files."""

import time
from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client, RequestFactory

from stammkunde.accounts.models import User
from stammkunde.workspace import bodies
from tests.staff import Enter, hire

pytestmark = pytest.mark.django_db


class Slow(BytesIO):
    """A line on which one byte comes in a while."""

    def read(self, size: int | None = -1) -> bytes:
        time.sleep(1.0)
        return super().read(size)


def test_a_form_that_does_not_arrive_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "SECONDS", 0.05)
    request = RequestFactory().post("/login", {"username": "a"})
    request.META["wsgi.input"] = Slow(b"username=a")
    request.user = User()
    response = bodies.BodyMiddleware(lambda _: pytest.fail("nobody is asked"))(request)
    assert 408 == response.status_code


def test_strangers_send_little(db: None) -> None:
    assert 413 == Client().post("/login", {"username": "a" * bodies.SMALL}).status_code
    assert 422 == Client().post("/login", {"username": "a@b.example", "password": "x"}).status_code


def test_who_is_logged_in_may_send_a_file(enter: Enter, tmp_path: Path, settings: object) -> None:
    settings.HOME = tmp_path  # type: ignore[attr-defined]
    hire("owner")
    file = BytesIO(b"order_id,customer,date,total\n" + b"1,a,2026-01-05,5\n" * 10_000)
    file.name = "orders.csv"
    assert 302 == enter("owner").post("/imports", {"file": file}).status_code
