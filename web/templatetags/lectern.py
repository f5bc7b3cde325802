"""Small words of the templates: icons, times, kinds of session, languages, linked data."""

import datetime as dt
import json
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from core import time_words
from core.markdown import markdown_to_html
from lightning.schedule_types import TalkItem
from registrations import tickets
from registrations.models import Registration
from web import vocabulary, wording
from web.schedule_entries import talk_line as line_of_talk

register = template.Library()

_JSON_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}
_DIRECTED = {"out", "next"}


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """An icon of the sprite; decoration, so the words beside it are the label."""
    directed = " icon--dir" if name in _DIRECTED else ""
    return format_html(
        '<svg class="icon{}{}" aria-hidden="true"><use href="{}#i-{}"/></svg>',
        f" {css}" if css else "",
        directed,
        static("img/icons.svg"),
        name,
    )


@register.simple_tag
def resource_icon(kind: str) -> SafeString:
    """The icon of a kind of resource."""
    return icon(vocabulary.RESOURCE_ICONS.get(kind, "out"))


@register.simple_tag
def mark() -> SafeString:
    """The wordmark's picture."""
    return format_html('<svg class="mark" aria-hidden="true"><use href="{}#mark"/></svg>', static("img/icons.svg"))


@register.simple_tag
def shape(kind: str, css: str = "kind__shape") -> SafeString:
    """The silhouette of a kind of session, without its word."""
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#k-{}"/></svg>', css, static("img/icons.svg"), kind
    )


@register.simple_tag
def kind(value: str, after: str = "") -> SafeString:
    """Shape and word of a kind of session, and what follows the word (a length)."""
    return format_html('<span class="kind kind--{}">{}{}{}</span>', value, shape(value), kind_word(value), after)


@register.filter
def kind_word(value: str) -> str:
    """Keynote."""
    return str(vocabulary.KINDS.get(value, value))


@register.filter
def is_rest(kind: str) -> bool:
    """Whether nobody speaks: such rows say less."""
    return kind in vocabulary.RESTS


@register.filter
def level_word(value: str) -> str:
    """Beginner."""
    return str(vocabulary.LEVELS.get(value, value))


@register.filter
def role_word(value: str) -> str:
    """The word of a role, such as moderator."""
    return str(vocabulary.ROLES.get(value, value))


@register.filter
def resource_word(value: str) -> str:
    """Slides."""
    return str(vocabulary.RESOURCES.get(value, value))


@register.filter
def language_name(code: str) -> str:
    """简体中文."""
    return vocabulary.language_name(code)


@register.filter
def talk_line(talk: TalkItem) -> str:
    """Speakers and title of a talk of the schedule document, in one line."""
    return line_of_talk(talk)


@register.filter
def after_kind(minutes: int | None) -> str:
    """“, 35 min” after the word of a kind; nothing where the length is not known."""
    return f", {wording.length(minutes)}" if minutes else ""


@register.simple_tag
def clock(instant: dt.datetime, zone: str, form: str = "", css: str = "") -> SafeString:
    """19:00 as a <time> that carries the instant with the zone's offset; `form` goes to data-fmt."""
    at = time_words.local(instant, zone)
    return format_html(
        '<time datetime="{}"{}{}>{}</time>',
        at.isoformat(timespec="seconds"),
        format_html(' data-fmt="{}"', form) if form else "",
        format_html(' class="{}"', css) if css else "",
        at.strftime("%H:%M"),
    )


@register.simple_tag
def long_date(instant: dt.datetime, zone: str) -> SafeString:
    """Tuesday 26 February 2019 as a <time>."""
    at = time_words.local(instant, zone)
    words = time_words.long_date(instant, zone)
    return format_html('<time datetime="{}" data-fmt="date">{}</time>', at.isoformat(timespec="seconds"), words)


@register.simple_tag
def short_date(instant: dt.datetime, zone: str) -> SafeString:
    """26 February 2019 as a <time> of the day."""
    at = time_words.local(instant, zone)
    return format_html('<time datetime="{}">{}</time>', at.date().isoformat(), time_words.short_date(instant, zone))


@register.filter
def ticket_code(registration: Registration) -> str:
    """What the door scans."""
    return tickets.ticket_code(registration)


@register.filter
def moment(instant: dt.datetime, zone: str) -> str:
    """Monday 25 February at 18:00."""
    return time_words.moment(instant, zone)


@register.filter
def place_in_line(number: int) -> str:
    """Third in line."""
    return wording.place_in_line(number)


@register.filter
def instant(text: str) -> dt.datetime:
    """An instant of the schedule document (ISO 8601 with offset)."""
    return dt.datetime.fromisoformat(text)


@register.filter
def month_and_year(instant: dt.datetime, zone: str) -> str:
    """February 2019."""
    return time_words.month_and_year(instant, zone)


@register.filter
def short_month_and_year(instant: dt.datetime, zone: str) -> str:
    """Feb 2019."""
    return time_words.short_month_and_year(instant, zone)


@register.filter
def day_of_month(instant: dt.datetime, zone: str) -> str:
    """07."""
    return f"{time_words.local(instant, zone).day:02}"


@register.filter
def weekday(instant: dt.datetime, zone: str) -> str:
    """Tuesday."""
    return time_words.weekday(instant, zone)


@register.filter
def zone_name(zone: str) -> str:
    """Singapore time."""
    return time_words.zone_name(zone)


@register.filter
def zone_abbreviation(instant: dt.datetime, zone: str) -> str:
    """UTC+8."""
    return time_words.zone_abbreviation(instant, zone)


@register.filter
def zone_place(zone: str) -> str:
    """Singapore."""
    return time_words.zone_place(zone)


@register.filter
def minutes(value: int) -> str:
    """45 min."""
    return wording.length(value)


@register.filter
def initials(name: str) -> str:
    """MA."""
    return wording.initials(name)


@register.filter
def bare_address(url: str) -> str:
    """github.com/mdda."""
    return wording.bare_address(url)


@register.filter
def is_feed(url: str) -> bool:
    """Whether the address is a calendar file of ours rather than somebody's calendar service."""
    return url.split("?", 1)[0].endswith(".ics")


@register.simple_tag
def resource_name(title: str, kind: str, url: str) -> SafeString:
    """What a link to slides, a video or a page is called: its title, else its kind, else where it leads."""
    if title:
        return format_html("<span{}>{}</span>", lang(title), title)
    return format_html("<span>{}</span>", wording.host(url) if kind == "link" else resource_word(kind))


@register.filter
def is_long(text: str) -> bool:
    """Whether notes are so long that they are folded."""
    return wording.is_long(text)


@register.filter
def markdown(text: str) -> SafeString:
    """Sanitised HTML of a Markdown text."""
    return markdown_to_html(text)


@register.filter
def html_lang(code: str) -> str:
    """zh-Hans for Django's zh-hans."""
    return "-".join(part.title() if len(part) == 4 else part for part in code.split("-"))


@register.simple_tag
def lang(text: str) -> SafeString:
    """A lang attribute, where the text is not in the language of the page."""
    language = wording.language_of(text)
    if language.split("-")[0] == (get_language() or "en").split("-")[0]:
        return mark_safe("")
    return format_html(' lang="{}"', language)


@register.simple_tag
def json_ld(thing: dict[str, Any]) -> SafeString:
    """A block of linked data (schema.org); data, not script, and escaped so that it cannot end the block."""
    text = json.dumps(thing, ensure_ascii=False, sort_keys=True).translate(_JSON_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308 - escaped above


@register.simple_tag
def words(values: dict[str, str], element_id: str) -> SafeString:
    """Translated words a script needs, as JSON data."""
    return json_script(values, element_id)
