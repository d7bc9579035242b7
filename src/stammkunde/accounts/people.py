"""Let an owner bring people in, change their part and let them go; one owner always remains."""

from django.db import transaction
from django.utils.translation import gettext as _

from stammkunde.accounts.models import User
from stammkunde.accounts.roles import Role


class LastOwner(ValueError):
    """Somebody must be able to manage the people: make somebody else an owner first."""


@transaction.atomic
def change(user: User) -> User:
    """Save somebody's new part unless that would leave the business without an owner who may log in."""
    owners = User.objects.select_for_update().filter(role=Role.OWNER, is_active=True)
    others = [owner.pk for owner in owners if owner.pk != user.pk]
    stays_owner = user.is_active and user.role == Role.OWNER
    if not others and not stays_owner:
        raise LastOwner(_("This is the last owner. Make somebody else an owner first."))
    user.save()
    return user
