"""Know who can still log in with the password that everybody can read in the demonstration's manual."""

from stammkunde.accounts.models import User
from stammkunde.demo.filling import PASSWORD, PEOPLE
from stammkunde.kernel.errors import WrongInput


class PublishedPassword(WrongInput):
    """People of the demonstration may log in with its password; change it, or switch them off, first."""


def refuse_published_password() -> None:
    """Raise PublishedPassword while an account has the demonstration's password."""
    invited = User.objects.filter(email__in=[email for email, _, _ in PEOPLE], is_active=True)
    known = [person.email for person in invited if person.check_password(PASSWORD)]
    if known:
        raise PublishedPassword(
            f"Everybody knows the password of {', '.join(known)}: it is the demonstration's. Change it or switch these "
            "people off under Settings, People; until then the pages are served on this machine only."
        )
