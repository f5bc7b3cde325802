"""The slide bay: slides replace slides, and no file stays behind that no row names."""

import datetime as dt
import os
import shutil
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from core.errors import RuleViolation
from events.models import Event
from lightning.models import Block, Deck, Talk
from lightning.models.deck import deck_storage
from lightning.selectors.decks import began_at, deck_name, decks_of, is_deck_out
from lightning.services import decks
from lightning.services.deck_download import pack_decks
from lightning.services.decks import put_deck, remove_deck, set_deck_public, sweep_decks
from lightning.tasks import sweep_deck_files
from tests.factories import BlockFactory, SpeakerFactory, TalkFactory
from tests.factories.lightning import DeckFactory, StageFactory
from tests.lightning import deck_files as files
from tests.races import at_once

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _empty_bay() -> None:
    """What the test before left is not found by this one."""
    shutil.rmtree(deck_storage().location, ignore_errors=True)


@pytest.fixture
def block(now: dt.datetime) -> Block:
    return BlockFactory(session__event__starts_at=now)


@pytest.fixture
def talk(block: Block) -> Talk:
    return TalkFactory(block=block, title="What XLA does", speakers=[SpeakerFactory(name="Cy Young")])


def upload(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("../../etc/passwd", content, content_type="text/html")


def in_the_bay() -> int:
    return sum(path.is_file() for path in Path(deck_storage().location).rglob("*"))


def read(deck: Deck) -> bytes:
    with deck.file.open("rb") as file:
        return bytes(file.read())


@pytest.mark.django_db
class TestUpload:
    def test_slides_are_kept_under_a_name_of_ours(
        self, talk: Talk, now: dt.datetime, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        content = files.pdf(2)
        deck = put_deck(talk=talk, upload=upload(content), now=now)
        assert (deck.kind, deck.pages, deck.size, deck.uploaded_at) == ("application/pdf", 2, len(content), now)
        assert read(deck) == content
        assert (deck.file.name.split("/")[0], deck.file.name[-4:], in_the_bay()) == (str(talk.pk), ".pdf", 2)

    def test_new_slides_take_the_place_of_the_old_ones(
        self, talk: Talk, now: dt.datetime, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        DeckFactory(talk=talk)
        with django_capture_on_commit_callbacks(execute=True):
            put_deck(talk=talk, upload=upload(files.picture("PNG")), now=now)
        deck = Deck.objects.get()
        assert (deck.kind, deck.pages, deck.file.name[-4:], in_the_bay()) == ("image/png", 1, ".png", 2)

    @pytest.mark.parametrize(
        ("content", "code"), [(b"", "deck_empty"), (b"PK\x03\x04", "deck_office"), (b"hello", "deck_unknown")]
    )
    def test_what_is_refused_changes_nothing(self, talk: Talk, now: dt.datetime, content: bytes, code: str) -> None:
        before = DeckFactory(talk=talk)
        with pytest.raises(RuleViolation) as refused:
            put_deck(talk=talk, upload=upload(content), now=now)
        assert (refused.value.code, in_the_bay(), read(Deck.objects.get())) == (code, 2, read(before))

    def test_what_is_too_large_is_not_even_read(self, talk: Talk, now: dt.datetime) -> None:
        large = upload(b"%PDF")
        large.size = 50 * 1024 * 1024 + 1
        with pytest.raises(RuleViolation, match="larger than 50 MB"):
            put_deck(talk=talk, upload=large, now=now)

    @pytest.mark.parametrize("state", ["submitted", "declined", "withdrawn", "no_show"])
    def test_slides_are_for_talks_that_may_be_given(self, block: Block, now: dt.datetime, state: str) -> None:
        talk = TalkFactory(block=block, state=state, position=None)
        with pytest.raises(RuleViolation) as refused:
            put_deck(talk=talk, upload=upload(files.pdf()), now=now)
        assert (refused.value.code, in_the_bay()) == ("no_slot", 0)

    def test_files_go_again_when_the_row_does_not_come_about(
        self, talk: Talk, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(event: Event) -> None:
            raise IntegrityError

        DeckFactory(talk=talk)
        monkeypatch.setattr(decks, "announce_schedule", fail)
        with pytest.raises(IntegrityError):
            put_deck(talk=talk, upload=upload(files.pdf()), now=now)
        assert (Deck.objects.get().pages, in_the_bay()) == (1, 2)

    def test_removing_takes_the_files_along_and_may_be_said_twice(
        self, talk: Talk, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        DeckFactory(talk=talk)
        for _time in range(2):
            with django_capture_on_commit_callbacks(execute=True):
                remove_deck(talk=talk)
        assert (Deck.objects.exists(), in_the_bay()) == (False, 0)

    def test_the_sweep_finds_what_no_row_names(self, talk: Talk, now: dt.datetime) -> None:
        """Of a deleted talk, and of a process that was killed; an upload of this minute is let alone."""
        kept = DeckFactory(talk=talk)
        gone = DeckFactory(talk__block=talk.block)
        gone.talk.delete()
        old = (now - 2 * 60 * MINUTE).timestamp()
        for path in Path(deck_storage().location).rglob("*.*"):
            os.utime(path, (old, old))
        deck_storage().save(f"{talk.pk}/new.pdf", upload(b"%PDF"))
        os.utime(deck_storage().path(f"{talk.pk}/new.pdf"), (now.timestamp(), now.timestamp()))
        assert (sweep_decks(now=now), in_the_bay(), read(kept)) == (2, 3, b"%PDF-1.4 slides")

    def test_the_beat_sweeps_by_the_clock_even_an_empty_bay(self, talk: Talk) -> None:
        sweep_deck_files()
        DeckFactory(talk=talk)
        Deck.objects.all().delete()
        for path in Path(deck_storage().location).rglob("*.*"):
            os.utime(path, (0, 0))
        sweep_deck_files()
        assert in_the_bay() == 0


def test_of_two_uploads_at_once_one_stays_and_no_file_of_the_other(transactional_db: None, now: dt.datetime) -> None:
    talk = TalkFactory(block__session__event__starts_at=now)
    uploads = [upload(files.pdf(pages)) for pages in (1, 2)]
    done = at_once(*(lambda one=one: put_deck(talk=talk, upload=one, now=now) for one in uploads))
    assert (done, Deck.objects.get().pages in {1, 2}, in_the_bay()) == (["done", "done"], True, 2)


@pytest.mark.django_db
class TestOut:
    """Slides are out from the moment the talk starts, or never."""

    def test_from_the_moment_that_the_stage_says(self, talk: Talk, now: dt.datetime) -> None:
        StageFactory(block=talk.block, version=1)
        assert is_deck_out(talk, now=now + 99 * MINUTE) is False
        talk.started_at = now + 7 * MINUTE
        assert [is_deck_out(talk, now=now + n * MINUTE) for n in (6, 7, 8)] == [False, True, True]

    def test_never_when_the_speaker_says_so(self, talk: Talk, now: dt.datetime) -> None:
        talk.started_at = now
        talk = set_deck_public(talk=talk, is_public=False)
        assert is_deck_out(talk, now=now) is False
        assert Talk.history.filter(id=talk.pk).first().is_deck_public is False

    def test_where_nobody_runs_the_stage_once_the_round_is_over(self, talk: Talk, now: dt.datetime) -> None:
        second = TalkFactory(block=talk.block)
        assert [began_at(second, now=now + n * MINUTE) for n in (7, 59, 60)] == [None, None, now + 6 * MINUTE]

    @pytest.mark.parametrize("state", ["accepted", "no_show"])
    def test_not_of_who_was_not_there(self, talk: Talk, now: dt.datetime, state: str) -> None:
        talk.state = state
        assert is_deck_out(talk, now=now + 99 * MINUTE) is False

    def test_not_of_an_event_that_was_called_off(self, talk: Talk, now: dt.datetime) -> None:
        Event.objects.update(status=Event.Status.CANCELLED)
        assert is_deck_out(Talk.objects.get(), now=now + 99 * MINUTE) is False


@pytest.mark.django_db
class TestDownload:
    """All slides of a round as one file."""

    @pytest.mark.parametrize(
        ("name", "title", "kind", "called"),
        [
            ("Cy Young", "What XLA does", "application/pdf", "01-cy-young-what-xla-does.pdf"),
            ("李茵", "轻量化模型", "image/png", "01-李茵-轻量化模型.png"),
            ("../..\\con:", "a/b\r\nSet-Cookie: x", "image/jpeg", "01-con-ab-set-cookie-x.jpg"),
            ("🦄", "", "image/webp", "01.webp"),
            ("A" * 100, "B" * 200, "application/pdf", f"01-{'a' * 40}-{'b' * 40}.pdf"),
        ],
    )
    def test_names_are_safe_everywhere(self, block: Block, name: str, title: str, kind: str, called: str) -> None:
        talk = TalkFactory(block=block, title=title, speakers=[SpeakerFactory(name=name)])
        assert deck_name(DeckFactory(talk=talk, kind=kind)) == called

    def test_it_holds_every_deck_in_running_order(
        self, talk: Talk, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        twin = [SpeakerFactory(name="Cy Young")]
        decks = [talk, *(TalkFactory(block=talk.block, title="What XLA does", speakers=twin) for _ in range(2))]
        for nth, one in reversed(list(enumerate(decks))):
            DeckFactory(talk=one, content=b"%%PDF-%d" % nth)
        DeckFactory(talk__block=talk.block, talk__state="stand_by", talk__position=None)
        with django_assert_num_queries(2):
            name = pack_decks(block=talk.block)
        with zipfile.ZipFile(deck_storage().path(name)) as archive:
            held = [(one.filename, archive.read(one), one.compress_type) for one in archive.infolist()]
        assert held == [(f"0{n + 1}-cy-young-what-xla-does.pdf", b"%%PDF-%d" % n, 0) for n in range(3)]
        assert pack_decks(block=talk.block) == name

    def test_a_round_without_slides_says_so(self, block: Block) -> None:
        with pytest.raises(RuleViolation, match="Nobody has uploaded slides for this round yet"):
            pack_decks(block=block)

    def test_a_deck_whose_file_is_being_replaced_is_looked_for_again(self, talk: Talk) -> None:
        deck_storage().delete(DeckFactory(talk=talk).file.name)
        with pytest.raises(RuleViolation, match="Try again in a minute"):
            pack_decks(block=talk.block)
        assert (in_the_bay(), len(decks_of(talk.block))) == (1, 1)
