"""The one statement in which a newcomer's seat is decided: the seats' row is locked for it and the commit alone."""

import datetime as dt
from typing import NamedTuple

from django.db import connection

from registrations.states import State

# READ COMMITTED: after a wait for the lock, both FOR UPDATEs see what the transaction before wrote. The rule inside is
# registrations.rules.admission; a test holds the two against each other.
ADMIT = """
WITH locked AS (
    SELECT id, capacity, taken, waiting FROM registrations_seats
    WHERE plan_id = %(plan)s AND place = %(place)s FOR UPDATE
), person AS (
    SELECT r.id, r.state, 1 + %(guests)s AS party FROM registrations_registration r, locked
    WHERE r.id = %(registration)s AND r.version = %(version)s FOR NO KEY UPDATE OF r
), decided AS (
    SELECT person.id, person.state AS before, party, CASE
        WHEN %(needs_approval)s THEN 'requested'
        WHEN waiting = 0 AND (capacity IS NULL OR taken + party <= capacity) THEN 'going'
        ELSE 'waiting' END AS after
    FROM person, locked
), moved AS (
    UPDATE registrations_registration r
    SET state = after, changed_at = %(now)s, version = r.version + 1, reconfirmed_at = NULL,
        name = %(name)s, place = %(place)s, guests = %(guests)s,
        joined_at = CASE r.state WHEN 'requested' THEN r.joined_at ELSE %(now)s END
    FROM decided WHERE r.id = decided.id
), counted AS (
    UPDATE registrations_seats s SET
        taken = locked.taken + CASE WHEN after = 'going' THEN party ELSE 0 END,
        waiting = locked.waiting + CASE WHEN after = 'waiting' THEN 1 ELSE 0 END
    FROM decided, locked WHERE s.id = locked.id AND after <> 'requested'
), noted AS (
    INSERT INTO registrations_registrationchange (registration_id, at, command, before, after, by_id, reason)
    SELECT id, %(now)s, CASE after WHEN 'going' THEN 'enter' WHEN 'waiting' THEN 'queue' ELSE 'request' END,
           before, after, %(by)s, %(reason)s FROM decided
)
SELECT after, locked.capacity IS NULL OR locked.capacity > locked.taken FROM decided, locked
"""


class Admitted(NamedTuple):
    """What became of somebody who asked for a seat; `seats_were_free` when there were some, if perhaps too few."""

    state: State
    seats_were_free: bool


def admit(
    *,
    plan_id: int,
    registration_id: int,
    version: int,
    name: str,
    place: str,
    guests: int,
    needs_approval: bool,
    by_id: int | None,
    reason: str,
    now: dt.datetime,
) -> Admitted | None:
    """Decide, seat or queue, count and note in one round trip; None when somebody changed the registration first.

    The caller has seen, at `version`, that the registration may be admitted.
    """
    values: dict[str, int | str | bool | dt.datetime | None] = {
        "plan": plan_id,
        "place": place,
        "registration": registration_id,
        "version": version,
        "name": name,
        "guests": guests,
        "needs_approval": needs_approval,
        "by": by_id,
        "reason": reason,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(ADMIT, values)
        row = cursor.fetchone()
    return Admitted(State(row[0]), row[1]) if row else None
