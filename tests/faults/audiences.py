"""People who are going to an event by the real clock, and what reminds them."""

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import MailPreferences, User
from events.models import Event, ReminderStep
from registrations.models import Registration
from registrations.selectors.plans import plan_of_event
from registrations.services.registering import register
from registrations.services.wishes import Wish
from tests.factories.accounts import UserFactory
from tests.factories.events import EventFactory
from tests.factories.registrations import PlanFactory

DOMAINS = 500  # as many mails to one domain would be held back


def zone_at_noon(now: datetime) -> str:
    """A time zone in which it is between noon and one: nobody's quiet hours."""
    ahead = 12 - now.hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


def event_in(until_start: timedelta, **fields: object) -> Event:
    """An event with room for everybody, that long from now, of which nobody is reminded yet."""
    now = timezone.now()
    event: Event = EventFactory(starts_at=now + until_start, time_zone=zone_at_noon(now), **fields)
    PlanFactory(event=event, room=None)
    return event


def remind(event: Event, **lead: int) -> None:
    """Whoever is going, so long before."""
    ReminderStep.objects.create(event=event, **lead)


def fill(event: Event, people: range) -> None:
    """Rows alone, a few statements for all of them; their calendars read their feeds, so nobody is sent invitations."""
    before = timezone.now() - timedelta(days=3)
    users = User.objects.bulk_create(
        [User(name=f"Bo {n}", email=f"bo{n}@d{n % DOMAINS}.example") for n in people], batch_size=1000
    )
    feed = MailPreferences.Calendar.FEED
    MailPreferences.objects.bulk_create(
        [MailPreferences(user=user, calendar=feed, changed_at=before) for user in users], batch_size=1000
    )
    rows = [
        Registration(
            event=event,
            user=user,
            name=user.name,
            state=Registration.State.GOING,
            created_at=before,
            joined_at=before,
            changed_at=before,
        )
        for user in users
    ]
    Registration.objects.bulk_create(rows, batch_size=1000)


def take_a_seat(event: Event, name: str) -> str:
    """Somebody RSVPs by the services; the address the confirmation goes to."""
    user = UserFactory(name=name, email=f"{name.lower()}@example.org")
    wish = Wish(name=name)
    register(plan=plan_of_event(event.pk), user=user, wish=wish, is_proven=True, now=timezone.now())
    return str(user.email)
