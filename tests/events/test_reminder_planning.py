"""The feeder: who is reminded when, once, whatever crashes, joins late or moves."""

import datetime as dt
import uuid

import pytest

from accounts.models import MailPreferences
from events.models import ChangeNotice, Event, Membership, ReminderRun, ReminderStep
from events.services import reminder_planning
from events.services.events import cancel_event, create_event, postpone_event, publish_event, revise_event
from events.services.notices import expand_notices
from events.services.reminder_planning import plan_reminders
from outbox.models import Message
from tests.factories import (
    EventFactory,
    GroupFactory,
    MembershipFactory,
    SessionFactory,
    SpeakerFactory,
    UserFactory,
)
from tests.factories.registrations import PlanFactory, RegistrationFactory
from tests.races import at_once

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
TOLD = dt.timedelta(minutes=6)  # after which people are told of a change


@pytest.fixture
def event(now):
    """Tomorrow at this time; one reminder, a day before, to who is going."""
    event = EventFactory(starts_at=now + DAY + HOUR, time_zone="Asia/Singapore")
    ReminderStep.objects.create(event=event, days=1)
    return event


def person(event: Event, name: str = "Bo", **fields):
    """Somebody at the event, since long ago."""
    since = fields.pop("since", event.starts_at - 30 * DAY)
    user = UserFactory(name=name, email=f"{name.lower()}@example.org", **fields.pop("user", {}))
    return RegistrationFactory(event=event, user=user, name=name, created_at=since, **fields)


def wishes(user, now, **chosen) -> MailPreferences:
    return MailPreferences.objects.create(user=user, changed_at=now, **chosen)


def planned() -> list[tuple[str, str]]:
    """To whom, and when, in UTC."""
    rows = Message.objects.order_by("available_at", "address").values_list("address", "available_at")
    return [(address, f"{at:%d %H:%M}") for address, at in rows]


def reminders() -> list[str]:
    """When, in UTC."""
    rows = Message.objects.filter(kind="reminder").order_by("available_at").values_list("available_at", flat=True)
    return [f"{at:%d %H:%M}" for at in rows]


pytestmark = pytest.mark.django_db


def test_a_reminder_is_written_down_with_all_that_sending_needs(event, now):
    bo = person(event)
    assert plan_reminders(now) is False
    message = Message.objects.get()
    step = event.reminder_steps.get()
    version = f"{event.starts_at:%Y%m%dT%H%MZ}"
    assert {name: getattr(message, name) for name in ("kind", "dedupe_key", "payload", "scopes", "priority")} == {
        "kind": "reminder",
        "dedupe_key": f"reminder:{event.pk}:{step.pk}:{version}:{bo.user_id}",
        "payload": {"event": event.pk, "step": step.pk, "version": version},
        "scopes": [f"reminders:group:{event.group_id}", "reminders"],
        "priority": 20,
    }
    assert (message.available_at, message.expires_at) == (now + HOUR, event.starts_at)
    assert (message.recipient_id, message.is_secret) == (bo.user_id, True)


def test_planning_again_writes_nothing_new(event, now):
    person(event)
    plan_reminders(now)
    plan_reminders(now + HOUR)
    assert planned() == [("bo@example.org", "17 19:00")]


@pytest.mark.parametrize("status", ["draft", "postponed", "cancelled"])
def test_what_does_not_take_place_plans_nothing(event, now, status):
    person(event)
    Event.objects.update(status=status)
    plan_reminders(now)
    assert planned() == []


def test_it_is_planned_a_day_and_a_half_before_it_is_due(event, now):
    person(event)
    plan_reminders(now - dt.timedelta(hours=36, minutes=1))
    assert planned() == []
    plan_reminders(now - 35 * HOUR)
    assert planned() == [("bo@example.org", "17 19:00")]


def test_each_state_is_an_audience_of_its_own(event, now):
    ReminderStep.objects.create(event=event, audience="waiting", days=1)
    for state in ("pending", "requested", "going", "waiting", "declined", "cancelled", "checked_in", "no_show"):
        person(event, state, state=state)
    plan_reminders(now)
    steps = dict(ReminderStep.objects.values_list("pk", "audience"))
    assert {steps[message.payload["step"]]: message.address for message in Message.objects.all()} == {
        "going": "going@example.org",
        "waiting": "waiting@example.org",
    }


def test_hosts_are_the_organisers_and_hosts_of_the_group(event, now):
    ReminderStep.objects.update(audience="hosts")
    for role in ("organiser", "host", "member"):
        MembershipFactory(group=event.group, user=UserFactory(email=f"{role}@example.org"), role=role)
    MembershipFactory(user=UserFactory(email="dee@example.org"), role="organiser")
    gone = UserFactory(email="gone@example.org", is_active=False)
    MembershipFactory(group=event.group, user=gone, role="organiser")
    Membership.objects.update(joined_at=now - DAY)
    plan_reminders(now)
    assert [address for address, _at in planned()] == ["host@example.org", "organiser@example.org"]


def test_speakers_are_reached_by_account_or_address_once_each(event, now):
    ReminderStep.objects.update(audience="speakers")
    cy = SpeakerFactory(user=UserFactory(email="cy@example.org"))
    loose, known = SpeakerFactory(email="loose@example.org"), SpeakerFactory(email="KNOWN@example.org")
    UserFactory(email="known@example.org")
    SessionFactory(event=event, speakers=[cy, loose, known, SpeakerFactory()])
    SessionFactory(event=event, speakers=[cy])
    SessionFactory(event=event, speakers=[SpeakerFactory(email="off@example.org")], status="cancelled")
    plan_reminders(now)
    rows = Message.objects.order_by("address").values_list("address", "recipient__email")
    assert list(rows) == [
        ("cy@example.org", "cy@example.org"),
        ("known@example.org", "known@example.org"),
        ("loose@example.org", None),
    ]
    assert "loose" not in Message.objects.get(recipient=None).dedupe_key


def test_a_reminder_before_the_talk_follows_each_talk(event, now):
    ReminderStep.objects.update(audience="speakers", anchor="talk", days=0, minutes=60)
    cy = SpeakerFactory(email="cy@example.org")
    for hours in (0, 3):
        SessionFactory(event=event, speakers=[cy], starts_at=event.starts_at + hours * HOUR)
    SessionFactory(event=event, speakers=[cy], starts_at=None)
    plan_reminders(now)
    assert planned() == [("cy@example.org", "18 18:00"), ("cy@example.org", "18 21:00")]
    assert [message.expires_at - message.available_at for message in Message.objects.all()] == [HOUR, HOUR]


def test_a_reminder_of_the_end_of_rsvp_counts_from_it(event, now):
    ReminderStep.objects.update(anchor="deadline", days=0, minutes=120)
    person(event)
    plan = PlanFactory(event=event)
    plan_reminders(now)
    assert planned() == []
    plan.closes_at = now + 5 * HOUR
    plan.save()
    plan_reminders(now)
    message = Message.objects.get()
    assert (message.available_at, message.expires_at) == (now + 3 * HOUR, plan.closes_at)


def test_who_joins_later_is_found_by_later_passes(event, now):
    person(event)
    plan_reminders(now)
    later = now + dt.timedelta(minutes=20)
    person(event, "Cy", since=later - dt.timedelta(minutes=1))
    person(event, "Old", since=now - 9 * DAY)  # written late, with a time long past
    plan_reminders(later)
    assert planned() == [
        ("bo@example.org", "17 19:00"),
        ("old@example.org", "17 19:00"),
        ("cy@example.org", "17 19:19"),
    ]


def test_somebody_who_changes_from_the_queue_to_going_is_found(event, now):
    bo = person(event, state="waiting")
    plan_reminders(now)
    assert planned() == []
    bo.state, bo.changed_at = "going", now + 3 * HOUR
    bo.save()
    plan_reminders(now + 3 * HOUR)
    assert planned() == [("bo@example.org", "17 22:00")]


def test_changed_wishes_are_looked_at_again(event, now):
    bo = person(event)
    wishes(bo.user, now - DAY, day_before=False)
    plan_reminders(now)
    assert planned() == []
    MailPreferences.objects.update(day_before=True, changed_at=now + dt.timedelta(minutes=15))
    plan_reminders(now + dt.timedelta(minutes=20))
    assert planned() == [("bo@example.org", "17 19:00")]


def test_a_digest_gathers_what_is_due_that_day(event, now):
    bo = person(event, user={"time_zone": "Asia/Singapore"})
    wishes(bo.user, now, digest="daily", digest_time=dt.time(9))
    second = EventFactory(starts_at=event.starts_at + HOUR, time_zone="Asia/Singapore")
    ReminderStep.objects.create(event=second, days=1)
    RegistrationFactory(event=second, user=bo.user)
    plan_reminders(now)
    message = Message.objects.get()
    assert (message.kind, message.dedupe_key) == ("reminder_digest", f"digest:{bo.user_id}:2026-11-18")
    assert (planned(), message.scopes) == ([("bo@example.org", "18 01:00")], ["reminders"])


def test_quiet_hours_move_a_reminder(event, now):
    bo = person(event, user={"time_zone": "UTC"})
    wishes(bo.user, now, quiet_from=dt.time(18), quiet_until=dt.time(7))
    plan_reminders(now)
    assert planned() == [("bo@example.org", "18 07:00")]


def test_an_event_that_moves_is_planned_anew_and_back_again_once(event, now):
    person(event)
    plan_reminders(now)
    start = event.starts_at
    for moved, at in ((start + 2 * HOUR, now), (start, now + dt.timedelta(minutes=30))):
        revise_event(event=event, now=at, starts_at=moved, ends_at=moved + HOUR)
        expand_notices(at + TOLD)
        plan_reminders(at + TOLD)
    assert reminders() == ["17 19:00", "17 21:00"]


def test_reminders_wait_until_people_are_told_of_a_change_or_it_is_taken_back(event, now):
    person(event)
    start, ends = event.starts_at, event.ends_at
    for by, waiting in ((2 * HOUR, True), (0 * HOUR, False)):
        revise_event(event=event, now=now, starts_at=start + by, ends_at=ends + by)
        plan_reminders(now)
        assert (reminders() == [], ChangeNotice.objects.exists()) == (waiting, waiting)
    assert reminders() == ["17 19:00"]


def test_a_change_that_cannot_be_told_holds_reminders_back_for_an_hour_at_most(event, now):
    person(event)
    revise_event(event=event, now=now, starts_at=event.starts_at + 2 * HOUR, ends_at=event.ends_at + 2 * HOUR)
    plan_reminders(now + HOUR)
    assert reminders() == []
    plan_reminders(now + 2 * HOUR)
    assert reminders() == ["17 21:00"]


@pytest.mark.parametrize(
    ("state", "moved", "expected"),
    [
        ("sent", HOUR, 1),  # that it is in a day was said; the new time says the notice
        ("sending", HOUR, 1),
        ("skipped", HOUR, 2),
        ("sent", dt.timedelta(minutes=5), 1),
        ("sent", 3 * DAY, 2),  # still to come for the new day
    ],
)
def test_who_was_reminded_is_not_again_because_the_start_moves_a_little(event, now, state, moved, expected):
    person(event)
    plan_reminders(now)
    at = now + 3 * HOUR
    Message.objects.update(state=state, finished_at=at, lease_token=None) if state != "sending" else None
    if state == "sending":
        Message.objects.update(state=state, lease_token=uuid.uuid4(), lease_until=at)
    revise_event(event=event, now=at, starts_at=event.starts_at + moved, ends_at=event.ends_at + moved)
    expand_notices(at + TOLD)
    plan_reminders(max(at + TOLD, at + moved - DAY))
    assert len(reminders()) == expected


def test_who_comes_after_the_move_is_reminded(event, now):
    person(event)
    plan_reminders(now)
    at = now + 3 * HOUR
    Message.objects.update(state="sent", finished_at=at)
    revise_event(event=event, now=at, starts_at=event.starts_at + HOUR, ends_at=event.ends_at + HOUR)
    expand_notices(at + TOLD)
    person(event, "Cy", since=at + TOLD)
    plan_reminders(at + 2 * TOLD)
    assert [address for address, _at in planned() if address != "bo@example.org"] == ["cy@example.org"]


def test_a_talk_that_changes_places_reminds_nobody_twice(event, now):
    ReminderStep.objects.update(audience="speakers", anchor="talk")
    session = SessionFactory(event=event, starts_at=event.starts_at, speakers=[SpeakerFactory(email="cy@example.org")])
    plan_reminders(now)
    at = now + 3 * HOUR
    Message.objects.update(state="sent", finished_at=at)
    type(session).objects.update(starts_at=session.starts_at + dt.timedelta(minutes=10))
    plan_reminders(at)
    assert len(planned()) == 1


def test_an_event_that_is_on_again_is_planned(event, now):
    person(event)
    postpone_event(event=event, now=now)
    plan_reminders(now)
    publish_event(event=event, now=now)
    expand_notices(now + TOLD)
    plan_reminders(now + TOLD)
    assert reminders() == ["17 19:00"]
    cancel_event(event=event, now=now)
    expand_notices(now + TOLD)
    plan_reminders(now + 12 * HOUR)
    assert len(reminders()) == 1


def test_what_is_no_use_any_more_is_not_planned(event, now):
    person(event)
    plan_reminders(now + 14 * HOUR)
    assert (planned(), ReminderRun.objects.count()) == ([], 1)


def test_a_kill_between_two_pieces_resumes_where_it_was(event, now, monkeypatch):
    monkeypatch.setattr(reminder_planning, "AT_ONCE", 2)
    for name in ("Ada", "Bo", "Cy", "Dee", "Eve"):
        person(event, name)
    more = [plan_reminders(now)]
    assert (len(planned()), ReminderRun.objects.get().planned_until) == (2, None)
    more += [plan_reminders(now), plan_reminders(now)]
    assert (more, len(planned())) == ([True, True, False], 5)
    assert ReminderRun.objects.get().planned_until == now


def test_a_piece_and_its_place_are_one(event, now, monkeypatch):
    person(event)

    def killed(*_args, **_kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(reminder_planning, "_keep_place", killed)
        with pytest.raises(KeyboardInterrupt):
            plan_reminders(now)
    assert (planned(), ReminderRun.objects.count()) == ([], 0)
    plan_reminders(now)
    assert len(planned()) == 1


def test_many_who_join_at_once_are_found_in_pieces(event, now, monkeypatch):
    monkeypatch.setattr(reminder_planning, "AT_ONCE", 2)
    person(event)
    plan_reminders(now)
    later = now + dt.timedelta(minutes=20)
    for name in ("Ada", "Cy", "Dee"):
        person(event, name, since=now + dt.timedelta(minutes=1))
    while plan_reminders(later):
        pass
    assert len(planned()) == 4


def test_an_address_that_cannot_be_written_to_stops_nobody_else(event, now):
    person(event)
    person(event, "Cy").user.__class__.objects.filter(name="Cy").update(email="cy@@example")
    plan_reminders(now)
    assert planned() == [("bo@example.org", "17 19:00")]


@pytest.mark.parametrize("count", [1, 3])
def test_a_round_takes_the_same_statements_for_one_and_three_people(event, now, count, django_assert_num_queries):
    for number in range(count):
        person(event, f"Bo{number}")
    with django_assert_num_queries(11):
        plan_reminders(now)
    with django_assert_num_queries(1):
        plan_reminders(now)


def test_new_events_get_the_usual_plan(now):
    group = GroupFactory()
    event = create_event(now=now, group=group, title="E", slug="e", starts_at=now, ends_at=now + HOUR, time_zone="UTC")
    assert list(event.reminder_steps.values_list("audience", "days", "minutes")) == [
        ("going", 7, 0),
        ("going", 1, 0),
        ("going", 0, 60),
        ("hosts", 1, 0),
        ("speakers", 7, 0),
        ("speakers", 1, 0),
    ]


@pytest.mark.django_db(transaction=True)
def test_two_planners_at_once_write_everything_once(event, now):
    for number in range(20):
        person(event, f"Bo{number}")
    assert at_once(*[lambda: plan_reminders(now)] * 4) == ["done"] * 4
    plan_reminders(now)
    assert (len(planned()), ReminderRun.objects.count()) == (20, 1)
