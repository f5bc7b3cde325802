"""Who in a pasted agenda may be a speaker we know; somebody else decides."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from events.agenda_text.result import Agenda, Item
from speakers.matching import Directory, Known, Match, is_full_name
from speakers.models import Speaker, SpeakerLink


@dataclass(frozen=True)
class Proposal:
    """This name of the text may mean that speaker; `by` says what agrees, "name" or "link"."""

    name: str
    speaker: Speaker
    by: str


def propose_speakers(agenda: Agenda) -> tuple[Proposal, ...]:
    """In the order of the text, each pair once; three queries. A link tells only who stands alone beside it."""
    people = _known_people()
    found: dict[tuple[str, int], Match] = {}
    for item in every_item(agenda):
        links = [link.url for link in item.links] if len(item.speakers) == 1 else []
        for person in item.speakers:
            for match in people.matches(person.name, links):
                found.setdefault((person.name, match.speaker_id), match)
    speakers = Speaker.objects.in_bulk({speaker_id for _, speaker_id in found})
    return tuple(Proposal(name, speakers[pk], match.by) for (name, pk), match in found.items())


def undoubted(proposals: Iterable[Proposal]) -> dict[str, Speaker]:
    """Who is meant, by name, where just one speaker comes into question and a full name or a link says so."""
    by_name: dict[str, list[Proposal]] = {}
    for proposal in proposals:
        by_name.setdefault(proposal.name, []).append(proposal)
    alone = [found[0] for found in by_name.values() if len(found) == 1]
    return {found.name: found.speaker for found in alone if found.by == "link" or is_full_name(found.name)}


def every_item(agenda: Agenda) -> Iterator[Item]:
    """Sessions and, after each, the talks of its round."""
    for item in agenda.sessions:
        yield item
        yield from item.talks


def _known_people() -> Directory:
    """Everybody by name and profile links, also who is not listed; two queries."""
    links: dict[int, list[str]] = {}
    for speaker_id, url in SpeakerLink.objects.order_by("id").values_list("speaker_id", "url"):
        links.setdefault(speaker_id, []).append(url)
    names = Speaker.objects.order_by("id").values_list("id", "name")
    return Directory(Known(pk, name, tuple(links.get(pk, ()))) for pk, name in names)
