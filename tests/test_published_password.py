"""The demonstration's password is known to everybody: it opens no real business, and nothing beyond this machine."""

import pytest

from stammkunde.accounts.models import User
from stammkunde.cli.serving import _is_loopback
from stammkunde.demo import filling
from stammkunde.demo.published import PublishedPassword, refuse_published_password
from tests.staff import hire

pytestmark = pytest.mark.django_db


def test_the_demonstration_leaves_a_folder_alone_in_which_somebody_was_introduced() -> None:
    hire("owner")
    with pytest.raises(filling.NotADemo, match="folder of its own"):
        filling._claim("Laden", demo=False)
    assert 1 == User.objects.count()


def test_others_reach_the_pages_only_when_nobody_has_the_published_password() -> None:
    refuse_published_password()
    filling._claim("Laden", demo=True)
    with pytest.raises(PublishedPassword, match="demo@stammkunde"):
        refuse_published_password()
    for person in User.objects.all():
        person.set_password("a word of their own 17")
        person.save()
    refuse_published_password()


@pytest.mark.parametrize(
    ("host", "alone"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("10.1.1.1", False), ("shop", False)],
)
def test_an_address_that_others_can_reach_is_known(host: str, alone: bool) -> None:
    assert alone is _is_loopback(host)
