"""One person at one event, and everything that happened on the way."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.tokens import new_secret
from events.models import Event
from registrations.models.plan import Place, Question
from registrations.states import HOLDS_A_SEAT
from registrations.states import State as States


class RegistrationQuerySet(models.QuerySet["Registration"]):
    """Words for sets of registrations."""

    def holding_seats(self) -> "RegistrationQuerySet":
        """Those a seat is kept for."""
        return self.filter(state__in=HOLDS_A_SEAT)

    def queue(self) -> "RegistrationQuerySet":
        """Those who wait, the next in line first."""
        return self.filter(state=States.WAITING).order_by("-priority", "joined_at", "id")


class Registration(models.Model):
    """A person's place, or wish for one; somebody who deleted their account leaves a row without name or person."""

    class State(models.TextChoices):
        PENDING = States.PENDING, _("not confirmed")
        REQUESTED = States.REQUESTED, _("asks to come")
        GOING = States.GOING, _("going")
        WAITING = States.WAITING, _("waiting")
        OFFERED = States.OFFERED, _("offered a place")
        DECLINED = States.DECLINED, _("declined")
        CANCELLED = States.CANCELLED, _("cancelled")
        CHECKED_IN = States.CHECKED_IN, _("checked in")
        NO_SHOW = States.NO_SHOW, _("did not come")

    class Source(models.TextChoices):
        WEB = "web", _("web")
        API = "api", _("API")
        SERIES = "series", _("series")
        WALK_IN = "walk_in", _("walk-in")

    public_id = models.UUIDField(
        unique=True,
        default=uuid.uuid4,
        editable=False,
        help_text="Its name in the API: the row's own number would tell how many there are.",
    )
    event = models.ForeignKey(
        Event,
        models.CASCADE,
        related_name="registrations",
        verbose_name=_("event"),
        db_index=False,  # the first column of two indexes below
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="registrations",
        verbose_name=_("person"),
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    place = models.CharField(_("place"), max_length=6, choices=Place.choices, default=Place.ROOM)
    guests = models.PositiveSmallIntegerField(_("guests"), default=0)
    priority = models.SmallIntegerField(_("priority"), default=0, help_text=_("Higher comes first on the waitlist."))
    joined_at = models.DateTimeField(_("in line since"), help_text=_("The place on the waitlist follows from it."))
    offer_until = models.DateTimeField(_("offer stands until"), null=True, blank=True)
    reconfirm_asked_at = models.DateTimeField(_("asked to reconfirm"), null=True, blank=True)
    reconfirmed_at = models.DateTimeField(_("reconfirmed"), null=True, blank=True)
    source = models.CharField(_("came by"), max_length=10, choices=Source.choices, default=Source.WEB)
    ticket = models.CharField(_("ticket code"), max_length=32, default=new_secret, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False, help_text="Rises with every change of state.")
    created_at = models.DateTimeField(_("created"))
    changed_at = models.DateTimeField(_("changed"))

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering: ClassVar = ["event", "created_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "user"], name="person_registers_for_an_event_once"),
            # not unique=True: Django would add an index for LIKE to each, and every RSVP would write both
            models.UniqueConstraint(fields=["ticket"], name="ticket_opens_one_registration"),
            models.CheckConstraint(
                condition=models.Q(state=States.OFFERED, offer_until__isnull=False)
                | ~models.Q(state=States.OFFERED) & models.Q(offer_until=None),
                name="an_offer_has_an_end_and_nothing_else_has",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in States]), name="registration_state_is_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["event", "place", "-priority", "joined_at", "id"],
                condition=models.Q(state=States.WAITING),
                name="registration_queue",
            ),
            models.Index(fields=["offer_until"], condition=models.Q(state=States.OFFERED), name="registration_offers"),
            models.Index(
                fields=["created_at"], condition=models.Q(state=States.PENDING), name="registration_unconfirmed"
            ),
            models.Index(fields=["event", "state"], name="registration_by_state"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.user or _("somebody who left"))

    @property
    def party(self) -> int:
        """How many seats it takes."""
        return 1 + self.guests


class RegistrationChange(models.Model):
    """One step of one registration; rows are only ever added."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="changes")
    at = models.DateTimeField(_("when"))
    command = models.CharField(_("what"), max_length=16)
    before = models.CharField(_("from"), max_length=10, blank=True)
    after = models.CharField(_("to"), max_length=10)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.before or '·'} → {self.after}"


class Answer(models.Model):
    """What somebody answered to a question."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    value = models.CharField(_("answer"), max_length=500)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering: ClassVar = ["question__position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["registration", "question"], name="question_is_answered_once")
        ]

    def __str__(self) -> str:
        return self.value
