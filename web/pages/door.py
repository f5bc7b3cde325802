"""The door of an event on a host's phone: complete without script, which adds camera, sound and offline work."""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.errors import RuleViolation
from core.time_words import local, long_date
from events.models import Event
from events.selectors.events import published_event
from registrations.permissions import may_run_door
from registrations.selectors.door import DoorList, DoorPerson, door_list
from registrations.services.door import LONGEST_DOOR, Answer, Scan, record_scans
from registrations.services.walk_in import Arrival, walk_in
from web import queries
from web.door_words import SCRIPT, SCRIPT_ICONS, Panel, display_name, panel_of, standing
from web.head import Page
from web.vocabulary import script_words

NEARLY = dt.timedelta(hours=12)
SHOW = ["in", "out"]
LONGEST_TICKET = 300
LONGEST_FIELD = 500


@dataclass(frozen=True)
class Row:
    """One line of the list; the letter where a new one begins."""

    person: DoorPerson
    name: str
    letter: str
    standing: str
    time: str


@dataclass(frozen=True)
class Outcome:
    """What a form led to: a panel, and for the walk-in form what was typed and what is wrong with it."""

    panel: Panel
    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    status: int = 200


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest, slug: str) -> HttpResponse:
    """`/events/<event>/door/`: GET `?q=&show=`, POST one act; organisers and hosts of the group alone."""
    event = _event(request, slug)
    outcome = _act(request, event) if request.method == "POST" else None
    is_shell = "shell" in request.GET
    found = DoorList([]) if is_shell else door_list(event)
    text, show = queries.text(request.GET, "q"), queries.choice(request.GET, "show", SHOW)
    here, expected = found.here_count, found.expected_count
    context: dict[str, Any] = {
        "page": Page(title=_("Door: %(event)s") % {"event": event.title}, section="events"),
        "event": event,
        "is_shell": is_shell,
        "is_another_day": _is_another_day(event, timezone.now()),
        "day": long_date(event.starts_at, event.time_zone),
        "outcome": outcome,
        "rows": _rows(found.matching(text, show), event.time_zone),
        "q": text,
        "show": show,
        "here": here,
        "expected": expected,
        "missing": expected - here,
        "walk_ins": found.walk_in_count,
        "act_id": uuid.uuid4(),
        "door_name": request.POST.get("door", "")[:LONGEST_DOOR],
        "api": reverse("api-door", args=[event.slug]),
        "walk_in_api": reverse("api-door-walk-ins", args=[event.slug]),
        "script_words": script_words(SCRIPT),
        "icons": SCRIPT_ICONS,
    }
    return render(request, "door/door.html", context, status=outcome.status if outcome else 200)


def _event(request: HttpRequest, slug: str) -> Event:
    """Two queries; a draft has no door."""
    try:
        event = published_event(slug)
    except Event.DoesNotExist as error:
        raise Http404 from error
    if not may_run_door(request.user, event):
        raise PermissionDenied
    return event


def _is_another_day(event: Event, now: dt.datetime) -> bool:
    """Whether a host who looks now has most likely opened the wrong door."""
    return now < event.starts_at - NEARLY or now > event.ends_at + NEARLY


def _rows(people: list[DoorPerson], zone: str) -> list[Row]:
    rows: list[Row] = []
    before = ""
    for person in people:
        name = display_name(person)
        letter = name[0].upper()
        time = local(person.in_at, zone).strftime("%H:%M") if person.in_at else ""
        rows.append(Row(person, name, "" if letter == before else letter, standing(person), time))
        before = letter
    return rows


def _act(request: HttpRequest, event: Event) -> Outcome:
    """The one thing the pressed button asks for."""
    given = request.POST
    for name in ("check_in", "undo"):
        if name in given:
            return _scan(request, event, action="undo" if name == "undo" else "in", registration=_row(given, name))
    if "let_in" in given:
        return _walk_in(request, event, registration=_row(given, "let_in"))
    if "ticket" in given:
        return _scan(request, event, action="in", ticket=_line(given, "ticket", LONGEST_TICKET))
    if "name" in given:
        return _walk_in(request, event)
    raise BadRequest(_("This form is not one of the door’s. Load the page again."))


def _scan(
    request: HttpRequest, event: Event, *, action: str, registration: uuid.UUID | None = None, ticket: str = ""
) -> Outcome:
    now = timezone.now()
    act_id = _act_id(request.POST, f"{action}:{registration or ticket}")
    scan = Scan(act_id, action, now, ticket, registration, _line(request.POST, "door", LONGEST_DOOR))
    [answer] = record_scans(event=event, scans=[scan], by=_host(request), now=now)
    return _outcome(answer, event)


def _walk_in(request: HttpRequest, event: Event, *, registration: uuid.UUID | None = None) -> Outcome:
    given = request.POST
    typed = {} if registration else {name: _line(given, name, LONGEST_FIELD) for name in ("name", "email")}
    act_id = _act_id(given, f"walk-in:{registration or typed}")
    arrival = Arrival(id=act_id, registration=registration, door=_line(given, "door", LONGEST_DOOR), **typed)
    try:
        return _outcome(walk_in(event=event, arrival=arrival, by=_host(request), now=timezone.now()), event)
    except RuleViolation as refusal:
        panel = Panel("refused", "close", str(SCRIPT["refused.title"]), refusal.message)
        return Outcome(panel, typed, {refusal.field: refusal.message} if refusal.field else {}, status=409)


def _outcome(answer: Answer, event: Event) -> Outcome:
    panel = panel_of(answer, event.time_zone)
    return Outcome(panel)


def _host(request: HttpRequest) -> Any:
    """The signed-in person; the decorator has seen to it."""
    return request.user


def _act_id(given: QueryDict, what: str) -> uuid.UUID:
    """The same for the same button of the same page: a double click is one act."""
    try:
        return uuid.uuid5(uuid.UUID(given.get("act", "")), what)
    except ValueError as error:
        raise BadRequest(_("This form is not one of the door’s. Load the page again.")) from error


def _row(given: QueryDict, name: str) -> uuid.UUID:
    try:
        return uuid.UUID(given.get(name, ""))
    except ValueError as error:
        raise BadRequest(_("This form is not one of the door’s. Load the page again.")) from error


def _line(given: QueryDict, name: str, longest: int) -> str:
    """What was typed, short enough to be looked at at all."""
    return given.get(name, "")[:longest]
