"""The stage: instants and a version; what the clock shows is computed where it is shown."""

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lightning.models.block import Block
from lightning.models.talk import Talk
from lightning.stage_machine import Command, State


class Stage(models.Model):
    """Where a round stands.

    `talk` is on stage while the state is on or paused, and comes next while it is ready or between. Its time left is
    its length + extra - (paused_at or now - started_at - paused_for).
    """

    block = models.OneToOneField(Block, models.CASCADE, related_name="stage", verbose_name=_("block"))
    state = models.CharField(
        _("state"), max_length=8, choices=[(state.value, state.value) for state in State], default=State.READY.value
    )
    version = models.PositiveIntegerField(_("version"), default=0)
    talk = models.ForeignKey(Talk, models.SET_NULL, null=True, related_name="+", verbose_name=_("talk"))
    started_at = models.DateTimeField(_("went on"), null=True)
    paused_at = models.DateTimeField(_("paused"), null=True)
    paused_for = models.DurationField(_("paused for"), default=dt.timedelta(0))
    extra = models.DurationField(_("extra time"), default=dt.timedelta(0))
    finished_at = models.DateTimeField(_("finished"), null=True)
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in State]), name="stage_state_is_one_of_the_table"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["on", "paused"], started_at__isnull=False)
                | models.Q(state__in=["ready", "between", "finished"], started_at=None),
                name="stage_clock_runs_for_who_is_on",
            ),
            models.CheckConstraint(
                condition=models.Q(state="paused", paused_at__isnull=False)
                | (~models.Q(state="paused") & models.Q(paused_at=None)),
                name="stage_is_paused_since_an_instant",
            ),
            models.CheckConstraint(
                condition=models.Q(state="finished", finished_at__isnull=False)
                | (~models.Q(state="finished") & models.Q(finished_at=None)),
                name="stage_is_finished_at_an_instant",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.block}: {self.state}"


class StageLink(models.Model):
    """A helper's way to the remote without an account; its key is kept as a digest only."""

    block = models.ForeignKey(Block, models.CASCADE, related_name="stage_links", verbose_name=_("block"))
    name = models.CharField(_("for whom"), max_length=80)
    key_digest = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made"))
    revoked_at = models.DateTimeField(_("revoked"), null=True)

    class Meta:
        verbose_name = _("stage link")
        verbose_name_plural = _("stage links")
        ordering: ClassVar = ["-made_at", "-id"]

    def __str__(self) -> str:
        return self.name


class StageLog(models.Model):
    """One command that was carried out, and what it takes to undo it."""

    stage = models.ForeignKey(Stage, models.CASCADE, related_name="log", verbose_name=_("stage"))
    version = models.PositiveIntegerField(_("version"), help_text=_("Of the stage after the command."))
    command = models.CharField(
        _("command"), max_length=10, choices=[(command.value, command.value) for command in Command]
    )
    talk = models.ForeignKey(Talk, models.SET_NULL, null=True, related_name="+", verbose_name=_("talk"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    link = models.ForeignKey(StageLink, models.SET_NULL, null=True, related_name="+", verbose_name=_("by the link of"))
    before = models.JSONField(_("before"), help_text=_("The stage and the talks it touched, as they were."))
    is_undone = models.BooleanField(_("undone"), default=False)

    class Meta:
        verbose_name = _("command on stage")
        verbose_name_plural = _("commands on stage")
        ordering: ClassVar = ["stage", "version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stage", "version"], name="stage_has_one_command_for_each_version")
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.command}"
