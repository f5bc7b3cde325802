"""What the templates of mails load."""

import re
from collections.abc import Iterable
from typing import Protocol

from django import template
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe

from core import phrases
from core.text import clean_line
from outbox.text_layout import aligned, width

register = template.Library()

_GAPS = re.compile("(?<=[。！？：]) ")
_ADDRESS = re.compile(r"(https?://[^\s<>\"'，。；：！？、）】」』]*[^\s<>\"'，。；：！？、）】」』.,;:!?)\]])")


class Row(Protocol):
    """Something with a label in front of its lines."""

    @property
    def label(self) -> str: ...

    @property
    def lines(self) -> Iterable[str]: ...


@register.filter
def columns(rows: Iterable[Row]) -> str:
    """The rows as text, their labels in one column: `{{ facts|columns }}`; no value makes lines of its own."""
    return aligned((clean_line(row.label), map(clean_line, row.lines)) for row in rows)


@register.filter
def linked(paragraph: str) -> SafeString:
    """A paragraph of plain text as HTML: its lines, and its web addresses as links that say where they lead."""
    parts = _ADDRESS.split(paragraph)
    html = "".join(_link(part) if number % 2 else conditional_escape(part) for number, part in enumerate(parts))
    return mark_safe(html.replace("\n", "<br>"))  # noqa: S308 - every part of it is escaped above


@register.filter(is_safe=True)
def closed_up(sentences: str) -> str:
    """Sentences that templates put beside each other: Chinese ones have no space between them."""
    return _GAPS.sub("", sentences)


@register.filter
def has_wide_letters(text: str) -> bool:
    """Whether Chinese or the like is in it: titles of it need taller lines, and no tighter letters."""
    return width(text) > len(text)


@register.simple_tag
def heading(subject: str, title: str, language: str) -> SafeString:
    """A subject, with the language of the title in it told to who has it read out."""
    before, found, after = subject.partition(title) if title and language else (subject, "", "")
    return format_html('{}<span lang="{}">{}</span>{}', before, language, found, after) if found else escape(subject)


@register.simple_tag
def labelled(label: str, what: str) -> str:
    """A label and what it names, parted as the language does."""
    return phrases.labelled(label, what)


def _link(address: str) -> str:
    return format_html('<a class="lnk" href="{0}" style="color:#2b3a9e;">{0}</a>', address)
