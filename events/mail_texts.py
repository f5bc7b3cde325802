"""Which mails a group may put in its own words, and what those words may name.

A group's words are plain text with placeholders such as `{event}`: flat names of a fixed list, each replaced once by a
short string. Nothing in them is a template, so they reach no object, and whatever else stands in braces stays as it is.
"""

import dataclasses
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from core.text import clean_line
from events.models import Event, Group, MailText

COMMON = ("event", "group", "date", "time", "venue")
MEANINGS: dict[str, Promise] = {
    "event": _("the title of the event"),
    "group": _("the name of the group"),
    "date": _("the day, such as Tuesday 26 February 2019"),
    "time": _("when it starts, such as 19:00"),
    "venue": _("the name of the venue, or the word for online"),
    "name": _("the reader’s name"),
    "place_in_queue": _("the reader’s place on the waitlist, a number"),
    "offer_until": _("until when the place is held"),
    "session": _("the title of the reader’s talk"),
    "in_time": _("how long it is until then, such as “in 24 hours”"),
}
_BRACES = re.compile(r"\{([^{}]*)\}")
_PARAGRAPHS = re.compile(r"\n[^\S\n]*\n\s*")

Sample = Callable[[Event], dict[str, Any]]


@dataclasses.dataclass(frozen=True)
class OwnWords:
    """Subject and opening with the placeholders replaced; what is empty stays built in.

    `before_news` says that the opening stands in front of the built-in one, not in its place.
    """

    subject: str
    text: str
    before_news: bool = False


@dataclasses.dataclass(frozen=True)
class MailKind:
    """One mail: the name of its templates, what organisers call it, what its words may name, values for a preview.

    A mail that `tells_news` keeps its own subject and first sentence, and a group's words stand in front: nobody may
    lose the news that an event is cancelled to a text that was written for every change.
    """

    name: str
    label: str | Promise
    placeholders: tuple[str, ...]
    sample: Sample | None = None
    tells_news: bool = False

    def unknown(self, text: str) -> list[str]:
        """What stands in braces and is none of its placeholders, each once, as it was typed."""
        found = dict.fromkeys(match[0] for match in _BRACES.finditer(text) if match[1] not in self.placeholders)
        return list(found)


_kinds: dict[str, MailKind] = {}


def register_mail_kind(
    kind: str,
    label: str | Promise,
    placeholders: Collection[str] = (),
    *,
    sample: Sample | None = None,
    tells_news: bool = False,
) -> None:
    """Let groups reword `templates/email/<kind>.*`; every kind knows COMMON, too. Apps call it when ready."""
    _kinds[kind] = MailKind(kind, label, (*COMMON, *placeholders), sample, tells_news)


def mail_kinds() -> list[MailKind]:
    """All of them, in the order in which they were registered."""
    return list(_kinds.values())


def mail_kind(name: str) -> MailKind | None:
    """The one of this name."""
    return _kinds.get(name)


def in_own_words(kind: MailKind, subject: str, text: str, values: Mapping[str, Any]) -> OwnWords | None:
    """What a group says instead of the built-in words, saved or not; None when it has nothing to say.

    `values` are those of the letter; what it has nothing to say about is left out.
    """
    if not subject and not text:
        return None
    given = placeholder_values(values)
    placeholders = {name: given.get(name, "") for name in kind.placeholders}
    own_subject = "" if kind.tells_news else filled(subject, placeholders)
    return OwnWords(own_subject, filled(text, placeholders), kind.tells_news)


def texts_of(group_ids: Collection[int]) -> dict[tuple[int, str, str], MailText]:
    """All words of these groups by group, kind and language. One query."""
    return {(row.group_id, row.kind, row.language): row for row in MailText.objects.filter(group__in=group_ids)}


def mail_texts_of(group: Group) -> dict[tuple[str, str], MailText]:
    """All words of one group by kind and language. One query."""
    return {(row.kind, row.language): row for row in MailText.objects.filter(group=group).select_related("group")}


def placeholder_values(values: Mapping[str, Any]) -> dict[str, str]:
    """What the placeholders stand for in a letter with these values (events.letters.event_values and its own)."""
    where = values["facts"][1].headline if values["has_place"] else ""
    known = {
        "event": values["title"],
        "group": values["group"],
        "date": values["date"],
        "time": values["starts"],
        "venue": where,
        "name": values.get("name"),
        **values.get("placeholders", {}),
    }
    known["name"] = known["name"] or pgettext("instead of a name: Hello …", "there")
    return {name: clean_line("" if value is None else str(value)) for name, value in known.items()}


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders replaced, in one pass: a value is never looked at again."""
    return _BRACES.sub(lambda match: values.get(match[1], match[0]), text)


def paragraphs(text: str) -> list[str]:
    """What blank lines separate, its lines cleaned."""
    parts = _PARAGRAPHS.split(text.replace("\r\n", "\n").strip())
    return [cleaned for part in parts if (cleaned := "\n".join(filter(None, map(clean_line, part.split("\n")))))]
