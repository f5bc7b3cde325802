"""The plan of an event's reminders: made, carried on in a series, changed, and looked at before anything goes out."""

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from accounts.models import MailPreferences
from core.changes import RowChange, RowRefused
from core.errors import RuleViolation
from events.admin.reminders import words_of as words_of_row
from events.models import Membership, ReminderStep
from events.services.events import create_event
from events.services.reminder_planning import plan_reminders
from events.services.reminder_preview import future_reminders
from events.services.reminders import MOST_STEPS, change_reminders
from outbox.models import Message, Suppression
from outbox.unsubscribing import address_digest
from outbox.writers import Skip, words_of
from tests.factories import (
    EventFactory,
    MembershipFactory,
    SeriesFactory,
    SessionFactory,
    SpeakerFactory,
    UserFactory,
)
from tests.factories.registrations import PlanFactory, RegistrationFactory

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
FAR = dt.datetime(2035, 3, 15, 11, 0, tzinfo=dt.UTC)  # the migration asks the database's clock


@pytest.fixture
def event(now):
    """In ten days, at 19:00 in Singapore; nobody is reminded of it."""
    starts_at = (now + 10 * DAY).replace(hour=11)
    return EventFactory(starts_at=starts_at, time_zone="Asia/Singapore")


def plan(event) -> list[tuple]:
    return list(event.reminder_steps.values_list("audience", "anchor", "days", "minutes", "at_time", "note"))


def add(event, **values):
    change_reminders(event=event, changes=[RowChange(None, values, "row")])


def made(now, series, slug: str, at: dt.datetime):
    fields = {"group": series.group, "series": series, "title": slug, "slug": slug, "time_zone": "UTC"}
    return create_event(now=now, starts_at=at, ends_at=at + HOUR, **fields)


def test_the_next_event_of_a_series_carries_the_plan_of_the_last(now):
    series = SeriesFactory()
    first = made(now, series, "first", now)
    first.reminder_steps.all().delete()
    ReminderStep.objects.create(event=first, days=2, at_time=dt.time(18), note="Bring a friend.")
    older = made(now, series, "older", now - 30 * DAY)
    assert plan(older) == plan(first) == [("going", "event", 2, 0, dt.time(18), "Bring a friend.")]
    older.reminder_steps.update(note="Not this one.")
    assert plan(made(now, series, "next", now + 30 * DAY)) == plan(first)


def test_events_to_come_get_the_usual_plan_by_migration(now):
    past, soon, own = (EventFactory(starts_at=at) for at in (now - 9 * 365 * DAY, FAR, FAR))
    ReminderStep.objects.create(event=own, days=3)
    import_module("events.migrations.0003_default_reminders").give(apps, None)
    group = {"group": soon.group, "title": "New", "slug": "new", "time_zone": "UTC"}
    usual = plan(create_event(now=now, starts_at=FAR, ends_at=FAR + HOUR, **group))
    assert ([plan(past), plan(soon), len(plan(own))], len(usual)) == ([[], usual, 1], 6)


@pytest.mark.parametrize(
    "values",
    [
        {"audience": "waiting", "days": 1},
        {"audience": "speakers", "anchor": "talk", "minutes": 30},
        {"audience": "going", "anchor": "deadline", "days": 2, "at_time": dt.time(18)},
        {"audience": "going", "at_time": dt.time(18, 59)},
        {"audience": "going", "days": 1, "at_time": dt.time(20)},
    ],
)
def test_a_reminder_is_added(event, values):
    add(event, **values)
    assert ReminderStep.objects.filter(**values).count() == 1


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"audience": "going", "anchor": "talk", "days": 1}, "only_speakers_have_a_talk", "anchor"),
        ({"audience": "stand_by", "anchor": "talk", "days": 1}, "only_speakers_have_a_talk", "anchor"),
        ({"audience": "going"}, "reminder_says_not_when", "days"),
        ({"audience": "going", "at_time": dt.time(19)}, "reminder_comes_too_late", "at_time"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(event, values, code, field):
    with pytest.raises(RowRefused) as refused:
        add(event, **values)
    reason = refused.value.reason
    assert isinstance(reason, RuleViolation)
    assert (refused.value.key, reason.code, reason.field, ReminderStep.objects.count()) == ("row", code, field, 0)


@pytest.mark.parametrize(
    "values",
    [
        {"audience": "going", "days": 1},
        {"audience": "going", "days": 91},
        {"audience": "going", "minutes": 30, "days": 1, "at_time": dt.time(18)},
        {"audience": "everybody", "days": 1},
    ],
)
def test_what_the_rows_forbid_is_refused(event, values):
    ReminderStep.objects.create(event=event, days=1)
    with pytest.raises(RowRefused) as refused:
        add(event, **values)
    assert isinstance(refused.value.reason, ValidationError)
    assert ReminderStep.objects.count() == 1


def test_an_event_has_no_more_reminders_than_anybody_reads(event):
    for days in range(1, MOST_STEPS + 1):
        add(event, days=days)
    with pytest.raises(RowRefused, match="at most 20"):
        add(event, days=MOST_STEPS + 1)
    assert ReminderStep.objects.count() == MOST_STEPS


def test_a_reminder_of_another_event_is_not_touched(event):
    other = ReminderStep.objects.create(event=EventFactory(), days=1)
    for values in (None, {"note": "Mine now."}, {"days": 2}):
        with pytest.raises(ReminderStep.DoesNotExist):
            change_reminders(event=event, changes=[RowChange(other, values, "row")])
    assert ReminderStep.objects.values("pk", "days", "note").get() == {"pk": other.pk, "days": 1, "note": ""}


def test_a_reminder_at_another_time_is_planned_anew_and_the_old_one_is_not_sent(event):
    step = ReminderStep.objects.create(event=event, days=1)
    RegistrationFactory(event=event)
    at = event.starts_at - DAY - HOUR
    plan_reminders(at)
    change_reminders(event=event, changes=[RowChange(step, {"note": "Bring photo ID."}, "row")])
    assert list(ReminderStep.objects.values_list("pk", "note")) == [(step.pk, "Bring photo ID.")]
    change_reminders(event=event, changes=[RowChange(step, {"days": 0, "minutes": 180}, "row")])
    plan_reminders(at)
    old, new = Message.objects.order_by("pk")
    assert words_of(old, now=at + HOUR) == Skip("the reminder was taken out of the plan")
    assert new.available_at == event.starts_at - 3 * HOUR
    assert ReminderStep.objects.get().note == "Bring photo ID."


def shown(event, now) -> list[tuple]:
    rows = future_reminders(event, now)
    return [(row.step.audience, f"{row.at.astimezone(event.zone):%d %H:%M}", row.mails, row.in_digests) for row in rows]


def test_what_will_go_out_to_how_many(event, now):
    for audience, lead in (("going", {"days": 1}), ("going", {"minutes": 60}), ("waiting", {"days": 1})):
        ReminderStep.objects.create(event=event, audience=audience, **lead)
    for audience in ("speakers", "hosts"):
        ReminderStep.objects.create(event=event, audience=audience, days=1)
    going = [RegistrationFactory(event=event) for _ in range(4)]
    RegistrationFactory(event=event, state="waiting")
    RegistrationFactory(event=event, state="cancelled")
    MailPreferences.objects.create(user=going[0].user, digest="daily", changed_at=now)
    MailPreferences.objects.create(user=going[1].user, day_before=False, changed_at=now)
    speaker = SpeakerFactory(user=going[2].user)
    SessionFactory(event=event, speakers=[speaker, SpeakerFactory(email="cy@example.org")])
    SessionFactory(event=event, speakers=[speaker])
    MembershipFactory(group=event.group, user=UserFactory(), role="organiser")
    Membership.objects.update(joined_at=now - DAY)
    assert shown(event, now) == [
        ("going", "26 19:00", 1, 1),
        ("waiting", "26 19:00", 1, 0),
        ("speakers", "26 19:00", 2, 0),
        ("hosts", "26 19:00", 1, 0),
        ("going", "27 18:00", 3, 0),
    ]
    now = event.starts_at - DAY + HOUR
    assert [(audience, mails) for audience, _at, mails, _digests in shown(event, now)] == [
        *[("going", 1), ("waiting", 1), ("speakers", 2), ("hosts", 1)],  # at once: nobody has got these yet
        ("going", 3),
    ]
    plan_reminders(now)
    Message.objects.update(state="sent", finished_at=now)
    assert shown(event, now) == [("going", "27 18:00", 3, 0)]


def test_a_reminder_that_is_due_already_says_at_once(event, now):
    ReminderStep.objects.create(event=event, days=1)
    RegistrationFactory(event=event, created_at=now - DAY)
    (row,) = future_reminders(event, event.starts_at - DAY + HOUR)
    assert words_of_row(row, event) == "At once: 1 mail"


def test_as_many_go_out_as_were_announced(event, now):
    ReminderStep.objects.create(event=event, days=1)
    ReminderStep.objects.create(event=event, audience="speakers", anchor="talk", minutes=60)
    for hours in (0, 2):
        speaker = SpeakerFactory(email=f"cy{hours}@example.org")
        SessionFactory(event=event, speakers=[speaker], starts_at=event.starts_at + hours * HOUR)
    for _ in range(3):
        RegistrationFactory(event=event)
    announced = shown(event, now)
    plan_reminders(event.starts_at - DAY - HOUR)
    assert (announced, Message.objects.count()) == ([("going", "26 19:00", 3, 0), ("speakers", "27 18:00", 2, 0)], 5)


def test_who_unsubscribed_is_not_counted(event, now):
    ReminderStep.objects.create(event=event, days=1)
    people = [RegistrationFactory(event=event).user for _ in range(4)]
    for user, scope in zip(
        people, (f"reminders:group:{event.group_id}", "reminders", "reminders:group:0"), strict=False
    ):
        fields = {"digest": address_digest(user.email), "scope": scope, "reason": "unsubscribed", "since": now}
        Suppression.objects.create(**fields)
    assert shown(event, now) == [("going", "26 19:00", 2, 0)]


@pytest.mark.parametrize("count", [1, 3])
def test_looking_takes_the_same_queries_for_one_and_three_people(event, now, count, django_assert_num_queries):
    PlanFactory(event=event, closes_at=event.starts_at - HOUR)
    for values in ({"days": 7}, {"days": 1}, {"audience": "speakers", "days": 1}, {"anchor": "deadline", "days": 1}):
        ReminderStep.objects.create(event=event, **values)
    for _ in range(count):
        SessionFactory(event=event, speakers=[SpeakerFactory(user=UserFactory())])
        RegistrationFactory(event=event)
    with django_assert_num_queries(9):
        assert len(future_reminders(event, now)) == 4
