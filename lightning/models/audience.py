"""What the audience gives a talk: applause, and words for its speaker."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from lightning.models.talk import Talk


class Applause(models.Model):
    """One person's; `clapper` is a digest of their account or of a random mark their browser keeps."""

    talk = models.ForeignKey(Talk, models.CASCADE, related_name="applause", verbose_name=_("talk"))
    clapper = models.CharField(max_length=64, editable=False)
    given_at = models.DateTimeField(_("given"))

    class Meta:
        verbose_name = _("applause")
        verbose_name_plural = _("applause")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["talk", "clapper"], name="each_person_applauds_a_talk_once")
        ]

    def __str__(self) -> str:
        return f"{self.talk}, {self.given_at:%H:%M}"


class Feedback(models.Model):
    """Words for the speaker alone, until they share them."""

    talk = models.ForeignKey(Talk, models.CASCADE, related_name="feedback", verbose_name=_("talk"))
    name = models.CharField(_("name"), max_length=120, blank=True)
    text = models.TextField(_("text"), max_length=2000)
    clapper = models.CharField(max_length=64, editable=False)
    given_at = models.DateTimeField(_("given"))
    shared_at = models.DateTimeField(_("shared"), null=True, blank=True)

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering: ClassVar = ["-given_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["talk", "clapper"], name="each_person_gives_feedback_to_a_talk_once")
        ]

    def __str__(self) -> str:
        return f"{self.talk}, {self.given_at:%H:%M}"
