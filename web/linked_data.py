"""Linked data (schema.org) of events, groups and people, for search engines; plain JSON values."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from core.time_words import local
from events.models import Event, Group
from speakers.models import Speaker
from web.head import absolute, describe

Thing = dict[str, Any]
CONTEXT = {"@context": "https://schema.org"}
STATUSES: dict[str, str] = {
    Event.Status.CANCELLED: "https://schema.org/EventCancelled",
    Event.Status.POSTPONED: "https://schema.org/EventPostponed",
}
MODES: dict[str, str] = {
    Event.Format.IN_PERSON: "https://schema.org/OfflineEventAttendanceMode",
    Event.Format.ONLINE: "https://schema.org/OnlineEventAttendanceMode",
    Event.Format.HYBRID: "https://schema.org/MixedEventAttendanceMode",
}


def event(meetup: Event, *, performers: Iterable[str] = ()) -> Thing:
    """An Event; times carry the event's own offset."""
    description = describe(meetup.summary, meetup.description)
    people = [{"@type": "Person", "name": name} for name in performers]
    return (
        CONTEXT
        | _event_core(meetup)
        | {
            "eventStatus": STATUSES.get(meetup.status, "https://schema.org/EventScheduled"),
            "eventAttendanceMode": MODES[meetup.format],
            "organizer": {
                "@type": "Organization",
                "name": meetup.group.name,
                "url": absolute(meetup.group.get_absolute_url()),
            },
        }
        | ({"description": description} if description else {})
        | ({"performer": people} if people else {})
    )


def part(
    meetup: Event,
    *,
    name: str,
    url: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    performers: Iterable[str] = (),
) -> Thing:
    """A talk as a part of its Event."""
    people = [{"@type": "Person", "name": person} for person in performers]
    times = {"startDate": starts_at, "endDate": ends_at}
    return (
        CONTEXT
        | {"@type": "Event", "name": name, "url": url, "superEvent": _event_core(meetup)}
        | {key: local(instant, meetup.time_zone).isoformat(timespec="seconds") for key, instant in times.items()}
        | {"location": _location(meetup)}
        | ({"performer": people} if people else {})
    )


def event_list(events: Iterable[Event]) -> Thing:
    """The events of a page, in its order."""
    items = [
        {"@type": "ListItem", "position": number, "item": _event_core(meetup)}
        for number, meetup in enumerate(events, start=1)
    ]
    return CONTEXT | {"@type": "ItemList", "itemListElement": items}


def _event_core(meetup: Event) -> Thing:
    return {
        "@type": "Event",
        "name": meetup.title,
        "url": absolute(meetup.get_absolute_url()),
        "startDate": local(meetup.starts_at, meetup.time_zone).isoformat(),
        "endDate": local(meetup.ends_at, meetup.time_zone).isoformat(),
        "location": _location(meetup),
    }


def _location(meetup: Event) -> Thing:
    """A place; for an event without one its page, where the address is handed to those who come."""
    if meetup.venue is None or meetup.format == Event.Format.ONLINE:
        return {"@type": "VirtualLocation", "url": absolute(meetup.get_absolute_url())}
    venue = meetup.venue
    address = {
        "streetAddress": venue.street,
        "postalCode": venue.postcode,
        "addressLocality": venue.town,
        "addressCountry": venue.country,
    }
    place: Thing = {"@type": "Place", "name": venue.name}
    if any(address.values()):
        place["address"] = {"@type": "PostalAddress"} | {name: value for name, value in address.items() if value}
    if venue.latitude is not None and venue.longitude is not None:
        place["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": float(venue.latitude),
            "longitude": float(venue.longitude),
        }
    return place


def group(community: Group, *, links: Iterable[str] = ()) -> Thing:
    """An Organization."""
    same = list(links)
    return (
        CONTEXT
        | {"@type": "Organization", "name": community.name, "url": absolute(community.get_absolute_url())}
        | ({"description": community.tagline} if community.tagline else {})
        | ({"foundingDate": community.founded_date.isoformat()} if community.founded_date else {})
        | ({"sameAs": same} if same else {})
    )


def person(speaker: Speaker, *, links: Iterable[str] = (), affiliation: str = "") -> Thing:
    """A Person; never an e-mail."""
    same = list(links)
    return (
        CONTEXT
        | {"@type": "Person", "name": speaker.name, "url": absolute(speaker.get_absolute_url())}
        | (
            {"description": describe(speaker.tagline, speaker.biography)}
            if speaker.tagline or speaker.biography
            else {}
        )
        | ({"affiliation": {"@type": "Organization", "name": affiliation}} if affiliation else {})
        | ({"homeLocation": {"@type": "Place", "name": speaker.town}} if speaker.town else {})
        | ({"sameAs": same} if same else {})
    )
