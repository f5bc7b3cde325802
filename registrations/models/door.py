"""What was said at the door: one row a scan, also of those that were made without network."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from registrations.models.registration import Registration


class CheckIn(models.Model):
    """One act at the door; its id is made on the phone, so that a replay changes nothing."""

    class Action(models.TextChoices):
        IN = "in", _("checked in")
        UNDO = "undo", _("check-in undone")

    id = models.UUIDField(primary_key=True)
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="check_ins")
    action = models.CharField(_("action"), max_length=4, choices=Action.choices)
    at = models.DateTimeField(_("when"), help_text=_("By the phone's clock, never later than it was received."))
    received_at = models.DateTimeField(_("received"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    door = models.CharField(_("door"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        ordering: ClassVar = ["at"]

    def __str__(self) -> str:
        return f"{self.registration} {self.action}"
