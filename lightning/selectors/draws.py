"""A round's draw as anybody may read it: the digest from the first day, everything else once it was held."""

from typing import Any

from core.zones import local_text
from lightning.draw import ALGORITHM, digest_of
from lightning.drawing_document import held_again
from lightning.models import Call, Draw
from lightning.selectors.calls import draw_of, times_of

Document = dict[str, Any]


def draw_document(call: Call) -> Document:
    """The published document of a round whose slots are drawn; reads block, session and event. One query."""
    block, event = call.block, call.block.session.event
    held = draw_of(block)
    document: Document = {
        "algorithm": ALGORITHM,
        "event": event.slug,
        "block": block.pk,
        "digest": digest_of(call.seed),
        "closes_at": local_text(times_of(call).closes_at, event.zone),
        "drawn_at": local_text(held.drawn_at, event.zone) if held else None,
        "seed": held.seed if held else None,
    }
    return document | (_result(held) if held else _rules(call))


def _rules(call: Call) -> Document:
    """What is known before: nothing about who proposed."""
    return {"first_timer_percent": call.first_timer_percent, "most_per_organisation": call.most_per_organisation}


def _result(held: Draw) -> Document:
    """As it was written down; the line between winners and stand-by follows from the rules."""
    winners = len(held_again(stored_document(held)).winners)
    return {
        "slots": held.slots,
        "first_timer_slots": held.first_timer_slots,
        "most_per_organisation": held.most_per_organisation,
        "entries": held.entries,
        "winners": held.result[:winners],
        "stand_by": held.result[winners:],
    }


def stored_document(held: Draw) -> Document:
    """What a draw depends on."""
    names = ("seed", "slots", "first_timer_slots", "most_per_organisation", "entries")
    return {name: getattr(held, name) for name in names}
