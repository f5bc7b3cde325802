"""What a reminder says when its turn comes, and what is not said any more."""

import datetime as dt

import pytest

from accounts.models import MailPreferences
from events.mail_previews import preview
from events.mail_texts import mail_kind
from events.models import ChangeNotice, Event, MailText, Membership, ReminderStep
from events.services.events import cancel_event, revise_event
from events.services.reminder_planning import plan_reminders
from outbox.models import Message
from outbox.unsubscribing import unsubscribe_url
from outbox.writers import Later, Letter, Skip, words_of
from registrations.letters import leave_url
from registrations.links import join_path
from tests.factories import (
    BlockFactory,
    EventFactory,
    GroupFactory,
    MembershipFactory,
    SessionFactory,
    SpeakerFactory,
    TalkFactory,
    UserFactory,
    VenueFactory,
)
from tests.factories.registrations import PlanFactory, RegistrationFactory

HOUR, DAY, MINUTE = dt.timedelta(hours=1), dt.timedelta(days=1), dt.timedelta(minutes=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def event(now):
    """On Wednesday at 19:00 in London; now it is Tuesday, 18:00 there."""
    starts_at = now + DAY + HOUR
    venue = VenueFactory(name="Google Singapore", street="70 Pasir Panjang Road")
    event = EventFactory(title="NeurIPS & more", starts_at=starts_at, time_zone="Europe/London", venue=venue)
    ReminderStep.objects.create(event=event, days=1, note="Bring photo ID.")
    return event


@pytest.fixture
def bo(event):
    """Going, since long ago."""
    user = UserFactory(name="Bo", email="bo@example.org")
    return RegistrationFactory(event=event, user=user, created_at=event.starts_at - 30 * DAY)


def written(now: dt.datetime, at: dt.datetime | None = None) -> Letter | Skip:
    """The only message's words, an hour after it was planned unless said otherwise."""
    plan_reminders(now)
    return words_of(Message.objects.get(), now=at or now + HOUR)


def reason(words: Letter | Skip) -> str:
    assert isinstance(words, Skip)
    return words.reason


def test_who_is_going_reads_when_where_and_how_to_free_the_seat(event, bo, now):
    letter = written(now)
    assert letter.subject == "Tomorrow at 19:00: NeurIPS & more"
    scope = f"reminders:group:{event.group_id}"
    for words in (
        "Hello Bo,",
        "Wednesday 18 November 2026, 19:00 to 21:00",
        "70 Pasir Panjang Road",
        "Bring photo ID.",
        "Show my door code",
        leave_url(bo),
        "/me/mail/",
        unsubscribe_url("bo@example.org", scope),
    ):
        assert words in letter.text
    assert "NeurIPS &amp; more" in letter.html
    assert "You get this because you said you are going." in letter.html


@pytest.mark.parametrize(
    ("lead", "before", "subject"),
    [
        ({"days": 7}, 7 * DAY, "In 7 days: NeurIPS & more"),
        ({"days": 7}, 4 * DAY + HOUR, "In 4 days: NeurIPS & more"),
        ({"days": 1}, DAY, "Tomorrow at 19:00: NeurIPS & more"),
        ({"days": 1}, 14 * HOUR, "Today at 19:00: NeurIPS & more"),
        ({"minutes": 60}, HOUR, "In one hour: NeurIPS & more"),
        ({"minutes": 60}, 31 * MINUTE, "In 31 minutes: NeurIPS & more"),
    ],
)
def test_the_subject_says_how_far_it_really_is(event, bo, lead, before, subject):
    ReminderStep.objects.update(**({"days": 0, "minutes": 0} | lead))
    at = event.starts_at - before
    assert written(at, at).subject == subject


@pytest.mark.parametrize(
    ("format_", "place", "online_url", "is_there"),
    [
        ("online", "online", "https://meet.example/x", True),
        ("hybrid", "online", "https://meet.example/x", True),
        ("hybrid", "room", "https://meet.example/x", False),
        ("online", "online", "", False),
    ],
)
def test_only_who_takes_part_online_gets_the_way_in(event, bo, now, format_, place, online_url, is_there):
    Event.objects.update(format=format_, online_url=online_url)
    bo.place = place
    bo.save()
    letter = written(now)
    assert (join_path(bo) in letter.text, "meet.example" in letter.text) == (is_there, False)


def test_who_waits_reads_their_place(event, bo, now):
    ReminderStep.objects.update(audience="waiting")
    first = RegistrationFactory(event=event, state="waiting", created_at=bo.created_at - DAY)
    type(bo).objects.filter(pk=bo.pk).update(state="waiting")
    plan_reminders(now)
    letter = words_of(Message.objects.get(recipient=bo.user), now=now + HOUR)
    assert "Number 2 in line" in letter.text
    assert leave_url(bo) in letter.text
    assert "door code" not in letter.text
    assert first.ticket not in letter.text


def test_speakers_read_their_own_slots_and_keep_their_seat_buttons(event, bo, now):
    ReminderStep.objects.update(audience="speakers")
    cy = SpeakerFactory(name="Cy", user=bo.user)
    SessionFactory(event=event, title="On trees", speakers=[cy], starts_at=event.starts_at + HOUR)
    block = BlockFactory(session=SessionFactory(event=event, kind="lightning", minutes=60))
    TalkFactory(block=block, title="Five minutes", speakers=[cy])
    TalkFactory(block=block, title="Not told yet", state="accepted", speakers=[cy])
    SessionFactory(event=event, title="Somebody else's", speakers=[SpeakerFactory()])
    letter = written(now)
    mine = letter.text.split("Programme")[0]
    for words in ("Hello Cy,", "Five minutes", "19:00 to 19:05", "On trees", "20:00 to 20:30", leave_url(bo)):
        assert words in mine
    assert "Not told yet" not in letter.text
    assert "Somebody else's" not in mine


def test_a_speaker_without_an_account_is_written_to(event, now):
    ReminderStep.objects.update(audience="speakers", anchor="talk", days=0, minutes=60)
    SessionFactory(event=event, speakers=[SpeakerFactory(email="cy@example.org")], starts_at=event.starts_at + HOUR)
    letter = written(now, event.starts_at)
    assert letter.subject == "In one hour, you speak: NeurIPS & more"
    assert "Show my door code" not in letter.text


def test_stand_by_speakers_are_told_so(event, now):
    ReminderStep.objects.update(audience="stand_by")
    block = BlockFactory(session=SessionFactory(event=event, kind="lightning"))
    TalkFactory(block=block, title="Just in case", state="stand_by", speakers=[SpeakerFactory(email="cy@example.org")])
    letter = written(now)
    assert "You are on stand-by" in letter.text
    assert "Just in case" in letter.text


def test_hosts_read_the_numbers(event, bo, now):
    ReminderStep.objects.update(audience="hosts")
    PlanFactory(event=event, room=80).seats.update(taken=42, waiting=3)
    MembershipFactory(group=event.group, user=UserFactory(name="Ada"), role="organiser")
    Membership.objects.update(joined_at=now - DAY)
    letter = written(now)
    for words in ("Hello Ada,", "42/80 going", "3 on the waitlist", f"/events/{event.slug}/door/"):
        assert words in letter.text
    assert "can’t come" not in letter.text


def test_the_end_of_rsvp_is_what_its_reminder_is_about(event, bo, now):
    ReminderStep.objects.update(anchor="deadline", days=0, minutes=120)
    PlanFactory(event=event, closes_at=now + 5 * HOUR)
    letter = written(now, now + 3 * HOUR)
    assert letter.subject == "Today at 23:00, RSVP ends: NeurIPS & more"
    assert "Tuesday 17 November at 23:00" in letter.text


def test_a_group_may_say_it_in_its_own_words(event, bo, now):
    MailText.objects.create(
        group=event.group, kind="reminder_going", language="en", subject="{event} {in_time}", text="Dear {name}"
    )
    letter = written(now)
    assert letter.subject == "NeurIPS & more tomorrow at 19:00"
    assert "Dear Bo" in letter.text


def leaves(bo):
    type(bo).objects.filter(pk=bo.pk).update(state="cancelled")


def is_offered(bo):
    type(bo).objects.filter(pk=bo.pk).update(state="waiting")


def is_put_off(bo):
    Event.objects.update(status="postponed")


def is_cancelled(bo):
    cancel_event(event=bo.event, now=bo.event.starts_at - DAY - HOUR)


def moves(bo):
    revise_event(
        event=bo.event,
        now=bo.event.starts_at - DAY,
        starts_at=bo.event.starts_at + HOUR,
        ends_at=bo.event.ends_at + HOUR,
    )


def loses_the_step(bo):
    ReminderStep.objects.all().delete()


def switches_it_off(bo):
    MailPreferences.objects.create(user=bo.user, day_before=False, changed_at=bo.created_at)


def takes_the_digest(bo):
    MailPreferences.objects.create(user=bo.user, digest="weekly", changed_at=bo.created_at)


def is_not_in_use(bo):
    type(bo.user).objects.filter(pk=bo.user_id).update(is_active=False)


def becomes_a_speaker(bo):
    ReminderStep.objects.create(event=bo.event, audience="speakers", days=1)
    SessionFactory(event=bo.event, speakers=[SpeakerFactory(user=bo.user)])


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (leaves, "this person is not going any more"),
        (is_offered, "this person is not going any more"),
        (is_put_off, "the event is postponed"),
        (is_cancelled, "the event is cancelled"),
        (moves, "the event was moved; there is a reminder for the new time"),
        (loses_the_step, "the reminder was taken out of the plan"),
        (switches_it_off, "this person wants no reminders the day before"),
        (takes_the_digest, "this person gets a digest instead"),
        (is_not_in_use, "the account is not in use"),
        (becomes_a_speaker, "this person gets the reminder for speakers"),
    ],
)
def test_what_is_no_longer_true_is_skipped_with_its_reason(event, bo, now, happens, why):
    plan_reminders(now)
    happens(bo)
    ChangeNotice.objects.update(finished_at=now)
    assert reason(words_of(Message.objects.get(), now=now + HOUR)) == why


def test_while_a_change_may_be_taken_back_a_reminder_waits(event, bo, now):
    plan_reminders(now)
    moves(bo)
    goes_out = ChangeNotice.objects.get().due_at
    waits = words_of(Message.objects.get(), now=goes_out - MINUTE)
    assert waits == Later(goes_out + MINUTE, "people are told of a change first, or it is taken back")
    revise_event(event=event, now=now + HOUR, starts_at=event.starts_at, ends_at=event.ends_at)
    assert isinstance(words_of(Message.objects.get(), now=now + HOUR), Letter)


def test_after_a_long_outage_only_the_nearest_reminder_goes(event, bo, now):
    last = ReminderStep.objects.create(event=event, minutes=60)
    plan_reminders(now)
    late = event.starts_at - HOUR
    words = {message.payload["step"]: words_of(message, now=late) for message in Message.objects.all()}
    assert (reason(words.pop(event.reminder_steps.first().pk)), list(words)) == ("the next reminder is due", [last.pk])


def test_a_talk_that_moves_has_a_reminder_of_its_new_time(event, now):
    ReminderStep.objects.update(audience="speakers", anchor="talk", days=0, minutes=60)
    session = SessionFactory(event=event, speakers=[SpeakerFactory(email="cy@example.org")])
    plan_reminders(now)
    type(session).objects.update(starts_at=session.starts_at + HOUR)
    assert reason(words_of(Message.objects.get(), now=event.starts_at - HOUR)).startswith("the talk was moved")
    plan_reminders(now + HOUR)
    assert Message.objects.count() == 2


def test_a_letter_in_the_readers_language(event, bo, now):
    type(bo.user).objects.filter(pk=bo.user_id).update(language="zh-hans")
    letter = written(now)
    assert ("2026年11月18日" in letter.text, "Show my door code" in letter.text) == (True, False)


@pytest.mark.parametrize("audience", ReminderStep.Audience.values)
@pytest.mark.parametrize("is_stored", [True, False])
def test_every_reminder_can_be_previewed_also_by_a_group_without_events(event, now, audience, is_stored):
    group = event.group if is_stored else GroupFactory()
    kind = mail_kind(f"reminder_{audience}")
    letter = preview(kind, group, language="en", subject="", text="", now=now)
    title = "NeurIPS & more" if is_stored else "Our next meetup"
    assert letter.subject == f"Tomorrow at 19:00: {title}"


@pytest.mark.parametrize("count", [1, 3])
def test_writing_takes_the_same_queries_with_one_and_three_others(event, bo, now, count, django_assert_num_queries):
    RegistrationFactory.create_batch(count, event=event)
    for number in range(count):
        ReminderStep.objects.create(event=event, audience="speakers", days=2 + number)
        SessionFactory(event=event, speakers=[SpeakerFactory(user=UserFactory())])
    plan_reminders(now)
    message = Message.objects.get(recipient=bo.user)
    with django_assert_num_queries(10):
        assert isinstance(words_of(message, now=now + HOUR), Letter)
