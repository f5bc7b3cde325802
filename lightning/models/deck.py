"""The slides of a talk, as they were uploaded and checked."""

import uuid
from typing import ClassVar

from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _

from lightning.models.talk import Talk


def deck_storage() -> Storage:
    """A folder no web server looks into: decks leave through a view that asks whether they may."""
    return storages["decks"]


def deck_path(deck: "Deck", filename: str) -> str:
    """Nothing of what the uploader called it; a new name for every upload, so that nothing is overwritten."""
    return f"{deck.talk_id}/{uuid.uuid4().hex}.{deck.extension}"


def thumbnail_path(deck: "Deck", filename: str) -> str:
    """Beside the deck."""
    return f"{deck.talk_id}/{uuid.uuid4().hex}.thumbnail.webp"


class Deck(models.Model):
    """One PDF or image; its kind was read from its content."""

    class Kind(models.TextChoices):
        PDF = "application/pdf", "PDF"
        PNG = "image/png", "PNG"
        JPEG = "image/jpeg", "JPEG"
        WEBP = "image/webp", "WebP"

    EXTENSIONS: ClassVar = {Kind.PDF: "pdf", Kind.PNG: "png", Kind.JPEG: "jpg", Kind.WEBP: "webp"}

    talk = models.OneToOneField(Talk, models.CASCADE, related_name="deck", verbose_name=_("talk"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    file = models.FileField(_("file"), storage=deck_storage, upload_to=deck_path, max_length=200)
    thumbnail = models.FileField(
        _("thumbnail"), storage=deck_storage, upload_to=thumbnail_path, max_length=200, blank=True
    )
    size = models.PositiveIntegerField(_("bytes"))
    pages = models.PositiveSmallIntegerField(_("pages"))
    sha256 = models.CharField(max_length=64, editable=False)
    uploaded_at = models.DateTimeField(_("uploaded"))

    class Meta:
        verbose_name = _("deck")
        verbose_name_plural = _("decks")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["application/pdf", "image/png", "image/jpeg", "image/webp"]),
                name="deck_is_a_pdf_or_an_image",
            ),
            models.CheckConstraint(condition=models.Q(pages__gte=1), name="deck_has_a_page"),
        ]

    def __str__(self) -> str:
        return f"{self.talk}: {self.get_kind_display()}"

    @property
    def extension(self) -> str:
        """By its kind: pdf, png, jpg, webp."""
        return self.EXTENSIONS[self.Kind(self.kind)]
