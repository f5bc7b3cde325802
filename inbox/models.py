"""What came in by mail and what became of it: one row a message and recipient, kept before anybody reads it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Where a message stands."""

    WAITING = "waiting", _("waiting")
    APPLIED = "applied", _("applied")
    IGNORED = "ignored", _("ignored")
    ASKED = "asked", _("asked to confirm")
    FAILED = "failed", _("failed")


class InboundMail(models.Model):
    """One message to one of our addresses; the same one twice is one row, since mail servers deliver twice."""

    class Source(models.TextChoices):
        PIPE = "pipe", _("mail pipe")
        WEBHOOK = "webhook", _("webhook")
        IMAP = "imap", _("IMAP")

    received_at = models.DateTimeField(_("received"))
    source = models.CharField(pgettext_lazy("the way mail came in", "by"), max_length=8, choices=Source.choices)
    recipient = models.CharField(_("to"), max_length=320, help_text="The envelope's recipient, in lower case.")
    sender = models.CharField(_("from"), max_length=320, blank=True)
    subject = models.CharField(_("subject"), max_length=250, blank=True)
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 over recipient and bytes, hexadecimal.")
    raw = models.BinaryField(editable=False, help_text="As it came, RFC 5322; erased some days after it was handled.")
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    outcome = models.CharField(_("what became of it"), max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    handled_at = models.DateTimeField(_("handled"), null=True, blank=True)

    class Meta:
        verbose_name = _("inbound mail")
        verbose_name_plural = _("inbound mails")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="inbound_state_is_known"),
            models.CheckConstraint(
                condition=models.Q(state=State.WAITING, handled_at=None)
                | (~models.Q(state=State.WAITING) & models.Q(handled_at__isnull=False)),
                name="inbound_mail_is_handled_exactly_when_it_does_not_wait",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=models.Q(state=State.WAITING), name="inbound_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.sender} → {self.recipient}"
