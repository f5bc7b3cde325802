"""Which reminders an event sends to whom and when, and how far the planning of each has come."""

from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from events.models.event import Event


class ReminderStep(models.Model):
    """One reminder to one audience; its instant is computed (events.reminder_times), never stored."""

    class Audience(models.TextChoices):
        GOING = "going", _("who is going")
        WAITING = "waiting", _("who is on the waitlist")
        SPEAKERS = "speakers", _("speakers")
        STAND_BY = "stand_by", _("stand-by speakers")
        HOSTS = "hosts", _("organisers and hosts")

    class Anchor(models.TextChoices):
        EVENT = "event", _("the start of the event")
        TALK = "talk", _("the reader's own talk")
        DEADLINE = "deadline", _("the end of RSVP")

    event = models.ForeignKey(Event, models.CASCADE, related_name="reminder_steps", verbose_name=_("event"))
    audience = models.CharField(
        pgettext_lazy("an audience", "to"), max_length=10, choices=Audience.choices, default=Audience.GOING
    )
    anchor = models.CharField(_("before"), max_length=10, choices=Anchor.choices, default=Anchor.EVENT)
    days = models.PositiveSmallIntegerField(
        _("days"),
        default=0,
        validators=[MaxValueValidator(90)],
        help_text=_("Counted on the event's clock: 7 days before 19:00 is 19:00, also across summer time."),
    )
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=0, validators=[MaxValueValidator(1439)])
    at_time = models.TimeField(
        _("at"), null=True, blank=True, help_text=_("On that day at this time of the event's clock, such as 18:00.")
    )
    note = models.CharField(
        _("a word of yours"), max_length=300, blank=True, help_text=_("Stands in the mail: “Bring photo ID.”")
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering: ClassVar = ["audience", "-days", "-minutes", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["event", "audience", "anchor", "days", "minutes", "at_time"],
                nulls_distinct=False,
                name="event_reminds_an_audience_once_at_a_time",
                violation_error_message=_("This audience gets a reminder then already."),
            ),
            models.CheckConstraint(
                condition=models.Q(at_time=None) | models.Q(minutes=0),
                name="reminder_has_minutes_or_a_time_of_day",
                violation_error_message=_("Give minutes or a time of day, not both."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_audience_display()}: {self.days} d {self.minutes} min"


class ReminderRun(models.Model):
    """How far one step has been planned for one start of the event; a kill in the middle resumes here."""

    step = models.ForeignKey(ReminderStep, models.CASCADE, related_name="runs", verbose_name=_("reminder"))
    start_version = models.CharField(max_length=20, help_text="The start it is for, such as 20261117T1800Z.")
    after_pk = models.BigIntegerField(default=0, help_text="Everybody up to this row has been planned in this pass.")
    planned_until = models.DateTimeField(
        null=True, blank=True, help_text="Whoever changed before this moment has been planned: the last whole pass."
    )
    pass_began_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("planned reminder")
        verbose_name_plural = _("planned reminders")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["step", "start_version"], name="reminder_is_planned_once_for_a_start")
        ]

    def __str__(self) -> str:
        return f"{self.step_id} {self.start_version}"
