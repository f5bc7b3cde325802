"""News about an event that everybody concerned has to hear: written with the change, expanded into mails later."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from events.models.event import Event


class ChangeNotice(models.Model):
    """One change of one event; whoever expands it goes on after `after_pk`, so that a kill in the middle resumes."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="change_notices", verbose_name=_("event"))
    changed = ArrayField(models.CharField(max_length=20), verbose_name=_("changed"))
    before = models.JSONField(_("before"), default=dict, help_text="What the changed fields were.")
    is_said = models.BooleanField(
        _("told by mail"), default=True, help_text="Else only calendars that hold an invite hear of it."
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    made_at = models.DateTimeField(_("changed on"))
    due_at = models.DateTimeField(_("goes out"), help_text="A few minutes later: the next change may be a correction.")
    stage = models.CharField(max_length=20, blank=True, help_text="Whose turn it is, such as registrations.")
    after_pk = models.BigIntegerField(default=0, help_text="Everybody of this stage up to this row has heard.")
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("stopped by"),
        help_text=_("Nobody was told."),
    )

    class Meta:
        verbose_name = _("change notice")
        verbose_name_plural = _("change notices")
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=models.Q(finished_at=None), name="notice_unfinished")
        ]

    def __str__(self) -> str:
        return f"{self.event}: {', '.join(self.changed)}"
