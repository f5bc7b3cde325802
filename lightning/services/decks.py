"""The slide bay: slides come in checked, replace the ones before, and leave no file behind."""

import datetime as dt
import hashlib
import tempfile
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from core.changes import write_fields
from core.errors import RuleViolation
from events.services.revisions import announce_schedule
from lightning.deck_limits import MOST_BYTES
from lightning.deck_process import look_at, refuse
from lightning.models import Deck, Talk
from lightning.models.deck import deck_storage

MAY_HAVE_SLIDES = (Talk.State.ACCEPTED, Talk.State.CONFIRMED, Talk.State.GIVEN, Talk.State.STAND_BY)
KEPT_FOR = dt.timedelta(hours=1)  # what no row names may be an upload that has not committed yet


def put_deck(*, talk: Talk, upload: "UploadedFile[Any]", now: dt.datetime) -> Deck:
    """Check the upload in a process of its own, then let it take the place of the slides before.

    Nothing is locked while it is looked at. Of two uploads at once the last one stays.
    """
    refuse_without_a_slot(talk)
    if not upload.size:
        refuse("empty")
    if upload.size > MOST_BYTES:
        refuse("too_large")
    with tempfile.TemporaryDirectory(prefix="lectern-deck-") as name:
        folder = Path(name)
        original = _on_disk(upload, folder)
        found = look_at(original, folder)
        file = folder / found["file"] if found["file"] else original
        return _replace(talk, file, folder / found["thumbnail"], kind=found["kind"], pages=found["pages"], now=now)


def refuse_without_a_slot(talk: Talk) -> None:
    """Slides are for talks that are, or may yet be, given."""
    if talk.state not in MAY_HAVE_SLIDES:
        raise RuleViolation("no_slot", _("Slides can be uploaded once this talk has a slot or is on stand-by."))


def _on_disk(upload: "UploadedFile[Any]", folder: Path) -> Path:
    if hasattr(upload, "temporary_file_path"):
        return Path(upload.temporary_file_path())
    path = folder / "upload"
    with path.open("wb") as file:
        for chunk in upload.chunks():
            file.write(chunk)
    return path


def _replace(talk: Talk, file: Path, thumbnail: Path, *, kind: str, pages: int, now: dt.datetime) -> Deck:
    """Files first, then the row; should the row not come about, the new files go again."""
    with file.open("rb") as read:
        checksum = hashlib.file_digest(read, "sha256").hexdigest()
    values = {"kind": kind, "pages": pages, "size": file.stat().st_size, "sha256": checksum, "uploaded_at": now}
    written: list[str] = []
    try:
        with transaction.atomic(durable=True):
            return _store(_locked(talk), file, thumbnail, values, written)
    except BaseException:
        _delete_files(written)
        raise


def _store(talk: Talk, file: Path, thumbnail: Path, values: dict[str, Any], written: list[str]) -> Deck:
    """The caller holds the talk, so nobody else writes into its folder; `written` gets the names of new files."""
    refuse_without_a_slot(talk)
    deck = Deck.objects.filter(talk=talk).first()
    before = [deck.file.name, deck.thumbnail.name] if deck else []
    deck = deck or Deck(talk=talk)
    deck.kind = values["kind"]
    with file.open("rb") as slides, thumbnail.open("rb") as picture:
        for field, content in ((deck.file, slides), (deck.thumbnail, picture)):
            field.save(f"upload.{Deck.EXTENSIONS[Deck.Kind(deck.kind)]}", File(content), save=False)
            written.append(str(field.name))
    write_fields(deck, values | {"file": deck.file, "thumbnail": deck.thumbnail})
    transaction.on_commit(partial(_delete_files, before), robust=True)
    announce_schedule(talk.block.session.event)
    return deck


@transaction.atomic
def remove_deck(*, talk: Talk) -> None:
    """Take the slides away; without any, nothing happens."""
    stored = _locked(talk)
    deck = Deck.objects.filter(talk=stored).first()
    if deck is None:
        return
    names = [deck.file.name, deck.thumbnail.name]
    deck.delete()
    transaction.on_commit(partial(_delete_files, names), robust=True)
    announce_schedule(stored.block.session.event)


@transaction.atomic
def set_deck_public(*, talk: Talk, is_public: bool) -> Talk:
    """Whether everybody may have the slides from the start of the talk."""
    stored = _locked(talk)
    if stored.is_deck_public != is_public:
        write_fields(stored, {"is_deck_public": is_public})
        announce_schedule(stored.block.session.event)
    return stored


def sweep_decks(*, now: dt.datetime) -> int:
    """Delete files that no row names (of deleted talks, or of a process that was killed); returns how many."""
    storage = deck_storage()
    named = {name for row in Deck.objects.values_list("file", "thumbnail") for name in row if name}
    stale = [name for name in _all_files() if name not in named and storage.get_modified_time(name) < now - KEPT_FOR]
    _delete_files(stale)
    return len(stale)


def _all_files() -> list[str]:
    storage = deck_storage()
    folders = storage.listdir("")[0] if storage.exists("") else []
    return [f"{folder}/{name}" for folder in folders for name in storage.listdir(folder)[1]]


def _locked(talk: Talk) -> Talk:
    return Talk.objects.select_for_update(of=("self",)).select_related("block__session__event").get(pk=talk.pk)


def _delete_files(names: Iterable[str | None]) -> None:
    for name in names:
        if name:
            deck_storage().delete(name)
