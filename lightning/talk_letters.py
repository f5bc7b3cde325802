"""What the letters about a talk say beside the facts of the event, and which of them a group may reword."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import phrases, time_words
from core.text import clean_line
from events.letter_basis import Basis, time_of_day
from events.letters import Fact, Link, event_values, plain_name
from events.mail_texts import register_mail_kind
from events.models import Event, Session
from lightning.links import proposal_path
from lightning.models import Block, Call, Talk
from lightning.round_times import slot_ends_at, slot_starts_at
from speakers.models import Speaker

Buttons = Callable[[Talk], list[Link]]


@dataclasses.dataclass(frozen=True)
class Told:
    """One letter: whose talk, in words of which kind, and what only some letters know."""

    words: str
    talk: Talk
    speaker: Speaker
    basis: Basis | None = None
    place: int | None = None  # on stand-by, 1 is next
    is_proven: bool = True
    before: Talk | None = None  # the talk before, for the running order
    more: dict[str, Any] = dataclasses.field(default_factory=dict)


def letter_values(told: Told) -> dict[str, Any]:
    """What the templates of these letters name, in the active language.

    Whoever is not proven yet is neither greeted nor shown a title: both may be a stranger's message to this address.
    """
    talk = told.talk
    event = talk.block.session.event
    name = plain_name(told.speaker.name) if told.is_proven else ""
    title = clean_line(talk.title) if told.is_proven else ""
    starts = slot_starts_at(talk)
    slot_time = spoken_time(starts, event) if starts else ""
    planned_time = "" if told.words == "talk_next_but_one" else slot_time  # it says how late the round really is
    facts = [*_talk_row(title), *_slot_row(talk, planned_time), *_queue_row(told.place), *_before_row(told.before)]
    values = event_values(event, facts=facts, buttons=BUTTONS[told.words](talk), basis=told.basis)
    own: dict[str, Any] = {"name": name, "session": title or clean_line(talk.block.session.title)}
    more = {
        "talk": talk,
        "place": told.place,
        "slot_time": slot_time,
        "comes_after": talk.position - 1 if talk.position and talk.position > 1 else None,  # the number of who is on
        "is_proven": told.is_proven,
        "is_drawn": policy_of(talk) == Call.Policy.DRAW,
        "preferences_url": "",
        "placeholders": own,
    }
    return values | own | more | told.more


def spoken_time(instant: dt.datetime, event: Event) -> str:
    """`19:42` on the event's clock, with the day when that is not the one the event begins on."""
    zone = event.time_zone
    is_same_day = time_words.local(instant, zone).date() == time_words.local(event.starts_at, zone).date()
    return time_of_day(instant, zone) if is_same_day else time_words.moment(instant, zone)


def policy_of(talk: Talk) -> str:
    """How slots of its round are given; empty where organisers make the line-up without a call."""
    call: Call | None = getattr(talk.block, "call", None)
    return call.policy if call else ""


def _talk_row(title: str) -> list[Fact]:
    return [Fact(_("Your talk"), title)] if title else []


def _slot_row(talk: Talk, slot_time: str) -> list[Fact]:
    """Number, time and room."""
    ends, session = slot_ends_at(talk), talk.block.session
    if talk.position is None:
        return []
    words = _("Number %(number)d") % {"number": talk.position + 1}
    if slot_time and ends:
        until = time_of_day(ends, session.event.time_zone)
        words = phrases.joined([words, _("%(starts)s to %(ends)s") % {"starts": slot_time, "ends": until}])
    room = str(session.room) if session.room else ""
    return [Fact(_("Your slot"), words, tuple(clean_line(part) for part in (session.title, room) if part))]


def _queue_row(place: int | None) -> list[Fact]:
    return [Fact(_("Stand-by"), _("Number %(place)s in line") % {"place": place})] if place else []


def _before_row(before: Talk | None) -> list[Fact]:
    """Who gives the talk before theirs."""
    if before is None:
        return []
    names = phrases.listed(plain_name(part.speaker.name) for part in before.talk_speakers.all())
    title = clean_line(before.title)
    headline, *details = [part for part in (names, title) if part] or [_("a talk without a title")]
    return [Fact(_("Before you"), headline, tuple(details))]


def talk_url(talk: Talk) -> str:
    """The page on which its speaker confirms, edits and withdraws: opening it changes nothing."""
    return settings.SITE_URL + proposal_path(talk)


def lineup_button(block: Block) -> Link:
    """For organisers."""
    page = reverse("lineup", args=[block.session.event.slug, block.pk])
    return Link(_("Open the line-up"), settings.SITE_URL + page)


def _to_talk(words: Promise, part: str = "") -> Buttons:
    return lambda talk: [Link(str(words), talk_url(talk) + part)]


def _to_talk_and_calendar(words: Promise) -> Buttons:
    """Confirmed slots come as an invitation, too; the file is for calendars that take none."""

    def buttons(talk: Talk) -> list[Link]:
        calendar = reverse("calendar_event", args=[talk.block.session.event.slug])
        return [Link(str(words), talk_url(talk)), Link(_("Add to calendar"), settings.SITE_URL + calendar)]

    return buttons


def _to_event(talk: Talk) -> list[Link]:
    event = talk.block.session.event
    return [Link(_("The page of the event"), settings.SITE_URL + event.get_absolute_url())]


def _to_stage(talk: Talk) -> list[Link]:
    page = reverse("live", args=[talk.block.session.event.slug])
    return [Link(_("See who is on"), settings.SITE_URL + page)]


BUTTONS: dict[str, Buttons] = {
    "talk_received": _to_talk(gettext_lazy("See or edit my talk")),
    "talk_confirm": _to_talk(gettext_lazy("Confirm my talk")),
    "talk_slot": _to_talk_and_calendar(gettext_lazy("My talk")),
    "talk_stand_by": _to_talk(gettext_lazy("See or edit my talk")),
    "talk_accepted": _to_talk(gettext_lazy("Confirm my talk")),
    "talk_declined": _to_event,
    "talk_chased": _to_talk(gettext_lazy("Confirm my talk")),
    "talk_slot_offered": _to_talk(gettext_lazy("Take the slot")),
    "talk_offer_expired": _to_talk(gettext_lazy("See or edit my talk")),
    "talk_slides_due": _to_talk(gettext_lazy("Upload my slides"), "#slides"),
    "talk_running_order": _to_talk_and_calendar(gettext_lazy("My talk")),
    "talk_next_but_one": _to_stage,
}
REWORDABLE = {
    "talk_accepted": (gettext_lazy("talk accepted"), Talk.State.ACCEPTED),
    "talk_declined": (gettext_lazy("talk declined"), Talk.State.DECLINED),
}


def sample_values(words: str, event: Event, state: str = Talk.State.CONFIRMED) -> dict[str, Any]:
    """A letter to nobody about an invented talk."""
    session = Session(event=event, title=_("Lightning talks"), starts_at=event.starts_at, minutes=60)
    has_slot = state in Talk.IN_LINEUP
    talk = Talk(block=Block(session=session), title=_("My five minutes"), state=state, position=2 if has_slot else None)
    return letter_values(Told(words, talk, Speaker(name="Cy")))


def register_kinds() -> None:
    """Let groups reword what they decide about talks."""
    for name, (label, state) in REWORDABLE.items():
        register_mail_kind(name, label, ("name", "session"), sample=_sampler(name, state))


def _sampler(words: str, state: str) -> Callable[[Event], dict[str, Any]]:
    return lambda event: sample_values(words, event, state)
