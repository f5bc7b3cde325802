"""Someone who speaks, with or without an account, e-mail or full name."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.fields import slug_text, web_address
from speakers.models.topic import Topic


class SpeakerQuerySet(models.QuerySet["Speaker"]):
    """Words for sets of speakers."""

    def listed(self) -> "SpeakerQuerySet":
        """Those the public directory shows."""
        return self.filter(is_listed=True)


class Speaker(models.Model):
    """A person on stage; may be claimed later by the account it belongs to."""

    name = models.CharField(_("name"), max_length=120, help_text=_("As they call themselves: “Ta”, “Luke”, 李茵."))
    slug = models.CharField(_("short name"), max_length=80, validators=[slug_text])
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="speaker",
        verbose_name=_("claimed by"),
    )
    email = models.EmailField(_("email"), blank=True, help_text=_("Private: never shown on a page or by the API."))
    tagline = models.CharField(_("tagline"), max_length=160, blank=True)
    biography = models.TextField(_("biography"), blank=True, help_text=_("Markdown."))
    photo = models.ImageField(_("photo"), upload_to="speakers/", blank=True)
    town = models.CharField(_("town"), max_length=80, blank=True)
    languages = ArrayField(
        models.CharField(max_length=12),
        default=list,
        blank=True,
        verbose_name=_("languages"),
        help_text=_("en, zh-Hans"),
    )
    takes_remote = models.BooleanField(_("speaks remotely, too"), default=False)
    topics = models.ManyToManyField(Topic, related_name="speakers", blank=True, verbose_name=_("topics"))
    is_listed = models.BooleanField(_("in the public directory"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    history = HistoricalRecords()

    objects = SpeakerQuerySet.as_manager()

    class Meta:
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("slug"), name="speaker_slug_is_unique_without_regard_to_case"),
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="speaker_email_is_unique_without_regard_to_case",
                violation_error_message=_("Another speaker has this email already."),
            ),
        ]
        indexes: ClassVar = [GinIndex(fields=["languages"], name="speaker_languages")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The speaker's public page."""
        return reverse("speaker", args=[self.slug])


class Affiliation(models.Model):
    """Where a speaker works or studies, and since when."""

    speaker = models.ForeignKey(Speaker, models.CASCADE, related_name="affiliations", verbose_name=_("speaker"))
    organisation = models.CharField(_("organisation"), max_length=160)
    role = models.CharField(_("role"), max_length=120, blank=True)
    since_date = models.DateField(_("since"), null=True, blank=True)
    until_date = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        ordering: ClassVar = [models.F("since_date").desc(nulls_first=True), "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(until_date=None)
                | models.Q(since_date=None)
                | models.Q(until_date__gte=models.F("since_date")),
                name="affiliation_ends_after_it_starts",
                violation_error_message=_("“Until” lies before “since”."),
            )
        ]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.role, self.organisation) if part)


class SpeakerLink(models.Model):
    """A public address of a speaker: home page, code, slides."""

    speaker = models.ForeignKey(Speaker, models.CASCADE, related_name="links", verbose_name=_("speaker"))
    title = models.CharField(_("title"), max_length=80, blank=True)
    url = models.CharField(_("address"), max_length=500, validators=[web_address])
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["speaker", "url"], name="speaker_has_each_link_once")]

    def __str__(self) -> str:
        return self.title or self.url
