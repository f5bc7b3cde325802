"""What the parts of a speaker's own page about slides and audience show, wherever they are included."""

from typing import Any

from django import template
from django.template.context import Context
from django.utils import timezone

from lightning.deck_limits import MOST_BYTES, MOST_PAGES
from lightning.links import is_proof
from lightning.models import Deck, Talk
from lightning.selectors.audience import applause_count
from lightning.selectors.decks import began_at, is_deck_out
from lightning.services.decks import MAY_HAVE_SLIDES
from web.pages.talks import applause_words
from web.talk_times import length_words, times_of

register = template.Library()


@register.simple_tag(takes_context=True)
def slide_bay(context: Context, talk: Talk) -> dict[str, Any]:
    """The talk's slides as its speaker sees them; the address' token is the page's own. At most two queries."""
    token = context["request"].resolver_match.kwargs["token"]
    return {
        "token": token,
        "is_open": talk.state in MAY_HAVE_SLIDES and is_proof(token),
        "is_proof": is_proof(token),
        "deck": Deck.objects.filter(talk=talk).first() if is_proof(token) else None,
        "is_out": is_deck_out(talk, now=timezone.now()),
        "most_bytes": MOST_BYTES,
        "most_megabytes": MOST_BYTES // 1024 // 1024,
        "most_pages": MOST_PAGES,
    }


@register.simple_tag(takes_context=True)
def audience_of(context: Context, talk: Talk) -> dict[str, Any]:
    """What came back: applause, how long the talk was, words; nothing before it has begun. At most three queries."""
    token = context["request"].resolver_match.kwargs["token"]
    if not is_proof(token) or began_at(talk, now=timezone.now()) is None:
        return {"is_over": False}
    times, count = times_of(talk), applause_count(talk)
    return {
        "is_over": True,
        "token": token,
        "applause": count,
        "applause_words": applause_words(count),
        "length": length_words(times) if times.length else "",
        "feedback": list(talk.feedback.all()),
    }
