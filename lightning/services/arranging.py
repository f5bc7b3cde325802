"""The order of a line-up: moved by hand, shuffled by a seed, put back; never over what somebody else just changed.

`saw` is the name of the order somebody was looking at (`lightning.running_order.name_of`).
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import RuleViolation
from lightning.models import Block
from lightning.running_order import (
    OPEN,
    Order,
    closed_up,
    is_rearranged,
    moved_by_force,
    name_of,
    order_of,
    places_of,
    shuffled,
    sorted_by,
    stepped,
)
from lightning.selectors.lineup import fixed_talks
from lightning.services.lineup import place_talks


@dataclass(frozen=True)
class Rearranged:
    """The orders before and after."""

    before: Order
    after: Order


@dataclass(frozen=True)
class _Standing:
    block: Block
    order: Order
    fixed: frozenset[int]


@transaction.atomic
def arrange_lineup(*, block: Block, order: Sequence[int], saw: str, now: dt.datetime) -> Rearranged:
    """Put the talks into these slots: ids, 0 for an open slot."""
    return _rearrange(block, saw, now, lambda _standing: list(order))


@transaction.atomic
def move_talk(*, block: Block, talk: int, step: int, saw: str, now: dt.datetime) -> Rearranged:
    """One slot earlier (-1) or later (1); it changes places with what is there."""

    def moved(standing: _Standing) -> Order:
        if talk == OPEN or talk not in standing.order:
            raise RuleViolation("not_the_lineup", _("The line-up has changed meanwhile. Load the page again."))
        return stepped(standing.order, talk, step, standing.fixed)

    return _rearrange(block, saw, now, moved)


@transaction.atomic
def order_coming(*, block: Block, talks: Sequence[int], saw: str, now: dt.datetime) -> Rearranged:
    """Those still to come in this order, in the slots that they have between them."""

    def reordered(standing: _Standing) -> Order:
        coming = [talk for talk in standing.order if talk != OPEN and talk not in standing.fixed]
        if sorted(coming) != sorted(talks):
            raise RuleViolation("not_the_lineup", _("The line-up has changed meanwhile. Load the page again."))
        return sorted_by(standing.order, {talk: rank for rank, talk in enumerate(talks)}, standing.fixed)

    return _rearrange(block, saw, now, reordered)


@transaction.atomic
def shuffle_lineup(*, block: Block, seed: str, now: dt.datetime, saw: str | None = None) -> Rearranged:
    """By lot: whoever takes the same seed gets the same order, while the same talks are in."""

    def mixed(standing: _Standing) -> Order:
        names = {pk: str(uid) for pk, uid in standing.block.talks.in_lineup().values_list("pk", "ical_uid")}
        return shuffled(standing.order, names, seed, standing.fixed)

    return _rearrange(block, saw, now, mixed)


@transaction.atomic
def sort_by_proposal(*, block: Block, saw: str, now: dt.datetime) -> Rearranged:
    """Who proposed first comes first."""

    def by_time(standing: _Standing) -> Order:
        talks = standing.block.talks.in_lineup().values_list("pk", "created_at")
        return sorted_by(standing.order, {pk: (created_at, pk) for pk, created_at in talks}, standing.fixed)

    return _rearrange(block, saw, now, by_time)


@transaction.atomic
def close_gaps(*, block: Block, saw: str, now: dt.datetime) -> Rearranged:
    """Everybody behind an open slot moves up."""
    return _rearrange(block, saw, now, lambda standing: closed_up(standing.order, standing.fixed))


def _rearrange(block: Block, saw: str | None, now: dt.datetime, change: Callable[[_Standing], Order]) -> Rearranged:
    """Lock, rule, write; refused when it would move somebody who has been on stage."""
    locked = Block.objects.select_for_update().select_related("session__event").get(pk=block.pk)
    places = {pk: place for pk, place in locked.talks.values_list("pk", "position") if place is not None}
    standing = _Standing(locked, order_of(places, locked.slots), fixed_talks(locked))
    if saw is not None and saw != name_of(standing.order):
        raise RuleViolation("stale_order", _("Somebody else changed the order meanwhile. Nothing of yours was saved."))
    after = change(standing)
    if not is_rearranged(standing.order, after):
        raise RuleViolation("not_the_lineup", _("The line-up has changed meanwhile. Load the page again."))
    if moved_by_force(standing.order, after, standing.fixed):
        raise RuleViolation("on_stage", _("Who has been on stage keeps the slot. Move only those who come after."))
    place_talks(block=locked, places=places_of(after), now=now)
    return Rearranged(standing.order, after)
