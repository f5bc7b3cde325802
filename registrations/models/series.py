"""Somebody who comes to every event of a series, until they leave it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from events.models import Series
from registrations.models.plan import Place


class SeriesRegistration(models.Model):
    """Registers its person for each event of the series that is published while it stands."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="registrations", verbose_name=_("series"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="series_registrations", verbose_name=_("person")
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    place = models.CharField(_("place"), max_length=6, choices=Place.choices, default=Place.ROOM)
    since = models.DateTimeField(_("since"))
    left_at = models.DateTimeField(_("left"), null=True, blank=True)

    class Meta:
        verbose_name = _("registration for a series")
        verbose_name_plural = _("registrations for series")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "user"], name="person_registers_for_a_series_once")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.series}"
