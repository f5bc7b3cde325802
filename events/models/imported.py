"""An event that came in by an invitation to a group's secret address, and what that invitation said."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from events.models.event import Event
from events.models.group import Group


class ImportedEvent(models.Model):
    """The tie between a foreign UID and our event; a field that a person edited since is left to the person."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="imported_events", verbose_name=_("group"))
    event = models.OneToOneField(
        Event, models.SET_NULL, null=True, blank=True, related_name="imported", verbose_name=_("event")
    )
    uid = models.CharField(_("UID"), max_length=255)
    organizer = models.CharField(_("organizer"), max_length=320, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    stamped_at = models.DateTimeField(help_text="DTSTAMP of the last message applied.")
    values = models.JSONField(default=dict, help_text="The fields as the last message set them.")
    received_at = models.DateTimeField(_("received"))
    called_off_at = models.DateTimeField(_("called off by its organizer"), null=True, blank=True)

    class Meta:
        verbose_name = _("imported event")
        verbose_name_plural = _("imported events")
        ordering: ClassVar = ["-received_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["group", "uid"], name="group_imports_a_uid_once"),
        ]

    def __str__(self) -> str:
        return self.uid
