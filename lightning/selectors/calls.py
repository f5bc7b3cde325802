"""Calls for talks: whether they are open, and what was drawn."""

import datetime as dt

from django.db.models import QuerySet
from django.db.models.functions import Lower

from events.models import Event, Session
from lightning.call_window import Closed, Times, Window, window
from lightning.models import Block, Call, Draw, Stage
from lightning.round_times import round_ends_at, round_starts_at
from lightning.stage_round import State


def calls_of(event: Event) -> list[Call]:
    """In the order of the programme, with block and session; the event is the one that is given. One query."""
    calls = Call.objects.filter(block__session__event=event).select_related("block__session__room", "block__stage")
    found = list(calls.order_by("block__session__starts_at", "block"))
    for call in found:
        call.block.session.event = event
    return found


def open_calls(event: Event, *, now: dt.datetime) -> list[Call]:
    """Those that take talks now; one query."""
    return [call for call in calls_of(event) if window_of(call, now=now).is_open]


def times_of(call: Call) -> Times:
    """Its rules, and when its round begins and ends; reads block, session and event."""
    block = call.block
    begins, ends = round_starts_at(block), round_ends_at(block)
    return Times(begins, ends, call.opens_before, call.closes_before, call.is_open_on_the_night)


def window_of(call: Call, *, now: dt.datetime) -> Window:
    """Whether it takes talks now."""
    session = call.block.session
    is_off = session.status == Session.Status.CANCELLED
    found = window(times_of(call), status=session.event.status, is_cancelled=is_off, now=now)
    return Window(Closed.OVER) if found.is_open and is_finished(call.block) else found


def is_finished(block: Block) -> bool:
    """Whether its host has finished it; one query unless the stage was loaded."""
    stage: Stage | None = getattr(block, "stage", None)
    return stage is not None and stage.state == State.FINISHED.value


def drawn_calls(slug: str) -> "QuerySet[Call]":
    """Of a published event's rounds whose slots are drawn by lot, in the order of the programme. One query."""
    published = Event.objects.published().order_by().values("pk")
    calls = Call.objects.filter(policy=Call.Policy.DRAW, block__session__event__in=published)
    named = calls.alias(slug_in_lower_case=Lower("block__session__event__slug")).filter(slug_in_lower_case=slug.lower())
    related = ("block__session__event__group", "block__session__room")
    return named.select_related(*related).order_by("block__session__starts_at", "block")


def draw_of(block: Block) -> Draw | None:
    """The draw that was held; one query."""
    return Draw.objects.filter(block=block.pk).first()
