"""The programme: sessions in rooms, who speaks in them, and what they leave behind."""

import datetime as dt
import uuid
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from events.models.event import Event
from events.models.place import Room
from events.models.sql import EndsAt, IdRange, TimeRange
from speakers.models import ResourceBase, Speaker, Topic

DAY = 24 * 60


class Track(models.Model):
    """A thread through the programme of one event."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="tracks", verbose_name=_("event"))
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("track")
        verbose_name_plural = _("tracks")
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint("event", Lower("name"), name="track_name_is_unique_in_its_event")
        ]

    def __str__(self) -> str:
        return self.name


class SessionQuerySet(models.QuerySet["Session"]):
    """Words for sets of sessions."""

    def in_order(self) -> "SessionQuerySet":
        """As the programme runs: by start, then by position; what has no time yet comes last."""
        return self.order_by(models.F("starts_at").asc(nulls_last=True), "position", "id")


class Session(models.Model):
    """One item of the programme; `ends_at` is computed by the database from start and length."""

    class Kind(models.TextChoices):
        KEYNOTE = "keynote", _("keynote")
        TALK = "talk", _("talk")
        PANEL = "panel", _("panel")
        WORKSHOP = "workshop", _("workshop")
        CODELAB = "codelab", _("codelab")
        BREAK = "break", _("break")
        SOCIAL = "social", _("social")
        LIGHTNING = "lightning", _("lightning")

    class Level(models.TextChoices):
        BEGINNER = "beginner", _("beginner")
        INTERMEDIATE = "intermediate", _("intermediate")
        ADVANCED = "advanced", _("advanced")

    class Status(models.TextChoices):
        PLANNED = "planned", _("planned")
        CANCELLED = "cancelled", _("cancelled")

    event = models.ForeignKey(Event, models.CASCADE, related_name="sessions", verbose_name=_("event"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.TALK)
    title = models.CharField(_("title"), max_length=250)
    abstract = models.TextField(_("abstract"), blank=True, help_text=_("Markdown."))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.PLANNED)
    number = models.CharField(_("number"), max_length=12, blank=True, help_text=_("A free label, such as “11.”"))
    starts_at = models.DateTimeField(_("starts"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("length in minutes"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(7 * DAY)]
    )
    ends_at = models.GeneratedField(
        expression=EndsAt("starts_at", "minutes"), output_field=models.DateTimeField(null=True), db_persist=True
    )
    room = models.ForeignKey(
        Room, models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("room")
    )
    parallel = models.BooleanField(
        _("runs in parallel"), default=False, help_text=_("May share its room with another session at the same time.")
    )
    track = models.ForeignKey(
        Track, models.SET_NULL, null=True, blank=True, related_name="sessions", verbose_name=_("track")
    )
    level = models.CharField(_("level"), max_length=12, choices=Level.choices, blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    topics = models.ManyToManyField(Topic, related_name="sessions", blank=True, verbose_name=_("topics"))
    speakers = models.ManyToManyField(
        Speaker, through="SessionSpeaker", related_name="sessions", verbose_name=_("speakers")
    )
    picked_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="picks", verbose_name=_("picked from")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    ical_uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    revised_at = models.DateTimeField(_("revised"), auto_now_add=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    history = HistoricalRecords(excluded_fields=["ends_at"])

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering: ClassVar = ["event", models.F("starts_at").asc(nulls_last=True), "position", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(minutes=None) | models.Q(minutes__gte=1), name="session_lasts_at_least_a_minute"
            ),
            ExclusionConstraint(
                name="sessions_share_a_room_only_when_marked_parallel",
                expressions=[
                    (IdRange("event"), RangeOperators.OVERLAPS),
                    (IdRange("room"), RangeOperators.OVERLAPS),
                    (TimeRange("starts_at", EndsAt("starts_at", "minutes")), RangeOperators.OVERLAPS),
                ],
                condition=models.Q(
                    parallel=False, status="planned", room__isnull=False, starts_at__isnull=False, minutes__isnull=False
                ),
                violation_error_message=_(
                    "Another session is in this room at that time. Move one, or mark one as running in parallel."
                ),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["event", "starts_at"], name="session_by_event_and_start")]

    def __str__(self) -> str:
        return self.title

    @property
    def length(self) -> dt.timedelta | None:
        """How long it is planned to last, when known."""
        return None if self.minutes is None else dt.timedelta(minutes=self.minutes)

    @property
    def is_cancelled(self) -> bool:
        """Whether it was called off; it stays visible as such."""
        return self.status == self.Status.CANCELLED


class SessionSpeaker(models.Model):
    """A speaker's part in a session, with the affiliation they had then."""

    class Role(models.TextChoices):
        SPEAKER = "speaker", _("speaker")
        MODERATOR = "moderator", _("moderator")
        PANELLIST = "panellist", _("panellist")
        HOST = "host", _("host")

    session = models.ForeignKey(Session, models.CASCADE, related_name="session_speakers", verbose_name=_("session"))
    speaker = models.ForeignKey(Speaker, models.PROTECT, related_name="session_speakers", verbose_name=_("speaker"))
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.SPEAKER)
    affiliation = models.CharField(_("affiliation"), max_length=160, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("speaker of the session")
        verbose_name_plural = _("speakers of the session")
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "speaker"], name="session_names_each_speaker_once")
        ]

    def __str__(self) -> str:
        return str(self.speaker)


class SessionResource(ResourceBase):
    """Slides, video or code of one session."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="resources", verbose_name=_("session"))

    class Meta(ResourceBase.Meta):
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
