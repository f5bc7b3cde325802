"""Groups: all of them, and one with its next meetup and the past ones."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db.models.functions import Lower
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.queries import by_slug
from events.models import Event, Group
from events.selectors.events import group_events
from events.selectors.groups import with_card
from web import linked_data, queries, wording
from web.answers import page_answer
from web.calendar_menu import feed_path, subscribe_menu
from web.head import FeedLink, Page, absolute, describe
from web.reads.events import row_of, slots_of, with_recaps
from web.reads.groups import next_meetups, organisers_of, slides_count, with_figures
from web.reads.resources import kinds_of_events
from web.reads.rsvp import seats_of

PAST_A_PAGE = 20
UPCOMING_SHOWN = 12


def groups(request: HttpRequest) -> HttpResponse:
    """`/groups/`: every listed group with its size and its next meetup."""
    now = timezone.now()
    found = list(with_figures(Group.objects.listed().order_by(Lower("name"), "id"), now=now))
    upcoming = next_meetups(found, now=now)
    page = Page(
        title=_("Groups"),
        description=_("Communities that meet: where they are at home, and when they meet next."),
        canonical=absolute(reverse("groups")),
        section="groups",
    )
    rows = [{"group": group, "next": upcoming.get(group.pk)} for group in found]
    return page_answer(request, "groups/groups.html", {"page": page, "rows": rows})


def group(request: HttpRequest, slug: str) -> HttpResponse:
    """`/groups/<group>/`: figures, next, past with recaps and slides, organisers; also of an unlisted group."""
    now = timezone.now()
    try:
        found = by_slug(with_figures(with_card(Group.objects.all()), now=now), slug)
    except Group.DoesNotExist as error:
        raise Http404 from error
    public = with_recaps(group_events(found))
    upcoming = list(public.filter(ends_at__gt=now).order_by("starts_at", "id")[:UPCOMING_SHOWN])
    past = queries.page(request.GET, public.filter(ends_at__lte=now).order_by("-starts_at", "-id"), size=PAST_A_PAGE)
    context = {
        "page": _head(found),
        "group": found,
        "list": past,
        "now": now,
        "past": _past(list(past)),
        "organisers": organisers_of(found),
        "slides_count": slides_count(found),
        "menu": subscribe_menu(found, settings.SITE_URL) if found.is_listed else [],
    }
    return page_answer(request, "groups/group.html", context | _coming(upcoming, now=now))


def _coming(upcoming: list[Event], *, now: dt.datetime) -> dict[str, Any]:
    """The next meetup, large, and the rest as a list; a cancelled one is never “next”."""
    slots, seats = slots_of(upcoming), seats_of(upcoming, now=now)
    first = next((event for event in upcoming if event.status != Event.Status.CANCELLED), None)
    return {
        "following": row_of(first, slots, seats) if first else None,
        "days": wording.days_until(first.starts_at, now=now, zone=first.time_zone) if first else "",
        "others": [row_of(event, slots, seats) for event in upcoming if event is not first],
    }


def _past(events: list[Event]) -> list[dict[str, Any]]:
    kinds = kinds_of_events(events)
    return [{"event": e, "kinds": kinds.get(e.pk, [])} for e in events]


def _head(community: Group) -> Page:
    return Page(
        title=community.name,
        description=describe(community.tagline, community.description),
        canonical=absolute(community.get_absolute_url()) if community.is_listed else "",
        section="groups",
        json_ld=[linked_data.group(community, links=[link.url for link in community.links.all()])],
        calendars=[FeedLink(community.name, absolute(feed_path(community)))] if community.is_listed else [],
        atom=[FeedLink(community.name, absolute(reverse("atom_group", args=[community.slug])))]
        if community.is_listed
        else [],
    )
