"""What a talk got from its audience, and whether more is taken."""

import datetime as dt

from django.db.models import QuerySet

from accounts.models import User
from lightning.clappers import clapper_of
from lightning.models import Applause, Feedback, Talk
from lightning.selectors.decks import began_at

LISTENING = dt.timedelta(days=7)


def is_listening(talk: Talk, *, now: dt.datetime) -> bool:
    """From the start of the talk until a week after it; reads what `began_at` reads."""
    began = began_at(talk, now=now)
    return began is not None and now < began + LISTENING


def applause_count(talk: Talk) -> int:
    """How many people applauded; one query."""
    return talk.applause.count()


def has_applauded(talk: Talk, clapper: str) -> bool:
    """Whether this person did; one query."""
    return talk.applause.filter(clapper=clapper).exists()


def shared_feedback(talk: Talk) -> "QuerySet[Feedback]":
    """What the speaker shows everybody, in the order in which it came; one query."""
    return talk.feedback.filter(shared_at__isnull=False).order_by("given_at", "id")


def given_by(user: User) -> "tuple[QuerySet[Applause], QuerySet[Feedback]]":
    """What this account gave, with talk and event; two queries."""
    whole = ("talk__block__session__event",)
    applause = Applause.objects.filter(clapper=clapper_of(user)).select_related(*whole).order_by("given_at", "id")
    feedback = Feedback.objects.filter(clapper=clapper_of(user)).select_related(*whole).order_by("given_at", "id")
    return applause, feedback
