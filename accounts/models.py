"""One person is one User; tokens and the feed key are kept only as digests."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.managers import UserManager
from core.fields import iana_zone


class User(AbstractBaseUser, PermissionsMixin):
    """Someone who signs in: the same person may attend, speak and organise."""

    email = models.EmailField(_("email"), max_length=254)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True, help_text=_("Language of mails and pages."))
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True, validators=[iana_zone])
    is_staff = models.BooleanField(_("may open the admin site"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    joined_at = models.DateTimeField(_("joined"), auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="email_is_unique_without_regard_to_case",
                violation_error_message=_("Somebody has an account with this email already."),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """The name, or the e-mail of somebody who gave none."""
        return str(self)

    def get_short_name(self) -> str:
        """The same as the full name: names are not ours to cut."""
        return str(self)


class ApiToken(models.Model):
    """A personal access token for the API; the secret itself is shown once and never stored."""

    class Scope(models.TextChoices):
        READ = "read", _("read")
        RSVP = "rsvp", _("RSVP")
        ORGANISE = "organise", _("organise")
        STAGE = "stage", _("run the stage")

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens", verbose_name=_("person"))
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(_("begins with"), max_length=12)
    digest = models.CharField(max_length=64, unique=True, editable=False, help_text="SHA-256 of the token, hexadecimal")
    scopes = ArrayField(models.CharField(max_length=12, choices=Scope.choices), verbose_name=_("scopes"))
    created_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("expires"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta:
        verbose_name = _("access token")
        verbose_name_plural = _("access tokens")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="token_expires_after_it_is_made"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class FeedKey(models.Model):
    """The secret of somebody's personal calendar feed; re-keying replaces it at once."""

    class Client(models.TextChoices):
        """Which family of programs came; nothing finer is kept (accounts.feed_clients)."""

        GOOGLE = "google", _("Google Calendar")
        APPLE = "apple", _("Apple Calendar")
        OUTLOOK = "outlook", _("Outlook")
        THUNDERBIRD = "thunderbird", _("Thunderbird")
        ANDROID = "android", _("a calendar app for Android")
        OTHER = "other", _("another calendar program")

    user = models.OneToOneField(User, models.CASCADE, related_name="feed_key", verbose_name=_("person"))
    digest = models.CharField(max_length=64, unique=True, editable=False, help_text="SHA-256 of the key, hexadecimal")
    created_at = models.DateTimeField(_("made"))
    last_fetched_at = models.DateTimeField(_("last fetched"), null=True, blank=True)
    client = models.CharField(_("by"), max_length=12, choices=Client.choices, blank=True)

    class Meta:
        verbose_name = _("feed key")
        verbose_name_plural = _("feed keys")

    def __str__(self) -> str:
        return f"feed of {self.user_id}"


class RetiredFeedKey(models.Model):
    """A key that was replaced: calendars that still ask with it learn that it is gone for good (410)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("person"))
    digest = models.CharField(max_length=64, unique=True, editable=False, help_text="SHA-256 of the key, hexadecimal")
    retired_at = models.DateTimeField(_("replaced"))
    last_asked_at = models.DateTimeField(_("last asked with"), null=True, blank=True)

    class Meta:
        verbose_name = _("replaced feed key")
        verbose_name_plural = _("replaced feed keys")

    def __str__(self) -> str:
        return f"old feed of {self.user_id}"


class Star(models.Model):
    """A session or talk somebody marked for themselves, named by its UID: what it is, floors above know."""

    user = models.ForeignKey(User, models.CASCADE, related_name="stars", verbose_name=_("person"))
    uid = models.UUIDField()
    created_at = models.DateTimeField(_("marked"))

    class Meta:
        verbose_name = _("star")
        verbose_name_plural = _("stars")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["user", "uid"], name="person_stars_a_thing_once")]

    def __str__(self) -> str:
        return str(self.uid)


class MailPreferences(models.Model):
    """Which reminders somebody wants, when, and how invitations reach their calendar; no row means the defaults."""

    class Digest(models.TextChoices):
        NONE = "none", _("each on its own")
        DAILY = "daily", _("one mail a day")
        WEEKLY = "weekly", _("one mail a week")

    class Calendar(models.TextChoices):
        AUTO = "auto", _("by mail, unless my calendar reads my feed")
        MAIL = "mail", _("invitations by mail")
        FEED = "feed", _("my feed only")

    user = models.OneToOneField(User, models.CASCADE, related_name="mail_preferences", verbose_name=_("person"))
    week_before = models.BooleanField(_("days before"), default=True, help_text=_("Reminders two days ahead or more."))
    day_before = models.BooleanField(_("the day before"), default=True, help_text=_("From three hours to two days."))
    hour_before = models.BooleanField(_("shortly before"), default=True, help_text=_("Less than three hours."))
    digest = models.CharField(_("together"), max_length=6, choices=Digest.choices, default=Digest.NONE)
    digest_time = models.TimeField(_("at"), default="08:00", help_text=_("On your own clock."))
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    calendar = models.CharField(_("calendar"), max_length=4, choices=Calendar.choices, default=Calendar.AUTO)
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("mail preferences")
        verbose_name_plural = _("mail preferences")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quiet_from=None, quiet_until=None)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_have_both_ends",
                violation_error_message=_("Quiet hours need both a beginning and an end."),
            )
        ]

    def __str__(self) -> str:
        return f"mail preferences of {self.user_id}"


class IdempotentRequest(models.Model):
    """What was answered to a request with an Idempotency-Key, written in the transaction that had the effect.

    So the row is there if, and only if, what the request asked for was done. It goes with its person.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("person"))
    key = models.CharField(_("key"), max_length=255)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 over method, address and body, hexadecimal")
    status = models.PositiveSmallIntegerField(_("status"))
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(_("answered"), db_index=True)

    class Meta:
        verbose_name = _("request with a key")
        verbose_name_plural = _("requests with a key")
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="person_uses_a_key_once")]

    def __str__(self) -> str:
        return f"{self.key} ({self.status})"
