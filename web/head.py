"""What stands in a page's head: title, description, canonical address, linked data, calendars."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from core.markdown import markdown_to_text

DESCRIPTION_LENGTH = 200  # what search engines show


@dataclass(frozen=True)
class FeedLink:
    """One `<link rel="alternate">`: a calendar, or an Atom feed."""

    title: str
    url: str


@dataclass(frozen=True)
class Page:
    """The head of one page; `section` names the part of the main navigation it belongs to."""

    title: str
    description: str = ""
    canonical: str = ""
    section: str = ""
    json_ld: list[dict[str, Any]] = field(default_factory=list)
    calendars: list[FeedLink] = field(default_factory=list)
    atom: list[FeedLink] = field(default_factory=list)


def absolute(path: str) -> str:
    """The public address of a path; never built from the Host header, so that caches and mails agree."""
    return settings.SITE_URL + path


def describe(*texts: str) -> str:
    """The first text that says something, from Markdown, cut at a word."""
    text = next((plain for plain in map(markdown_to_text, texts) if plain), "")
    if len(text) <= DESCRIPTION_LENGTH:
        return text
    return text[:DESCRIPTION_LENGTH].rsplit(" ", 1)[0].rstrip(",.;:，。；：") + "…"
