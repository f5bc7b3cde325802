"""Every write to speakers and topics."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from accounts.models import User
from core.changes import RowChange, change_rows, insert_rows, write_fields
from core.errors import RuleViolation
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
        insert_rows([Affiliation(speaker=speaker, organisation=affiliation)])
    insert_rows(SpeakerLink(speaker=speaker, position=i, **link) for i, link in enumerate(links))
    speaker.topics.set(topics)
    return speaker


@transaction.atomic
def revise_speaker(*, speaker: Speaker, topics: Iterable[Topic] | None = None, **fields: Any) -> Speaker:
    """Change a profile; feeds that carry the name move, too. None leaves the topics as they are."""
    stored = Speaker.objects.select_for_update().get(pk=speaker.pk)
    write_fields(stored, fields)
    if topics is not None:
        stored.topics.set(topics)
    return stored


@transaction.atomic
def change_speaker_rows(
    *,
    speaker: Speaker,
    model: type[Affiliation] | type[SpeakerLink],
    changes: Iterable[RowChange],
) -> None:
    """Add, change and take away a speaker's affiliations or links; RowRefused says which one cannot be."""
    stored = Speaker.objects.select_for_update().get(pk=speaker.pk)
    change_rows(model, changes, speaker=stored)


@transaction.atomic
def release_profile(*, user: User, addresses: Iterable[str]) -> None:
    """The account goes, the public profile stays, claimed by nobody; the private address is erased, also from history.

    What a programme says about who spoke is the group's record: the profile itself is changed by organisers.
    """
    Speaker.objects.filter(user=user).update(user=None)
    Speaker.history.filter(user=user.pk).update(user=None)
    for address in addresses:
        Speaker.objects.filter(email__iexact=address).update(email="")
        Speaker.history.filter(email__iexact=address).update(email="")


@transaction.atomic
def delete_speaker(*, speaker: Speaker) -> None:
    """Remove a speaker no programme names."""
    stored = Speaker.objects.select_for_update().get(pk=speaker.pk)
    try:
        stored.delete()
    except ProtectedError as error:
        raise RuleViolation("speaker_in_use", _("A programme names this speaker. Take them off it first.")) from error


@transaction.atomic
def find_or_create_topic(*, name: str) -> Topic:
    """The topic of that name, whatever its case; made when it is new."""
    name = clean_line(name)
    found = Topic.objects.filter(name__iexact=name).first()
    return found or create_topic(name=name)


@transaction.atomic
def create_topic(*, name: str, parent: Topic | None = None, **fields: Any) -> Topic:
    """A new node of the vocabulary."""
    name = clean_line(name)
    taken = set(Topic.objects.values_list(Lower("slug"), flat=True))
    topic = Topic()
    slug = unique_slug(name, taken, fallback="topic")
    write_fields(topic, {"name": name, "slug": slug, "parent": parent, **fields})
    return topic


@transaction.atomic
def revise_topic(*, topic: Topic, **fields: Any) -> Topic:
    """Change a node of the vocabulary; it never becomes a part of itself."""
    stored = Topic.objects.select_for_update().get(pk=topic.pk)
    above = fields.get("parent")
    while above:
        if above.pk == stored.pk:
            raise RuleViolation("topic_is_a_ring", _("A topic cannot be part of itself."), field="parent")
        above = above.parent
    write_fields(stored, fields)
    return stored


@transaction.atomic
def delete_topic(*, topic: Topic) -> None:
    """Remove a topic; what was marked with it is not any more, and its parts move to the top."""
    Topic.objects.select_for_update().get(pk=topic.pk).delete()
