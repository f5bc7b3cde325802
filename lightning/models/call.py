"""The call for a round: when talks may be proposed, and how slots are given away."""

import datetime as dt
import secrets
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from lightning.models.block import Block
from lightning.models.talk import Talk


def new_seed() -> str:
    """128 random bits in hexadecimal: chosen when the call is made, published when the draw has been held."""
    return secrets.token_hex(16)


class Call(models.Model):
    """A window relative to the round's start, which moves with it, and the policy by which slots are given."""

    class Policy(models.TextChoices):
        FIRST_COME = "first_come", _("first come, first served")
        CURATED = "curated", _("organisers choose")
        DRAW = "draw", _("fair draw")

    block = models.OneToOneField(Block, models.CASCADE, related_name="call", verbose_name=_("block"))
    policy = models.CharField(_("policy"), max_length=10, choices=Policy.choices, default=Policy.FIRST_COME)
    opens_before = models.DurationField(
        _("opens before the round"),
        null=True,
        blank=True,
        help_text=_("Days and hours, like “30 00:00:00”. Empty: as soon as the event is public."),
    )
    closes_before = models.DurationField(
        _("closes before the round"),
        default=dt.timedelta(hours=2),
        help_text=_("Hours, like “02:00:00”."),
    )
    is_open_on_the_night = models.BooleanField(
        _("sign-up on the night"),
        default=True,
        help_text=_("Open again from an hour before the round until its end, by the QR code on the projector."),
    )
    first_timer_percent = models.PositiveSmallIntegerField(
        _("percent of slots for first talks"),
        default=30,
        validators=[MaxValueValidator(100)],
        help_text=_("Fair draw: so many slots are drawn among first talks, before all others."),
    )
    most_per_organisation = models.PositiveSmallIntegerField(
        _("most talks of one organisation"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    seed = models.CharField(max_length=32, default=new_seed, editable=False)
    history = HistoricalRecords(excluded_fields=["seed"])

    class Meta:
        verbose_name = _("call for talks")
        verbose_name_plural = _("calls for talks")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(closes_before__gte=dt.timedelta(0)),
                name="call_closes_before_the_round_starts",
                violation_error_message=_("“Closes before” cannot be negative."),
            ),
            models.CheckConstraint(
                condition=models.Q(opens_before=None) | models.Q(opens_before__gt=models.F("closes_before")),
                name="call_opens_before_it_closes",
                violation_error_message=_("The call would close before it opens."),
            ),
            models.CheckConstraint(
                condition=models.Q(first_timer_percent__lte=100), name="call_first_timer_share_is_a_percentage"
            ),
        ]

    def __str__(self) -> str:
        return str(self.block)


class Draw(models.Model):
    """A draw that was held: everything that anybody needs to hold it again and get the same order.

    `entries` are `{"id": talk's UID, "first": bool, "organisation": opaque text}`; `result` are UIDs, winners first.
    """

    block = models.ForeignKey(Block, models.CASCADE, related_name="draws", verbose_name=_("block"))
    drawn_at = models.DateTimeField(_("drawn"))
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("drawn by")
    )
    seed = models.CharField(_("seed"), max_length=32)
    slots = models.PositiveSmallIntegerField(_("slots"))
    first_timer_slots = models.PositiveSmallIntegerField(_("slots for first talks"))
    most_per_organisation = models.PositiveSmallIntegerField(_("most talks of one organisation"), null=True)
    entries = models.JSONField(_("entries"))
    result = models.JSONField(_("result"))

    class Meta:
        verbose_name = _("draw")
        verbose_name_plural = _("draws")
        ordering: ClassVar = ["-drawn_at", "-id"]

    def __str__(self) -> str:
        return f"{self.block}, {self.drawn_at:%Y-%m-%d %H:%M}"


class SlotOffer(models.Model):
    """A slot held for who stands by, until they answer or the time is over."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        TAKEN = "taken", _("taken")
        DECLINED = "declined", _("declined")
        EXPIRED = "expired", _("expired")
        WITHDRAWN = "withdrawn", _("withdrawn")

    talk = models.ForeignKey(Talk, models.CASCADE, related_name="offers", verbose_name=_("talk"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    offered_at = models.DateTimeField(_("offered"))
    expires_at = models.DateTimeField(_("expires"))
    answered_at = models.DateTimeField(_("answered"), null=True)

    class Meta:
        verbose_name = _("offer of a slot")
        verbose_name_plural = _("offers of slots")
        ordering: ClassVar = ["-offered_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["talk"], condition=models.Q(state="open"), name="talk_has_one_open_offer_at_most"
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", answered_at=None) | ~models.Q(state="open"),
                name="open_offers_are_not_answered",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("offered_at")), name="offer_expires_after_it_is_made"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["expires_at"], condition=models.Q(state="open"), name="slot_offers_open")
        ]

    def __str__(self) -> str:
        return f"{self.talk}: {self.get_state_display()}"
