"""What registrations tell reminders: who joined or changed, in pieces, and when RSVP ends."""

import datetime as dt

import pytest

from accounts.models import MailPreferences
from events.audiences import Asked, Reader
from events.reminder_slots import Person, Wishes
from outbox.delivery import deliver
from outbox.unsubscribing import unsubscribe_url
from registrations.services.reminders import GOING, WAITING, deadlines
from tests.factories import EventFactory, UserFactory
from tests.factories.registrations import PlanFactory, RegistrationFactory

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def test_a_person_is_read_with_language_zone_and_wishes(now):
    bo = UserFactory(email="bo@example.org", language="de", time_zone="Europe/Berlin")
    MailPreferences.objects.create(user=bo, digest="weekly", quiet_from="22:00", quiet_until="07:00", changed_at=now)
    row = RegistrationFactory(user=bo, changed_at=now)
    wishes = Wishes(True, True, True, "weekly", dt.time(8), dt.time(22), dt.time(7))
    expected = Person(row.event_id, row.pk, bo.pk, "bo@example.org", "de", "Europe/Berlin", now, None, wishes)
    assert GOING.people([row.event_id]) == [expected]
    assert WAITING.people([row.event_id]) == []


def test_pieces_follow_event_by_event(now):
    events = [EventFactory(), EventFactory()]
    rows = [RegistrationFactory(event=event) for event in (*events, *events)]
    pks, found = [event.pk for event in events], [rows[0], rows[2], rows[1], rows[3]]
    assert [person.key for person in GOING.people(pks)] == [row.pk for row in found]
    assert [person.key for person in GOING.people(pks, limit=3)] == [row.pk for row in found[:3]]
    assert [person.key for person in GOING.people(pks, after=rows[1].pk)] == [rows[2].pk, rows[3].pk]
    assert GOING.newest() == rows[3].pk


def test_later_passes_read_who_is_new_or_changed(now):
    event = EventFactory()
    old, changed, chose = (RegistrationFactory(event=event, changed_at=now - HOUR) for _ in range(3))
    type(old).objects.filter(pk=changed.pk).update(changed_at=now)
    MailPreferences.objects.create(user=chose.user, changed_at=now)
    new = RegistrationFactory(event=event, changed_at=now - 9 * HOUR)
    found = GOING.people([event.pk], after=chose.pk, changed_since=now)
    assert [person.key for person in found] == [changed.pk, chose.pk, new.pk]


def test_who_deleted_their_account_or_was_locked_out_is_not_reminded():
    event = EventFactory()
    RegistrationFactory(event=event, user=None)
    RegistrationFactory(event=event, user=UserFactory(is_active=False))
    assert GOING.people([event.pk]) == []


def test_nobody_is_told_of_somebody_elses_place(now):
    row = RegistrationFactory()
    bo = Reader(row.user_id, "bo@example.org")
    strangers = [Reader(UserFactory().pk, row.user.email), Reader(None, row.user.email)]
    tell = GOING.facts([Asked(row.event, reader) for reader in (bo, *strangers)])
    assert [tell(row.event, reader) is not None for reader in (bo, *strangers)] == [True, False, False]
    assert tell(row.event, bo).name == "Bo"


def test_rsvp_ends_where_the_plan_says_so(now):
    plan = PlanFactory(closes_at=now)
    assert deadlines({plan.event_id, PlanFactory().event_id, EventFactory().pk}) == {plan.event_id: now}


@pytest.mark.parametrize("count", [1, 3])
def test_reading_takes_one_query_for_one_and_three(count, django_assert_num_queries):
    event = EventFactory()
    RegistrationFactory.create_batch(count, event=event)
    with django_assert_num_queries(1):
        assert len(GOING.people([event.pk])) == count


@pytest.mark.django_db(transaction=True)
def test_a_reminder_arrives_once_with_a_way_to_unsubscribe_in_one_click(mail_server, now):
    event = EventFactory(title="NeurIPS", starts_at=now + 25 * HOUR, time_zone="Europe/London")
    event.reminder_steps.create(days=1)
    RegistrationFactory(event=event, user=UserFactory(email="bo@example.org"), created_at=now - 99 * HOUR)
    for minutes in (0, 60, 80):
        send_at(now + dt.timedelta(minutes=minutes))
    [mail] = [mail for mail in mail_server.mails if mail["Subject"] == "Tomorrow at 19:00: NeurIPS"]
    assert mail["To"] == "bo@example.org"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    scope = f"reminders:group:{event.group_id}"
    assert mail["List-Unsubscribe"] == f"<{unsubscribe_url('bo@example.org', scope)}>"


def send_at(now: dt.datetime) -> None:
    deliver(clock=lambda: now, keep_going=lambda: True)
