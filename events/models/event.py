"""One gathering, where it takes place, and who hosts it."""

import datetime as dt
import uuid
import zoneinfo
from typing import ClassVar, Self

from django.db import models
from django.db.models import Case, Count, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.fields import iana_zone, slug_text, web_address
from events.models.group import Group, Organisation
from events.models.place import Room, Venue
from events.models.series import Series
from speakers.models import ResourceBase, Topic

COUNTED = ("published", "postponed")  # drafts and what is called off have no number


class EventQuerySet(models.QuerySet["Event"]):
    """Words for sets of events."""

    def published(self) -> "EventQuerySet":
        """All that are not drafts: also postponed and cancelled ones, which stay visible as such."""
        return self.exclude(status=Event.Status.DRAFT)

    def listed(self) -> "EventQuerySet":
        """Those of groups that anybody may find."""
        return self.filter(group__is_listed=True)

    def upcoming(self, *, now: dt.datetime) -> "EventQuerySet":
        """Not over yet, the nearest first."""
        return self.filter(ends_at__gt=now).order_by("starts_at", "id")

    def past(self, *, now: dt.datetime) -> "EventQuerySet":
        """Over, the latest first."""
        return self.filter(ends_at__lte=now).order_by("-starts_at", "-id")

    def counted(self) -> Self:
        """Those that have a number in their group."""
        return self.filter(is_numbered=True, status__in=COUNTED)

    def with_number(self) -> Self:
        """Each with `number`: its place in its group's count, from what was held before Lectern onwards.

        Drafts and cancelled events do not count and have no number; nor has what is not part of the numbering.
        """
        up_to_it = Event.objects.counted().filter(
            Q(starts_at__lt=OuterRef("starts_at")) | Q(starts_at=OuterRef("starts_at"), id__lte=OuterRef("id")),
            group=OuterRef("group"),
        )
        count = up_to_it.order_by().values("group").annotate(count=Count("id")).values("count")
        place = F("group__earlier_events") + Coalesce(Subquery(count), Value(0))
        has_one = When(is_numbered=True, status__in=COUNTED, then=place)
        return self.annotate(number=Case(has_one, default=None, output_field=models.IntegerField()))


class Event(models.Model):
    """A meetup, a summit, an evening: what people come to."""

    class Format(models.TextChoices):
        IN_PERSON = "in_person", _("in person")
        ONLINE = "online", _("online")
        HYBRID = "hybrid", _("in person and online")

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        POSTPONED = "postponed", _("postponed")
        CANCELLED = "cancelled", _("cancelled")

    class Relation(models.TextChoices):
        RECAP = "recap", _("recap")
        VIEWING_PARTY = "viewing_party", _("viewing party")
        EXTENSION = "extension", _("extension")

    group = models.ForeignKey(Group, models.PROTECT, related_name="events", verbose_name=_("group"))
    title = models.CharField(_("title"), max_length=200)
    slug = models.CharField(_("short name"), max_length=80, validators=[slug_text])
    summary = models.CharField(_("summary"), max_length=300, blank=True)
    description = models.TextField(_("description"), blank=True, help_text=_("Markdown."))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    format = models.CharField(_("format"), max_length=10, choices=Format.choices, default=Format.IN_PERSON)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    time_zone = models.CharField(_("time zone"), max_length=64, validators=[iana_zone])
    is_numbered = models.BooleanField(_("counts in the group's numbering"), default=True)
    language = models.CharField(_("language"), max_length=12, blank=True, help_text=_("en, zh-Hans"))
    topics = models.ManyToManyField(Topic, related_name="events", blank=True, verbose_name=_("topics"))
    venue = models.ForeignKey(
        Venue, models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("venue")
    )
    rooms = models.ManyToManyField(Room, through="EventRoom", related_name="events", verbose_name=_("rooms"))
    online_url = models.CharField(
        _("online address"),
        max_length=500,
        blank=True,
        validators=[web_address],
        help_text=_("Shown to confirmed attendees only."),
    )
    hosts = models.ManyToManyField(
        Organisation, through="EventHost", related_name="events", verbose_name=_("hosts and sponsors")
    )
    series = models.ForeignKey(
        Series, models.SET_NULL, null=True, blank=True, related_name="events", verbose_name=_("series")
    )
    relation = models.CharField(_("is a"), max_length=14, choices=Relation.choices, blank=True)
    related_event = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="related_events", verbose_name=_("of the event")
    )
    ical_uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="UID of RFC 5545 3.8.4.7")
    sequence = models.PositiveIntegerField(default=0, editable=False, help_text="SEQUENCE of RFC 5545 3.8.7.4")
    revised_at = models.DateTimeField(_("revised"), auto_now_add=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    history = HistoricalRecords()

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering: ClassVar = ["-starts_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("slug"),
                name="event_slug_is_unique_without_regard_to_case",
                violation_error_message=_("Another event has this short name already."),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="event_ends_after_it_starts",
                violation_error_message=_("The event ends before it starts."),
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "published", "postponed", "cancelled"]),
                name="event_status_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(related_event=None) | ~models.Q(related_event=models.F("id")),
                name="event_is_not_related_to_itself",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["group", "starts_at"], name="event_by_group_and_start"),
            models.Index(fields=["ends_at"], name="event_by_end"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The event's public page."""
        return reverse("event", args=[self.slug])

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The IANA zone in which the event's clock runs."""
        return zoneinfo.ZoneInfo(self.time_zone)

    def is_over(self, *, now: dt.datetime) -> bool:
        """Whether the clock has passed its end."""
        return self.ends_at <= now


class EventRoom(models.Model):
    """A room this event uses, in the order its columns are shown."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="event_rooms", verbose_name=_("event"))
    room = models.ForeignKey(Room, models.PROTECT, related_name="event_rooms", verbose_name=_("room"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("room of the event")
        verbose_name_plural = _("rooms of the event")
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "room"], name="event_has_each_room_once")]

    def __str__(self) -> str:
        return str(self.room)


class EventHost(models.Model):
    """An organisation that hosts or sponsors the event."""

    class Role(models.TextChoices):
        HOST = "host", _("host")
        SPONSOR = "sponsor", _("sponsor")

    event = models.ForeignKey(Event, models.CASCADE, related_name="event_hosts", verbose_name=_("event"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="event_hosts", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=8, choices=Role.choices, default=Role.HOST)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("host or sponsor")
        verbose_name_plural = _("hosts and sponsors")
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "organisation", "role"], name="event_names_each_host_once")
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class EventResource(ResourceBase):
    """Something the whole evening left behind."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="resources", verbose_name=_("event"))

    class Meta(ResourceBase.Meta):
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
