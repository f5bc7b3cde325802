"""How the directory of speakers is narrowed down: OR inside a facet, AND between facets."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import Q

from core.query_values import Query, QueryErrors, choices, texts, words
from speakers.models import Affiliation, Speaker
from speakers.models.speaker import SpeakerQuerySet
from speakers.selectors import known_topic_ids, search_speakers


@dataclass(frozen=True)
class SpeakerFilters:
    """What was asked for; a topic includes what lies below it."""

    topic: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    town: tuple[str, ...] = ()
    affiliation: tuple[str, ...] = ()
    takes_remote: tuple[str, ...] = ()
    search: tuple[str, ...] = ()

    @classmethod
    def from_query(cls, query: Query) -> "SpeakerFilters":
        """Read them from a query string; raises QueryErrors with a sentence for each parameter that is wrong."""
        found: dict[str, Any] = {}
        errors: dict[str, str] = {}
        for name, read in _READERS.items():
            try:
                found[name] = read(query, name)
            except QueryErrors as refusal:
                errors |= refusal.errors
        if errors:
            raise QueryErrors(errors)
        return cls(**found)

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The parameters' names."""
        return tuple(field.name for field in fields(cls))

    def apply(self, speakers: SpeakerQuerySet) -> SpeakerQuerySet:
        """The speakers that pass; raises QueryErrors for a topic that does not exist, at two queries."""
        if self.topic:
            about = Speaker.topics.through.objects.filter(topic__in=known_topic_ids(self.topic))
            speakers = speakers.filter(pk__in=about.values("speaker"))
        if self.language:
            speakers = speakers.filter(languages__overlap=list(self.language))
        if self.town:
            speakers = speakers.filter(_any_of("town__iexact", self.town))
        if self.affiliation:
            at = Affiliation.objects.filter(_any_of("organisation__iexact", self.affiliation))
            speakers = speakers.filter(pk__in=at.values("speaker"))
        if self.takes_remote:
            speakers = speakers.filter(takes_remote__in=[value == "true" for value in self.takes_remote])
        return search_speakers(speakers, self.search)


_READERS: dict[str, Callable[[Query, str], Any]] = {
    "topic": texts,
    "language": texts,
    "town": texts,
    "affiliation": texts,
    "takes_remote": lambda query, name: choices(query, name, ("true", "false")),
    "search": words,
}


def _any_of(lookup: str, values: tuple[str, ...]) -> Q:
    condition = Q()
    for value in values:
        condition |= Q(**{lookup: value})
    return condition
