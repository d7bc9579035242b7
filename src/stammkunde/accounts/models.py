"""Keep the people who work here, the business, its API keys and the memory of who changed what."""

from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from stammkunde.accounts.permissions import may
from stammkunde.accounts.roles import Language, Role


class UserManager(BaseUserManager["User"]):
    """Find and create the people who work here."""

    def create_user(
        self, email: str, *, password: str | None, name: str = "", role: str = Role.ANALYST, language: str = "de"
    ) -> "User":
        """Create somebody who may log in; the e-mail address is kept in lower case."""
        user = User(email=email.strip().lower(), name=name, role=role, language=language)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find somebody by e-mail address, however it was typed."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """Somebody who works here and logs in with an e-mail address."""

    email = models.EmailField(_("E-mail address"), unique=True)
    name = models.CharField(_("Name"), max_length=120, blank=True)
    role = models.CharField(_("Role"), max_length=16, choices=Role.choices, default=Role.ANALYST)
    language = models.CharField(_("Language"), max_length=8, choices=Language.choices, default=Language.GERMAN)
    is_active = models.BooleanField(_("May log in"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="accounts_user_role_known"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def may(self, ability: str) -> bool:
        """Tell whether this person's role includes the named ability."""
        return may(self.role, ability)


class Business(models.Model):
    """The business whose customers these are: there is exactly one."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(_("Name of the business"), max_length=120, blank=True)
    time_zone = models.CharField(_("Time zone"), max_length=64, default="Europe/Berlin")
    currency = models.CharField(_("Currency"), max_length=3, blank=True, default="")
    language = models.CharField(_("Language"), max_length=8, choices=Language.choices, default=Language.GERMAN)
    accent = models.CharField(
        _("Accent colour"),
        max_length=7,
        blank=True,
        default="",
        validators=[
            RegexValidator(r"\A#[0-9a-fA-F]{6}\Z", _("Write the colour as # and six digits, such as #0f6b5c."))
        ],
    )
    demo = models.BooleanField(default=False)
    demo_notice = models.TextField(blank=True, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(id=1), name="accounts_business_only_one"),
        ]

    def __str__(self) -> str:
        return self.name or "Stammkunde"

    @classmethod
    def current(cls) -> "Business":
        """Return the business, with its defaults when nobody has described it yet."""
        business, _created = cls.objects.get_or_create(id=1)
        return business

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone in which this business counts its days."""
        return ZoneInfo(self.time_zone)


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    """Questions about API keys."""

    def of(self, user: User) -> "ApiKeyQuerySet":
        """Keep the keys this person may see: her own, or all for whoever manages everybody's keys."""
        return self if user.may("manage_all_keys") else self.filter(user=user)

    def usable(self) -> "ApiKeyQuerySet":
        """Keep the keys that open something: neither revoked nor of somebody who may no longer log in."""
        return self.filter(revoked_at=None, user__is_active=True)


class ApiKey(models.Model):
    """A key with which a program speaks for somebody; only its hash is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("Name"), max_length=80)
    prefix = models.CharField(max_length=12)
    hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def opens(self, scope: str) -> bool:
        """Tell whether the key was given this scope."""
        return scope in self.scopes


class AuditEntry(models.Model):
    """One thing somebody did: who, when, what, to which object. Never changed, never a secret."""

    at = models.DateTimeField(db_index=True)
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    api_key = models.ForeignKey(ApiKey, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    who = models.CharField(max_length=254, blank=True, default="")
    action = models.CharField(max_length=64)
    kind = models.CharField(max_length=64, blank=True, default="")
    object_id = models.CharField(max_length=64, blank=True, default="")
    detail = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["action", "-at"], name="accounts_audit_action"),
            models.Index(fields=["kind", "object_id"], name="accounts_audit_object"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.who} {self.action}"


class FailedLogIn(models.Model):
    """How often log-in failed in a row for one e-mail address or from one network address."""

    subject = models.CharField(max_length=80, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    closed_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.subject}: {self.count}"

    def closed(self, *, now: datetime) -> bool:
        """Tell whether further attempts are refused for now."""
        return self.closed_until is not None and now < self.closed_until
