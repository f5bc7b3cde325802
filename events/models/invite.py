"""The iTIP life of one calendar entry in one person's calendar (RFC 5546): what was sent last, what was answered."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from events.models.event import Event
from events.models.group import Group


class ReplyAddress(models.Model):
    """Where one person's calendar answers one group; invitations come from it, so it never changes."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="+", verbose_name=_("group"))
    address = models.EmailField(_("of"), max_length=320, help_text="In lower case: whose calendar answers.")
    token = models.CharField(max_length=32, help_text="Lower-case base32, in front of it `rsvp+`.")
    created_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("reply address")
        verbose_name_plural = _("reply addresses")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["group", "address"], name="person_answers_a_group_at_one_address"),
            models.UniqueConstraint(fields=["token"], name="reply_token_is_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.address} → {self.group}"


class CalendarInvite(models.Model):
    """One entry (event, session or talk, named by its UID) as one address was told of it."""

    class Role(models.TextChoices):
        ATTENDEE = "attendee", _("attendee")
        SPEAKER = "speaker", _("speaker")

    class Method(models.TextChoices):
        REQUEST = "REQUEST", _("invited")
        CANCEL = "CANCEL", _("called off")

    class PartStat(models.TextChoices):
        NEEDS_ACTION = "NEEDS-ACTION", _("no answer yet")
        ACCEPTED = "ACCEPTED", _("accepted")
        DECLINED = "DECLINED", _("declined")
        TENTATIVE = "TENTATIVE", _("maybe")
        DELEGATED = "DELEGATED", _("delegated")

    uid = models.UUIDField(default=uuid.uuid4, help_text="UID of RFC 5545 3.8.4.7: of the event, session or talk.")
    event = models.ForeignKey(Event, models.CASCADE, related_name="calendar_invites", verbose_name=_("event"))
    role = models.CharField(_("as"), max_length=8, choices=Role.choices, default=Role.ATTENDEE)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="calendar_invites",
        verbose_name=_("person"),
        help_text="Empty for a speaker without an account.",
    )
    address = models.EmailField(_("address"), max_length=320, help_text="In lower case; the only ATTENDEE.")
    name = models.CharField(_("name"), max_length=160, blank=True)
    reply_address = models.ForeignKey(ReplyAddress, models.PROTECT, related_name="invites")
    organizer = models.EmailField(_("organizer"), max_length=320, help_text="As first sent; never changes for a UID.")
    method = models.CharField(_("standing"), max_length=8, choices=Method.choices, default=Method.REQUEST)
    sequence = models.PositiveIntegerField(default=0, help_text="SEQUENCE of the last message, RFC 5546 2.1.4.")
    revision = models.PositiveIntegerField(default=0, help_text="Rises with every message; an older one is not sent.")
    stamped_at = models.DateTimeField(_("said"), help_text="DTSTAMP of the last message: strictly increasing.")
    told = models.JSONField(default=dict, help_text="Start, end, place and status as the last message said them.")
    partstat = models.CharField(_("answer"), max_length=12, choices=PartStat.choices, default=PartStat.NEEDS_ACTION)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answer_sequence = models.PositiveIntegerField(null=True, blank=True)
    answer_stamped_at = models.DateTimeField(null=True, blank=True, help_text="DTSTAMP of the last answer applied.")
    created_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("calendar invite")
        verbose_name_plural = _("calendar invites")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["uid", "address"], name="address_is_invited_once_to_an_entry"),
        ]
        indexes: ClassVar = [models.Index(fields=["event", "role", "method"], name="invite_by_event")]

    def __str__(self) -> str:
        return f"{self.address}: {self.method} {self.sequence}"


class InviteRound(models.Model):
    """When invites were last compared with who comes or speaks: once a minute, however many workers there are."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("round of invites")
        verbose_name_plural = _("rounds of invites")

    def __str__(self) -> str:
        return self.name
