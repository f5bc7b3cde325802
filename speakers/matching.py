"""Who in a text may be somebody we know: compares names and links, and decides nothing."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

_ACCENTS = re.compile("[\u0300-\u036f]")
_BETWEEN_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Known:
    """A speaker as the directory has them; `links` are the addresses of their profile."""

    id: int
    name: str
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A proposal for a person to decide on: this speaker may be meant, because name or link agree."""

    speaker_id: int
    by: Literal["name", "link"]


class Directory:
    """Known speakers, looked up by what a text says of somebody."""

    def __init__(self, known: Iterable[Known]) -> None:
        self._by_name: dict[str, list[int]] = defaultdict(list)
        self._by_link: dict[str, list[int]] = defaultdict(list)
        for speaker in known:
            self._by_name[name_key(speaker.name)].append(speaker.id)
            for link in speaker.links:
                self._by_link[link_key(link)].append(speaker.id)

    def matches(self, name: str, links: Iterable[str] = ()) -> tuple[Match, ...]:
        """Everybody who may be meant, those of that name first; each speaker once."""
        found = {speaker_id: Match(speaker_id, "name") for speaker_id in self._by_name.get(name_key(name), ())}
        for link in links:
            for key in link_prefixes(link):
                for speaker_id in self._by_link.get(key, ()):
                    found.setdefault(speaker_id, Match(speaker_id, "link"))
        return tuple(found.values())


def name_key(name: str) -> str:
    """What two spellings of one name share: neither case, accents nor punctuation count."""
    plain = unicodedata.normalize("NFKC", _ACCENTS.sub("", unicodedata.normalize("NFKD", name)))
    return _BETWEEN_WORDS.sub(" ", plain.casefold()).strip()


def is_full_name(name: str) -> bool:
    """Whether a name says enough to tell people apart: two words, or two ideographs; not “Ta”, not “Luke”."""
    key = name_key(name)
    return " " in key or (len(key) > 1 and not key.isascii() and all(unicodedata.category(c) == "Lo" for c in key))


def link_key(url: str) -> str:
    """What two spellings of one address share: neither scheme, “www.”, case, fragment nor a last slash count."""
    try:
        parts = urlsplit(url.strip().casefold())
    except ValueError:  # "http://[": no address at all, so it is like itself only
        return url
    query = f"?{parts.query}" if parts.query else ""
    return parts.netloc.removeprefix("www.") + parts.path.rstrip("/") + query


def link_prefixes(url: str) -> list[str]:
    """The address and what it lies below, down to the first step of the path: a repository is below its owner."""
    key = link_key(url)
    host, *steps = key.partition("?")[0].split("/")
    above = ["/".join([host, *steps[:count]]) for count in range(len(steps), 0, -1)]
    return list(dict.fromkeys([key, *above]))
