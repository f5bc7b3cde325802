"""Slides on their way in and out: who gets them when, and what a browser is told about them."""

import datetime as dt
import io
import shutil
import zipfile
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from core.tokens import sign
from events.models import Event, Group, Membership
from lightning.links import proposal_path, unproven_path
from lightning.models import Deck, Talk
from lightning.models.deck import deck_storage
from tests.factories import BlockFactory, MembershipFactory, SpeakerFactory, TalkFactory, UserFactory
from tests.factories.lightning import DeckFactory, StageFactory
from tests.lightning import deck_files as files
from tests.web.conftest import TUESDAY_EVENING
from web.pages.decks import UPLOADS

MINUTE = dt.timedelta(minutes=1)
SLIDES = b"%PDF-1.4 " + bytes(range(256))


@pytest.fixture(autouse=True)
def _empty_bay() -> None:
    """What the test before left is not found by this one."""
    shutil.rmtree(deck_storage().location, ignore_errors=True)


@pytest.fixture
def talk(db: None) -> Talk:
    """Given at this minute."""
    block = BlockFactory(session__event__starts_at=TUESDAY_EVENING, session__event__slug="xla")
    StageFactory(block=block, version=2)
    cy = SpeakerFactory(name="Cy Young")
    return TalkFactory(block=block, title="轻量化", code="abcd2345", speakers=[cy], started_at=TUESDAY_EVENING)


@pytest.fixture
def deck(talk: Talk) -> Deck:
    return DeckFactory(talk=talk, content=SLIDES, thumbnail=SimpleUploadedFile("t", b"thumbnail"))


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def signed_in(role: str | None, group: Group) -> Client:
    user, browser = UserFactory(), Client()
    if role:
        MembershipFactory(user=user, group=group, role=role)
    browser.force_login(user)
    return browser


def own(talk: Talk, what: str = "slides/") -> str:
    return proposal_path(talk) + what


def posted(browser: Client, talk: Talk, content: bytes | None = None, **data: str) -> HttpResponse:
    upload = {} if content is None else {"file": SimpleUploadedFile("x.html", content, "text/html")}
    return browser.post(own(talk), {**upload, **data}, headers={"Accept": "application/json"})  # type: ignore[return-value]


class TestHeaders:
    def test_a_pdf_is_shown_as_nothing_but_a_pdf(self, dee: Client, deck: Deck) -> None:
        response = dee.get("/t/ABCD2345/slides/")
        shown = {
            name: response.headers.get(name)
            for name in (
                *("Content-Type", "Content-Length", "X-Content-Type-Options", "Cross-Origin-Resource-Policy"),
                *("Cache-Control", "ETag", "X-Robots-Tag", "Vary", "Content-Security-Policy"),
            )
        }
        assert body(response) == SLIDES
        assert shown == {
            "Content-Type": "application/pdf",
            "Content-Length": str(len(SLIDES)),
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "public, max-age=0, must-revalidate",
            "ETag": f'"{deck.sha256[:32]}"',
            "X-Robots-Tag": None,
            "Vary": "Accept-Language",
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        }
        assert response["Content-Disposition"] == (
            "inline; filename*=utf-8''01-cy-young-%E8%BD%BB%E9%87%8F%E5%8C%96.pdf"
        )

    def test_pictures_are_in_a_sandbox(self, dee: Client, talk: Talk, deck: Deck) -> None:
        deck.kind = Deck.Kind.PNG
        deck.save()
        for path, kind in (("slides/", "image/png"), ("slides.webp", "image/webp")):
            response = dee.get(f"/t/{talk.code}/{path}")
            assert (response["Content-Type"], response["Content-Security-Policy"]) == (
                kind,
                "default-src 'none'; sandbox; frame-ancestors 'none'",
            )
            assert body(response) in {SLIDES, b"thumbnail"}

    def test_who_has_it_gets_no_second_copy(self, dee: Client, deck: Deck) -> None:
        for path in ("/t/abcd2345/slides/", "/t/abcd2345/slides.webp"):
            first = dee.get(path)
            body(first)
            again = dee.get(path, headers={"If-None-Match": first["ETag"]})
            assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])

    @pytest.mark.parametrize(
        ("asked", "status", "part", "said"),
        [
            ({"Range": "bytes=0-3"}, 206, SLIDES[:4], "bytes 0-3/265"),
            ({"Range": "bytes=-2"}, 206, SLIDES[-2:], "bytes 263-264/265"),
            ({"Range": "bytes=0-3", "If-Range": '"older"'}, 200, SLIDES, None),
            ({"Range": "bytes=0-1,3-4"}, 200, SLIDES, None),
        ],
    )
    def test_a_viewer_may_ask_for_a_part(
        self, dee: Client, deck: Deck, asked: dict[str, str], status: int, part: bytes, said: str | None
    ) -> None:
        response = dee.get("/t/abcd2345/slides/", headers=asked)
        assert (response.status_code, body(response), response.headers.get("Content-Range")) == (status, part, said)

    def test_a_part_behind_the_end_is_refused(self, dee: Client, deck: Deck) -> None:
        response = dee.get("/t/abcd2345/slides/", headers={"Range": "bytes=265-"})
        assert (response.status_code, response["Content-Range"]) == (416, "bytes */265")

    def test_a_proxy_is_told_which_file_to_send(self, dee: Client, deck: Deck, settings: Settings) -> None:
        settings.DECKS_BY_PROXY = True
        response = dee.get("/t/abcd2345/slides/")
        assert (response["X-Accel-Redirect"], response.content) == (f"/{deck.file.name}", b"")
        assert response["Content-Type"] == "application/pdf"

    def test_a_file_that_has_just_gone_is_not_found(self, dee: Client, deck: Deck) -> None:
        deck_storage().delete(str(deck.file.name))
        assert dee.get("/t/abcd2345/slides/").status_code == 404


class TestWho:
    """Everybody from the start of the talk; hosts and the speaker before it."""

    @pytest.mark.parametrize(
        ("before", "is_public", "role", "status"),
        [
            (False, True, None, 200),
            (False, False, None, 404),
            (True, True, None, 404),
            (True, True, "member", 404),
            (True, True, "host", 200),
            (True, False, "organiser", 200),
        ],
    )
    def test_and_when(
        self, dee: Client, talk: Talk, deck: Deck, before: bool, is_public: bool, role: str | None, status: int
    ) -> None:
        Talk.objects.update(started_at=None if before else TUESDAY_EVENING, is_deck_public=is_public)
        browser = signed_in(role, talk.block.session.event.group)
        answers = [browser.get(f"/t/{talk.code}/{path}") for path in ("slides/", "slides.webp")]
        assert [one.status_code for one in answers] == [status] * 2
        assert (answers[0].headers.get("Cache-Control") == "private, no-cache") is (role in ("host", "organiser"))
        assert [one.status_code for one in map(dee.get, (own(talk), own(talk, "slides.webp")))] == [200, 200]

    def test_a_host_of_another_group_is_a_stranger(self, dee: Client, talk: Talk, deck: Deck) -> None:
        Talk.objects.update(started_at=None)
        other = MembershipFactory(role=Membership.Role.HOST)
        assert signed_in("host", other.group).get("/t/abcd2345/slides/").status_code == 404

    def test_the_speakers_copy_is_kept_by_nobody(self, dee: Client, talk: Talk, deck: Deck) -> None:
        response = dee.get(own(talk))
        assert (response["Cache-Control"], response["Referrer-Policy"]) == ("private, no-cache", "no-referrer")

    def test_a_link_that_proves_nothing_opens_nothing(self, dee: Client, talk: Talk, deck: Deck) -> None:
        forged = (unproven_path(talk), f"/p/{sign('ticket', str(talk.ical_uid))}/", "/p/x/")
        answers = [dee.get(f"{path}{what}") for path in forged for what in ("slides/", "slides.webp")]
        assert [one.status_code for one in answers] == [404] * 6
        assert dee.post(f"{unproven_path(talk)}slides/", {"action": "remove"}).status_code == 404
        assert Deck.objects.count() == 1

    @pytest.mark.parametrize("path", ["/t/abcd2345/slides/", "/t/zzzzzzzz/slides/", "/t/abcd2345/slides.webp"])
    def test_a_talk_without_slides_or_none_at_all_is_not_found(self, dee: Client, talk: Talk, path: str) -> None:
        assert dee.get(path).status_code == 404

    def test_of_a_draft_there_are_none(self, dee: Client, talk: Talk, deck: Deck) -> None:
        Event.objects.update(status=Event.Status.DRAFT)
        assert dee.get("/t/abcd2345/slides/").status_code == 404

    def test_of_an_unlisted_group_they_are_for_who_knows_the_address(self, dee: Client, deck: Deck) -> None:
        Group.objects.update(is_listed=False)
        response = dee.get("/t/abcd2345/slides/")
        assert (response.status_code, response["X-Robots-Tag"]) == (200, "noindex")


class TestUpload:
    def test_a_pdf_arrives(self, dee: Client, talk: Talk) -> None:
        response = posted(dee, talk, files.pdf(2))
        assert (response.status_code, response.json()) == (200, {"next": f"{proposal_path(talk)}#slides"})
        assert (talk.deck.pages, response["Cache-Control"]) == (2, "private, no-store")

    def test_without_script_the_browser_is_sent_back_or_told_why(self, dee: Client, talk: Talk) -> None:
        upload = SimpleUploadedFile("deck.pptx", b"PK\x03\x04")
        response = dee.post(own(talk), {"file": upload})
        assert response.status_code == 422
        assert "Export it as PDF, then upload the PDF." in response.content.decode()
        back = dee.post(own(talk), {"action": "never"})
        assert (back.status_code, back["Location"]) == (303, f"{proposal_path(talk)}#slides")

    def test_too_long_a_request_is_refused_unread(self, dee: Client, talk: Talk) -> None:
        response = dee.generic(
            "POST",
            own(talk),
            b"",
            content_type="multipart/form-data; boundary=x",
            CONTENT_LENGTH=str(60 * 1024 * 1024),
            HTTP_ACCEPT="application/json",
        )
        assert (response.status_code, response.json()) == (
            413,
            {"error": "The file is larger than 50 MB. Export it with smaller pictures."},
        )

    @pytest.mark.parametrize(
        ("state", "content", "status", "words"),
        [
            ("confirmed", None, 422, "No file was chosen. Choose a PDF or a picture."),
            ("confirmed", b"", 422, "The file is empty. Choose your slides again."),
            ("withdrawn", b"x", 409, "Slides can be uploaded once this talk has a slot or is on stand-by."),
        ],
    )
    def test_refusals_say_what_to_do(
        self, dee: Client, talk: Talk, state: str, content: bytes | None, status: int, words: str
    ) -> None:
        Talk.objects.update(state=state, position=0 if state == "confirmed" else None)
        response = posted(dee, talk, content)
        assert (response.status_code, response.json()) == (status, {"error": words})

    def test_uploads_are_counted(self, dee: Client, talk: Talk) -> None:
        for _time in range(UPLOADS.most):
            UPLOADS.count(str(talk.pk))
        assert posted(dee, talk, b"x").status_code == 429

    def test_the_speaker_removes_them_and_says_never(self, dee: Client, talk: Talk, deck: Deck) -> None:
        for action in ("never", "public", "never", "remove"):
            assert posted(dee, talk, action=action).status_code == 200
        talk.refresh_from_db()
        assert (talk.is_deck_public, Deck.objects.exists()) == (False, False)

    def test_the_bay_says_how_things_stand(
        self, dee: Client, talk: Talk, deck: Deck, clock: time_machine.Traveller
    ) -> None:
        def bay() -> str:
            page = dee.post(own(talk), {}).content.decode()
            return page.partition('id="slides"')[2].partition("</section>")[0]

        assert f"/t/{talk.code}/" in bay()
        Talk.objects.update(started_at=None)
        assert "Until then only you and the hosts see them." in bay()
        Talk.objects.update(is_deck_public=False)
        assert "Only you and the hosts see them." in bay()


class TestDownload:
    def test_hosts_get_all_slides_in_running_order(
        self, dee: Client, talk: Talk, deck: Deck, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for number in (2, 3):
            other = TalkFactory(block=talk.block, title="", speakers=[SpeakerFactory(name=f"Bo {number}")])
            DeckFactory(talk=other)
        browser = signed_in("host", talk.block.session.event.group)
        with django_assert_num_queries(6):
            response = browser.get(f"/events/XLA/decks/{talk.block.pk}.zip")
        with zipfile.ZipFile(io.BytesIO(body(response))) as archive:
            assert archive.namelist() == ["01-cy-young-轻量化.pdf", "02-bo-2.pdf", "03-bo-3.pdf"]
        assert response["Content-Disposition"] == 'attachment; filename="xla-slides.zip"'
        assert (response["Content-Type"], response["Cache-Control"]) == ("application/zip", "private, no-cache")

    @pytest.mark.parametrize(("role", "status"), [(None, 403), ("member", 403), ("organiser", 200)])
    def test_others_do_not(self, dee: Client, talk: Talk, deck: Deck, role: str | None, status: int) -> None:
        response = signed_in(role, talk.block.session.event.group).get(f"/events/xla/decks/{talk.block.pk}.zip")
        assert response.status_code == status
        assert dee.get(f"/events/xla/decks/{talk.block.pk}.zip").status_code == 302

    def test_none_to_download_is_said(self, dee: Client, talk: Talk) -> None:
        browser = signed_in("host", talk.block.session.event.group)
        response = browser.get(f"/events/xla/decks/{talk.block.pk}.zip")
        assert (response.status_code, "Nobody has uploaded slides" in response.content.decode()) == (404, True)
        assert browser.get(f"/events/xla/decks/{talk.block.pk + 1}.zip").status_code == 404
