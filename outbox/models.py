"""What must leave and what became of it: one row per message, one row per attempt to send it."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Where a message stands; docs/operations.md draws the ways between them."""

    PENDING = "pending", _("waiting")
    LEASED = "leased", _("taken by a worker")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    SKIPPED = "skipped", _("not sent on purpose")
    EXPIRED = "expired", _("too late to send")
    DEAD = "dead", _("failed for good")
    UNCERTAIN = "uncertain", _("perhaps sent")


AT_WORK = (State.LEASED, State.SENDING)
FINAL = (State.SENT, State.SKIPPED, State.EXPIRED, State.DEAD, State.UNCERTAIN)


class Priority(models.IntegerChoices):
    """Who goes first when many are due."""

    NOW = 0, _("somebody is waiting for it")
    NORMAL = 10, _("normal")
    BULK = 20, _("to many people")


class Policy(models.TextChoices):
    """What a crash in the middle of sending leads to."""

    AT_LEAST_ONCE = "at_least_once", _("send again after a crash")
    AT_MOST_ONCE = "at_most_once", _("ask a person after a crash")


class MessageQuerySet(models.QuerySet["Message"]):
    """Words for sets of messages."""

    def due(self, *, now: datetime) -> "MessageQuerySet":
        """What may be sent now and still makes sense."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now), state=State.PENDING, available_at__lte=now)

    def outlived(self, *, now: datetime) -> "MessageQuerySet":
        """What waited until it made no sense any more."""
        return self.filter(state=State.PENDING, expires_at__lte=now)


class Message(models.Model):
    """One mail to one address, written in the transaction that causes it."""

    kind = models.CharField(_("kind"), max_length=60, help_text=_("Which mail this is, such as account_login_code."))
    dedupe_key = models.CharField(
        max_length=200, help_text="What the mail is about; asking for the same key twice is one mail."
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recipient"),
        help_text="With the person go all mails to them.",
    )
    address = models.EmailField(_("to"), max_length=320)
    sender = models.CharField(_("from"), max_length=320, blank=True, help_text=_("Empty: the site's own address."))
    reply_to = models.CharField(_("reply to"), max_length=320, blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    subject = models.CharField(
        _("subject"), max_length=250, blank=True, help_text=_("Empty: the words are written when it is sent.")
    )
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(_("HTML"), blank=True)
    is_secret = models.BooleanField(
        _("secret"), default=False, help_text=_("Holds a code or a key: its words are erased once they are of no use.")
    )
    calendar = models.TextField(blank=True, help_text="The iCalendar part as it is sent (RFC 6047), CRLF lines.")
    calendar_method = models.CharField(max_length=8, blank=True, help_text="REQUEST or CANCEL; empty: no such part.")
    scopes = ArrayField(
        models.CharField(max_length=60),
        default=list,
        blank=True,
        verbose_name=_("unsubscribable as"),
        help_text="What somebody may have unsubscribed from, such as reminders:group:7; empty: it always goes.",
    )
    group_ref = models.BigIntegerField(
        null=True, blank=True, help_text="The group whose organisers may see the message."
    )
    event_ref = models.BigIntegerField(
        null=True, blank=True, help_text="The event it is about; never without its group."
    )
    payload = models.JSONField(default=dict, blank=True, help_text="What to ask again before sending, and attachments.")
    payload_version = models.PositiveSmallIntegerField(default=1)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority.choices, default=Priority.NORMAL)
    policy = models.CharField(_("policy"), max_length=16, choices=Policy.choices, default=Policy.AT_LEAST_ONCE)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    available_at = models.DateTimeField(_("due"))
    expires_at = models.DateTimeField(_("useful until"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    crashes = models.PositiveSmallIntegerField(_("crashes"), default=0)
    max_attempts = models.PositiveSmallIntegerField(default=30, help_text="With the back-off: about a day.")
    lease_token = models.UUIDField(null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    message_id = models.CharField(
        _("Message-ID"), max_length=250, help_text="RFC 5322 section 3.6.4; the same on every attempt."
    )
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    bounce = models.CharField(
        _("came back as"),
        max_length=11,
        blank=True,
        default="",
        db_default="",  # workers of the release before write rows, too
        help_text="Status of RFC 3463; empty: it did not.",
    )
    created_at = models.DateTimeField(_("written"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects: ClassVar = MessageQuerySet.as_manager()
    at_hand: Any = None  # not in the row: what a writer's `prepare` has read for it (outbox/writers.py)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            # not unique=True: Django would add an index for LIKE to each, and every message would write both
            models.UniqueConstraint(fields=["dedupe_key"], name="message_is_written_once"),
            models.UniqueConstraint(fields=["message_id"], name="message_id_is_unique"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="message_state_is_known"),
            models.CheckConstraint(condition=Q(policy__in=Policy.values), name="message_policy_is_known"),
            models.CheckConstraint(
                condition=Q(state__in=AT_WORK, lease_token__isnull=False, lease_until__isnull=False)
                | (~Q(state__in=AT_WORK) & Q(lease_token=None, lease_until=None)),
                name="message_is_leased_exactly_while_at_work",
            ),
            models.CheckConstraint(
                condition=Q(state__in=FINAL, finished_at__isnull=False)
                | (~Q(state__in=FINAL) & Q(finished_at__isnull=True)),
                name="message_is_finished_exactly_in_a_final_state",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=FINAL, is_secret=True) | Q(text="", html=""),
                name="message_keeps_no_secret_once_finished",
            ),
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(expires_at__gt=F("created_at")),
                name="message_expires_after_it_is_written",
            ),
            models.CheckConstraint(condition=~Q(subject__regex=r"[\r\n]"), name="message_subject_is_one_line"),
            models.CheckConstraint(condition=~Q(address="") & ~Q(dedupe_key=""), name="message_names_its_reader"),
            models.CheckConstraint(
                condition=Q(event_ref=None) | Q(group_ref__isnull=False), name="message_of_an_event_names_its_group"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["priority", "available_at", "id"], condition=Q(state=State.PENDING), name="message_due"
            ),
            models.Index(fields=["lease_until"], condition=Q(state__in=AT_WORK), name="message_leased"),
            models.Index(
                fields=["expires_at"],
                condition=Q(state=State.PENDING, expires_at__isnull=False),
                name="message_expiring",
            ),
            models.Index(
                fields=["group_ref", "event_ref"], condition=Q(group_ref__isnull=False), name="message_of_group"
            ),
            models.Index(fields=["finished_at"], condition=Q(finished_at__isnull=False), name="message_finished"),
            models.Index(fields=["address"], condition=~Q(bounce=""), name="message_bounced"),
        ]

    def __str__(self) -> str:
        return f"{self.subject or self.kind} ({self.address})"


class Attempt(models.Model):
    """One try to send one message; rows are only ever added, so “why did I get two?” has an answer."""

    class Outcome(models.TextChoices):
        SENT = "sent", _("accepted by the mail server")
        TEMPORARY = "temporary", _("refused for now")
        PERMANENT = "permanent", _("refused for good")
        AMBIGUOUS = "ambiguous", _("connection lost before the answer")
        CRASHED = "crashed", _("the worker died")

    message = models.ForeignKey(Message, models.CASCADE, related_name="tries", verbose_name=_("message"))
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    smtp_code = models.PositiveSmallIntegerField(_("SMTP code"), null=True, blank=True)
    worker = models.CharField(_("worker"), max_length=80, blank=True, help_text=_("Host and process."))
    error = models.CharField(_("error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M:%S} {self.outcome}"


class Suppression(models.Model):
    """An address that is not written to: at all (a hard bounce), or about one thing (unsubscribed)."""

    class Reason(models.TextChoices):
        UNSUBSCRIBED = "unsubscribed", _("unsubscribed")
        BOUNCED = "bounced", _("bounced")
        MANUAL = "manual", _("by hand")

    digest = models.CharField(max_length=64, help_text="Keyed digest of the address in lower case; no address is kept.")
    scope = models.CharField(
        pgettext_lazy("unsubscribed from", "from"),
        max_length=60,
        blank=True,
        help_text="Empty: from every mail that has a scope.",
    )
    reason = models.CharField(_("why"), max_length=12, choices=Reason.choices)
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("suppression")
        verbose_name_plural = _("suppressions")
        ordering: ClassVar = ["-since"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["digest", "scope"], name="address_is_suppressed_once_in_a_scope")
        ]

    def __str__(self) -> str:
        return f"{self.digest[:8]}… {self.scope or '*'}"


class DomainPace(models.Model):
    """How many mails went to one mail domain in the current minute."""

    domain = models.CharField(_("domain"), max_length=255, primary_key=True)
    minute = models.DateTimeField(_("minute"))
    sent = models.PositiveIntegerField(_("sent"), default=0)

    class Meta:
        verbose_name = _("pace of a domain")
        verbose_name_plural = _("paces of domains")

    def __str__(self) -> str:
        return f"{self.domain}: {self.sent}"
