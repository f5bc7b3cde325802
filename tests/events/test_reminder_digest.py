"""The digest: everything of somebody's in the coming days, without what they stopped, and only while it is wanted."""

import datetime as dt

import pytest

from accounts.models import MailPreferences
from events.models import Event, Membership, ReminderStep
from events.services.reminder_planning import plan_reminders
from outbox.models import Message, Suppression
from outbox.unsubscribing import address_digest, unsubscribe_url
from outbox.writers import Letter, Skip, words_of
from registrations.letters import leave_url
from tests.factories import EventFactory, MembershipFactory, SessionFactory, SpeakerFactory, UserFactory
from tests.factories.registrations import RegistrationFactory

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def bo(now):
    """Wants one mail a day, at eight in Singapore."""
    bo = UserFactory(name="Bo", email="bo@example.org", time_zone="Asia/Singapore")
    MailPreferences.objects.create(user=bo, digest="daily", changed_at=now - 9 * DAY)
    return bo


@pytest.fixture
def going(bo, now):
    """To an event the day after tomorrow, 19:00 in Singapore; a reminder of it is due tomorrow."""
    starts_at = (now + 2 * DAY).replace(hour=11)
    event = EventFactory(title="NeurIPS & more", starts_at=starts_at, time_zone="Asia/Singapore")
    ReminderStep.objects.create(event=event, days=1)
    return RegistrationFactory(event=event, user=bo, created_at=now - 9 * DAY)


def written(now: dt.datetime) -> Letter | Skip:
    """The only message's words when it is due."""
    plan_reminders(now)
    message = Message.objects.get()
    return words_of(message, now=message.available_at)


def test_it_names_every_event_of_theirs_in_the_coming_days_with_their_part(going, bo, now):
    start = going.event.starts_at
    spoken = EventFactory(title="On stage", starts_at=start + DAY, time_zone="Asia/Singapore")
    SessionFactory(event=spoken, title="On trees", speakers=[SpeakerFactory(user=bo)])
    RegistrationFactory(event=spoken, user=bo)
    hosted = EventFactory(title="My group's", starts_at=start + 2 * DAY, time_zone="Asia/Singapore")
    MembershipFactory(group=hosted.group, user=bo, role="host")
    waited = EventFactory(title="Too full", starts_at=start + 3 * DAY, time_zone="Asia/Singapore")
    RegistrationFactory(event=waited, user=bo, state="waiting")
    for title, starts_at, fields in (
        ("Too far", start + 8 * DAY, {}),
        ("Called off", start, {"event__status": "cancelled"}),
        ("Left", start, {"state": "cancelled"}),
    ):
        RegistrationFactory(event__title=title, event__starts_at=starts_at, user=bo, **fields)
    letter = written(now)
    assert letter.subject == "Coming up: 4 meetups"
    blocks = [block.splitlines()[:3] for block in letter.text.split("\n\n") if "Singapore time" in block]
    assert blocks == [
        ["NeurIPS & more", "Thursday 19 November at 19:00, Singapore time", "You have a place"],
        ["On stage", "Friday 20 November at 19:00, Singapore time", "You speak, you have a place"],
        ["My group's", "Saturday 21 November at 19:00, Singapore time", "You organise or host"],
        ["Too full", "Sunday 22 November at 19:00, Singapore time", "You are on the waitlist"],
    ]
    assert "19:00 On trees" in letter.text
    assert leave_url(going) in letter.text
    assert unsubscribe_url("bo@example.org", "reminders") in letter.text
    assert "NeurIPS &amp; more" in letter.html


def test_one_event_is_named_in_the_subject(going, now):
    assert written(now).subject == "Coming up: NeurIPS & more"


def test_it_comes_from_the_group_and_of_several_from_the_site(going, bo, now):
    other = EventFactory(group=going.event.group, starts_at=going.event.starts_at + DAY)
    RegistrationFactory(event=other, user=bo)
    assert written(now).sender == f'"{going.event.group.name}" <hello@lectern.example>'
    RegistrationFactory(event__starts_at=other.starts_at, user=bo)
    assert written(now).sender == ""


def test_a_group_whose_reminders_they_stopped_is_left_out(going, now):
    scope = f"reminders:group:{going.event.group_id}"
    Suppression.objects.create(
        digest=address_digest("bo@example.org"), scope=scope, reason="unsubscribed", since=now - DAY
    )
    assert written(now) == Skip("nothing is left to say")


def leaves(going):
    type(going).objects.update(state="cancelled")


def wants_single_mails(going):
    MailPreferences.objects.update(digest="none")


def has_the_defaults_again(going):
    MailPreferences.objects.all().delete()


def is_not_in_use(going):
    type(going.user).objects.filter(pk=going.user_id).update(is_active=False)


def is_put_off(going):
    Event.objects.update(status="postponed")


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (leaves, "nothing is left to say"),
        (is_put_off, "nothing is left to say"),
        (wants_single_mails, "this person wants no digest any more"),
        (has_the_defaults_again, "this person wants no digest any more"),
        (is_not_in_use, "the account is not in use"),
    ],
)
def test_what_is_no_longer_true_is_skipped_with_its_reason(going, now, happens, why):
    plan_reminders(now)
    happens(going)
    message = Message.objects.get()
    assert words_of(message, now=message.available_at) == Skip(why)


@pytest.mark.parametrize("count", [1, 3])
def test_a_member_who_hosts_nothing_is_told_of_nothing(going, bo, now, count):
    for _ in range(count):
        group = EventFactory(starts_at=going.event.starts_at).group
        Membership.objects.create(group=group, user=bo)
    assert written(now).subject == "Coming up: NeurIPS & more"
