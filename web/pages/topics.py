"""The vocabulary, and one topic with its events, speakers and groups."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from events.models import Event
from events.selectors.events import listed_events
from speakers.models import Topic
from speakers.selectors import public_topic, topic_ids_within
from speakers.selectors import topics as vocabulary
from web import linked_data, queries
from web.answers import page_answer
from web.calendar_menu import feed_path, subscribe_menu
from web.head import FeedLink, Page, absolute, describe
from web.reads.events import about, slots_of, with_recaps
from web.reads.topics import GROUPS_SHOWN, SPEAKERS_SHOWN, groups_about, speakers_about, use_of

PAST_A_PAGE = 20
UPCOMING_SHOWN = 20


def topics(request: HttpRequest) -> HttpResponse:
    """`/topics/`: the vocabulary as a tree of two levels; what lies deeper stands on the topics' own pages."""
    found = list(vocabulary())
    use = use_of(found)
    by_parent: dict[int | None, list[Topic]] = {}
    for topic in found:
        by_parent.setdefault(topic.parent_id, []).append(topic)
    page = Page(
        title=_("Topics"),
        description=_("What people here speak about."),
        canonical=absolute(reverse("topics")),
    )
    rows = [
        {"topic": root, "use": use[root.pk], "parts": by_parent.get(root.pk, [])} for root in by_parent.get(None, [])
    ]
    return page_answer(request, "topics/topics.html", {"page": page, "rows": rows})


def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """`/topics/<topic>/`: the topic and all that is part of it."""
    now = timezone.now()
    try:
        found = public_topic(slug)
    except Topic.DoesNotExist as error:
        raise Http404 from error
    within = topic_ids_within([found.pk])
    events = with_recaps(listed_events().filter(about(within)))
    upcoming = list(events.filter(ends_at__gt=now).order_by("starts_at", "id")[:UPCOMING_SHOWN])
    past = queries.page(request.GET, events.filter(ends_at__lte=now).order_by("-starts_at", "-id"), size=PAST_A_PAGE)
    slots = slots_of(upcoming)
    context = {
        "page": _head(found, upcoming),
        "topic": found,
        "parts": list(Topic.objects.filter(parent=found).order_by("name")),
        "upcoming": [{"event": event, "slots": slots.get(event.pk)} for event in upcoming],
        "list": past,
        "past": [{"event": event} for event in past.object_list],
        "speakers": _some(speakers_about(within), SPEAKERS_SHOWN),
        "groups": list(groups_about(within)[:GROUPS_SHOWN]),
        "menu": subscribe_menu(found, settings.SITE_URL),
    }
    return page_answer(request, "topics/topic.html", context)


def _some(rows: "QuerySet[Any]", limit: int) -> dict[str, Any]:
    """The first of them, and whether there are more."""
    found = list(rows[: limit + 1])
    return {"shown": found[:limit], "more": len(found) > limit}


def _head(found: Topic, upcoming: list[Event]) -> Page:
    return Page(
        title=found.name,
        description=describe(found.description)
        or _("Meetups, talks and speakers about %(topic)s.") % {"topic": found.name},
        canonical=absolute(found.get_absolute_url()),
        json_ld=[linked_data.event_list(upcoming)],
        calendars=[FeedLink(found.name, absolute(feed_path(found)))],
    )
