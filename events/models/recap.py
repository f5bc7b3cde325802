"""The page after the event."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from events.models.event import Event


class Recap(models.Model):
    """Notes in Markdown and the moments worth keeping; resources hang on the event and its sessions."""

    event = models.OneToOneField(Event, models.CASCADE, related_name="recap", verbose_name=_("event"))
    notes = models.TextField(_("notes"), help_text=_("Markdown."))
    highlights = ArrayField(models.CharField(max_length=300), default=list, blank=True, verbose_name=_("highlights"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="recaps",
        verbose_name=_("written by"),
    )
    byline = models.CharField(_("byline"), max_length=120, blank=True, help_text=_("When the writer has no account."))
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    class Meta:
        verbose_name = _("recap")
        verbose_name_plural = _("recaps")
        ordering: ClassVar = ["-published_at"]

    def __str__(self) -> str:
        return f"Recap: {self.event}"

    def get_absolute_url(self) -> str:
        """The recap's public page."""
        return reverse("recap", args=[self.event.slug])
