"""How lists and pages here put states, numbers and what happened."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registrations.models import Place
from registrations.selectors.dashboard import EventNumbers, PlaceNumbers, ShowUp
from registrations.states import Command, State

STATE_LABELS = {
    State.PENDING: "info",
    State.REQUESTED: "warning",
    State.GOING: "success",
    State.WAITING: "warning",
    State.OFFERED: "primary",
    State.DECLINED: "danger",
    State.CANCELLED: "danger",
    State.CHECKED_IN: "success",
    State.NO_SHOW: "danger",
}
COMMANDS = {
    Command.ENTER: gettext_lazy("got a seat"),
    Command.QUEUE: gettext_lazy("joined the waitlist"),
    Command.REQUEST: gettext_lazy("asked to come"),
    Command.OFFER: gettext_lazy("was offered a seat"),
    Command.ACCEPT: gettext_lazy("said yes"),
    Command.EXPIRE: gettext_lazy("did not answer in time"),
    Command.LEAVE: gettext_lazy("was cancelled"),
    Command.DECLINE: gettext_lazy("declined by calendar"),
    Command.REFUSE: gettext_lazy("was refused"),
    Command.CHECK_IN: gettext_lazy("was checked in"),
    Command.UNDO_CHECK_IN: gettext_lazy("check-in undone"),
    Command.MISS: gettext_lazy("did not come"),
}


def command_words(change: Any) -> str:
    """What happened, in the past tense; a change of priority is noted as one of the queue that leads nowhere."""
    if change.before == change.after and change.command == Command.QUEUE:
        return _("moved on the waitlist")
    return str(COMMANDS.get(change.command, change.command))


def place_words(numbers: PlaceNumbers) -> str:
    """“42 of 80 in the room, 5 waiting”."""
    where = Place(numbers.place).label
    if numbers.capacity is None:
        text = _("%(taken)d %(where)s, no limit") % {"taken": numbers.taken, "where": where}
    else:
        values = {"taken": numbers.taken, "capacity": numbers.capacity, "where": where}
        text = _("%(taken)d of %(capacity)d %(where)s") % values
    return f"{text}, {_('%d waiting') % numbers.waiting}" if numbers.waiting else text


def seats_words(seats: Mapping[str, int | None]) -> str:
    """“80 in the room; online without limit”: capacities by place."""
    texts = []
    for place, capacity in seats.items():
        where = Place(place).label
        words = _("%(capacity)d %(where)s") if capacity is not None else _("%(where)s without limit")
        texts.append(words % {"capacity": capacity, "where": where})
    return "; ".join(texts)


def number_words(numbers: EventNumbers) -> str:
    """All places, then who asks to come, who came and who did not."""
    texts = [place_words(place) for place in numbers.places]
    if numbers.asks:
        texts.append(ngettext("%d asks to come", "%d ask to come", numbers.asks) % numbers.asks)
    if numbers.came:
        texts.append(_("%d came") % numbers.came)
    if numbers.missed:
        texts.append(_("%d did not come") % numbers.missed)
    return " · ".join(texts)


def show_up_words(rate: ShowUp | None) -> str:
    """“81% came to the last 6 events”; of those with a door."""
    if rate is None:
        return _("No numbers yet: they need an event at whose door people were checked in.")
    words = ngettext(
        "%(percent)d%% came to the last event", "%(percent)d%% came to the last %(events)d events", rate.events
    )
    return words % {"percent": rate.percent, "events": rate.events}
