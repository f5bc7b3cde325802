"""The words of a reminder, written when it is sent: what is not true any more is not said, and the reason is kept."""

import datetime as dt
from collections.abc import Callable
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core import time_words
from core.text import clean_line
from events.audiences import Facts, Part, Reader, sample_facts
from events.letter_basis import Basis, time_of_day
from events.letters import Fact, Link, event_letter, event_values, plain_name
from events.mail_texts import register_mail_kind
from events.models import Event, ReminderStep
from events.reminder_reading import Reading, read_reminders, reader_of
from events.reminder_slots import Wishes
from events.reminder_times import Distance, Lead, Rhythm, Sort, distance, start_version
from events.selectors.reminders import DueReminder, reminder_for
from outbox.models import Message
from outbox.unsubscribing import unsubscribe_url
from outbox.writers import Later, Letter, Skip, Words

Audience, Anchor = ReminderStep.Audience, ReminderStep.Anchor
ASK_AGAIN = dt.timedelta(minutes=1)
NOT_TRUE = {
    Audience.GOING: "this person is not going any more",
    Audience.WAITING: "this person does not wait any more",
    Audience.SPEAKERS: "this person does not speak any more",
    Audience.STAND_BY: "this person is not on stand-by any more",
    Audience.HOSTS: "this person does not organise or host any more",
}
SWITCHED_OFF = {
    Sort.WEEK: "this person wants no reminders days before",
    Sort.DAY: "this person wants no reminders the day before",
    Sort.HOUR: "this person wants no reminders shortly before",
}
MOVED = {
    Anchor.EVENT: "the event was moved; there is a reminder for the new time",
    Anchor.TALK: "the talk was moved; there is a reminder for the new time",
    Anchor.DEADLINE: "RSVP ends at another time; there is a reminder for it",
}
LABELS = {
    Audience.GOING: gettext_lazy("reminder to who is going"),
    Audience.WAITING: gettext_lazy("reminder to the waitlist"),
    Audience.SPEAKERS: gettext_lazy("reminder to speakers"),
    Audience.STAND_BY: gettext_lazy("reminder to stand-by speakers"),
    Audience.HOSTS: gettext_lazy("reminder to organisers and hosts"),
}
PLACEHOLDERS = {Audience.WAITING: ("place_in_queue",), Audience.SPEAKERS: ("session",)}


class Told(NamedTuple):
    """All that a letter is made of."""

    reminder: DueReminder
    event: Event
    anchor: dt.datetime
    facts: Facts
    note: str
    basis: Basis


def prepare_reminders(messages: list[Message], now: dt.datetime) -> None:
    """Read for all of them at once."""
    reading = read_reminders(messages, now)
    for message in messages:
        message.at_hand = reading


def write_reminder(message: Message, now: dt.datetime) -> Words:
    """The words, in the reader's language, unless something has changed since it was planned."""
    reading = message.at_hand or read_reminders([message], now)
    with translation.override(message.language or settings.LANGUAGE_CODE):
        told = _told(message, reading, now)
        return reminder_letter(told, message.address, now) if isinstance(told, Told) else told


def _told(message: Message, reading: Reading, now: dt.datetime) -> Told | Skip | Later:
    step, reader = message.payload["step"], reader_of(message)
    if goes_out := reading.changing.get(message.payload["event"]):
        return Later(max(goes_out, now) + ASK_AGAIN, "people are told of a change first, or it is taken back")
    planned = _planned(step, reading)
    if isinstance(planned, Skip):
        return planned
    reminder, event, note = planned
    facts = reading.tell[reminder.audience](event, reader)
    if facts is None:
        return Skip(NOT_TRUE[Audience(reminder.audience)])
    anchor = _anchor(reminder, facts, message.payload["version"])
    if anchor is None:
        return Skip(MOVED[Anchor(reminder.anchor_kind)])
    account = reading.accounts.get(reader.user_id or 0)
    reason = _why_not_now(reminder, anchor, now) or (_unwanted(reminder, anchor, account) if account else "")
    if reason or (step, reader) in reading.told_as_speaker:
        return Skip(reason or "this person gets the reminder for speakers")
    return Told(reminder, event, anchor, facts, note, reading.basis)


def _planned(step: int, reading: Reading) -> tuple[DueReminder, Event, str] | Skip:
    """The reminder as the plan has it now."""
    planned = reading.planned.get(step)
    if planned is None:
        return Skip("the reminder was taken out of the plan")
    if planned.event.status != Event.Status.PUBLISHED:
        return Skip(f"the event is {planned.event.status}")
    return (planned.reminder, planned.event, planned.note) if planned.reminder else Skip("RSVP ends with the event")


def _anchor(reminder: DueReminder, facts: Facts, version: str) -> dt.datetime | None:
    """What it counts back from, if that is still where it was when this message was planned."""
    if reminder.anchor_kind == Anchor.TALK:
        possible = [part.starts_at for part in facts.parts if part.starts_at]
    else:
        possible = [reminder.anchor]
    return next((anchor for anchor in possible if start_version(anchor) == version), None)


def _why_not_now(reminder: DueReminder, anchor: dt.datetime, now: dt.datetime) -> str:
    """After a long outage two would come at once: the older one gives way."""
    following = reminder.timing_before(anchor).following
    return "the next reminder is due" if following and following <= now else ""


def _unwanted(reminder: DueReminder, anchor: dt.datetime, account: tuple[Any, ...]) -> str:
    """What they chose after it was planned."""
    is_active, *chosen = account
    if not is_active:
        return "the account is not in use"
    wishes = Wishes() if chosen[0] is None else Wishes._make(chosen)
    sort = reminder.timing_before(anchor).sort
    if not wishes.wants(sort):
        return SWITCHED_OFF[sort]
    return "" if wishes.digest == Rhythm.NONE else "this person gets a digest instead"


def reminder_letter(told: Told, address: str, now: dt.datetime) -> Letter:
    """In the active language, as far away as it is at this moment."""
    return event_letter(kind_of(told.reminder.audience), letter_values(told, address, now))


def letter_values(told: Told, address: str, now: dt.datetime) -> dict[str, Any]:
    """What the templates name."""
    reminder, facts = told.reminder, told.facts
    zone = told.event.zone
    far = distance_words(distance(now, told.anchor, zone), told.anchor, zone)
    values = event_values(
        told.event, is_online=facts.is_online, facts=_rows(told), buttons=facts.buttons, basis=told.basis
    )
    values["buttons"] = values["buttons"] or [Link(_("The page of the event"), values["event_url"])]
    name = plain_name(facts.name)
    return values | {
        "headline": headline(reminder.anchor_kind, far, values["title"]),
        "name": name,
        "note": clean_line(told.note),
        "footer_links": [Link(_("Stop reminders of this group"), unsubscribe_url(address, reminder.scope))],
        "placeholders": _placeholders(told, name, far),
    }


def _placeholders(told: Told, name: str, far: str) -> dict[str, Any]:
    session = told.facts.parts[0].title if told.facts.parts else ""
    return {"name": name, "in_time": far[:1].lower() + far[1:], "session": session} | told.facts.placeholders


def _rows(told: Told) -> list[Fact]:
    """The reader's own time on stage, and what is theirs besides."""
    parts = [_part_row(part, told.event) for part in told.facts.parts]
    deadline = []
    if told.reminder.anchor_kind == Anchor.DEADLINE:
        deadline = [Fact(_("RSVP ends"), time_words.moment(told.anchor, told.event.time_zone))]
    return [*deadline, *parts, *told.facts.rows]


def _part_row(part: Part, event: Event) -> Fact:
    details = []
    if part.starts_at and part.ends_at:
        starts, ends = (time_of_day(instant, event.time_zone) for instant in (part.starts_at, part.ends_at))
        details.append(_("%(starts)s to %(ends)s") % {"starts": starts, "ends": ends})
    if part.room:
        details.append(clean_line(part.room))
    return Fact(_("Your part"), clean_line(part.title), tuple(details))


def headline(anchor_kind: str, far: str, title: str) -> str:
    """The subject, and the letter's first line."""
    words = {
        Anchor.EVENT: _("%(far)s: %(event)s"),
        Anchor.TALK: _("%(far)s, you speak: %(event)s"),
        Anchor.DEADLINE: _("%(far)s, RSVP ends: %(event)s"),
    }[Anchor(anchor_kind)]
    return words % {"far": far, "event": title}


def distance_words(far: Distance, anchor: dt.datetime, zone: ZoneInfo) -> str:
    """Tomorrow at 19:00; In 7 days; In one hour."""
    time = f"{anchor.astimezone(zone):%H:%M}"
    if far.unit == "minutes":
        return ngettext("In %d minute", "In %d minutes", far.number) % far.number
    if far.unit == "hour":
        return _("In one hour")
    if far.unit == "today":
        return _("Today at %(time)s") % {"time": time}
    if far.unit == "tomorrow":
        return _("Tomorrow at %(time)s") % {"time": time}
    return ngettext("In %d day", "In %d days", far.number) % far.number


def sample_letter(reminder: DueReminder, event: Event, note: str, reader: Reader, now: dt.datetime) -> Letter:
    """As somebody of this audience would get it when it is due, or now where that is past."""
    told = _sample(reminder, event, note, reader)
    at = max(now, reminder.timing_before(told.anchor).due)
    return reminder_letter(told, reader.address, at)


def _sample(reminder: DueReminder, event: Event, note: str, reader: Reader) -> Told:
    facts = sample_facts(reminder.audience, event, reader)
    talks = [part.starts_at for part in facts.parts if part.starts_at]
    anchor = talks[0] if reminder.anchor_kind == Anchor.TALK and talks else reminder.anchor
    return Told(reminder, event, anchor, facts, note, Basis([event]))


def kind_of(audience: str) -> str:
    """The name of its templates, and of a group's own words for it."""
    return f"reminder_{audience}"


def register_kinds() -> None:
    """Let groups reword all of these."""
    for audience, label in LABELS.items():
        names = ("name", "in_time", *PLACEHOLDERS.get(audience, ()))
        register_mail_kind(kind_of(audience), label, names, sample=_sampler(audience))


def _sampler(audience: str) -> Callable[[Event], dict[str, Any]]:
    """The day before, to nobody."""

    def sample(event: Event) -> dict[str, Any]:
        day_before = reminder_for(event, audience=audience, lead=Lead(days=1))
        now, nobody = day_before.timing.due, Reader(None, "bo@example.org")
        return letter_values(_sample(day_before, event, "", nobody), nobody.address, now)

    return sample
