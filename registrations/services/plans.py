"""How an event takes RSVPs: its rules, its seats, its questions; what somebody relies on already is not taken away."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.changes import RowChange, changed_fields, naming_the_row, write_fields
from core.errors import RuleViolation
from core.text import clean_line
from events.models import Event
from registrations.models import Answer, Place, Question, Registration, RegistrationPlan, Seats
from registrations.services.queue import change_capacity, promote_queue
from registrations.services.rings import announce_seats
from registrations.services.seating import lock_seats

FROZEN = ("text", "kind", "choices", "is_required")
FEWEST_CHOICES, MOST_CHOICES = 2, 20

SeatsWanted = Mapping[str, int | None]  # capacity by place, None without a limit; a place that is not in it is gone


@transaction.atomic
def create_plan(*, event: Event, now: dt.datetime, seats: SeatsWanted | None = None, **fields: Any) -> RegistrationPlan:
    """Take RSVPs from now on; without `seats`, as many as the rooms have.

    Raises RuleViolation or ValidationError, naming the field.
    """
    Event.objects.select_for_update(no_key=True).get(pk=event.pk)
    if RegistrationPlan.objects.filter(event=event).exists():
        raise RuleViolation("takes_rsvps_already", _("This event takes RSVPs already."))
    plan = RegistrationPlan(event=event)
    _write_rules(plan, fields)
    _set_seats(plan, default_seats(event) if seats is None else seats, now=now)
    announce_seats(event)
    return plan


@transaction.atomic
def revise_plan(
    *, plan: RegistrationPlan, now: dt.datetime, seats: SeatsWanted | None = None, **fields: Any
) -> RegistrationPlan:
    """Change rules and seats: more seats promote, fewer send nobody away. Raises as `create_plan` does."""
    stored = RegistrationPlan.objects.select_for_update(of=("self",)).select_related("event").get(pk=plan.pk)
    changed = changed_fields(stored, fields)
    if changed:
        _write_rules(stored, {name: fields[name] for name in changed})
    if seats is not None:
        _set_seats(stored, seats, now=now)
    if "waiting_list" in changed:
        _promote_everywhere(stored, now=now)
    if changed or seats is not None:
        announce_seats(stored.event)
    return stored


@transaction.atomic
def delete_plan(*, plan: RegistrationPlan) -> None:
    """Take no RSVPs; refused once somebody has registered: then RSVP is closed instead."""
    stored = RegistrationPlan.objects.select_for_update(of=("self",)).select_related("event").get(pk=plan.pk)
    if Registration.objects.filter(event=stored.event).exists():
        raise RuleViolation("plan_in_use", _("People have registered. Let RSVP close now instead."), field="closes_at")
    event = stored.event
    stored.delete()
    announce_seats(event)


def default_seats(event: Event) -> dict[str, int | None]:
    """As many as the largest room in use holds, since all may meet there; no limit where nobody said how many."""
    online: dict[str, int | None] = {Place.ONLINE: None}
    if event.format == Event.Format.ONLINE:
        return online
    known = [room.capacity for room in event.rooms.all() if room.capacity]
    if not known and event.venue:
        known = [room.capacity for room in event.venue.rooms.all() if room.capacity]
        known = known if len(known) == 1 else []
    room: dict[str, int | None] = {Place.ROOM: max(known, default=None)}
    return room | online if event.format == Event.Format.HYBRID else room


@transaction.atomic
def change_questions(*, plan: RegistrationPlan, changes: Iterable[RowChange]) -> None:
    """Add, change and take away questions; RowRefused says which one is frozen because somebody has answered it."""
    for change in changes:
        with naming_the_row(change):
            _change_question(plan, change)


def _change_question(plan: RegistrationPlan, change: RowChange) -> None:
    if change.row is None:
        write_fields(Question(plan=plan), _cleaned(change.values or {}, Question()))
        return
    # against who answers at this moment: an answer holds its question's key, so it comes before this or after it
    stored = Question.objects.select_for_update(of=("self",)).get(pk=change.row.pk, plan=plan)
    if change.values is None:
        if Answer.objects.filter(question=stored).exists():
            raise RuleViolation("question_frozen", _("People have answered this. It stays; add another question."))
        stored.delete()
        return
    values = _cleaned(change.values, stored)
    frozen = [name for name in FROZEN if name in values and values[name] != getattr(stored, name)]
    if frozen and Answer.objects.filter(question=stored).exists():
        message = _("People have answered this as it is. Add another question instead.")
        raise RuleViolation("question_frozen", message, field=frozen[0])
    write_fields(stored, values)


def _cleaned(values: Mapping[str, Any], stored: Question) -> dict[str, Any]:
    """On one line; choices just where there is something to choose from. Raises RuleViolation on `choices`."""
    cleaned = dict(values)
    if "text" in cleaned:
        cleaned["text"] = clean_line(cleaned["text"])
    if not {"kind", "choices"} & cleaned.keys():
        return cleaned
    choices = list(dict.fromkeys(clean_line(choice) for choice in cleaned.get("choices", stored.choices)))
    if cleaned.get("kind", stored.kind) != Question.Kind.CHOICE:
        return cleaned | {"choices": []}
    if not FEWEST_CHOICES <= len(choices) <= MOST_CHOICES:
        message = _("Give %(fewest)d to %(most)d choices, one to a line.")
        values = {"fewest": FEWEST_CHOICES, "most": MOST_CHOICES}
        raise RuleViolation("choices_wrong", message % values, field="choices")
    return cleaned | {"choices": choices}


def _write_rules(plan: RegistrationPlan, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        setattr(plan, name, value)
    _refuse_wrong_window(plan)
    _refuse_wrong_reconfirming(plan)
    write_fields(plan, fields)


def _refuse_wrong_window(plan: RegistrationPlan) -> None:
    """Each sentence at the field where it is mended."""
    if plan.opens_at and plan.opens_at >= plan.event.ends_at:
        raise RuleViolation("opens_too_late", _("RSVP opens after the event is over."), field="opens_at")
    if plan.closes_at and plan.closes_at > plan.event.ends_at:
        message = _("RSVP closes after the event is over. Leave it empty, or choose a time before.")
        raise RuleViolation("closes_too_late", message, field="closes_at")
    if plan.opens_at and plan.closes_at and plan.closes_at <= plan.opens_at:
        raise RuleViolation("closes_too_early", _("RSVP closes before it opens."), field="closes_at")


def _refuse_wrong_reconfirming(plan: RegistrationPlan) -> None:
    """Seats of who stays silent are given away after they were asked."""
    if not plan.releases_silent_seats:
        return
    if plan.reconfirm_days is None:
        message = _("Say how many days before people are asked, or keep their seats.")
        raise RuleViolation("nobody_is_asked", message, field="reconfirm_days")
    if plan.release_hours >= plan.reconfirm_days * 24:
        message = _("This is before people are asked. Give them time to answer.")
        raise RuleViolation("released_too_early", message, field="release_hours")


def _set_seats(plan: RegistrationPlan, wanted: SeatsWanted, *, now: dt.datetime) -> None:
    """Places in a fixed order, as everybody locks them."""
    if not wanted:
        raise RuleViolation("no_place", _("Take RSVPs for the room, online, or both."), field="has_room")
    there = {seats.place: seats for seats in Seats.objects.filter(plan=plan)}
    for place in sorted(there.keys() - wanted.keys(), reverse=True):
        _remove_place(plan, place)
    for place in sorted(wanted, reverse=True):
        if place not in there:
            write_fields(Seats(plan=plan, place=place), {"capacity": wanted[place]})
        elif there[place].capacity != wanted[place]:
            change_capacity(event=plan.event, place=place, capacity=wanted[place], now=now)


def _remove_place(plan: RegistrationPlan, place: str) -> None:
    seats = lock_seats(event_id=plan.event_id, place=place)
    if Registration.objects.filter(event=plan.event, place=place).exists():
        message = _("People have registered here. Set the seats to 0 to take no more of them.")
        raise RuleViolation("place_in_use", message, field=f"{place}_seats")
    seats.delete()


def _promote_everywhere(plan: RegistrationPlan, *, now: dt.datetime) -> None:
    for place in Seats.objects.filter(plan=plan).order_by("-place").values_list("place", flat=True):
        promote_queue(lock_seats(event_id=plan.event_id, place=place), now=now)
