"""A talk's own page: the same for every stranger, with what the audience gives and the time as it goes."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
import time_machine
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from events.models import Event, Group, Session
from lightning.clappers import clapper_of
from lightning.links import proposal_path
from lightning.models import Applause, Feedback, Stage, Talk
from lightning.services.audience import applaud, give_feedback, share_feedback
from tests.factories import (
    BlockFactory,
    SpeakerFactory,
    TalkFactory,
    TalkResourceFactory,
    TopicFactory,
    UserFactory,
)
from tests.factories.lightning import DeckFactory, StageFactory
from tests.web.conftest import TUESDAY_EVENING
from web.pages.talks import CLAPS
from web.talk_times import clock_length

MINUTE = dt.timedelta(minutes=1)
HERE = {"Sec-Fetch-Site": "same-origin"}
PATH = "/t/abcd2345/"


@pytest.fixture
def talk(db: None) -> Talk:
    """The second slot of a round that begins in an hour."""
    starts_at = TUESDAY_EVENING + 60 * MINUTE
    event = {
        "session__event__starts_at": starts_at,
        "session__event__slug": "xla",
        "session__event__title": "XLA night",
    }
    block = BlockFactory(**event)
    TalkFactory(block=block, title="Warm-up")
    cy = SpeakerFactory(name="Cy Young", slug="cy-young")
    return TalkFactory(block=block, title="What XLA does", code="abcd2345", speakers=[cy])


@pytest.fixture
def begun(talk: Talk) -> Talk:
    """It went on a minute ago."""
    StageFactory(block=talk.block, version=3, state="on", talk=talk, changed_at=TUESDAY_EVENING - MINUTE)
    talk.started_at = TUESDAY_EVENING - MINUTE
    talk.save()
    return talk


def said(page: str, *, below: str = "") -> str:
    """The words of the article, or of the part below a heading."""
    article = page.partition("<article")[2].partition("</article>")[0]
    part = article.partition(f">{below}</h2>")[2].partition("</section>")[0] if below else article
    return " ".join(re.sub(r"<[^>]+>", " ", f"<p{part}" if not below else part).split())


def post(browser: Client, what: str, **data: str) -> HttpResponse:
    return browser.post(f"{PATH}{what}/", data, headers=HERE)  # type: ignore[return-value]


class TestBefore:
    def test_it_says_who_what_when_and_where(self, page: Callable[..., str], talk: Talk) -> None:
        talk.topics.add(TopicFactory(name="Compilers", slug="compilers"))
        Talk.objects.update(notes="From *graph* to machine.")
        assert said(page(PATH), below="When").startswith("Tuesday 17 March 2026 20:06 to 20:11 Singapore time")
        words = said(page(PATH))
        assert "XLA night slot 2 Lightning What XLA does Cy Young" in words
        assert "About From graph to machine. Compilers" in words
        assert [gone for gone in ("Applause", "Write to the speaker", "Slides") if gone in words] == []

    def test_the_head_says_it_to_machines(self, page: Callable[..., str], talk: Talk) -> None:
        body = page(PATH)
        assert f'<link rel="canonical" href="{settings.SITE_URL}{PATH}">' in body
        assert '"startDate": "2026-03-17T20:06:00+08:00"' in body
        assert f"{settings.SITE_URL}/calendars/talks/abcd2345.ics" in body

    def test_who_knows_an_unlisted_group_finds_it(self, page: Callable[..., str], talk: Talk, dee: Client) -> None:
        Group.objects.update(is_listed=False)
        body = page(PATH)
        assert ('<meta name="robots" content="noindex">' in body, ".ics" in body) == (True, False)
        assert dee.get("/calendars/talks/abcd2345.ics").status_code == 404

    @pytest.mark.parametrize("change", ["draft", "no slot"])
    def test_there_is_none_of_what_is_not_public(self, dee: Client, talk: Talk, change: str) -> None:
        if change == "draft":
            Event.objects.update(status=Event.Status.DRAFT)
        else:
            Talk.objects.filter(pk=talk.pk).update(position=None)
        assert [dee.get(PATH).status_code, post(dee, "applause").status_code, dee.get("/t/none/").status_code] == [
            404
        ] * 3

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (lambda: Event.objects.update(status=Event.Status.CANCELLED), "Cancelled. This talk does not take place."),
            (lambda: Session.objects.update(status="cancelled"), "Cancelled. This talk does not take place."),
            (lambda: Event.objects.update(status=Event.Status.POSTPONED), "Postponed. The new time follows."),
            (lambda: Talk.objects.update(state="no_show"), "This talk was not given."),
            (lambda: Session.objects.update(starts_at=None), "The time follows."),
        ],
    )
    def test_what_became_different_is_said(
        self, page: Callable[..., str], talk: Talk, change: Callable[[], object], words: str
    ) -> None:
        change()
        assert words in said(page(PATH))

    def test_what_people_wrote_is_text(self, page: Callable[..., str], talk: Talk) -> None:
        Talk.objects.update(title="<script>alert(1)</script>", notes="<img onerror=x src=y> [a](javascript:x)")
        body = page(PATH)
        assert [bad for bad in ("<script>alert", "<img onerror", 'href="javascript:') if bad in body] == []

    def test_without_title_and_with_a_speaker_in_no_directory(self, page: Callable[..., str], talk: Talk) -> None:
        Talk.objects.update(title="", language="")
        talk.speakers.update(name="李茵", is_listed=False)
        body = page(PATH)
        assert '<h1 lang="zh-Hans">Lightning talk by 李茵</h1>' in body
        assert "/speakers/cy-young/" not in body

    def test_its_own_calendar_file(self, dee: Client, talk: Talk) -> None:
        text = dee.get("/calendars/talks/ABCD2345.ics").content.decode()
        assert (text.count("BEGIN:VEVENT"), f"UID:{talk.ical_uid}" in text) == (1, True)


class TestOnTheNight:
    """The page follows the stage."""

    @pytest.mark.parametrize(
        ("changed", "words"),
        [
            (67, "about 20:13 Singapore time Running 7 min late , planned for 20:06"),
            (60, "about 20:06 Singapore time On time , planned for 20:06"),
            (58, "about 20:04 Singapore time Running 2 min early , planned for 20:06"),
        ],
    )
    def test_it_says_how_late_the_round_is(
        self, page: Callable[..., str], talk: Talk, changed: int, words: str
    ) -> None:
        first = talk.block.talks.get(position=0)
        went_on = TUESDAY_EVENING + changed * MINUTE
        Talk.objects.filter(pk=first.pk).update(started_at=went_on)
        StageFactory(block=talk.block, version=1, state="on", talk=first, changed_at=went_on)
        assert words in said(page(PATH), below="When")

    def test_who_is_on_is_on(self, page: Callable[..., str], begun: Talk) -> None:
        words = said(page(PATH))
        assert ("On stage now" in words, "18:59 Singapore time planned for 20:06" in words) == (True, True)

    def test_afterwards_it_says_how_long_it_was(self, page: Callable[..., str], begun: Talk) -> None:
        Stage.objects.update(state="finished", finished_at=TUESDAY_EVENING, started_at=None)
        Talk.objects.filter(pk=begun.pk).update(state="given", ended_at=TUESDAY_EVENING + dt.timedelta(seconds=252))
        assert "18:59 to 19:04 Singapore time 5:12 of 5:00 minutes, planned for 20:06" in said(page(PATH), below="When")

    def test_slides_appear_with_their_first_page_and_a_code(self, page: Callable[..., str], begun: Talk) -> None:
        DeckFactory(talk=begun, pages=12)
        TalkResourceFactory(talk=begun, url="https://video.example/1", kind="video", title="")
        body = page(PATH)
        assert "Slides PDF, 12 pages, 15" in said(body, below="Slides and more")
        assert (f'src="{PATH}slides.webp?' in body, 'class="qr"' in body) == (True, True)
        Talk.objects.update(is_deck_public=False)
        assert "slides.webp" not in page(PATH)

    def test_queries_do_not_grow(
        self, dee: Client, begun: Talk, now: dt.datetime, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        DeckFactory(talk=begun)
        for number in (1, 3):
            for nth in range(number):
                begun.topics.add(TopicFactory())
                begun.talk_speakers.create(speaker=SpeakerFactory())
                TalkResourceFactory(talk=begun)
                words = give_feedback(talk=begun, clapper=f"{nth}", name="Bo", text="Good", now=TUESDAY_EVENING)
                share_feedback(feedback=words, is_shared=True, now=TUESDAY_EVENING)
            with django_assert_num_queries(7):
                dee.get(PATH)


class TestApplause:
    def test_a_stranger_is_counted_once_and_gets_a_mark_only_then(self, dee: Client, begun: Talk) -> None:
        looked = dee.get(PATH)
        assert (dict(looked.cookies), looked["Cache-Control"]) == ({}, "public, max-age=0, must-revalidate")
        answers = [post(dee, "applause") for _time in range(2)]
        mark = answers[0].cookies["mark"]
        assert (mark["httponly"], mark["samesite"], mark["path"]) == (True, "Lax", "/t/")
        assert [(one.status_code, one["Location"]) for one in answers] == [(303, f"{PATH}#thanks")] * 2
        assert (dict(answers[1].cookies), Applause.objects.count()) == ({}, 1)
        assert "1 person applauded" in said(dee.get(PATH).content.decode(), below="Applause")

    def test_the_script_gets_the_count(self, dee: Client, begun: Talk) -> None:
        applaud(talk=begun, clapper="somebody", now=TUESDAY_EVENING)
        response = dee.post(f"{PATH}applause/", headers=HERE | {"Accept": "application/json"})
        assert response.json() == {"count": 2, "words": "people applauded"}

    def test_an_account_needs_no_mark(self, dee: Client, begun: Talk) -> None:
        bo = UserFactory()
        for browser in (Client(), Client()):
            browser.force_login(bo)
            assert "mark" not in post(browser, "applause").cookies
        assert list(Applause.objects.values_list("clapper", flat=True)) == [clapper_of(bo)]
        assert "You applauded" in said(browser.get(PATH).content.decode(), below="Applause")

    def test_a_mark_cannot_be_made_up(self, dee: Client, begun: Talk) -> None:
        for made_up in ("x", "x:y"):
            dee.cookies["mark"] = made_up
            assert "mark" in post(dee, "applause").cookies

    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({"Sec-Fetch-Site": "same-origin"}, 303),
            ({"Sec-Fetch-Site": "cross-site", "Origin": "https://lectern.example"}, 403),
            ({"Sec-Fetch-Site": "none"}, 403),
            ({"Origin": "https://lectern.example"}, 303),
            ({"Origin": "http://testserver"}, 303),
            ({"Origin": "https://evil.example"}, 403),
            ({"Origin": "null"}, 403),
            ({}, 403),
        ],
    )
    def test_only_pages_of_ours_may_send_it(
        self, begun: Talk, dee: Client, headers: dict[str, str], status: int
    ) -> None:
        strict = Client(enforce_csrf_checks=True)
        assert strict.post(f"{PATH}applause/", headers=headers).status_code == status
        assert Applause.objects.count() == (status == 303)

    def test_looking_is_no_applause(self, dee: Client, begun: Talk) -> None:
        assert [dee.get(f"{PATH}{what}/").status_code for what in ("applause", "feedback")] == [405, 405]

    def test_before_and_long_after_nothing_is_taken(
        self, dee: Client, begun: Talk, clock: time_machine.Traveller
    ) -> None:
        clock.shift(7 * 24 * 60 * MINUTE)
        response = post(dee, "applause")
        assert (response.status_code, Applause.objects.count()) == (409, 0)
        assert "until a week after it" in response.content.decode()
        assert "Applaud" not in said(dee.get(PATH).content.decode())

    def test_one_network_cannot_clap_for_ever(self, dee: Client, begun: Talk) -> None:
        for _time in range(CLAPS.most):
            CLAPS.count(f"127.0.0.1 {begun.pk}")
        json = dee.post(f"{PATH}applause/", headers=HERE | {"Accept": "application/json"})
        assert (json.status_code, "Wait some minutes" in json.json()["error"]) == (429, True)


class TestFeedback:
    def test_words_reach_the_speaker_alone(self, dee: Client, begun: Talk) -> None:
        response = post(dee, "feedback", name="Dee", text="Loved it\n<b>all</b>")
        kept = Feedback.objects.get()
        assert (response.status_code, response["Location"]) == (303, f"{PATH}#thanks-for-words")
        assert (kept.name, kept.text, "mark" in response.cookies) == ("Dee", "Loved it\n<b>all</b>", True)
        assert "Loved it" not in dee.get(PATH).content.decode()

    @pytest.mark.parametrize(
        ("name", "text", "words"),
        [("Dee", "  ", "There are no words yet."), ("Dee", "x" * 2001, "This is longer than 2000 characters.")],
    )
    def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
        self, dee: Client, begun: Talk, name: str, text: str, words: str
    ) -> None:
        response = post(dee, "feedback", name=name, text=text)
        body = response.content.decode()
        assert (response.status_code, words in body, 'value="Dee"' in body, text in body) == (422, True, True, True)
        assert (response["Cache-Control"], Feedback.objects.count()) == ("private, no-store", 0)

    def test_the_speaker_shares_keeps_and_deletes(self, dee: Client, begun: Talk) -> None:
        words = give_feedback(talk=begun, clapper="dee", name="Dee", text="Loved it", now=TUESDAY_EVENING)
        own = f"{proposal_path(begun)}feedback/"
        shown = []
        for action in ("share", "keep", "share", "delete"):
            response = dee.post(own, {action: str(words.pk)})
            assert (response.status_code, response["Location"]) == (303, f"{proposal_path(begun)}#feedback")
            shown.append("Loved it" in dee.get(PATH).content.decode())
        assert (shown, Feedback.objects.count()) == ([True, False, True, False], 0)

    @pytest.mark.parametrize(
        ("data", "status"), [({}, 400), ({"share": "x"}, 400), ({"share": "٣"}, 400), ({"share": "999999"}, 404)]
    )
    def test_nonsense_is_refused(self, dee: Client, begun: Talk, data: dict[str, str], status: int) -> None:
        assert dee.post(f"{proposal_path(begun)}feedback/", data).status_code == status

    def test_words_to_somebody_else_are_not_ones_own(self, dee: Client, begun: Talk) -> None:
        other = TalkFactory(block=begun.block)
        words = give_feedback(talk=begun, clapper="dee", name="", text="Good", now=TUESDAY_EVENING)
        assert dee.post(f"{proposal_path(other)}feedback/", {"share": str(words.pk)}).status_code == 404


@pytest.mark.parametrize(("seconds", "words"), [(312, "5:12"), (9, "0:09"), (3750, "1:02:30"), (0, "0:00")])
def test_lengths_read_like_a_stop_watch(seconds: int, words: str) -> None:
    assert clock_length(dt.timedelta(seconds=seconds)) == words


def test_nobody_is_known_from_their_digest(db: None) -> None:
    bo, cy = User(pk=1), User(pk=2)
    assert len({clapper_of(bo), clapper_of(cy), "1"}) == 3
