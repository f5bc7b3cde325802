"""The signed link by which a person says that a calendar's answer was theirs: it holds the answer, no address."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from core.tokens import sign, unsign

PURPOSE = "calendar-answer"


@dataclass(frozen=True)
class Answer:
    """What a calendar says to one invite; `stamped_at` is its DTSTAMP, `mail` the id of the message it came in."""

    partstat: str
    sequence: int
    stamped_at: dt.datetime
    comment: str = ""
    mail: int = 0


def answer_url(invite_id: int, answer: Answer) -> str:
    """The page that asks whether this was them."""
    stamp = int(answer.stamped_at.timestamp())
    value = f"{invite_id}.{answer.partstat}.{answer.sequence}.{stamp}.{answer.mail}"
    return settings.SITE_URL + reverse("confirm_answer", args=[sign(PURPOSE, value)])


def answer_of(token: str) -> tuple[int, Answer] | None:
    """(invite id, answer), or None for a link that is not complete."""
    value = unsign(PURPOSE, token)
    if value is None:
        return None
    invite, partstat, sequence, stamp, mail = value.split(".")
    stamped_at = dt.datetime.fromtimestamp(int(stamp), dt.UTC)
    return int(invite), Answer(partstat, int(sequence), stamped_at, mail=int(mail))
