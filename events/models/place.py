"""Places that are used again: venues and the rooms inside."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core.fields import iana_zone, slug_text, web_address


class Venue(models.Model):
    """A place with an address, and what somebody needs to know to get in."""

    name = models.CharField(_("name"), max_length=160)
    slug = models.CharField(_("short name"), max_length=80, validators=[slug_text])
    street = models.CharField(_("street"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=20, blank=True)
    town = models.CharField(_("town"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=80, blank=True)
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=8,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    time_zone = models.CharField(_("time zone"), max_length=64, validators=[iana_zone], default="UTC")
    website = models.CharField(_("website"), max_length=500, blank=True, validators=[web_address])
    directions = models.TextField(_("how to find it"), blank=True, help_text=_("Markdown."))
    step_free = models.BooleanField(_("step-free"), default=False)
    hearing_loop = models.BooleanField(_("hearing loop"), default=False)
    captions = models.BooleanField(_("captions"), default=False)
    quiet_room = models.BooleanField(_("quiet room"), default=False)
    access_notes = models.TextField(_("access notes"), blank=True)

    class Meta:
        verbose_name = _("venue")
        verbose_name_plural = _("venues")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("slug"), name="venue_slug_is_unique_without_regard_to_case"),
            models.CheckConstraint(
                condition=models.Q(latitude=None, longitude=None)
                | models.Q(
                    latitude__isnull=False,  # a comparison with NULL alone would let half a place pass
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="venue_lies_on_earth",
                violation_error_message=_("Give latitude (-90 to 90) and longitude (-180 to 180), or neither."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """One line: street, postcode and town, country; a city that is its country is named once."""
        place = " ".join(part for part in (self.postcode, self.town) if part)
        country = "" if self.country == self.town else self.country
        return ", ".join(part for part in (self.street, place, country) if part)


class Room(models.Model):
    """A room of a venue."""

    venue = models.ForeignKey(Venue, models.CASCADE, related_name="rooms", verbose_name=_("venue"))
    name = models.CharField(_("name"), max_length=80)
    floor = models.CharField(_("floor"), max_length=40, blank=True)
    capacity = models.PositiveIntegerField(_("seats"), null=True, blank=True)

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering: ClassVar = ["venue", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "venue",
                Lower("name"),
                name="room_name_is_unique_in_its_venue",
                violation_error_message=_("This venue has a room of that name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name
