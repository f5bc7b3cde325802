"""The programme as plain text, for terminals and for paper: 72 columns, wide characters counted as two."""

import datetime as dt
import unicodedata
from collections.abc import Iterator
from urllib.parse import urljoin

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import time_words
from core.markdown import markdown_to_text
from lightning.now_and_next import is_finished, round_on_stage
from lightning.schedule_types import (
    BlockItem,
    ResourceItem,
    RoundItem,
    ScheduleDocument,
    SessionItem,
    SpeakerItem,
    TalkItem,
)
from lightning.stage_round import OPEN
from web.stage_words import late_words
from web.vocabulary import KINDS
from web.wording import columns

WIDTH = 72
INDENT = 15  # of what stands beside "09:15 – 09:50"


def schedule_text(document: ScheduleDocument, *, url: str, now: dt.datetime) -> str:
    """The whole programme; ends with the address of the page it was taken from."""
    return "\n".join([*_head(document), *_sessions(document, url, now), "", url, ""])


def _head(document: ScheduleDocument) -> Iterator[str]:
    event = document["event"]
    starts_at, ends_at = _instant(event["starts_at"]), _instant(event["ends_at"])
    yield from _wrapped(event["title"])
    yield "=" * min(WIDTH, columns(event["title"]))
    zone = time_words.zone_name(event["time_zone"])
    yield f"{time_words.long_date(starts_at, event['time_zone'])}, {_range(starts_at, ends_at)}, {zone}"
    if event["venue"]:
        yield from _wrapped(", ".join(filter(None, (event["venue"]["name"], event["venue"]["address"]))))
    if event["status"] == "cancelled":
        yield _("CANCELLED")
    elif event["status"] == "postponed":
        yield _("POSTPONED: the times below are the old ones")
    if not document["sessions"]:
        yield from ("", _("No programme yet."))


def _sessions(document: ScheduleDocument, url: str, now: dt.datetime) -> Iterator[str]:
    rooms = {room["id"]: room["name"] for room in document["rooms"]}
    day: dt.date | None = _instant(document["event"]["starts_at"]).date()
    for session in document["sessions"]:
        starts_at = _instant(session["starts_at"]) if session["starts_at"] else None
        if starts_at and starts_at.date() != day:
            day = starts_at.date()
            yield from ("", time_words.long_date(starts_at, document["event"]["time_zone"]))
        yield ""
        yield from _session(session, rooms.get(session["room"] or 0, ""), url)
        if session["block"]:
            yield from _round(session, session["block"], round_on_stage(document, session, now), url)


def _session(session: SessionItem, room: str, url: str) -> Iterator[str]:
    starts_at = _instant(session["starts_at"]) if session["starts_at"] else None
    ends_at = _instant(session["ends_at"]) if session["ends_at"] else None
    title = " ".join(filter(None, (session["number"], session["title"])))
    if session["status"] == "cancelled":
        title = _("CANCELLED: %(title)s") % {"title": title}
    yield from _wrapped(title, label=_range(starts_at, ends_at) if starts_at else "--:--")
    about = [str(KINDS.get(session["kind"], session["kind"])), room, _names(session["speakers"])]
    yield from _wrapped(" | ".join(filter(None, about)), label="")
    yield from _wrapped(markdown_to_text(session["abstract"]), label="")
    yield from _links(session["resources"], url)


def _round(session: SessionItem, block: BlockItem, stage: RoundItem | None, url: str) -> Iterator[str]:
    if stage and stage["late_minutes"] is not None:
        yield from _wrapped(late_words(stage["late_minutes"]), label="")
    for talk in block["talks"]:
        begins = _begins(talk, stage)
        start = _instant(begins).strftime("%H:%M") if begins else "--:--"
        title = ": ".join(filter(None, (_names(talk["speakers"]), talk["title"] or _("title to follow"))))
        if talk["state"] == "no_show" or (is_finished(session) and talk["state"] in OPEN):
            title = f"{title} ({_('Did not take place')})"
        yield from _wrapped(title, label=f"  {talk['slot']:>3}. {start}")
        yield from _links(talk["resources"], url)
    if block["open_slots"] and not is_finished(session):
        words = ngettext("%(count)d slot is open.", "%(count)d slots are open.", block["open_slots"])
        yield from _wrapped(words % {"count": block["open_slots"]}, label="")


def _begins(talk: TalkItem, stage: RoundItem | None) -> str | None:
    """As the round goes, while it is on stage; else as it was or is planned."""
    if stage and stage["talk"] == talk["id"] and stage["started_at"]:
        return stage["started_at"]
    return (stage and talk["expected_at"]) or talk["starts_at"]


def _links(resources: list[ResourceItem], url: str) -> Iterator[str]:
    for resource in resources:
        yield " " * INDENT + urljoin(url, resource["url"])


def _names(speakers: list[SpeakerItem]) -> str:
    return ", ".join(
        f"{speaker['name']} ({speaker['affiliation']})" if speaker["affiliation"] else speaker["name"]
        for speaker in speakers
    )


def _instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def _range(starts_at: dt.datetime, ends_at: dt.datetime | None) -> str:
    start = starts_at.strftime("%H:%M")
    if ends_at is None:
        return start
    days = (ends_at.date() - starts_at.date()).days
    return f"{start}–{ends_at.strftime('%H:%M')}" + (f" +{days}" if days else "")


def _wrapped(text: str, *, label: str | None = None) -> Iterator[str]:
    """Lines of at most 72 columns; with a label they stand beside it. Chinese may break anywhere."""
    indent = INDENT if label is not None else 0
    lines, line = [], ""
    for piece in _pieces(text):
        if line and columns(line) + columns(piece.rstrip()) > WIDTH - indent:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    if line.strip():
        lines.append(line.rstrip())
    for number, one in enumerate(lines):
        yield f"{(label or '') if number == 0 else '':<{indent}}{one}"


def _pieces(text: str) -> Iterator[str]:
    """Words with the space after them, and wide letters one by one."""
    word = ""
    for letter in text:
        if letter.isspace():
            yield word + " "
            word = ""
        elif unicodedata.east_asian_width(letter) in "WF":
            yield word
            yield letter
            word = ""
        else:
            word += letter
    yield word
