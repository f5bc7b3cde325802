"""Who gets a seat, who waits, who is next."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registrations.rules import (
    Promotion,
    Seats,
    Waiting,
    WaitingList,
    admission,
    offer_until,
    promotions,
)
from registrations.states import Command

NOW = dt.datetime(2026, 11, 17, 18, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
START = NOW + 72 * HOUR


def waiting(number: int, *, party: int = 1, priority: int = 0) -> Waiting:
    """The number-th to join, a minute after the one before."""
    return Waiting(number, party, priority, NOW + dt.timedelta(minutes=number))


def promoted(queue, seats, policy=WaitingList.AUTOMATIC, **facts) -> list[int]:
    """The ids that move up, in their order."""
    facts = {"offer_length": 12 * HOUR, "starts_at": START, "now": NOW} | facts
    return [p.id for p in promotions(queue, seats, policy=policy, **facts)]


@pytest.mark.parametrize(
    ("seats", "party", "command"),
    [
        (Seats(10, 9, 0), 1, Command.ENTER),
        (Seats(10, 9, 0), 2, Command.QUEUE),
        (Seats(10, 10, 0), 1, Command.QUEUE),
        (Seats(10, 5, 1), 1, Command.QUEUE),  # a seat is free this instant, but somebody waits
        (Seats(10, 12, 0), 1, Command.QUEUE),  # the capacity was lowered
        (Seats(None, 500, 0), 4, Command.ENTER),
        (Seats(0, 0, 0), 1, Command.QUEUE),
    ],
)
def test_a_newcomer_gets_a_seat_or_the_end_of_the_queue(seats, party, command):
    assert admission(seats, party) == command


def test_approval_comes_before_any_seat():
    assert admission(Seats(10, 0, 0), 1, needs_approval=True) == Command.REQUEST


def test_who_came_first_moves_up_first_and_priority_comes_before():
    queue = [waiting(3), waiting(1), waiting(2, priority=5)]
    assert promoted(queue, Seats(2, 0, 3)) == [2, 1]


def test_a_party_that_does_not_fit_keeps_its_place_and_lets_smaller_ones_pass():
    queue = [waiting(1, party=3), waiting(2), waiting(3)]
    assert promoted(queue, Seats(10, 9, 3)) == [2]


def test_a_lowered_capacity_promotes_nobody():
    assert promoted([waiting(1)], Seats(5, 8, 1)) == []


def test_nobody_is_promoted_by_rule_when_organisers_choose_by_hand():
    assert promoted([waiting(1)], Seats(5, 0, 1), WaitingList.MANUAL) == []


def test_nobody_moves_up_once_the_event_has_begun():
    assert promoted([waiting(1)], Seats(5, 0, 1), starts_at=NOW) == []


def test_an_offer_holds_the_seat_for_some_hours():
    offers = promotions(
        [waiting(1, party=2)],
        Seats(5, 0, 1),
        policy=WaitingList.TIMED_OFFER,
        offer_length=12 * HOUR,
        starts_at=START,
        now=NOW,
    )
    assert list(offers) == [Promotion(1, 2, NOW + 12 * HOUR)]


@pytest.mark.parametrize(
    ("left", "length"),
    [
        (72 * HOUR, 12 * HOUR),
        (13 * HOUR, 12 * HOUR),
        (12 * HOUR + HOUR / 2, 11.5 * HOUR),  # an hour before the start every offer has ended
        (12 * HOUR, 3 * HOUR),
        (4 * HOUR, 1 * HOUR),
        (1.1 * HOUR, dt.timedelta(minutes=15)),
    ],
)
def test_offers_get_shorter_near_the_start(left, length):
    assert offer_until(12 * HOUR, starts_at=NOW + left, now=NOW) == NOW + length


@pytest.mark.parametrize("left", [HOUR, HOUR / 2, -HOUR])
def test_in_the_last_hour_nobody_is_asked_any_more(left):
    assert offer_until(12 * HOUR, starts_at=NOW + left, now=NOW) is None


@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(-1, 2)), max_size=12),
    st.integers(0, 12),
    st.integers(0, 14),
)
def test_promotion_never_oversells_and_leaves_nobody_waiting_who_would_fit(queue, capacity, taken):
    entries = [waiting(i, party=party, priority=priority) for i, (party, priority) in enumerate(queue)]
    parties = {entry.id: entry.party for entry in entries}
    chosen = promoted(entries, Seats(capacity, taken, len(entries)))
    seated = sum(parties[i] for i in chosen)
    free = max(0, capacity - taken) - seated
    assert free >= 0
    assert all(parties[i] > free for i in parties if i not in chosen)


@given(st.lists(st.integers(-1, 2), max_size=12), st.integers(0, 12))
def test_people_who_come_alone_move_up_strictly_in_order(priorities, capacity):
    entries = [waiting(i, priority=priority) for i, priority in enumerate(priorities)]
    in_order = [e.id for e in sorted(entries, key=lambda e: (-e.priority, e.joined_at))]
    assert promoted(entries, Seats(capacity, 0, len(entries))) == in_order[:capacity]
