"""Preferences, the download, and being forgotten, as their owner meets them."""

import datetime as dt
import json
import uuid

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.feed_keys import make_feed_key
from accounts.mail_preferences import change_mail_preferences
from accounts.models import FeedKey, MailPreferences, Star, User
from accounts.services import issue_api_token
from accounts.stars import change_stars
from events.models import CalendarInvite, Event, ReplyAddress, Session
from inbox.models import InboundMail
from inbox.services import receive
from lightning.clappers import clapper_of
from lightning.models import Feedback, Talk
from lightning.services.audience import applaud, give_feedback
from outbox.models import Message, Suppression
from outbox.selectors import suppressed_scopes
from outbox.services import enqueue_message, suppress
from outbox.unsubscribing import address_digest
from outbox.writers import Letter
from registrations.models import CheckIn, Invitation, Registration, SeriesRegistration
from registrations.selectors.plans import plan_of_event
from registrations.services.registering import register
from registrations.services.wishes import Wish
from registrations.states import State
from speakers.models import Topic
from tests.factories import (
    AffiliationFactory,
    BlockFactory,
    EventFactory,
    GroupFactory,
    MembershipFactory,
    SeriesFactory,
    SessionFactory,
    SpeakerFactory,
    SpeakerLinkFactory,
    TalkFactory,
    TalkResourceFactory,
    TopicFactory,
    UserFactory,
)
from tests.factories.lightning import DeckFactory
from tests.factories.registrations import PlanFactory, QuestionFactory, RegistrationFactory
from tests.web.conftest import TUESDAY_EVENING
from web.personal_data import personal_data

DAY = dt.timedelta(days=1)


def full_life(bo: User, *, number: int = 1) -> None:
    """One of everything that belongs to somebody, `number` times where there may be several."""
    now = TUESDAY_EVENING
    speaker = SpeakerFactory(
        user=bo, name="Bo B.", slug="bo-b", email="bo@example.org", topics=[TopicFactory(name="XLA")]
    )
    SpeakerLinkFactory(speaker=speaker, url="https://bo.example/")
    AffiliationFactory(speaker=speaker, organisation="Labs")
    make_feed_key(user=bo, now=now)
    group = GroupFactory(name="Ada's group", slug="ada")
    MembershipFactory(user=bo, group=group)
    for nth in range(number):
        starts_at = now + (nth + 1) * DAY
        event = EventFactory(title=f"Night {nth}", slug=f"night-{nth}", group=group, starts_at=starts_at)
        plan = PlanFactory(event=event, room=10)
        question = QuestionFactory(plan=plan, text="What do you eat?")
        wish = Wish(name="Bo", answers={question.pk: "Everything"})
        mine = register(plan=plan_of_event(event.pk), user=bo, wish=wish, is_proven=True, now=now).registration
        act = {"at": starts_at, "received_at": starts_at, "door": "front"}
        CheckIn.objects.create(id=uuid.UUID(int=nth), registration=mine, action="in", **act)
        Invitation.objects.create(plan=plan, email="Bo@example.org", invited_at=now)
        SeriesRegistration.objects.create(series=SeriesFactory(title="Thursdays", group=group), user=bo, since=now)
        issue_api_token(user=bo, name="script", scopes=["read"], expires_at=now + DAY, now=now)
        session = SessionFactory(event=event)
        change_stars(user=bo, add=[session.ical_uid], now=now)
        spoke_and_applauded(event, bo)
        invited_as_speaker(session, bo)
        wrote(f"Bo@example.org {nth}")
        suppress(digest=address_digest(bo.email), scope=f"reminders:group:{nth}", reason="unsubscribed", now=now)
    change_mail_preferences(user=bo, now=now, digest="daily", quiet_from=dt.time(22), quiet_until=dt.time(7))


def spoke_and_applauded(event: Event, bo: User) -> None:
    """A talk of theirs with slides; applause and words for somebody else's."""
    now, block = TUESDAY_EVENING, BlockFactory(session__event=event)
    topics = [Topic.objects.get(name="XLA")]
    own = TalkFactory(block=block, title="Mine", proposed_by=bo, topics=topics, created_at=now)
    Talk.objects.filter(pk=own.pk).update(created_at=now)
    own.talk_speakers.create(speaker=bo.speaker)
    TalkResourceFactory(talk=own, url="https://bo.example/talk")
    DeckFactory(talk=own, uploaded_at=now)
    other = TalkFactory(block=block, title="Not mine", started_at=now)
    applaud(talk=other, clapper=clapper_of(bo), now=now)
    give_feedback(talk=other, clapper=clapper_of(bo), name="Bo", text="Good", now=now)
    applaud(talk=other, clapper="dee", now=now)
    give_feedback(talk=other, clapper="dee", name="Dee Stranger", text="Bad", now=now)


def invited_as_speaker(session: Session, user: User) -> CalendarInvite:
    """What the calendar of this person, or of this address alone, was told of a session."""
    event, address = session.event, user.email
    token = address_digest(address)[:16].lower()
    at, _made = ReplyAddress.objects.get_or_create(
        group=event.group, address=address, defaults={"token": token, "created_at": TUESDAY_EVENING}
    )
    facts = {"uid": session.ical_uid, "event": event, "role": "speaker", "address": address, "reply_address": at}
    times = {"stamped_at": TUESDAY_EVENING, "created_at": TUESDAY_EVENING}
    return CalendarInvite.objects.create(**facts, **times, organizer=f"rsvp+{token}@lectern.example", sequence=2)


def wrote(text: str, sender: str = "bo@example.org") -> InboundMail:
    """A mail of somebody's to an address of ours."""
    raw = f"From: {sender}\nSubject: Re\n\n{text}\n".encode()
    return receive(raw=raw, source="pipe", recipient="rsvp+k3y@lectern.example", now=TUESDAY_EVENING)


class TestDownload:
    """Everything about me, and nothing that opens anything."""

    def test_is_a_json_file_for_me_alone(self, as_bo: Client, bo: User) -> None:
        response = as_bo.get("/me/data.json")
        expected = {
            "Content-Type": "application/json",
            "Content-Disposition": 'attachment; filename="lectern-my-data.json"',
            "Cache-Control": "private, no-store",
        }
        assert {name: response[name] for name in expected} == expected
        assert json.loads(response.content) == personal_data(bo)

    def test_holds_everything(self, bo: User, clock: object) -> None:
        full_life(bo)
        User.objects.update(joined_at=TUESDAY_EVENING)
        bo.refresh_from_db()
        night = {"title": "Night 0", "slug": "night-0", "group": "Ada's group"}
        given = {"event": {"title": "Night 0", "slug": "night-0"}, "title": "Not mine"}
        now, tomorrow = "2026-03-17T11:00:00Z", "2026-03-18T11:00:00Z"
        found = personal_data(bo)
        (registration,) = found.pop("registrations")
        message = next(one for one in found.pop("messages") if one["kind"] == "registration_admitted")
        spoken = next(one for one in found.pop("calendar_invites") if one["as"] == "speaker")
        session = Session.objects.get(block=None)
        token = found["access_tokens"][0].pop("begins_with")
        assert found == {
            "format": "lectern-personal-data-1",
            "account": {
                "email": "bo@example.org",
                "name": "Bo",
                "language": "",
                "time_zone": "",
                "joined_at": now,
                "last_signed_in_at": None,
                "may_open_the_admin": False,
                "addresses": [{"email": "bo@example.org", "confirmed": True, "primary": True}],
                "sessions": [],
                "second_factors": [],
            },
            "series": [
                {
                    "series": "Thursdays",
                    "group": "Ada's group",
                    "name": "",
                    "place": "room",
                    "since": now,
                    "left_at": None,
                }
            ],
            "invitations": [{"event": night, "email": "Bo@example.org", "invited_at": now}],
            "memberships": [{"group": "Ada's group", "slug": "ada", "role": "member", "joined_at": now}],
            "speaker": {
                "name": "Bo B.",
                "slug": "bo-b",
                "email": "bo@example.org",
                "tagline": "",
                "biography": "",
                "town": "",
                "languages": [],
                "takes_remote": False,
                "is_listed": True,
                "created_at": now,
                "photo": None,
                "topics": ["XLA"],
                "links": [{"title": "Home page", "url": "https://bo.example/"}],
                "affiliations": [{"organisation": "Labs", "role": "", "since": None, "until": None}],
            },
            "talks": [
                {
                    "event": {"title": "Night 0", "slug": "night-0"},
                    "title": "Mine",
                    "notes": "",
                    "state": "confirmed",
                    "is_first_talk": False,
                    "created_at": now,
                    "started_at": None,
                    "ended_at": None,
                    "topics": ["XLA"],
                    "links": ["https://bo.example/talk"],
                    "slides_are_public": True,
                    "slides": {"kind": "application/pdf", "bytes": 15, "pages": 1, "uploaded_at": now},
                }
            ],
            "applause": [{"talk": given, "given_at": now}],
            "feedback": [{"talk": given, "name": "Bo", "text": "Good", "given_at": now, "shared_at": None}],
            "access_tokens": [
                {
                    "name": "script",
                    "scopes": ["read"],
                    "created_at": now,
                    "expires_at": tomorrow,
                    "last_used_at": None,
                }
            ],
            "calendar_feed": {"made_at": now, "last_fetched_at": None, "by": ""},
            "mail_preferences": {
                "week_before": True,
                "day_before": True,
                "hour_before": True,
                "digest": "daily",
                "calendar": "auto",
                "digest_time": "08:00",
                "quiet_from": "22:00",
                "quiet_until": "07:00",
                "changed_at": now,
            },
            "unsubscriptions": [
                {"address": "bo@example.org", "from": "reminders:group:0", "why": "unsubscribed", "since": now}
            ],
            "stars": [{"uid": str(session.ical_uid), "starred_at": now}],
            "mails_received": [
                {
                    "from": "bo@example.org",
                    "to": "rsvp",
                    "subject": "Re",
                    "received_at": now,
                    "state": "waiting",
                    "outcome": "",
                }
            ],
        }
        assert spoken == {
            "event": night,
            "uid": str(session.ical_uid),
            "as": "speaker",
            "to": "bo@example.org",
            "said": "REQUEST",
            "sequence": 2,
            "said_at": now,
            "answer": "NEEDS-ACTION",
            "answered_at": None,
        }
        assert token.startswith("lec_")
        assert message == {
            "kind": "registration_admitted",
            "to": "bo@example.org",
            "subject": "",
            "state": "pending",
            "written_at": now,
            "finished_at": None,
        }
        assert registration == {
            "event": night,
            "starts_at": tomorrow,
            "name": "Bo",
            "state": "going",
            "place": "room",
            "guests": 0,
            "priority": 0,
            "came_by": "web",
            "created_at": now,
            "changed_at": now,
            "in_line_since": now,
            "offer_until": None,
            "asked_to_reconfirm_at": None,
            "reconfirmed_at": None,
            "answers": [{"question": "What do you eat?", "answer": "Everything"}],
            "history": registration["history"],
            "check_ins": [{"at": tomorrow, "what": "in", "door": "front"}],
        }
        assert [(step["what"], step["to"]) for step in registration["history"]] == [("enter", "going")]

    def test_names_no_secret_and_nobody_else(self, as_bo: Client, bo: User) -> None:
        full_life(bo)
        mine = Registration.objects.get()
        RegistrationFactory(event=mine.event, name="Dee Stranger")
        enqueue_message(
            kind="note",
            dedupe_key="secret",
            address="bo@example.org",
            letter=Letter("Code", "The code is 123456.\n"),
            now=TUESDAY_EVENING,
            is_secret=True,
        )
        body = as_bo.get("/me/data.json").content.decode()
        feed, token = bo.feed_key.digest, bo.api_tokens.get().digest
        hidden = [feed, token, mine.ticket, "123456", "Dee Stranger", bo.password or "-", "k3y", "rsvp+"]
        hidden += [address.token for address in ReplyAddress.objects.all()]
        assert [word for word in hidden if word in body] == []

    def test_is_the_same_twice(self, as_bo: Client, bo: User) -> None:
        full_life(bo)
        assert as_bo.get("/me/data.json").content == as_bo.get("/me/data.json").content

    @pytest.mark.parametrize("number", [1, 3])
    def test_costs_the_same_however_long_the_life(self, bo: User, number: int) -> None:
        full_life(bo, number=number)
        bo = User.objects.get(pk=bo.pk)
        with CaptureQueriesContext(connection) as captured:
            personal_data(bo)
        assert len(captured) == 29


class TestDeletingMyself:
    """The services are tested in tests/registrations/test_forgetting.py; here is the page in front of them."""

    def test_says_what_goes_and_what_stays(self, as_bo: Client, bo: User) -> None:
        plan = PlanFactory(event__starts_at=TUESDAY_EVENING + DAY, room=10)
        RegistrationFactory(event=plan.event, user=bo)
        body = as_bo.get("/me/delete/").content.decode()
        assert "Your place at 1 event to come." in body
        assert "Numbers without a name" in body
        assert "This cannot be undone." in body

    @pytest.mark.parametrize("typed", ["", "dee@example.org", "bo@example.or", " "])
    def test_without_the_address_nothing_happens(self, as_bo: Client, bo: User, typed: str) -> None:
        response = as_bo.post("/me/delete/", {"email": typed})
        assert (response.status_code, User.objects.filter(pk=bo.pk).exists()) == (400, True)
        assert "field--bad" in response.content.decode()

    def test_with_the_address_in_any_case_the_person_is_gone_and_signed_out(self, as_bo: Client, bo: User) -> None:
        full_life(bo)
        response = as_bo.post("/me/delete/", {"email": " BO@example.org "}, follow=True)
        assert (response.redirect_chain, response.status_code) == ([("/", 302)], 200)
        assert "You are deleted" in response.content.decode()
        assert "sessionid" not in as_bo.cookies or not as_bo.cookies["sessionid"].value
        assert as_bo.get("/me/").status_code == 302
        left = Registration.objects.get()
        assert (left.user, left.name, left.state) == (None, "", State.CANCELLED)
        assert (User.objects.count(), EmailAddress.objects.count()) == (0, 0)
        personal = (Star, MailPreferences, CalendarInvite, ReplyAddress, InboundMail, FeedKey, Message)
        assert [model.objects.count() for model in personal] == [0] * len(personal)
        assert sorted(Feedback.objects.values_list("name", "text")) == [("", "Good"), ("Dee Stranger", "Bad")]

    def test_an_unsubscription_stays_as_a_digest_that_names_nobody(self, as_bo: Client, bo: User) -> None:
        full_life(bo)
        as_bo.post("/me/delete/", {"email": bo.email})
        assert suppressed_scopes("bo@example.org") == {"reminders:group:0"}
        assert "bo@example.org" not in [str(value) for value in Suppression.objects.values_list().get()]

    def test_what_others_starred_wrote_and_were_invited_to_stays(self, as_bo: Client, bo: User) -> None:
        full_life(bo)
        dee, session = UserFactory(email="dee@example.org"), Session.objects.get(block=None)
        change_stars(user=dee, add=[session.ical_uid], now=TUESDAY_EVENING)
        kept = [invited_as_speaker(session, dee), wrote("Dee", "dee@example.org")]
        as_bo.post("/me/delete/", {"email": bo.email})
        assert list(CalendarInvite.objects.all()) + list(InboundMail.objects.all()) == kept
        assert (Star.objects.get().user, ReplyAddress.objects.get().address) == (dee, "dee@example.org")

    def test_other_browsers_are_signed_out_too(self, as_bo: Client, bo: User) -> None:
        elsewhere = Client()
        elsewhere.force_login(bo)
        as_bo.post("/me/delete/", {"email": bo.email})
        assert elsewhere.get("/me/").status_code == 302

    def test_the_last_organiser_reads_which_group_and_what_to_do(self, as_bo: Client, bo: User) -> None:
        group = GroupFactory(name="XLA Singapore")
        MembershipFactory(user=bo, role="organiser", group=group)
        MembershipFactory(user=bo, role="organiser", group=GroupFactory(name="Shared"))
        MembershipFactory(user=UserFactory(), role="organiser", group=bo.memberships.get(group__name="Shared").group)
        body = as_bo.get("/me/delete/").content.decode()
        assert ("XLA Singapore" in body, "Shared" in body, '<form class="me__form"' in body) == (True, False, False)
        response = as_bo.post("/me/delete/", {"email": bo.email})
        assert (response.status_code, User.objects.filter(pk=bo.pk).exists()) == (400, True)
        assert "You are the only organiser of this group." in response.content.decode()

    def test_a_superuser_may_go_as_well(self, dee: Client, db: None) -> None:
        root = UserFactory(email="root@example.org", is_superuser=True, is_staff=True)
        dee.force_login(root)
        assert dee.post("/me/delete/", {"email": "root@example.org"}).status_code == 302
        assert User.objects.count() == 0
