"""What is on: upcoming events month by month, filtered, and the past ones behind them."""

import datetime as dt
from collections import Counter
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.queries import ids_below
from events.models import Event, Group
from speakers.models import Topic
from speakers.selectors import topics as vocabulary
from web import linked_data, queries
from web.answers import page_answer
from web.calendar_menu import CalendarLink, subscribe_links
from web.head import FeedLink, Page, absolute
from web.reads.events import Slots, Wanted, by_month, find_events, row_of, slots_of, towns, with_recaps
from web.reads.rsvp import RowSeats, seats_of

EVENTS_A_PAGE = 30
GROUPS_SHOWN = 10


def home(request: HttpRequest) -> HttpResponse:
    """`/`: filters q, city, topic, open=1; when=past turns to what is over; page."""
    now = timezone.now()
    topics, cities = list(vocabulary()), towns()
    past = queries.choice(request.GET, "when", {"past"}) == "past"
    topic = queries.choice(request.GET, "topic", {topic.slug for topic in topics})
    wanted = _wanted(request, topics, topic, cities)
    page = queries.page(request.GET, _events(wanted, past=past, now=now), size=EVENTS_A_PAGE)
    events: list[Event] = list(page)
    slots = slots_of(events)
    seats = {} if past else seats_of(events, now=now)
    context = {
        "page": _head(events, past=past),
        "list": page,
        "now": now,
        "months": _months(events, slots, seats),
        "usual_zone": _usual_zone(events),
        "past": past,
        "wanted": wanted,
        "topics": topics,
        "cities": cities,
        "query": queries.without_page(request.GET),
        "topic": topic,
        "menu": _menu(wanted, topic),
        "round": None if past else _round(events, slots),
        "groups": _groups(),
    }
    return page_answer(request, "home/home.html", context)


def _events(wanted: Wanted, *, past: bool, now: dt.datetime) -> "QuerySet[Event]":
    found = find_events(wanted)
    if past:
        return with_recaps(found.filter(ends_at__lte=now)).order_by("-starts_at", "-id")
    return found.filter(ends_at__gt=now).order_by("starts_at", "id")


def _wanted(request: HttpRequest, topics: list[Topic], topic: str, cities: list[str]) -> Wanted:
    roots = {one.pk for one in topics if one.slug == topic}
    return Wanted(
        text=queries.text(request.GET, "q"),
        city=queries.choice(request.GET, "city", cities),
        topics=frozenset(ids_below({one.pk: one.parent_id for one in topics}, roots) if roots else ()),
        with_open_slots=queries.switch(request.GET, "open"),
    )


def _head(events: list[Event], *, past: bool) -> Page:
    return Page(
        title=_("Past meetups") if past else _("What’s on"),
        description=_("Meetups and lightning talks: who speaks, when and where."),
        canonical=absolute(reverse("home") + ("?when=past" if past else "")),
        section="events",
        json_ld=[linked_data.event_list(events)],
        calendars=[FeedLink(_("All events"), absolute(reverse("calendar_all")))],
        atom=[FeedLink(_("All events"), absolute(reverse("atom_all")))],
    )


def _months(events: list[Event], slots: dict[int, Slots], seats: dict[int, RowSeats]) -> list[dict[str, Any]]:
    return [
        {"at": at, "zone": zone, "rows": [row_of(event, slots, seats) for event in month]}
        for at, zone, month in by_month(events)
    ]


def _usual_zone(events: list[Event]) -> str:
    """The clock most events of this page go by; theirs needs no name beside each time."""
    return Counter(event.time_zone for event in events).most_common(1)[0][0] if events else ""


def _round(events: list[Event], slots: dict[int, Slots]) -> dict[str, Any] | None:
    """The next round with an open slot, for the call beside the list."""
    published = (event for event in events if event.status == Event.Status.PUBLISHED)
    event = next((event for event in published if event.pk in slots and slots[event.pk].open), None)
    return {"event": event, "slots": slots[event.pk]} if event else None


def _groups() -> dict[str, Any]:
    """The largest groups, and how many there are."""
    active = Count("memberships", filter=Q(memberships__user__is_active=True))
    groups = list(Group.objects.listed().annotate(members_count=active).order_by("-members_count", Lower("name"), "id"))
    words = ngettext("%(count)d group", "%(count)d groups", len(groups)) % {"count": len(groups)}
    return {"shown": groups[:GROUPS_SHOWN], "count": len(groups), "words": words}


def _menu(wanted: Wanted, topic: str) -> list[CalendarLink]:
    """Ways to follow just this list: the search feed takes the same filters."""
    asked = {"search": wanted.text, "city": wanted.city, "topic": topic}
    query = urlencode({name: value for name, value in asked.items() if value})
    if not query:
        return subscribe_links(absolute(reverse("calendar_all")), _("All events"))
    return subscribe_links(absolute(f"{reverse('calendar_search')}?{query}"), _("Events by these filters"))
