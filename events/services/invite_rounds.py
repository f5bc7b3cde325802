"""Comparing invites with who comes and speaks: once a minute, whoever asks first, and at once while more is left."""

import datetime as dt
from collections.abc import Callable

from django.db import connection

from events.models import InviteRound

MINE = """
INSERT INTO events_inviteround (name, at) VALUES (%(name)s, %(now)s)
    ON CONFLICT (name) DO UPDATE SET at = excluded.at
 WHERE events_inviteround.at <= excluded.at - interval '1 minute' OR events_inviteround.at > excluded.at
"""


def once_a_minute(name: str, compare: Callable[[dt.datetime], bool]) -> Callable[[dt.datetime], bool]:
    """A feeder that runs `compare(now)` when nobody did for a minute; what it says of more to come holds."""

    def feed(now: dt.datetime) -> bool:
        if not _is_my_turn(name, now):
            return False
        more = compare(now)
        if more:
            InviteRound.objects.filter(name=name).delete()
        return more

    return feed


def _is_my_turn(name: str, now: dt.datetime) -> bool:
    """Also when the clock was set back."""
    with connection.cursor() as cursor:
        cursor.execute(MINE, {"name": name, "now": now})
        return bool(cursor.rowcount)
