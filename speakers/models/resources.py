"""What a talk leaves behind: slides, video, code, paper, photos, notes, a course."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import web_address


class ResourceBase(models.Model):
    """A link or an uploaded file; a concrete table exists for each thing it may hang on."""

    class Kind(models.TextChoices):
        SLIDES = "slides", _("slides")
        VIDEO = "video", _("video")
        CODE = "code", _("code")
        PAPER = "paper", _("paper")
        PHOTOS = "photos", _("photos")
        NOTES = "notes", _("notes")
        COURSE = "course", _("course")
        LINK = "link", _("link")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.LINK)
    title = models.CharField(_("title"), max_length=200, blank=True)
    url = models.CharField(_("address"), max_length=500, blank=True, validators=[web_address])
    file = models.FileField(_("file"), upload_to="resources/%Y/%m/", blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        abstract = True
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(url="") ^ ~models.Q(file=""),
                name="%(class)s_is_a_link_or_a_file",
                violation_error_message=_("Give an address or a file, one of the two."),
            )
        ]

    def __str__(self) -> str:
        return self.title or self.url or str(self.file.name)

    @property
    def address(self) -> str:
        """Where it can be fetched: the link, or the file's own address."""
        return self.url or self.file.url
