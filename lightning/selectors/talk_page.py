"""The talk that a short link leads to."""

from django.db.models import Prefetch

from events.models import Event
from lightning.models import Talk, TalkResource, TalkSpeaker
from speakers.models import Topic


def talk_by_code(code: str) -> Talk:
    """With a slot in a published event, for who knows its address; with all that its page shows, in four queries.

    Raises Talk.DoesNotExist. Nobody's address and no online address are read.
    """
    published = Event.objects.published().order_by().values("pk")
    talks = Talk.objects.announced().filter(position__isnull=False, block__session__event__in=published)
    parts = TalkSpeaker.objects.select_related("speaker").defer("speaker__email").order_by("position", "id")
    related = talks.select_related(
        "block__session__event__group", "block__session__event__venue", "block__session__room", "block__stage", "deck"
    ).defer("block__session__event__online_url")
    return related.prefetch_related(
        Prefetch("talk_speakers", queryset=parts),
        Prefetch("topics", queryset=Topic.objects.order_by("name", "id")),
        Prefetch("resources", queryset=TalkResource.objects.order_by("position", "id")),
    ).get(code=code.lower())
