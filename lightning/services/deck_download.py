"""All slides of a round in one file, made where the slides lie and kept until they change."""

import hashlib
import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path

from django.utils.translation import gettext as _

from core.errors import RuleViolation
from lightning.models import Block, Deck
from lightning.models.deck import deck_storage
from lightning.selectors.decks import deck_name, decks_of

FOLDER = "downloads"  # lightning.services.decks.sweep_decks empties it
ATTEMPTS = 3


def pack_decks(*, block: Block) -> str:
    """The name, in the decks' storage, of an archive of all slides in running order.

    Nothing is compressed (slides are already), and no deck is held in memory. Raises RuleViolation without slides.
    """
    for _turn in range(ATTEMPTS):
        decks = list(decks_of(block))
        if not decks:
            raise RuleViolation("no_decks", _("Nobody has uploaded slides for this round yet."))
        try:
            return _packed(block, decks)
        except FileNotFoundError:  # somebody has just replaced theirs
            continue
    raise RuleViolation("busy", _("Slides are being uploaded at this moment. Try again in a minute."))


def _packed(block: Block, decks: list[Deck]) -> str:
    name = f"{FOLDER}/{block.pk}-{_digest(decks)}.zip"
    path = Path(deck_storage().path(name))
    if path.exists():
        path.touch()
        return name
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".part")
    try:
        _write(half, decks)
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)
    return name


def _digest(decks: Iterable[Deck]) -> str:
    text = "\n".join(f"{deck.sha256} {deck_name(deck)}" for deck in decks)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _write(path: Path, decks: Iterable[Deck]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for deck in decks:
            entry = zipfile.ZipInfo(deck_name(deck), deck.uploaded_at.timetuple()[:6])
            with deck.file.open("rb") as slides, archive.open(entry, "w") as copy:
                shutil.copyfileobj(slides, copy)
