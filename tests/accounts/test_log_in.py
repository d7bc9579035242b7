"""People get in with e-mail address and password; whoever guesses has to wait longer and longer."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import translation

from stammkunde.accounts import throttle
from stammkunde.accounts.models import AuditEntry, FailedLogIn, User
from stammkunde.accounts.throttle import TooManyAttempts
from stammkunde.kernel import clock
from tests.staff import PASSWORD, Enter, hire

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


class Clock:
    """A clock that only moves when told to."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def wait(self, **time: float) -> None:
        self.moment += timedelta(**time)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    stopped = Clock(NOW)
    monkeypatch.setattr(clock, "now", stopped)
    return stopped


def try_to_log_in(
    client: Client, *, email: str = "olga@shop.example", password: str = PASSWORD, after: str = ""
) -> int:
    return client.post("/login", {"username": email, "password": password, "next": after}).status_code


def is_in(client: Client) -> bool:
    return client.get("/account").status_code == 200


def test_the_right_password_opens_and_is_noted(client: Client) -> None:
    olga = hire("owner")
    response = client.post("/login", {"username": " Olga@Shop.example ", "password": PASSWORD, "next": "/account"})
    assert (response.status_code, response["Location"]) == (302, "/account")
    assert is_in(client)
    assert AuditEntry.objects.get().action == "user.logged_in"
    assert AuditEntry.objects.get().user == olga


def test_a_wrong_password_and_an_unknown_address_sound_alike(client: Client) -> None:
    hire("owner")
    wrong = client.post("/login", {"username": "olga@shop.example", "password": "falsch"})
    unknown = client.post("/login", {"username": "nobody@shop.example", "password": "falsch"})
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.context["form"].errors == unknown.context["form"].errors


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "http:///evil.example",
        "javascript:alert(1)",
        "https:evil.example",
    ],
)
def test_nobody_is_led_to_another_site_after_log_in(client: Client, elsewhere: str) -> None:
    hire("owner")
    response = client.post("/login", {"username": "olga@shop.example", "password": PASSWORD, "next": elsewhere})
    assert (response.status_code, response["Location"]) == (302, "/")


def test_nobody_is_led_to_another_site_after_choosing_a_language(client: Client) -> None:
    response = client.post("/language", {"language": "en", "next": "https://evil.example/"})
    assert response["Location"] == "/"


def test_whoever_was_on_the_way_somewhere_arrives_there(client: Client) -> None:
    response = client.get("/settings/audit?action=key.created")
    assert response["Location"] == "/login?next=%2Fsettings%2Faudit%3Faction%3Dkey.created"


def test_somebody_switched_off_is_out_at_once(enter: Enter) -> None:
    client = enter("marketing")
    assert is_in(client)
    User.objects.filter(role="marketing").update(is_active=False)
    assert not is_in(client)
    assert try_to_log_in(Client(), email="mara@shop.example") == 422


def test_another_role_holds_from_the_next_request(enter: Enter) -> None:
    client = enter("owner")
    User.objects.filter(role="owner").update(role="analyst")
    assert client.get("/settings/people").status_code == 403


def test_after_a_new_password_other_devices_are_out_and_this_one_stays(enter: Enter) -> None:
    here, there = enter("owner"), enter("owner")
    new = {"old_password": PASSWORD, "new_password1": "acht-gelbe-Astern", "new_password2": "acht-gelbe-Astern"}
    assert here.post("/account/password", new).status_code == 302
    assert is_in(here)
    assert not is_in(there)


def test_the_fifth_failure_closes_the_door_even_for_the_right_password(client: Client, time: Clock) -> None:
    hire("owner")
    assert [try_to_log_in(client, password="falsch") for _ in range(6)] == [422] * 5 + [429]
    assert try_to_log_in(client) == 429
    time.wait(seconds=16)
    assert try_to_log_in(client) == 302


def test_each_further_failure_doubles_the_wait(client: Client, time: Clock) -> None:
    hire("owner")
    for _ in range(5):
        try_to_log_in(client, password="falsch")
    time.wait(seconds=16)
    assert try_to_log_in(client, password="falsch") == 422
    time.wait(seconds=16)
    assert try_to_log_in(client) == 429
    time.wait(seconds=16)
    assert try_to_log_in(client) == 302


def test_an_empty_password_forgives_nothing(client: Client, time: Clock) -> None:
    hire("owner")
    codes = [try_to_log_in(client, password="" if turn % 5 == 4 else "guessed") for turn in range(8)]
    assert [422, 422, 422, 422, 422, 422, 429, 429] == codes


def test_one_network_address_cannot_try_many_people(time: Clock) -> None:
    strangers = Client(REMOTE_ADDR="203.0.113.7")
    answers = [try_to_log_in(strangers, email=f"nobody{n}@shop.example") for n in range(22)]
    assert answers == [422] * 21 + [429]
    hire("owner")
    assert try_to_log_in(Client(REMOTE_ADDR="203.0.113.8")) == 302


def test_behind_a_proxy_on_this_machine_the_last_hop_counts(rf: object) -> None:
    from django.test import RequestFactory

    factory = RequestFactory()
    behind = factory.get("/", REMOTE_ADDR="127.0.0.1", headers={"x-forwarded-for": "198.51.100.1, 203.0.113.7"})
    pretending = factory.get("/", REMOTE_ADDR="203.0.113.9", headers={"x-forwarded-for": "198.51.100.1"})
    assert throttle.network_address(behind) == "203.0.113.7"
    assert throttle.network_address(pretending) == "203.0.113.9"
    assert throttle.network_address(factory.get("/", REMOTE_ADDR="127.0.0.1")) == ""


def test_failures_are_forgotten_after_a_day() -> None:
    for n in range(4):
        throttle.claim(["email:x"], now=NOW + timedelta(seconds=n))
    throttle.claim(["email:x"], now=NOW + timedelta(days=2))
    assert FailedLogIn.objects.get().count == 1


def test_an_attempt_is_counted_before_it_is_tried_so_that_many_at_once_gain_nothing() -> None:
    for _ in range(5):
        throttle.claim(["email:x"], now=NOW)
    with pytest.raises(TooManyAttempts):
        throttle.claim(["email:x"], now=NOW)


@pytest.mark.django_db(transaction=True)
def test_of_twenty_attempts_at_the_same_time_only_the_free_ones_get_through() -> None:
    def attempt(_number: int) -> bool:
        try:
            throttle.claim(["email:x"], now=NOW)
        except TooManyAttempts:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as many:
        assert sum(many.map(attempt, range(20))) == 5


def test_the_throttle_keeps_no_address_in_plain_words(client: Client) -> None:
    try_to_log_in(client, email="eva@kunde.example", password="falsch")
    assert "eva" not in FailedLogIn.objects.get().subject


def test_the_wait_ends_at_half_an_hour() -> None:
    assert throttle.wait_after(4, free=4) == timedelta(0)
    assert throttle.wait_after(5, free=4) == timedelta(seconds=15)
    assert throttle.wait_after(5000, free=4) == timedelta(minutes=30)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [("de-AT,de;q=0.9", "de"), ("en-US,en;q=0.9", "en"), ("fr", "de"), ("", "de")],
)
def test_the_log_in_page_speaks_what_the_browser_asks_for(asked: str, expected: str) -> None:
    response = Client(headers={"accept-language": asked}).get("/login")
    assert response.headers["Content-Language"] == expected
    assert f'<html lang="{expected}">' in response.content.decode()


def test_a_chosen_language_goes_before_the_browser_and_the_account_before_both() -> None:
    client = Client(headers={"accept-language": "de"})
    client.post("/language", {"language": "en", "next": "/login"})
    assert client.get("/login").headers["Content-Language"] == "en"
    client.force_login(hire("owner", language="de-du"))
    assert client.get("/account").headers["Content-Language"] == "de"
    with translation.override("de-du"):
        assert translation.get_language() == "de-du"


def test_cookies_are_kept_from_scripts_and_pages_from_caches(client: Client) -> None:
    hire("owner")
    response = client.post("/login", {"username": "olga@shop.example", "password": PASSWORD})
    cookie = response.cookies["session"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert "no-store" in response["Cache-Control"]


def test_a_stranger_cannot_hand_in_more_than_a_log_in_form_holds(client: Client) -> None:
    assert 413 == client.post("/login", {"username": "olga@shop.example", "password": "x" * 70_000}).status_code
    assert 302 == client.post("/imports", {"file": "x" * 60_000}).status_code
