"""Tickets and ways in: for whoever holds the code, and no more than that."""

import datetime as dt

import segno
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from events.models import Event
from registrations.links import registration_to_join
from registrations.models import Registration
from registrations.permissions import may_join_online
from registrations.states import IS_OVER, State
from registrations.tickets import read_ticket, ticket_code
from web.head import Page, absolute
from web.private import unlisted

VALID = (State.GOING, State.CHECKED_IN, State.NO_SHOW)


def ticket(request: HttpRequest, code: str) -> HttpResponse:
    """`/tickets/<code>/`: what the door scans. It has no powers: who finds it on the floor can give nothing up."""
    found = Registration.objects.select_related("event__group", "event__venue").filter(ticket=read_ticket(code) or "")
    registration = found.exclude(event__status=Event.Status.DRAFT).first()
    if registration is None:
        return unlisted(render(request, "tickets/unknown.html", status=404))
    state = standing(registration, now=timezone.now())
    own = ticket_code(registration)
    context = {
        "page": Page(title=_("Ticket: %(event)s") % {"event": registration.event.title}),
        "registration": registration,
        "event": registration.event,
        "state": state,
        "code": own,
        "qr": qr_code(absolute(reverse("ticket", args=[own]))) if state in ("valid", "used") else "",
    }
    return unlisted(render(request, "tickets/ticket.html", context))


def standing(registration: Registration, *, now: dt.datetime) -> str:
    """What the ticket is worth: a word of the template. The event's own state goes first."""
    event, state = registration.event, State(registration.state)
    if event.status in (Event.Status.CANCELLED, Event.Status.POSTPONED):
        return str(event.status)
    if state in IS_OVER:
        return "given_up"
    if state not in VALID:
        return "waiting" if state in (State.WAITING, State.OFFERED) else "not_confirmed"
    if event.is_over(now=now):
        return "past"
    return "used" if state is State.CHECKED_IN else "valid"


def qr_code(text: str) -> SafeString:
    """An inline SVG of black modules on white, its quiet zone of four modules white, too, in dark mode as on paper.

    No size and no style: the sheet draws it as large as the screen is wide.
    """
    made = segno.make(text, error="m", micro=False)
    svg = made.svg_inline(border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None)
    return mark_safe(svg)  # noqa: S308 - drawn from numbers


def join(request: HttpRequest, token: str) -> HttpResponse:
    """`/join/<token>/`: to the online address, for who is confirmed at this moment; nothing is counted or changed."""
    registration = registration_to_join(token)
    if registration is None:
        return unlisted(render(request, "tickets/unknown_way_in.html", status=404))
    event = registration.event
    if may_join_online(registration) and not event.is_over(now=timezone.now()):
        return unlisted(HttpResponseRedirect(event.online_url))
    page = Page(title=event.title)
    return unlisted(render(request, "tickets/no_way_in.html", {"page": page, "event": event}, status=403))
