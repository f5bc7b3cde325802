"""When talks are taken and for how long slots are held: at every edge."""

import datetime as dt
import itertools

import pytest

from lightning.call_window import Closed, Times, Window, window
from lightning.rules import MOVES, NIGHT_OFFER, UNDER_WAY, Move, first_state, may_move, offer_until

BEGINS = dt.datetime(2026, 3, 19, 11, tzinfo=dt.UTC)
SECOND, MINUTE, HOUR, DAY = (
    dt.timedelta(seconds=1),
    dt.timedelta(minutes=1),
    dt.timedelta(hours=1),
    dt.timedelta(days=1),
)
ENDS = BEGINS + 2 * HOUR
STATES = ("submitted", "accepted", "confirmed", "given", "declined", "withdrawn", "stand_by", "no_show")


def at(now: dt.datetime, *, status: str = "published", is_cancelled: bool = False, **rules: object) -> Window:
    given = {"opens_before": 30 * DAY, "closes_before": 2 * HOUR, "is_open_on_the_night": True} | rules
    return window(Times(BEGINS, ENDS, **given), status=status, is_cancelled=is_cancelled, now=now)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (BEGINS - 30 * DAY - SECOND, Window(Closed.NOT_YET, BEGINS - 30 * DAY)),
        (BEGINS - 30 * DAY, Window(None, BEGINS - 2 * HOUR)),
        (BEGINS - 2 * HOUR - SECOND, Window(None, BEGINS - 2 * HOUR)),
        (BEGINS - 2 * HOUR, Window(Closed.CLOSED, BEGINS - HOUR)),
        (BEGINS - HOUR - SECOND, Window(Closed.CLOSED, BEGINS - HOUR)),
        (BEGINS - HOUR, Window(None, ENDS, is_night=True)),
        (ENDS - SECOND, Window(None, ENDS, is_night=True)),
        (ENDS, Window(Closed.OVER)),
    ],
)
def test_a_call_opens_closes_and_opens_again_on_the_night(now, expected):
    assert at(now) == expected


def test_without_an_opening_time_it_is_open_as_soon_as_the_event_is_public():
    assert at(BEGINS - 999 * DAY, opens_before=None) == Window(None, BEGINS - 2 * HOUR)


def test_without_the_night_it_stays_closed():
    closed = [at(BEGINS - step, is_open_on_the_night=False) for step in (2 * HOUR, HOUR, -HOUR)]
    assert closed == [Window(Closed.CLOSED)] * 3


@pytest.mark.parametrize("closes_before", [HOUR, 30 * MINUTE, 0 * MINUTE])
def test_a_call_that_closes_within_the_last_hour_goes_on_into_the_night(closes_before):
    windows = [at(BEGINS - step, closes_before=closes_before) for step in (HOUR + SECOND, HOUR, 20 * MINUTE)]
    assert [(one.closed, one.changes_at, one.is_night) for one in windows] == [
        (None, ENDS, False),
        (None, ENDS, True),
        (None, ENDS, True),
    ]


@pytest.mark.parametrize("status", ["draft", "postponed", "cancelled"])
def test_what_is_not_on_takes_no_talks_at_any_time(status):
    assert [at(BEGINS + step, status=status) for step in (-DAY, HOUR, DAY)] == [Window(Closed(status))] * 3


def test_a_round_that_is_off_takes_none_while_its_event_goes_on():
    assert at(BEGINS - DAY, is_cancelled=True) == Window(Closed.CANCELLED)


@pytest.mark.parametrize(
    ("left", "length"),
    [
        (30 * DAY, DAY),
        (4 * DAY, DAY),
        (2 * DAY, 12 * HOUR),
        (4 * HOUR, HOUR),
        (HOUR + 4 * SECOND, 15 * MINUTE + SECOND),
        (HOUR, NIGHT_OFFER),
        (0 * MINUTE, NIGHT_OFFER),
        (-2 * HOUR + 3 * MINUTE, 3 * MINUTE),
        (-2 * HOUR, None),
        (-DAY, None),
    ],
)
def test_offers_get_shorter_and_none_is_made_when_it_is_over(left, length):
    now = BEGINS - left
    assert offer_until(begins=BEGINS, ends=ENDS, now=now) == (None if length is None else now + length)


def test_what_becomes_of_a_proposal_by_every_rule():
    found = {}
    for case in itertools.product(("first_come", "curated", "draw"), *[(False, True)] * 4):
        policy, is_night, is_drawn, has_room, is_proven = case
        found[case] = first_state(
            policy=policy, is_night=is_night, is_drawn=is_drawn, has_room=has_room, is_proven=is_proven
        )
    for (policy, is_night, is_drawn, has_room, is_proven), state in found.items():
        if policy != "first_come" and not is_night:
            assert state == "submitted"
        elif has_room and (policy != "draw" or is_drawn):
            assert state == ("confirmed" if is_proven else "accepted")
        else:
            assert state == "stand_by"
    assert len(found) == 48


def test_every_move_from_every_state():
    possible = {(state, move) for state in STATES for move in Move if may_move(state, move)}
    alive = {(state, move) for state in UNDER_WAY for move in (Move.EDIT, Move.WITHDRAW)}
    waiting = {("stand_by", move) for move in (Move.TAKE, Move.REFUSE, Move.REJOIN)}
    assert possible == alive | waiting | {("accepted", Move.CONFIRM), ("accepted", Move.DECLINE)}
    assert set(MOVES) == set(Move)
