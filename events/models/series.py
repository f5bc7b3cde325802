"""A repeating plan that makes real, separate events."""

import uuid
from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core.fields import iana_zone, slug_text
from events.models.group import Group
from events.models.place import Venue


class Series(models.Model):
    """Every third Thursday at seven, say; each date becomes an event of its own."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="series", verbose_name=_("group"))
    title = models.CharField(_("title"), max_length=160)
    slug = models.CharField(_("short name"), max_length=80, validators=[slug_text])
    description = models.TextField(_("description"), blank=True, help_text=_("Markdown."))
    recurrence_rule = models.CharField(
        _("rule"), max_length=200, blank=True, help_text=_("RFC 5545 RRULE, such as FREQ=MONTHLY;BYDAY=3TH.")
    )
    starts_time = models.TimeField(_("starts at"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("length in minutes"), default=120, validators=[MinValueValidator(1)])
    time_zone = models.CharField(_("time zone"), max_length=64, validators=[iana_zone])
    venue = models.ForeignKey(
        Venue, models.SET_NULL, null=True, blank=True, related_name="series", verbose_name=_("venue")
    )
    ical_uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="What its events point to.")

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        ordering: ClassVar = ["group", "title"]
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("slug"), name="series_slug_is_unique_without_regard_to_case"),
            models.CheckConstraint(condition=models.Q(minutes__gte=1), name="series_events_last_at_least_a_minute"),
        ]

    def __str__(self) -> str:
        return self.title
