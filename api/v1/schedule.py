"""The programme of an event: the whole document, what is on right now, and single sessions and talks of it.

The document is one floor below (lightning/schedule_document.py), since the schedule page draws the very same.
"""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.schedule_shapes import NowAndNextShape, Schedule, SessionDetail, TalkDetail
from api.views import PublicRead, plain
from core.http_cache import respond, strong_etag
from core.query_values import instant
from events.models import Event
from events.selectors.events import published_event
from events.selectors.programme import event_of_session
from lightning.now_and_next import now_and_next
from lightning.schedule_document import FORMAT, build_schedule_document, schedule_bytes, schedule_fingerprint
from lightning.schedule_types import RoomItem, SessionItem
from lightning.selectors.talks import event_of_talk


@extend_schema(
    summary="The schedule document",
    description="All that the schedule page shows, in one document. Ask again with If-None-Match: a 304 costs little.",
    tags=["schedule"],
    responses=Schedule,
)
class EventSchedule(PublicRead):
    """The whole programme."""

    operation_id = "get_schedule"
    serializer_class = Schedule

    def answer(self, request: Request) -> HttpResponse:
        """Three queries while the programme stays, six more when it changed; the same bytes for everybody."""
        event = self.get_object()
        return respond(
            plain(request),
            etag=strong_etag("schedule", FORMAT, schedule_fingerprint(event)),
            content_type="application/json",
            render=lambda: schedule_bytes(build_schedule_document(event)),
        )

    def find(self) -> Event:
        """One query."""
        return published_event(self.kwargs["slug"])


@extend_schema(
    summary="Now and next",
    description=(
        "Room by room what is on and what comes next, as planned. Where a round is on stage its host says who is on, "
        "and `starts_at` of who comes is the expected time. The answer holds until `changes_at`, or until the event's "
        "stream says `schedule`, as it does when the stage moves on."
    ),
    parameters=[
        OpenApiParameter("at", str, description="Another instant than now, with an offset: 2026-03-19T19:00:00+08:00.")
    ],
    tags=["schedule"],
    responses=NowAndNextShape,
)
class EventLive(PublicRead):
    """What is on."""

    operation_id = "get_now_and_next"
    serializer_class = NowAndNextShape
    parameters = ("at",)
    may_be_remembered = False  # it depends on the time

    def answer(self, request: Request) -> Response:
        """Seven queries."""
        at = instant(request.query_params, "at") or timezone.now()
        return Response(now_and_next(build_schedule_document(self.get_object()), at))

    def find(self) -> Event:
        """One query."""
        return published_event(self.kwargs["slug"])


@extend_schema(
    summary="One session",
    description="A session of an event anybody finds. Those of unlisted groups are in their event's schedule only.",
    tags=["schedule"],
    responses=SessionDetail,
)
class OneSession(PublicRead):
    """A session as its schedule shows it, with its event, room and track."""

    operation_id = "get_session"
    serializer_class = SessionDetail

    def answer(self, request: Request) -> Response:
        """One query to find it, six for the schedule."""
        return Response(self.get_object())

    def find(self) -> dict[str, Any]:
        """From the document, so that there is one shape and one truth."""
        pk = self.kwargs["pk"]
        document = build_schedule_document(event_of_session(pk))
        session = next(session for session in document["sessions"] if session["id"] == pk)
        rooms = {room["id"]: room for room in document["rooms"]}
        tracks = {track["id"]: track for track in document["tracks"]}
        named = {"room": rooms.get(session["room"] or 0), "track": tracks.get(session["track"] or 0)}
        return {**session, **named, "event": document["event"]}


@extend_schema(
    summary="One lightning talk",
    description="A talk with a slot, of an event anybody finds.",
    tags=["schedule"],
    responses=TalkDetail,
)
class OneTalk(PublicRead):
    """A talk as its schedule shows it, with its event and session."""

    operation_id = "get_talk"
    serializer_class = TalkDetail

    def answer(self, request: Request) -> Response:
        """One query to find it, six for the schedule."""
        return Response(self.get_object())

    def find(self) -> dict[str, Any]:
        """From the document, so that there is one shape and one truth."""
        pk = self.kwargs["pk"]
        document = build_schedule_document(event_of_talk(pk))
        rooms = {room["id"]: room for room in document["rooms"]}
        for session in document["sessions"]:
            for talk in session["block"]["talks"] if session["block"] else []:
                if talk["id"] == pk:
                    room = rooms.get(session["room"] or 0)
                    return {**talk, "event": document["event"], "session": _part(session, room)}
        raise LookupError(pk)


def _part(session: SessionItem, room: RoomItem | None) -> dict[str, Any]:
    """What a talk says of its session."""
    return {
        "id": session["id"],
        "title": session["title"],
        "starts_at": session["starts_at"],
        "url": session["url"],
        "room": room,
    }
