"""Communities, who belongs to them, and the organisations that host them."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.fields import iana_zone, slug_text, web_address
from speakers.models import Topic


class GroupQuerySet(models.QuerySet["Group"]):
    """Words for sets of groups."""

    def listed(self) -> "GroupQuerySet":
        """Those anybody may find."""
        return self.filter(is_listed=True)


class Group(models.Model):
    """A community: home town, time zone, organisers, members, events."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.CharField(_("short name"), max_length=80, validators=[slug_text])
    tagline = models.CharField(_("tagline"), max_length=200, blank=True)
    description = models.TextField(_("description"), blank=True, help_text=_("Markdown."))
    town = models.CharField(_("home town"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=80, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, validators=[iana_zone])
    languages = ArrayField(models.CharField(max_length=12), default=list, blank=True, verbose_name=_("languages"))
    founded_date = models.DateField(_("founded"), null=True, blank=True)
    earlier_events = models.PositiveIntegerField(
        _("events held before Lectern"),
        default=0,
        help_text=_("Counting goes on from here: 21 makes the next one #22."),
    )
    topics = models.ManyToManyField(Topic, related_name="groups", blank=True, verbose_name=_("topics"))
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="Membership", related_name="groups_joined", verbose_name=_("members")
    )
    is_listed = models.BooleanField(
        _("listed"),
        default=True,
        help_text=_("An unlisted group and its events are found by nobody who lacks the link."),
    )
    mail_token = models.CharField(
        max_length=32,
        null=True,
        blank=True,
        unique=True,
        editable=False,
        help_text="Who knows it may mail invitations to `plan+<token>@…`, which become drafts.",
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    history = HistoricalRecords(excluded_fields=["mail_token"])

    objects = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("slug"), name="group_slug_is_unique_without_regard_to_case")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The group's public page."""
        return reverse("group", args=[self.slug])


class GroupLink(models.Model):
    """A public address of a group."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="links", verbose_name=_("group"))
    title = models.CharField(_("title"), max_length=80, blank=True)
    url = models.CharField(_("address"), max_length=500, validators=[web_address])
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return self.title or self.url


class Membership(models.Model):
    """A person's tie to a group."""

    class Role(models.TextChoices):
        ORGANISER = "organiser", _("organiser")
        HOST = "host", _("host")
        MEMBER = "member", _("member")

    group = models.ForeignKey(Group, models.CASCADE, related_name="memberships", verbose_name=_("group"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.MEMBER)
    joined_at = models.DateTimeField(_("joined"), auto_now_add=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering: ClassVar = ["group", "role", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["group", "user"],
                name="person_belongs_to_a_group_once",
                violation_error_message=_("This person belongs to the group already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"


class Organisation(models.Model):
    """A host or sponsor."""

    name = models.CharField(_("name"), max_length=160)
    slug = models.CharField(_("short name"), max_length=80, validators=[slug_text])
    website = models.CharField(_("website"), max_length=500, blank=True, validators=[web_address])
    logo = models.ImageField(_("logo"), upload_to="organisations/", blank=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("slug"), name="organisation_slug_is_unique_without_regard_to_case")
        ]

    def __str__(self) -> str:
        return self.name
