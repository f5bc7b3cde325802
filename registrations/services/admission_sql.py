"""The one statement in which a seat is decided: the seats' row is locked for it and the commit alone.

READ COMMITTED: after a wait for the lock, every FOR UPDATE sees what the transaction before wrote. The rule inside is
registrations.rules.admission; a test holds the two against each other.

Before the row comes a turn in line, an advisory lock: PostgreSQL gives that to who asked first, while for a row that
was updated everybody who waits begins anew, beside whoever came just now. The row's lock alone keeps the seats right.
Who holds it must not ask for a turn afterwards, since whoever has the turn waits for the row; leaving, the door and
organisers lock the row directly, beside one newcomer at a time rather than the whole line.
"""

import datetime as dt
from typing import Any, NamedTuple

from core.inserts import Insertion
from core.prepared import prepared_cursor
from outbox.statements import insert_message_for_each
from registrations.models import Place, Registration
from registrations.states import State

LINES = {Place.ROOM: 74_002, Place.ONLINE: 74_003}  # classes of advisory locks; the second number is the plan
TURN = """
turn AS MATERIALIZED (
    SELECT pg_advisory_xact_lock(%(line)s::integer, %(plan_in_line)s::integer){once}
)"""
LOCKED = """
locked AS (
    SELECT id, capacity, taken, waiting, 1 + %(guests)s::integer AS party,
        capacity IS NULL OR capacity > taken AS seats_were_free
    FROM registrations_seats WHERE plan_id = %(plan)s AND place = %(place)s AND EXISTS (SELECT FROM turn) FOR UPDATE
)"""
DECISION = """CASE
    WHEN %(needs_approval)s::boolean THEN 'requested'
    WHEN waiting = 0 AND (capacity IS NULL OR taken + party <= capacity) THEN 'going'
    ELSE 'waiting' END"""
COUNTED_AND_NOTED = """
counted AS (
    UPDATE registrations_seats s SET
        taken = locked.taken + CASE WHEN after = 'going' THEN party ELSE 0 END,
        waiting = locked.waiting + CASE WHEN after = 'waiting' THEN 1 ELSE 0 END
    FROM admitted, locked WHERE s.id = locked.id AND after <> 'requested'
), noted AS (
    INSERT INTO registrations_registrationchange (registration_id, at, command, before, after, by_id, reason)
    SELECT id, %(now)s::timestamptz,
           CASE after WHEN 'going' THEN 'enter' WHEN 'waiting' THEN 'queue' ELSE 'request' END,
           before, after, %(by)s::bigint, '' FROM admitted
)
SELECT admitted.id, after, seats_were_free FROM admitted, locked
"""
ADMIT = f"""
WITH {TURN.format(once="")}, {LOCKED}, person AS (
    SELECT r.id, r.state AS before, {DECISION} AS after FROM registrations_registration r, locked
    WHERE r.id = %(registration)s AND r.version = %(version)s FOR NO KEY UPDATE OF r
), admitted AS (
    UPDATE registrations_registration r
    SET state = after, changed_at = %(now)s, version = r.version + 1,
        reconfirm_asked_at = NULL, reconfirmed_at = NULL,
        name = %(name)s, place = %(place)s, guests = %(guests)s,
        joined_at = CASE before WHEN 'requested' THEN r.joined_at ELSE %(now)s END
    FROM person WHERE r.id = person.id RETURNING r.id, before, after
), {COUNTED_AND_NOTED}"""  # noqa: S608 - made of the constants above

_ROW = Insertion(Registration, "new", sql={"state": "after"})
# The message does not depend on the decision, so it is written before the lock: that a third of the work comes first is
# a third more seats a second. Two requests of one person wait for each other at its key, not at the seats.
ADMIT_NEWCOMER = f"""
WITH newcomer AS (
    SELECT WHERE NOT EXISTS (
        SELECT FROM registrations_registration WHERE event_id = %(new_event_id)s AND user_id = %(new_user_id)s)
), told AS (
    {insert_message_for_each("newcomer")} RETURNING id
), {TURN.format(once=" FROM told")}, {LOCKED}, decided AS (
    SELECT {DECISION} AS after FROM locked
), admitted AS (
    INSERT INTO registrations_registration ({_ROW.columns}) SELECT {_ROW.placeholders} FROM decided
    ON CONFLICT (event_id, user_id) DO NOTHING RETURNING id, 'pending' AS before, state AS after
), {COUNTED_AND_NOTED}"""  # noqa: S608 - made of the constants above


class Admitted(NamedTuple):
    """What became of somebody who asked for a seat; `seats_were_free` when there were some, if perhaps too few."""

    id: int
    state: State
    seats_were_free: bool


def admit(
    registration: Registration, *, plan_id: int, needs_approval: bool, by_id: int | None, now: dt.datetime
) -> Admitted | None:
    """Seat or queue a row that exists, with the name, place and guests it has in memory.

    The caller has seen, at its `version`, that it may be admitted; None when somebody changed it since.
    """
    row = {"registration": registration.pk, "version": registration.version, "name": registration.name}
    return _run(ADMIT, registration, row, plan_id=plan_id, needs_approval=needs_approval, by_id=by_id, now=now)


def admit_newcomer(
    registration: Registration,
    message: dict[str, Any],
    *,
    plan_id: int,
    needs_approval: bool,
    by_id: int | None,
    now: dt.datetime,
) -> Admitted | None:
    """Add the row, its decision and the message about it; None when the person has a row already.

    `message` is what outbox.statements.message_values gives. The `state` of the row in memory is not looked at.
    """
    row = {name: value for name, value in vars(registration).items() if name in _ROW.fields}
    values = message | _ROW.values(row)
    return _run(
        ADMIT_NEWCOMER, registration, values, plan_id=plan_id, needs_approval=needs_approval, by_id=by_id, now=now
    )


def _run(
    statement: str,
    registration: Registration,
    row: dict[str, Any],
    *,
    plan_id: int,
    needs_approval: bool,
    by_id: int | None,
    now: dt.datetime,
) -> Admitted | None:
    facts = {
        "plan": plan_id,
        "line": LINES[Place(registration.place)],
        "plan_in_line": plan_id % 2**31,
        "place": registration.place,
        "guests": registration.guests,
        "needs_approval": needs_approval,
        "by": by_id,
        "now": now,
    }
    with prepared_cursor() as cursor:
        cursor.execute(statement, row | facts)
        found = cursor.fetchone()
    return Admitted(found[0], State(found[1]), found[2]) if found else None
