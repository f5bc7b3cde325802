"""The shared vocabulary: a tree of topics."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.fields import slug_text


class Topic(models.Model):
    """A node of the vocabulary (Android, Machine learning, XLA), used by speakers, sessions, talks and groups."""

    name = models.CharField(_("name"), max_length=80)
    slug = models.CharField(_("short name"), max_length=80, validators=[slug_text])
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    description = models.TextField(_("description"), blank=True)

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("slug"), name="topic_slug_is_unique_without_regard_to_case"),
            models.UniqueConstraint(Lower("name"), name="topic_name_is_unique_without_regard_to_case"),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")) | models.Q(parent=None), name="topic_is_not_its_own_parent"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The topic's public page."""
        return reverse("topic", args=[self.slug])
