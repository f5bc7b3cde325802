"""How people get in: the rules an organiser sets for one event, and its seats."""

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from events.models import Event
from registrations.rules import Seats as SeatCount
from registrations.rules import WaitingList


class Place(models.TextChoices):
    """Where a person takes part."""

    ROOM = "room", _("in the room")
    ONLINE = "online", _("online")


class RegistrationPlan(models.Model):
    """The rules of admission for one event."""

    class Admission(models.TextChoices):
        OPEN = "open", _("anybody")
        APPROVAL = "approval", _("an organiser approves each person")
        INVITATION = "invitation", _("invited people only")

    class Queue(models.TextChoices):
        AUTOMATIC = WaitingList.AUTOMATIC, _("the next in line gets a free seat at once")
        TIMED_OFFER = WaitingList.TIMED_OFFER, _("the next in line is asked, and has some hours to answer")
        MANUAL = WaitingList.MANUAL, _("an organiser chooses")

    event = models.OneToOneField(Event, models.CASCADE, related_name="registration_plan", verbose_name=_("event"))
    admission = models.CharField(_("who may come"), max_length=10, choices=Admission.choices, default=Admission.OPEN)
    waiting_list = models.CharField(_("waitlist"), max_length=11, choices=Queue.choices, default=Queue.AUTOMATIC)
    offer_hours = models.PositiveSmallIntegerField(
        _("hours to answer an offer"), default=12, validators=[MinValueValidator(1), MaxValueValidator(168)]
    )
    max_guests = models.PositiveSmallIntegerField(_("guests a person may bring"), default=0)
    opens_at = models.DateTimeField(_("RSVP opens"), null=True, blank=True)
    closes_at = models.DateTimeField(
        _("RSVP closes"), null=True, blank=True, help_text=_("Empty: when the event ends.")
    )
    closes_because = models.CharField(
        _("why it closes then"),
        max_length=200,
        blank=True,
        help_text=_("For example: The building needs names a day ahead."),
    )
    reconfirm_days = models.PositiveSmallIntegerField(
        _("ask to reconfirm, days before"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    releases_silent_seats = models.BooleanField(_("seats of who does not reconfirm go to the waitlist"), default=False)
    release_hours = models.PositiveSmallIntegerField(
        _("give them away, hours before"), default=24, validators=[MinValueValidator(1), MaxValueValidator(720)]
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registration")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(opens_at=None)
                | models.Q(closes_at=None)
                | models.Q(opens_at__isnull=False, closes_at__isnull=False, closes_at__gt=models.F("opens_at")),
                name="registration_closes_after_it_opens",
                violation_error_message=_("RSVP closes before it opens."),
            )
        ]

    def __str__(self) -> str:
        return str(self.event)

    @property
    def places(self) -> list[str]:
        """Where one can take part; fetch the seats with the plan."""
        return [seats.place for seats in self.seats.all()]

    @property
    def offer_length(self) -> dt.timedelta:
        """How long an offer stands when there is time."""
        return dt.timedelta(hours=self.offer_hours)


class Seats(models.Model):
    """The seats of one place; this row is what everybody who wants one locks, late and once."""

    plan = models.ForeignKey(RegistrationPlan, models.CASCADE, related_name="seats", verbose_name=_("registration"))
    place = models.CharField(_("place"), max_length=6, choices=Place.choices)
    capacity = models.PositiveIntegerField(_("capacity"), null=True, blank=True, help_text=_("Empty: no limit."))
    taken = models.PositiveIntegerField(_("taken"), default=0, editable=False)
    waiting = models.PositiveIntegerField(_("people waiting"), default=0, editable=False)

    class Meta:
        verbose_name = _("seats")
        verbose_name_plural = _("seats")
        ordering: ClassVar = ["-place"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "place"], name="plan_has_each_place_once"),
            models.CheckConstraint(condition=models.Q(place__in=["room", "online"]), name="seats_are_in_a_known_place"),
        ]

    def __str__(self) -> str:
        return f"{self.get_place_display()}: {self.taken}/{self.capacity or '∞'}"

    @property
    def count(self) -> SeatCount:
        """The numbers alone, for the rules."""
        return SeatCount(self.capacity, self.taken, self.waiting)


class Invitation(models.Model):
    """Somebody an organiser asks to come; where only invited people may register, the address is the key."""

    plan = models.ForeignKey(
        RegistrationPlan, models.CASCADE, related_name="invitations", verbose_name=_("registration")
    )
    email = models.EmailField(_("email"), max_length=254)
    invited_at = models.DateTimeField(_("invited"))
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering: ClassVar = ["email"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "plan",
                Lower("email"),
                name="person_is_invited_to_an_event_once",
                violation_error_message=_("This person is invited already."),
            )
        ]

    def __str__(self) -> str:
        return self.email


class Question(models.Model):
    """Something organisers ask who registers; frozen once somebody has answered."""

    class Kind(models.TextChoices):
        TEXT = "text", _("a line of text")
        CHOICE = "choice", _("one of several")
        YES_NO = "yes_no", _("yes or no")

    plan = models.ForeignKey(RegistrationPlan, models.CASCADE, related_name="questions", verbose_name=_("registration"))
    text = models.CharField(_("question"), max_length=200)
    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices, default=Kind.TEXT)
    choices = ArrayField(models.CharField(max_length=80), default=list, blank=True, verbose_name=_("choices"))
    is_required = models.BooleanField(_("required"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return self.text
