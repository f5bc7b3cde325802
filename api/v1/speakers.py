"""Speakers: the public directory, and where each has spoken."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers

from api.fields import FileURL, LocalTime, PageURL, absolute
from api.v1.references import LinkItem, ResourceReference, TopicReference
from api.views import PublicList, PublicRead
from core.zones import local_text
from events.models import Event, Session
from events.selectors.programme import speaker_sessions
from lightning.models import Talk, TalkResource
from lightning.selectors.decks import is_deck_out_by_record
from lightning.selectors.talks import speaker_talks
from speakers.models import Speaker
from speakers.selectors import listed_speakers, public_speaker
from speakers.speaker_filters import SpeakerFilters

SPEAKS = [state for state in Talk.IN_LINEUP if state != Talk.State.NO_SHOW]
INSTANT = {"type": ["string", "null"], "format": "date-time"}


class AffiliationItem(serializers.Serializer):
    """Where somebody works or studies."""

    organisation = serializers.CharField()
    role = serializers.CharField()
    since_date = serializers.DateField(allow_null=True)
    until_date = serializers.DateField(allow_null=True)


class SpeakerItem(serializers.Serializer):
    """Somebody who speaks. The private e-mail address is never part of it."""

    slug = serializers.CharField(help_text="Short name, as used in addresses.")
    name = serializers.CharField()
    tagline = serializers.CharField()
    town = serializers.CharField()
    languages = serializers.ListField(child=serializers.CharField(), help_text="BCP 47 tags.")
    takes_remote = serializers.BooleanField(help_text="Speaks remotely, too.")
    photo = FileURL()
    topics = TopicReference(many=True)
    affiliations = AffiliationItem(many=True, help_text="The latest first.")
    links = LinkItem(many=True)
    url = PageURL(help_text="Their page.")


class AppearanceEvent(serializers.Serializer):
    """The event of an appearance."""

    slug = serializers.CharField(help_text="Short name, as used in addresses.")
    title = serializers.CharField()
    starts_at = LocalTime()
    url = PageURL(help_text="Its page.")


class SessionAppearance(serializers.Serializer):
    """A session somebody spoke in."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Session.Kind.values)
    title = serializers.CharField()
    event = AppearanceEvent()
    resources = ResourceReference(many=True)
    url = serializers.SerializerMethodField(help_text="Its place in the schedule.")

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, session: Session) -> str:
        """Full address."""
        return _place(session.event, f"session-{session.pk}")


class TalkAppearance(serializers.Serializer):
    """A lightning talk somebody gave or is about to give."""

    id = serializers.IntegerField()
    title = serializers.CharField(help_text="May still be empty.")
    state = serializers.ChoiceField(choices=SPEAKS)
    started_at = serializers.SerializerMethodField(
        help_text="As it was on stage; null before, and where nobody ran it."
    )
    ended_at = serializers.SerializerMethodField()
    event = AppearanceEvent(source="block.session.event")
    resources = serializers.SerializerMethodField(help_text="Slides that were uploaded come first, once they are out.")
    url = serializers.SerializerMethodField(help_text="Its place in the schedule.")
    permalink = serializers.SerializerMethodField(help_text="Its own page.")

    @extend_schema_field(INSTANT)
    def get_started_at(self, talk: Talk) -> str | None:
        """On the event's clock."""
        return _local(talk, talk.started_at)

    @extend_schema_field(INSTANT)
    def get_ended_at(self, talk: Talk) -> str | None:
        """On the event's clock."""
        return _local(talk, talk.ended_at)

    @extend_schema_field(ResourceReference(many=True))
    def get_resources(self, talk: Talk) -> Any:
        """As on the speaker's page."""
        slides = TalkResource(kind=TalkResource.Kind.SLIDES, url=reverse("deck", args=[talk.code]))
        deck = [slides] if is_deck_out_by_record(talk) else []
        return ResourceReference([*deck, *talk.resources.all()], many=True).data

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, talk: Talk) -> str:
        """Full address."""
        return _place(talk.block.session.event, f"talk-{talk.pk}")

    @extend_schema_field(OpenApiTypes.URI)
    def get_permalink(self, talk: Talk) -> str:
        """Full address."""
        return absolute(reverse("talk", args=[talk.code]))


class SpeakerDetail(SpeakerItem):
    """A speaker with biography and all appearances, the latest first."""

    biography = serializers.CharField(help_text="Markdown.")
    sessions = serializers.SerializerMethodField()
    talks = serializers.SerializerMethodField()

    @extend_schema_field(SessionAppearance(many=True))
    def get_sessions(self, speaker: Speaker) -> Any:
        """Four queries."""
        return SessionAppearance(speaker_sessions(speaker), many=True).data

    @extend_schema_field(TalkAppearance(many=True))
    def get_talks(self, speaker: Speaker) -> Any:
        """Four queries."""
        return TalkAppearance(speaker_talks(speaker), many=True).data


def _place(event: Event, anchor: str) -> str:
    return absolute(f"{event.get_absolute_url()}schedule/#{anchor}")


def _local(talk: Talk, instant: dt.datetime | None) -> str | None:
    return local_text(instant, talk.block.session.event.zone) if instant else None


FILTERS = [
    OpenApiParameter("topic", str, many=True, description="Short name of a topic; includes what lies below it."),
    OpenApiParameter("language", str, many=True, description="BCP 47 tag: en, zh-Hans. Repeat a filter to widen it."),
    OpenApiParameter("town", str, many=True, description="Town, whatever its case."),
    OpenApiParameter("affiliation", str, many=True, description="Organisation, whatever its case."),
    OpenApiParameter("takes_remote", str, many=True, enum=("true", "false"), description="Speaks remotely, too."),
    OpenApiParameter("search", str, description="Words that all occur in name, tagline, biography, town, affiliation."),
]


@extend_schema(
    summary="Speakers",
    description="The public directory by name; filters narrow each other.",
    parameters=FILTERS,
    tags=["speakers"],
)
class Speakers(PublicList):
    """The directory."""

    operation_id = "list_speakers"
    serializer_class = SpeakerItem
    parameters = SpeakerFilters.names()

    def page_keys(self) -> Sequence[str]:
        """By name."""
        return "name_key", "id"

    def get_queryset(self) -> QuerySet[Any]:
        """Four queries a page, and two more for a topic."""
        speakers = listed_speakers().annotate(name_key=Lower("name"))
        return SpeakerFilters.from_query(self.request.query_params).apply(speakers)


@extend_schema(
    summary="One speaker",
    description="A profile with all appearances at events anybody finds.",
    tags=["speakers"],
)
class OneSpeaker(PublicRead):
    """A profile."""

    operation_id = "get_speaker"
    serializer_class = SpeakerDetail

    def find(self) -> Speaker:
        """Four queries."""
        return public_speaker(self.kwargs["slug"])
