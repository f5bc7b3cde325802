"""The shape of the schedule document for OpenAPI; lightning/schedule_types.py is the same for the type checker."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.v1.references import TopicReference
from events.event_filters import FORMATS, STATUSES
from events.models import Session
from lightning.models import Talk
from lightning.stage_round import State

PATH = "A path on this site."


@extend_schema_field(OpenApiTypes.DATETIME)
class InstantField(serializers.CharField):
    """ISO 8601 with an offset."""


class SpeakerPart(serializers.Serializer):
    """A speaker's part in a session or talk."""

    name = serializers.CharField()
    slug = serializers.CharField()
    url = serializers.CharField(allow_null=True, help_text=f"{PATH} Null for who is not in the directory.")
    role = serializers.CharField(help_text="speaker, moderator, panellist or host.")
    affiliation = serializers.CharField(help_text="At the time.")


class ResourcePart(serializers.Serializer):
    """Slides, video, code, paper, photos, notes or a course."""

    kind = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField(help_text="A full address, or a path on this site.")


class TalkPart(serializers.Serializer):
    """A lightning talk with a slot."""

    id = serializers.IntegerField()
    uid = serializers.UUIDField(help_text="The UID of its calendar entry.")
    slot = serializers.IntegerField(help_text="1 is the first.")
    title = serializers.CharField(help_text="May still be empty.")
    state = serializers.ChoiceField(choices=Talk.IN_LINEUP)
    starts_at = InstantField(allow_null=True, help_text="As planned; as it was, once it has been given.")
    ends_at = InstantField(allow_null=True)
    expected_at = InstantField(
        allow_null=True,
        help_text="As the round goes, to the minute; null unless that is on stage and the talk still to come.",
    )
    notes = serializers.CharField(help_text="Markdown.")
    language = serializers.CharField()
    topics = TopicReference(many=True)
    speakers = SpeakerPart(many=True)
    resources = ResourcePart(many=True)
    url = serializers.CharField(help_text=f"Its place in the schedule. {PATH}")
    permalink = serializers.CharField(help_text=f"Its own page. {PATH}")


class RoundPart(serializers.Serializer):
    """A round that has begun."""

    state = serializers.ChoiceField(choices=[state.value for state in State if state is not State.READY])
    talk = serializers.IntegerField(allow_null=True, help_text="Who is on (on, paused) or comes next (between).")
    started_at = InstantField(allow_null=True, help_text="Of who is on.")
    ends_at = InstantField(allow_null=True, help_text="Of who is on, as things went so far.")
    late_minutes = serializers.IntegerField(
        allow_null=True, help_text="How much later than planned the next talk begins; negative when early."
    )


class BlockPart(serializers.Serializer):
    """How a lightning session is cut into slots."""

    id = serializers.IntegerField()
    talk_minutes = serializers.IntegerField()
    changeover_minutes = serializers.IntegerField()
    question_minutes = serializers.IntegerField()
    slots = serializers.IntegerField(allow_null=True, help_text="Null while the session's length is unknown.")
    open_slots = serializers.IntegerField(allow_null=True)
    stage = RoundPart(allow_null=True, help_text="Null until the round begins.")
    talks = TalkPart(many=True)


class SessionCore(serializers.Serializer):
    """What the schedule and a session of its own share."""

    id = serializers.IntegerField()
    uid = serializers.UUIDField(help_text="The UID of its calendar entry.")
    kind = serializers.ChoiceField(choices=Session.Kind.values)
    title = serializers.CharField()
    number = serializers.CharField(help_text="A free label, such as 11.")
    status = serializers.ChoiceField(choices=Session.Status.values)
    starts_at = InstantField(allow_null=True)
    ends_at = InstantField(allow_null=True)
    minutes = serializers.IntegerField(allow_null=True)
    parallel = serializers.BooleanField(help_text="Shares its room with another session at the same time.")
    level = serializers.CharField(help_text="beginner, intermediate, advanced, or empty.")
    language = serializers.CharField()
    abstract = serializers.CharField(help_text="Markdown.")
    url = serializers.CharField(help_text=PATH)
    topics = TopicReference(many=True)
    speakers = SpeakerPart(many=True)
    resources = ResourcePart(many=True)
    block = BlockPart(allow_null=True)


class SessionPart(SessionCore):
    """One item of the programme."""

    room = serializers.IntegerField(allow_null=True, help_text="The id of one of `rooms`.")
    track = serializers.IntegerField(allow_null=True, help_text="The id of one of `tracks`.")


class RoomPart(serializers.Serializer):
    """A room of the event."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    capacity = serializers.IntegerField(allow_null=True)


class TrackPart(serializers.Serializer):
    """A thread through the programme."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class ScheduleGroup(serializers.Serializer):
    """Who holds the event."""

    slug = serializers.CharField()
    name = serializers.CharField()
    url = serializers.CharField(help_text=PATH)


class ScheduleVenue(serializers.Serializer):
    """Where it takes place."""

    slug = serializers.CharField()
    name = serializers.CharField()
    address = serializers.CharField()
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)


class ScheduleEvent(serializers.Serializer):
    """The event a programme belongs to."""

    slug = serializers.CharField()
    title = serializers.CharField()
    summary = serializers.CharField()
    status = serializers.ChoiceField(choices=STATUSES)
    format = serializers.ChoiceField(choices=FORMATS)
    starts_at = InstantField()
    ends_at = InstantField()
    time_zone = serializers.CharField(help_text="IANA name, such as Asia/Singapore.")
    language = serializers.CharField()
    url = serializers.CharField(help_text=PATH)
    group = ScheduleGroup()
    venue = ScheduleVenue(allow_null=True)


class Schedule(serializers.Serializer):
    """A whole programme: rooms in column order; sessions by start, room and position, the untimed last."""

    event = ScheduleEvent()
    rooms = RoomPart(many=True)
    tracks = TrackPart(many=True)
    sessions = SessionPart(many=True)


class SessionDetail(SessionCore):
    """A session outside its schedule."""

    event = ScheduleEvent()
    room = RoomPart(allow_null=True)
    track = TrackPart(allow_null=True)


class TalkSession(serializers.Serializer):
    """The lightning session a talk belongs to."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    starts_at = InstantField(allow_null=True)
    url = serializers.CharField(help_text=PATH)
    room = RoomPart(allow_null=True)


class TalkDetail(TalkPart):
    """A lightning talk outside its schedule."""

    event = ScheduleEvent()
    session = TalkSession()


class OnStagePart(serializers.Serializer):
    """A session, or one talk of a lightning round."""

    session = serializers.IntegerField(help_text="The session's id.")
    talk = serializers.IntegerField(allow_null=True, help_text="The talk's id.")
    title = serializers.CharField()
    speakers = serializers.ListField(child=serializers.CharField())
    starts_at = InstantField()
    ends_at = InstantField()
    url = serializers.CharField(help_text=PATH)


class RoomNowPart(serializers.Serializer):
    """One room."""

    room = RoomPart(allow_null=True, help_text="Null for what is not in any room.")
    now = OnStagePart(many=True)
    next = OnStagePart(allow_null=True)
    late_minutes = serializers.IntegerField(
        allow_null=True, help_text="Of the round that is on stage here; negative when early, null without one."
    )


class NowAndNextShape(serializers.Serializer):
    """What is on and what comes next: by the planned times, and by the stage where a round is on it."""

    event = serializers.CharField(help_text="The event's short name.")
    changes_at = InstantField(allow_null=True, help_text="When to ask again; null once nothing more comes.")
    rooms = RoomNowPart(many=True)
