"""Every write to speakers and topics."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models.functions import Lower

from core.changes import write_fields
from core.text import clean_line, unique_slug
from speakers.models import Affiliation, Speaker, SpeakerLink, Topic


@transaction.atomic
def create_speaker(
    *,
    name: str,
    affiliation: str = "",
    links: Iterable[dict[str, str]] = (),
    topics: Iterable[Topic] = (),
    **fields: Any,
) -> Speaker:
    """A new speaker, however little is known of them; `links` are {title, url}."""
    name = clean_line(name)
    taken = set(Speaker.objects.values_list(Lower("slug"), flat=True))
    speaker = Speaker()
    write_fields(speaker, {"name": name, "slug": unique_slug(name, taken, fallback="speaker"), **fields})
    if affiliation:
        Affiliation.objects.create(speaker=speaker, organisation=affiliation)
    SpeakerLink.objects.bulk_create(SpeakerLink(speaker=speaker, position=i, **link) for i, link in enumerate(links))
    speaker.topics.set(topics)
    return speaker


@transaction.atomic
def revise_speaker(*, speaker: Speaker, now: dt.datetime, **fields: Any) -> Speaker:
    """Change a profile; feeds that carry the name move, too."""
    stored = Speaker.objects.select_for_update().get(pk=speaker.pk)
    write_fields(stored, fields | {"touched_at": now})
    return stored


@transaction.atomic
def find_or_create_topic(*, name: str) -> Topic:
    """The topic of that name, whatever its case; made when it is new."""
    name = clean_line(name)
    found = Topic.objects.filter(name__iexact=name).first()
    if found:
        return found
    taken = set(Topic.objects.values_list(Lower("slug"), flat=True))
    topic = Topic()
    write_fields(topic, {"name": name, "slug": unique_slug(name, taken, fallback="topic")})
    return topic
