"""Public reads of lightning talks: those with a place in the running order of an event anybody finds."""

from django.db.models import Prefetch

from events.models import Event
from lightning.models import Talk, TalkResource, TalkSpeaker
from lightning.models.talk import TalkQuerySet
from speakers.models import Speaker, Topic


def listed_talks() -> TalkQuerySet:
    """With all that an item shows; four queries."""
    events = Event.objects.published().listed()
    return with_card(Talk.objects.announced().filter(block__session__event__in=events, position__isnull=False))


def event_of_talk(pk: int) -> Event:
    """The event of one of them, with group and venue; raises Event.DoesNotExist. One query."""
    events = Event.objects.published().listed().select_related("group", "venue")
    return events.get(sessions__block__talks__id=pk, sessions__block__talks__position__isnull=False)


def speaker_talks(speaker: Speaker) -> TalkQuerySet:
    """A speaker's lightning talks with their slides, the latest first; without those they did not come to."""
    newest = ("-block__session__event__starts_at", "block__session__starts_at", "position", "id")
    talks = listed_talks().filter(talk_speakers__speaker=speaker).exclude(state=Talk.State.NO_SHOW)
    return talks.select_related("deck").order_by(*newest)


def with_card(talks: TalkQuerySet) -> TalkQuerySet:
    """With block, session, event, group, speakers, topics and resources; four queries."""
    parts = TalkSpeaker.objects.select_related("speaker").defer("speaker__email").order_by("position", "id")
    related = talks.select_related(
        "block__session__event__group", "block__session__event__venue", "block__session__room"
    )
    return related.prefetch_related(
        Prefetch("talk_speakers", queryset=parts),
        Prefetch("topics", queryset=Topic.objects.order_by("name", "id")),
        Prefetch("resources", queryset=TalkResource.objects.order_by("position", "id")),
    )
