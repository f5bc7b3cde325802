"""What the door says: one table for the page as the server draws it, and for its script, which also works offline.

Titles and sentences by result; {braces} are filled here or by the script.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.time_words import local, short_date
from events.models import Event
from registrations.models import Place
from registrations.selectors.door import DoorPerson, door_person
from registrations.services.door import Answer, Result
from registrations.states import State
from web.vocabulary import Words

# Shape and colour of each result; the look is in static/css/door.css, the sound in static/js/lib/door-sounds.js.
ICONS: dict[str, str] = {
    Result.CHECKED_IN: "check",
    Result.ALREADY_IN: "alert",
    Result.UNDONE: "undo",
    Result.NOT_IN: "undo",
    Result.WRONG_EVENT: "close",
    Result.CANCELLED: "minus",
    Result.NOT_GOING: "clock",
    Result.UNKNOWN: "question",
    Result.CONFLICT: "alert",
    Result.LATER: "clock",
}
SCRIPT_ICONS: dict[str, str] = {**ICONS, "ready": "qr", "noCamera": "close", "refused": "close", "unsure": "question"}
SENTENCES: Words = {
    "checked_in.title": gettext_lazy("{name}"),
    "checked_in.text": gettext_lazy("Checked in."),
    "checked_in.guests.one": gettext_lazy("Checked in, with 1 guest."),
    "checked_in.guests.other": gettext_lazy("Checked in, with {count} guests."),
    "already_in.title": gettext_lazy("Already in"),
    "already_in.text": gettext_lazy("{name} came in at {time}."),
    "already_in.where": gettext_lazy("{name} came in at {time} ({where})."),
    "already_in.cure": gettext_lazy("Somebody else with this ticket? Ask for their name and find it in the list."),
    "undone.title": gettext_lazy("{name}"),
    "undone.text": gettext_lazy("Check-in undone."),
    "not_in.title": gettext_lazy("Not in"),
    "not_in.text": gettext_lazy("{name} was not checked in, so there is nothing to undo."),
    "wrong_event.title": gettext_lazy("Not for this event"),
    "wrong_event.text": gettext_lazy("This ticket is for another event."),
    "wrong_event.named": gettext_lazy("This ticket is for {event}, {date}."),
    "cancelled.title": gettext_lazy("Cancelled"),
    "cancelled.text": gettext_lazy("{name} gave up the place."),
    "cancelled.declined": gettext_lazy("{name} declined, or was declined."),
    "not_going.title": gettext_lazy("No seat yet"),
    "not_going.pending": gettext_lazy("{name} has not confirmed the email address."),
    "not_going.requested": gettext_lazy("{name} has asked to come and has no answer yet."),
    "not_going.waiting": gettext_lazy("{name} is on the waitlist."),
    "not_going.offered": gettext_lazy("{name} has an offer and has not taken it."),
    "not_going.online": gettext_lazy("{name} takes part online."),
    "unknown.title": gettext_lazy("Unknown ticket"),
    "unknown.text": gettext_lazy("No ticket has this code. Look for the name in the list."),
    "conflict.title": gettext_lazy("Not recorded"),
    "conflict.text": gettext_lazy("Load the page again, then repeat it."),
    "later.title": gettext_lazy("Too many unknown tickets"),
    "later.text": gettext_lazy("Wait a minute, or look for the name in the list."),
}
SCRIPT: Words = SENTENCES | {
    "unsure.title": gettext_lazy("Cannot tell offline"),
    "unsure.text": gettext_lazy("This code is not on this phone’s list. Look for the name; the code is checked later."),
    "refused.title": gettext_lazy("Not let in"),
    "kept": gettext_lazy("Kept on this phone until the network is back."),
    "needsNetwork": gettext_lazy("This needs the network: only the server knows whether a seat is free."),
    "shortCode": gettext_lazy("Type at least the first 8 characters of the ticket."),
    "ready.title": gettext_lazy("Ready to scan"),
    "ready.text": gettext_lazy("{here} of {expected} are in"),
    "noCamera.title": gettext_lazy("No scanner here"),
    "noCamera.text": gettext_lazy("This browser cannot read QR codes. Type the first 8 characters of the ticket."),
    "cameraRefused": gettext_lazy("The camera could not be opened. Type the code instead."),
    "offline": gettext_lazy("Offline. What you do is kept on this phone."),
    "offlineWaiting": gettext_lazy("Offline, {count} waiting to be sent"),
    "waiting": gettext_lazy("{count} waiting to be sent"),
    "signedOut": gettext_lazy("You are signed out. Sign in again: nothing is lost."),
    "noRights": gettext_lazy("You are not a host of this group any more."),
    "lateAnswer": gettext_lazy("From before, without network: {title}. {text}"),
    "noName": gettext_lazy("No name"),
    "in": gettext_lazy("In, {time}"),
    "guests.one": gettext_lazy("Brings 1 guest"),
    "guests.other": gettext_lazy("Brings {count} guests"),
    "walkIn": gettext_lazy("Walk-in"),
    "walkIns.one": gettext_lazy("1 walk-in"),
    "walkIns.other": gettext_lazy("{count} walk-ins"),
    "nobody": gettext_lazy("Nobody here has this name."),
    "found.one": gettext_lazy("1 found"),
    "found.other": gettext_lazy("{count} found"),
    "state.pending": gettext_lazy("Not confirmed"),
    "state.requested": gettext_lazy("Asks to come"),
    "state.waiting": gettext_lazy("On the waitlist"),
    "state.offered": gettext_lazy("Has an offer"),
    "state.cancelled": gettext_lazy("Cancelled"),
    "state.declined": gettext_lazy("Declined"),
    "state.online": gettext_lazy("Takes part online"),
}


@dataclass(frozen=True)
class Panel:
    """One result in words."""

    kind: str
    icon: str
    title: str
    text: str
    cure: str = ""
    person: DoorPerson | None = None


def panel_of(answer: Answer, zone: str) -> Panel:
    """What the host reads and hears; times on the event's clock."""
    result, person = answer.result, door_person(answer.registration) if answer.registration else None
    values = {
        "name": display_name(person),
        **_since(answer, zone),
        **_other(answer),
        "count": person.guests if person else 0,
    }
    title = str(SENTENCES[f"{result}.title"]).format(**values)
    cure = str(SENTENCES.get(f"{result}.cure", ""))
    return Panel(
        result, ICONS[result], title, str(SENTENCES[_text_key(answer, person, values)]).format(**values), cure, person
    )


def _text_key(answer: Answer, person: DoorPerson | None, values: dict[str, object]) -> str:
    """Which sentence fits; the script does the same in static/js/lib/door-result.js."""
    result = answer.result
    if result is Result.CHECKED_IN and person and person.guests:
        return f"checked_in.guests.{'one' if person.guests == 1 else 'other'}"
    if result is Result.ALREADY_IN and values["where"]:
        return "already_in.where"
    if result is Result.WRONG_EVENT and values["event"]:
        return "wrong_event.named"
    if result is Result.CANCELLED and person and person.state == State.DECLINED:
        return "cancelled.declined"
    if result is Result.NOT_GOING and person:
        return "not_going.online" if person.place == Place.ONLINE else f"not_going.{person.state}"
    return f"{result}.text"


def _since(answer: Answer, zone: str) -> dict[str, object]:
    since = answer.since
    if since is None:
        return {"time": "", "where": ""}
    places = [since.door, since.by.name if since.by else ""]
    return {"time": local(since.at, zone).strftime("%H:%M"), "where": ", ".join(filter(None, places))}


def _other(answer: Answer) -> dict[str, object]:
    other = answer.other
    if other is None or other.status == Event.Status.DRAFT or not other.group.is_listed:
        return {"event": "", "date": ""}
    return {"event": other.title, "date": short_date(other.starts_at, other.time_zone)}


def display_name(person: DoorPerson | None) -> str:
    """Their name; people who gave none have no address here either."""
    return person.name if person and person.name else _("No name")


def standing(person: DoorPerson) -> str:
    """Why somebody without a seat has none; empty for who has one."""
    if person.is_expected:
        return ""
    key = (
        "online"
        if person.place == Place.ONLINE and person.state not in (State.CANCELLED, State.DECLINED)
        else person.state
    )
    return str(SCRIPT[f"state.{key}"])
