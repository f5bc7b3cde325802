"""My page: what I go to and what to do next, my series, talks, calendar; for me alone."""

import datetime as dt
import re

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.feed_keys import make_feed_key, owner_of_feed
from accounts.models import FeedKey, User
from events.models import Event
from registrations.links import join_path, manage_path
from registrations.models import Place, Registration, SeriesRegistration
from registrations.selectors.people import place_in_queue
from registrations.selectors.personal import my_page_registrations
from registrations.selectors.plans import plan_of_event
from registrations.services.registering import register
from registrations.services.wishes import Wish
from registrations.states import State
from registrations.tickets import ticket_code
from tests.factories import (
    BlockFactory,
    EventFactory,
    GroupFactory,
    MembershipFactory,
    SeriesFactory,
    SessionFactory,
    SpeakerFactory,
    TalkFactory,
    UserFactory,
)
from tests.factories.registrations import PlanFactory, RegistrationFactory
from tests.web.conftest import TUESDAY_EVENING

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
SHUT = {"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
PAGES = ("/me/", "/me/calendar/", "/me/preferences/", "/me/mail/", "/me/data.json", "/me/delete/")
POSTS = (
    "/me/calendar/",
    "/me/calendar/revoke/",
    "/me/series/1/leave/",
    "/me/preferences/",
    "/me/mail/",
    "/me/delete/",
)


def at(days: float, **facts: object) -> Event:
    starts_at = TUESDAY_EVENING + days * DAY
    return EventFactory(starts_at=starts_at, ends_at=starts_at + 2 * HOUR, **facts)


def rsvp(event: Event, user: User, state: str = "going", **facts: object) -> Registration:
    if state == State.OFFERED:
        facts.setdefault("offer_until", TUESDAY_EVENING + DAY)
    return RegistrationFactory(event=event, user=user, state=state, **facts)


def main_of(client: Client, path: str = "/me/", status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return str(response.content.decode()).partition("<main")[2].partition("</main>")[0]


def said(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


class TestWhoMay:
    """Ada, Bo, Cy and a superuser see their own; Dee, who is nobody, is asked to sign in."""

    @pytest.mark.parametrize("path", PAGES)
    def test_a_stranger_is_led_to_the_sign_in_page_and_back(self, dee: Client, path: str) -> None:
        response = dee.get(path)
        assert (response.status_code, response["Location"]) == (302, f"/accounts/login/code/?next={path}")

    @pytest.mark.parametrize("path", POSTS)
    def test_a_stranger_changes_nothing(self, dee: Client, bo: User, path: str) -> None:
        SeriesRegistration.objects.create(series=SeriesFactory(), user=bo, since=TUESDAY_EVENING)
        response = dee.post(path, {"email": bo.email, "name": "X", "roles": ["going"]})
        assert (response.status_code, response["Location"].partition("?")[0]) == (302, "/accounts/login/code/")
        counts = [
            User.objects.count(),
            FeedKey.objects.count(),
            SeriesRegistration.objects.filter(left_at=None).count(),
        ]
        assert (counts, User.objects.get().name) == ([1, 0, 1], "Bo")

    @pytest.mark.parametrize("path", PAGES)
    @pytest.mark.parametrize("person", ["ada", "bo", "cy", "superuser"])
    def test_everybody_has_a_page_of_their_own(self, dee: Client, path: str, person: str) -> None:
        user = UserFactory(email=f"{person}@example.org", is_superuser=person == "superuser", is_staff=person == "ada")
        if person == "ada":
            MembershipFactory(user=user, role="organiser")
        if person == "cy":
            SpeakerFactory(user=user)
        other = UserFactory(email="somebody-else@example.org", name="Somebody Else")
        rsvp(at(1, title="Private matter"), other)
        dee.force_login(user)
        response = dee.get(path, follow=True)
        assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")
        assert (response["X-Robots-Tag"], response["Referrer-Policy"]) == ("noindex", "same-origin")
        body = response.content.decode()
        assert ("Private matter" in body, "Somebody Else" in body, "somebody-else" in body) == (False, False, False)

    @pytest.mark.parametrize("path", PAGES)
    def test_reading_changes_nothing(self, as_bo: Client, bo: User, path: str) -> None:
        rsvp(at(1), bo, "offered")
        with CaptureQueriesContext(connection) as captured:
            as_bo.get(path)
        written = [q["sql"] for q in captured if not q["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))]
        assert [sql for sql in written if "session" not in sql] == []

    @pytest.mark.parametrize("path", POSTS)
    def test_a_forged_form_is_refused(self, bo: User, path: str) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(bo)
        assert strict.post(path, {"email": bo.email}).status_code == 403

    def test_the_header_leads_there_once_somebody_is_signed_in(self, dee: Client, bo: User) -> None:
        assert 'href="/me/"' not in dee.get("/groups/").content.decode()
        dee.force_login(bo)
        assert dee.get("/groups/").content.decode().count('href="/me/"') == 2


class TestMyEvents:
    """Upcoming first, past folded; each with its state in words and the next thing to do."""

    def test_nothing_yet_names_the_next_step(self, as_bo: Client) -> None:
        html = main_of(as_bo)
        assert "Nothing planned yet. What you RSVP to appears here, with your ticket." in said(html)
        assert '<a class="btn btn--primary" href="/">See what’s on</a>' in html

    @pytest.mark.parametrize(
        ("state", "facts", "words"),
        [
            ("going", {}, "You’re going."),
            ("going", {"guests": 2}, "You’re going. With 2 guests."),
            ("checked_in", {}, "You are checked in."),
            ("waiting", {}, "You are on the waitlist. Next in line."),
            ("requested", {}, "You asked to come. The organisers will answer."),
            ("pending", {}, "Not confirmed yet: no place is held for you."),
            ("offered", {}, "A place is held for you until Wednesday 18 March at 19:00."),
            (
                "offered",
                {"offer_until": TUESDAY_EVENING - HOUR},
                "The place that was held for you goes to the next in line.",
            ),
        ],
    )
    def test_every_state_is_said(
        self, as_bo: Client, bo: User, state: str, facts: dict[str, object], words: str
    ) -> None:
        rsvp(at(2), bo, state, **facts)
        assert words in said(main_of(as_bo))

    @pytest.mark.parametrize(
        ("state", "facts", "buttons"),
        [
            ("going", {}, ["My ticket", "Give up my place"]),
            ("going", {"reconfirm_asked_at": TUESDAY_EVENING}, ["I’m still coming", "My ticket", "Give up my place"]),
            (
                "going",
                {"reconfirm_asked_at": TUESDAY_EVENING, "reconfirmed_at": TUESDAY_EVENING},
                ["My ticket", "Give up my place"],
            ),
            ("waiting", {}, ["Leave the waitlist"]),
            ("offered", {}, ["Take the place", "My RSVP"]),
            ("offered", {"offer_until": TUESDAY_EVENING - HOUR}, ["My RSVP"]),
            ("pending", {}, ["Confirm", "My RSVP"]),
            ("requested", {}, ["My RSVP"]),
        ],
    )
    def test_the_next_step_is_a_link(
        self, as_bo: Client, bo: User, state: str, facts: dict[str, object], buttons: list[str]
    ) -> None:
        mine = rsvp(at(2), bo, state, **facts)
        actions = main_of(as_bo).partition('<p class="mine__actions">')[2].partition("</p>")[0]
        links = re.findall(r'<a class="[^"]*" href="([^"]*)">(.*?)</a>', actions)
        ways = {"My ticket": f"/tickets/{ticket_code(mine)}/"}
        assert [said(words) for _path, words in links] == buttons
        assert {said(words): path for path, words in links} == {
            words: ways.get(words, manage_path(mine)) for words in buttons
        }

    def test_who_takes_part_online_joins_from_here_and_never_sees_the_address(self, as_bo: Client, bo: User) -> None:
        mine = rsvp(at(2, format="hybrid", online_url="https://video.example/x"), bo, place=Place.ONLINE)
        html = main_of(as_bo)
        assert (settings.SITE_URL + join_path(mine) in html, "video.example" in html) == (True, False)
        Registration.objects.update(state="waiting")
        assert "/join/" not in main_of(as_bo)

    def test_upcoming_come_first_and_the_nearest_first_then_what_i_left_then_the_past(
        self, as_bo: Client, bo: User
    ) -> None:
        for title, days, state in (
            ("In a month", 30, "going"),
            ("Tomorrow", 1, "waiting"),
            ("Given up", 2, "cancelled"),
            ("Last year", -300, "checked_in"),
            ("Last week", -7, "no_show"),
        ):
            rsvp(at(days, title=title), bo, state)
        html = main_of(as_bo)
        titles = re.findall(r'<a class="plain" href="/events/[^"]*">([^<]*)</a>', html)
        assert titles == ["Tomorrow", "In a month", "Given up", "Last week", "Last year"]
        assert html.count("<details") == 2
        assert "1 event you do not go to" in html
        assert "2 past events" in html

    def test_nobody_is_shamed_for_an_empty_seat(self, as_bo: Client, bo: User) -> None:
        rsvp(at(-7), bo, "no_show")
        html = main_of(as_bo)
        assert "You had a place." in html
        assert not re.search("did not come|no.show", html, re.IGNORECASE)

    def test_what_does_not_take_place_says_so_and_offers_no_ticket(self, as_bo: Client, bo: User) -> None:
        rsvp(at(1, title="Off", status="cancelled"), bo)
        rsvp(at(2, status="postponed"), bo)
        rsvp(at(3, title="Taken back", status="draft"), bo)
        html = main_of(as_bo)
        assert "This event is cancelled." in html
        assert "The new date follows." in html
        assert ("/tickets/" in html, "Taken back" in html, "<s>Off</s>" in html) == (False, False, True)

    def test_places_in_the_queue_are_those_of_the_queue(self, db: None) -> None:
        event = at(3)
        people = [UserFactory() for _ in range(6)]
        for number, user in enumerate(people):
            joined = TUESDAY_EVENING + (number // 2) * HOUR
            rsvp(event, user, "waiting", joined_at=joined, priority=1 if number == 4 else 0)
        rsvp(event, UserFactory(), "waiting", place="online")
        rsvp(event, UserFactory())
        rows = [my_page_registrations(user).get() for user in people]
        assert [row.queue_position for row in rows] == [place_in_queue(row) for row in rows] == [2, 3, 4, 5, 1, 6]
        assert my_page_registrations(Registration.objects.get(state="going").user).get().queue_position is None

    @pytest.mark.parametrize("number", [1, 3])
    def test_the_page_costs_the_same_however_many_events(self, as_bo: Client, bo: User, number: int) -> None:
        speaker = SpeakerFactory(user=bo)
        for days in range(1, number + 1):
            rsvp(at(days), bo, "waiting")
            rsvp(at(-days), bo)
            SeriesRegistration.objects.create(series=SeriesFactory(), user=bo, since=TUESDAY_EVENING)
            SessionFactory(event=at(days), speakers=[speaker])
        as_bo.get("/me/")
        with CaptureQueriesContext(connection) as captured:
            as_bo.get("/me/")
        assert len(captured) == 10


class TestMySeries:
    """Every event until I leave."""

    def test_leaving_gives_up_what_is_to_come(self, as_bo: Client, bo: User) -> None:
        series = SeriesFactory(title="Third Thursdays")
        member = SeriesRegistration.objects.create(series=series, user=bo, since=TUESDAY_EVENING)
        plan = plan_of_event(PlanFactory(event=at(2, series=series), room=5).event_id)
        wish = Wish(name="Bo", source="series")
        mine = register(plan=plan, user=bo, wish=wish, is_proven=True, now=TUESDAY_EVENING).registration
        assert "Third Thursdays" in main_of(as_bo)
        response = as_bo.post(f"/me/series/{member.pk}/leave/", follow=True)
        mine.refresh_from_db()
        assert mine.state == State.CANCELLED
        assert "You left “Third Thursdays”." in response.content.decode()
        assert "Leave the series" not in main_of(as_bo)

    def test_somebody_elses_is_not_found(self, as_bo: Client, bo: User) -> None:
        other = SeriesRegistration.objects.create(series=SeriesFactory(), user=UserFactory(), since=TUESDAY_EVENING)
        assert as_bo.post(f"/me/series/{other.pk}/leave/").status_code == 404
        other.refresh_from_db()
        assert other.left_at is None

    @pytest.mark.parametrize("pk", ["0", "99999999999999999999999"])
    def test_an_odd_number_is_not_found(self, as_bo: Client, pk: str) -> None:
        assert as_bo.post(f"/me/series/{pk}/leave/").status_code == 404

    def test_a_link_cannot_leave(self, as_bo: Client) -> None:
        assert as_bo.get("/me/series/1/leave/").status_code == 405


class TestMyTalks:
    """For who has claimed a profile."""

    def test_who_has_no_profile_has_no_talks(self, as_bo: Client) -> None:
        assert "My talks" not in main_of(as_bo)

    def test_sessions_and_talks_stand_in_order_the_past_folded(self, as_bo: Client, bo: User) -> None:
        speaker = SpeakerFactory(user=bo)
        SessionFactory(event=at(5), title="Later", speakers=[speaker])
        TalkFactory(
            block=BlockFactory(session=SessionFactory(event=at(2), kind="lightning")),
            title="Sooner",
            speakers=[speaker],
        )
        SessionFactory(event=at(-5), title="Before", speakers=[speaker])
        html = main_of(as_bo).partition("My talks")[2].partition("</section>")[0]
        assert re.findall("Later|Sooner|Before|<details", html) == ["Sooner", "Later", "<details", "Before"]


class TestMyCalendar:
    """The address is made by a POST and shown once."""

    def test_the_address_is_shown_once_and_works(self, as_bo: Client, bo: User) -> None:
        response = as_bo.post("/me/calendar/", {"roles": ["going", "waiting"], "alarm": "30"})
        body = response.content.decode()
        url = re.findall(r'<input class="input me__address"[^>]*value="([^"]*)"', body)[0].replace("&amp;", "&")
        key = re.findall(r"/personal/([\w-]{43})\.ics", url)[0]
        assert url == f"{settings.SITE_URL}/calendars/personal/{key}.ics?roles=going,waiting&alarm=30"
        assert owner_of_feed(key, now=TUESDAY_EVENING) == bo
        assert (response["Cache-Control"], response["Referrer-Policy"]) == ("private, no-store", "no-referrer")
        assert f"webcal://{url.partition('://')[2]}".replace("&", "&amp;") in body
        assert key not in as_bo.get("/me/").content.decode()
        assert as_bo.get(url.partition(settings.SITE_URL)[2]).status_code == 200

    def test_a_new_address_replaces_the_old_one(self, as_bo: Client, bo: User) -> None:
        old = make_feed_key(user=bo, now=TUESDAY_EVENING)
        assert "Make a new address" in main_of(as_bo)
        as_bo.post("/me/calendar/", {"roles": ["going"], "alarm": ""})
        assert (owner_of_feed(old, now=TUESDAY_EVENING), FeedKey.objects.count()) == (None, 1)

    def test_the_address_can_be_taken_back_and_none_be_left(self, as_bo: Client, bo: User) -> None:
        old = make_feed_key(user=bo, now=TUESDAY_EVENING)
        response = as_bo.post("/me/calendar/revoke/", follow=True)
        assert response.redirect_chain == [("/me/#calendar", 302)]
        assert "Your calendar address is gone." in response.content.decode()
        assert (FeedKey.objects.count(), as_bo.get(f"/calendars/personal/{old}.ics").status_code) == (0, 410)
        assert "Make my calendar address" in main_of(as_bo)
        assert "is gone" not in as_bo.post("/me/calendar/revoke/", follow=True).content.decode()

    def test_the_page_that_shows_the_key_tells_nobody_else(self, as_bo: Client, bo: User) -> None:
        response = as_bo.post("/me/calendar/", {"roles": ["starred"], "alarm": ""})
        body = response.content.decode()
        key = re.findall(r"/personal/([\w-]{43})\.ics", body)[0]
        loaded = re.findall(r'<(?:script|img|link|iframe)\b[^>]*?(?:src|href)="([^"]*)"', body)
        assert [url for url in loaded if not url.startswith("/static/")] == []
        assert {name: response[name] for name in SHUT} == SHUT
        assert "connect-src 'self'" in response["Content-Security-Policy"]
        kept = [str(session.get_decoded()) for session in Session.objects.all()]
        assert [key in "".join(kept), "Set-Cookie" in response.headers] == [False, False]
        others = ["/me/", "/me/mail/", "/me/preferences/", "/me/data.json", "/"]
        assert [path for path in others if key in as_bo.get(path).content.decode()] == []

    def test_the_page_says_when_a_calendar_last_came(self, as_bo: Client, bo: User) -> None:
        key = make_feed_key(user=bo, now=TUESDAY_EVENING - DAY)
        assert "Your address was made on Monday 16 March at 11:00. No calendar has fetched it yet. (UTC)" in said(
            main_of(as_bo)
        )
        owner_of_feed(key, now=TUESDAY_EVENING, agent="Google-Calendar-Importer")
        assert "It was last fetched on Tuesday 17 March at 11:00, by Google Calendar. (UTC)" in said(main_of(as_bo))
        FeedKey.objects.update(client="other")
        User.objects.update(time_zone="Asia/Singapore")
        assert "A calendar last fetched it on Tuesday 17 March at 19:00. (Singapore time)" in said(main_of(as_bo))

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            ({"roles": []}, "Choose at least one"),
            ({"roles": ["everything"]}, "Choose some of those offered."),
            ({"roles": ["organising"]}, "Choose some of those offered."),
            ({"roles": ["going"], "alarm": "31"}, "31 is not one of the available choices"),
        ],
    )
    def test_what_is_not_offered_is_refused_and_makes_no_key(
        self, as_bo: Client, data: dict[str, object], words: str
    ) -> None:
        response = as_bo.post("/me/calendar/", data)
        assert (response.status_code, FeedKey.objects.count()) == (400, 0)
        assert words in response.content.decode()

    def test_slots_are_in_it_unless_unticked_and_organisers_may_have_more(self, as_bo: Client, bo: User) -> None:
        boxes = lambda: [  # noqa: E731
            name + bool(ticked) * " x"
            for name, ticked in re.findall(r'name="roles" value="(\w+)"[^>]*?( checked)?>', main_of(as_bo))
        ]
        assert boxes() == ["going x", "waiting x", "speaking x", "starred"]
        MembershipFactory(user=bo, role="organiser", group=GroupFactory())
        assert boxes() == ["going x", "waiting x", "organising", "speaking x", "starred"]
