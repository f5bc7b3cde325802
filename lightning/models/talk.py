"""A lightning talk on its way from idea to applause."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.tokens import new_secret
from lightning.models.block import Block
from lightning.stage_round import BEGUN
from speakers.models import ResourceBase, Speaker, Topic


def new_code() -> str:
    """Eight small letters and digits: short enough for a slide, too many to be tried."""
    return new_secret(40).lower()


def is_announced(state: str, told_state: str, stage_state: str | None) -> bool:
    """Whether the public may know who has the slot: the speaker was told, or everybody sees it on stage.

    What organisers add themselves, and so tell nobody by mail, is public at once.
    """
    return state != Talk.State.ACCEPTED or told_state not in Talk.NOT_TOLD_YET or stage_state in BEGUN


class TalkQuerySet(models.QuerySet["Talk"]):
    """Words for sets of talks."""

    def in_lineup(self) -> "TalkQuerySet":
        """Those with a place in the running order, first to last."""
        return self.filter(position__isnull=False).order_by("position")

    def announced(self) -> "TalkQuerySet":
        """Without those whose acceptance is decided and not told yet, as `is_announced` says of one."""
        quiet = models.Q(state=Talk.State.ACCEPTED, told_state__in=Talk.NOT_TOLD_YET)
        return self.filter(~quiet | models.Q(block__stage__state__in=BEGUN))


class Talk(models.Model):
    """Five minutes of somebody's; `position` counts from 0 and is empty for who has no slot."""

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("submitted")
        ACCEPTED = "accepted", _("accepted")
        CONFIRMED = "confirmed", _("confirmed")
        GIVEN = "given", _("given")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")
        STAND_BY = "stand_by", _("stand-by")
        NO_SHOW = "no_show", _("no-show")

    IN_LINEUP = (State.ACCEPTED, State.CONFIRMED, State.GIVEN, State.NO_SHOW)
    NOT_TOLD_YET = (State.SUBMITTED, State.STAND_BY)

    block = models.ForeignKey(Block, models.CASCADE, related_name="talks", verbose_name=_("block"))
    title = models.CharField(_("title"), max_length=250, blank=True, help_text=_("May follow later."))
    notes = models.TextField(_("notes"), blank=True, help_text=_("Markdown."))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.SUBMITTED)
    position = models.PositiveSmallIntegerField(_("position"), null=True, blank=True)
    is_first_talk = models.BooleanField(_("first talk ever"), default=False)
    language = models.CharField(_("language"), max_length=12, blank=True)
    topics = models.ManyToManyField(Topic, related_name="talks", blank=True, verbose_name=_("topics"))
    speakers = models.ManyToManyField(Speaker, through="TalkSpeaker", related_name="talks", verbose_name=_("speakers"))
    started_at = models.DateTimeField(_("went on"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("came off"), null=True, blank=True, editable=False)
    ical_uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    revised_at = models.DateTimeField(_("revised"), auto_now_add=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    code = models.CharField(
        _("short link"), max_length=8, unique=True, default=new_code, editable=False, help_text=_("/t/<code>/")
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="proposals",
        verbose_name=_("proposed by"),
    )
    proposer_email = models.EmailField(
        _("address of the proposal"),
        blank=True,
        editable=False,
        help_text=_("Of a known speaker, typed by somebody who has not shown yet that it is theirs."),
    )
    queue_position = models.PositiveIntegerField(_("place on stand-by"), null=True, blank=True, editable=False)
    told_state = models.CharField(_("told"), max_length=10, blank=True, editable=False)  # the last the speaker heard of
    told_at = models.DateTimeField(_("told at"), null=True, editable=False)
    chases = models.PositiveSmallIntegerField(_("reminded to confirm"), default=0, editable=False)
    slides_asked_for = models.DateTimeField(null=True, editable=False)  # when the round began that they were asked for
    order_told_for = models.DateTimeField(null=True, editable=False)  # when the round began whose order was told
    here_at = models.DateTimeField(_("here since"), null=True, editable=False)
    is_deck_public = models.BooleanField(
        _("slides are public"), default=True, help_text=_("From the moment the talk starts. Off: never.")
    )
    history = HistoricalRecords(excluded_fields=["proposer_email"])

    objects = TalkQuerySet.as_manager()

    class Meta:
        verbose_name = _("lightning talk")
        verbose_name_plural = _("lightning talks")
        ordering: ClassVar = ["block", models.F("position").asc(nulls_last=True), "id"]
        constraints: ClassVar = [
            # Checked at the end of the transaction, so that two talks can change places
            models.UniqueConstraint(
                fields=["block", "position"],
                name="talk_positions_in_a_block_are_unique",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=models.Q(position=None) | models.Q(state__in=["accepted", "confirmed", "given", "no_show"]),
                name="only_accepted_talks_have_a_position",
                violation_error_message=_("Only an accepted talk has a place in the running order."),
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None)
                | models.Q(started_at__isnull=False, ended_at__gte=models.F("started_at")),
                name="talk_comes_off_after_it_went_on",
            ),
            models.CheckConstraint(
                condition=models.Q(queue_position=None) | models.Q(state="stand_by"),
                name="only_who_stands_by_has_a_place_in_the_queue",
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"talk {self.pk}"


class TalkSpeaker(models.Model):
    """A speaker's part in a talk, with the affiliation they had then."""

    talk = models.ForeignKey(Talk, models.CASCADE, related_name="talk_speakers", verbose_name=_("talk"))
    speaker = models.ForeignKey(Speaker, models.PROTECT, related_name="talk_speakers", verbose_name=_("speaker"))
    affiliation = models.CharField(_("affiliation"), max_length=160, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("speaker of the talk")
        verbose_name_plural = _("speakers of the talk")
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["talk", "speaker"], name="talk_names_each_speaker_once")
        ]

    def __str__(self) -> str:
        return str(self.speaker)


class TalkResource(ResourceBase):
    """Slides, video or code of one talk."""

    talk = models.ForeignKey(Talk, models.CASCADE, related_name="resources", verbose_name=_("talk"))

    class Meta(ResourceBase.Meta):
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
