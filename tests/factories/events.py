"""Groups, places and gatherings; events are published, last two hours, and follow each other by a week."""

import datetime as dt
from typing import Any

import factory
from factory.django import DjangoModelFactory

from events.models import (
    Event,
    EventHost,
    EventResource,
    EventRoom,
    Group,
    GroupLink,
    Membership,
    Organisation,
    Recap,
    Room,
    Series,
    Venue,
)
from speakers.models import Topic
from tests.factories.accounts import UserFactory

FIRST_EVENING = dt.datetime(2026, 3, 19, 11, 0, tzinfo=dt.UTC)  # 19:00 in Singapore


class GroupFactory(DjangoModelFactory[Group]):
    """A listed group in Singapore."""

    class Meta:
        model = Group
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Group {n}")
    slug = factory.Sequence(lambda n: f"group-{n}")
    town = "Singapore"
    country = "Singapore"
    time_zone = "Asia/Singapore"

    @factory.post_generation
    def topics(self: Any, create: bool, extracted: list[Topic] | None, **kwargs: Any) -> None:
        """What it is about."""
        self.topics.set(extracted or [])


class GroupLinkFactory(DjangoModelFactory[GroupLink]):
    """A public address of a group."""

    class Meta:
        model = GroupLink

    group = factory.SubFactory(GroupFactory)
    title = "Home page"
    url = factory.Sequence(lambda n: f"https://group.example/{n}")


class MembershipFactory(DjangoModelFactory[Membership]):
    """A plain member; `role="organiser"` makes an Ada."""

    class Meta:
        model = Membership

    group = factory.SubFactory(GroupFactory)
    user = factory.SubFactory(UserFactory)


class OrganisationFactory(DjangoModelFactory[Organisation]):
    """Somebody who hosts."""

    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Organisation {n}")
    slug = factory.Sequence(lambda n: f"organisation-{n}")


class VenueFactory(DjangoModelFactory[Venue]):
    """A place in Singapore."""

    class Meta:
        model = Venue

    name = factory.Sequence(lambda n: f"Venue {n}")
    slug = factory.Sequence(lambda n: f"venue-{n}")
    street = "1 Example Street"
    postcode = "117371"
    town = "Singapore"
    country = "Singapore"
    time_zone = "Asia/Singapore"


class RoomFactory(DjangoModelFactory[Room]):
    """A room of a venue."""

    class Meta:
        model = Room

    venue = factory.SubFactory(VenueFactory)
    name = factory.Sequence(lambda n: f"Room {n}")
    capacity = 80


class SeriesFactory(DjangoModelFactory[Series]):
    """Every third Thursday at seven."""

    class Meta:
        model = Series

    group = factory.SubFactory(GroupFactory)
    title = factory.Sequence(lambda n: f"Series {n}")
    slug = factory.Sequence(lambda n: f"series-{n}")
    recurrence_rule = "FREQ=MONTHLY;BYDAY=3TH"
    starts_time = dt.time(19, 0)
    time_zone = "Asia/Singapore"


class EventFactory(DjangoModelFactory[Event]):
    """A published evening at a venue; `rooms=[…]` gives it rooms in that order."""

    class Meta:
        model = Event
        skip_postgeneration_save = True

    group = factory.SubFactory(GroupFactory)
    title = factory.Sequence(lambda n: f"Event {n}")
    slug = factory.Sequence(lambda n: f"event-{n}")
    status = Event.Status.PUBLISHED
    starts_at = factory.Sequence(lambda n: FIRST_EVENING + dt.timedelta(weeks=n))
    ends_at = factory.LazyAttribute(lambda event: event.starts_at + dt.timedelta(hours=2))
    time_zone = "Asia/Singapore"
    venue = factory.SubFactory(VenueFactory)

    @factory.post_generation
    def topics(self: Any, create: bool, extracted: list[Topic] | None, **kwargs: Any) -> None:
        """What it is about."""
        self.topics.set(extracted or [])

    @factory.post_generation
    def rooms(self: Any, create: bool, extracted: list[Room] | None, **kwargs: Any) -> None:
        """Its rooms in column order."""
        for position, room in enumerate(extracted or []):
            EventRoom.objects.create(event=self, room=room, position=position)


class EventRoomFactory(DjangoModelFactory[EventRoom]):
    """A room of the event's own venue."""

    class Meta:
        model = EventRoom

    event = factory.SubFactory(EventFactory)
    room = factory.SubFactory(RoomFactory, venue=factory.SelfAttribute("..event.venue"))
    position = factory.LazyAttribute(lambda row: row.event.event_rooms.count())


class EventHostFactory(DjangoModelFactory[EventHost]):
    """An organisation's part in an event."""

    class Meta:
        model = EventHost

    event = factory.SubFactory(EventFactory)
    organisation = factory.SubFactory(OrganisationFactory)


class EventResourceFactory(DjangoModelFactory[EventResource]):
    """A link that belongs to the whole evening."""

    class Meta:
        model = EventResource

    event = factory.SubFactory(EventFactory)
    kind = EventResource.Kind.PHOTOS
    title = "Photos"
    url = "https://photos.example/album"


class RecapFactory(DjangoModelFactory[Recap]):
    """A published page after the event."""

    class Meta:
        model = Recap

    event = factory.SubFactory(EventFactory)
    notes = "It was a good evening."
    published_at = factory.LazyAttribute(lambda recap: recap.event.ends_at + dt.timedelta(days=1))
