"""Named reads of speakers and topics; the public has doors of its own."""

from collections.abc import Iterable

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from accounts.models import User
from core.queries import by_slug, ids_below
from core.query_values import QueryErrors
from speakers.models import Affiliation, Speaker, SpeakerLink, Topic
from speakers.models.speaker import SpeakerQuerySet


def listed_speakers() -> SpeakerQuerySet:
    """The public directory by name, with all that a card shows; three queries."""
    return with_profile(Speaker.objects.listed()).order_by(Lower("name"), "id")


def public_speaker(slug: str) -> Speaker:
    """The listed speaker of that short name, whatever its case; raises Speaker.DoesNotExist."""
    return by_slug(with_profile(Speaker.objects.listed()), slug)


def profile_of(user: User) -> Speaker | None:
    """What somebody claimed as theirs, private address included: for them alone. Four queries."""
    return with_profile(Speaker.objects.all()).defer(None).filter(user=user).first()


def with_profile(speakers: SpeakerQuerySet) -> SpeakerQuerySet:
    """With topics, links and affiliations; the private e-mail stays in the database."""
    return speakers.defer("email").prefetch_related(
        Prefetch("topics", queryset=Topic.objects.order_by("name", "id")),
        Prefetch("links", queryset=SpeakerLink.objects.order_by("position", "id")),
        Prefetch("affiliations", queryset=Affiliation.objects.all()),
    )


def search_speakers(speakers: SpeakerQuerySet, words: Iterable[str]) -> SpeakerQuerySet:
    """Those in whose name, tagline, biography, town or affiliation every word occurs."""
    for word in words:
        occurs = Q(name__icontains=word) | Q(tagline__icontains=word) | Q(biography__icontains=word)
        affiliated = Affiliation.objects.filter(organisation__icontains=word).values("speaker")
        speakers = speakers.filter(occurs | Q(town__icontains=word) | Q(pk__in=affiliated))
    return speakers


def topics() -> QuerySet[Topic]:
    """The whole vocabulary by name, each with what it is part of."""
    return Topic.objects.select_related("parent").order_by(Lower("name"), "id")


def public_topic(slug: str) -> Topic:
    """The topic of that short name, whatever its case; raises Topic.DoesNotExist."""
    return by_slug(Topic.objects.select_related("parent"), slug)


def topic_ids_within(topic_ids: Iterable[int]) -> set[int]:
    """The ids of these topics and of everything below them; one query."""
    return ids_below(dict(Topic.objects.values_list("id", "parent_id")), set(topic_ids))


def known_topic_ids(slugs: Iterable[str], *, parameter: str = "topic") -> set[int]:
    """The same by short names; raises QueryErrors in the parameter's name for an unknown one. Two queries."""
    wanted = {slug.lower() for slug in slugs}
    known = Topic.objects.alias(low=Lower("slug")).filter(low__in=wanted).values_list("id", flat=True)
    if len(roots := set(known)) < len(wanted):
        raise QueryErrors({parameter: _("There is no such topic. /api/v1/topics/ lists them all.")})
    return topic_ids_within(roots)
