"""The lightning part of a session."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from events.models import Session
from lightning.block_times import BlockTimes


class Block(models.Model):
    """How a session of kind lightning is cut into slots; how many fit is computed, never typed."""

    session = models.OneToOneField(
        Session,
        models.CASCADE,
        related_name="block",
        verbose_name=_("session"),
        limit_choices_to={"kind": Session.Kind.LIGHTNING},
    )
    talk_minutes = models.PositiveSmallIntegerField(
        _("minutes a talk"), default=5, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    changeover_minutes = models.PositiveSmallIntegerField(
        _("minutes to change over"), default=1, validators=[MaxValueValidator(30)]
    )
    question_minutes = models.PositiveSmallIntegerField(
        _("minutes for questions"), default=0, validators=[MaxValueValidator(60)]
    )
    slides_due_hours = models.PositiveSmallIntegerField(
        _("slides due, hours before the round"),
        default=24,
        help_text=_("Speakers without slides are asked a day before. 0: nobody is asked."),
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("lightning block")
        verbose_name_plural = _("lightning blocks")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(talk_minutes__gte=1), name="lightning_talk_lasts_at_least_a_minute"
            )
        ]

    def __str__(self) -> str:
        return str(self.session)

    @property
    def times(self) -> BlockTimes:
        """The block's arithmetic."""
        return BlockTimes(self.talk_minutes, self.changeover_minutes, self.question_minutes)

    @property
    def slots(self) -> int | None:
        """How many talks fit into the session's length."""
        return self.times.slots(self.session.minutes)
