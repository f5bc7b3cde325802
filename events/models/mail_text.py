"""A group's own words for the mails it causes; facts and links stay ours, so that no mail can lose them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from events.models.group import Group


class MailText(models.Model):
    """Subject and opening words of one kind of mail in one language; empty parts fall back to the built-in ones."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="mail_texts", verbose_name=_("group"))
    kind = models.CharField(_("mail"), max_length=40)
    language = models.CharField(_("language"), max_length=12, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    text = models.TextField(_("opening words"), max_length=2000, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("mail text")
        verbose_name_plural = _("mail texts")
        ordering: ClassVar = ["group", "kind", "language"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["group", "kind", "language"],
                name="group_words_a_mail_once_in_a_language",
                violation_error_message=_("The group has words for this mail in this language already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.kind} ({self.language})"
