"""Running orders as plain lists: open slots are places like any other."""

import pytest

from lightning.running_order import (
    closed_up,
    has_gap,
    is_rearranged,
    moved_by_force,
    name_of,
    order_of,
    places_of,
    read_order,
    shuffled,
    sorted_by,
    stepped,
    write_order,
)

NAMES = {pk: f"uid-{pk}" for pk in range(1, 9)}


@pytest.mark.parametrize(
    ("places", "slots", "order"),
    [
        ({}, None, []),
        ({}, 2, [0, 0]),
        ({7: 0, 8: 2}, None, [7, 0, 8]),
        ({7: 0, 8: 2}, 4, [7, 0, 8, 0]),
        ({7: 0, 8: 2}, 1, [7, 0, 8]),  # a round that was shortened forgets nobody
    ],
)
def test_an_order_is_as_long_as_slots_and_talks_ask(places, slots, order):
    assert (order_of(places, slots), places_of(order)) == (order, places)


def test_an_orders_name_says_who_is_where_and_nothing_else():
    assert name_of([7, 0, 8]) == name_of([7, 0, 8, 0, 0])
    assert len({name_of(order) for order in ([7, 0, 8], [7, 8], [8, 0, 7], [0, 7, 8], [7], [])}) == 6


@pytest.mark.parametrize(
    ("after", "is_possible"),
    [
        ([8, 7, 0], True),
        ([0, 7, 8], True),
        ([7, 8], True),
        ([7, 0, 8, 0], False),  # one slot more than there is
        ([7, 0, 0], False),
        ([7, 7, 8], False),
        ([7, 8, 9], False),
        ([], False),
    ],
)
def test_another_order_has_the_same_talks_once_each_and_no_more_slots(after, is_possible):
    assert is_rearranged([7, 0, 8], after) is is_possible


@pytest.mark.parametrize(
    ("talk", "step", "fixed", "order"),
    [
        (2, -1, (), [2, 1, 0, 3]),
        (2, 1, (), [1, 0, 2, 3]),  # into the open slot
        (3, -1, (), [1, 2, 3, 0]),
        (1, -1, (), [1, 2, 0, 3]),
        (3, 1, (), [1, 2, 0, 3]),
        (2, -1, (1,), [1, 2, 0, 3]),  # who has been on stage makes no room
        (1, 1, (1,), [1, 2, 0, 3]),
    ],
)
def test_a_talk_changes_places_with_its_neighbour(talk, step, fixed, order):
    assert stepped([1, 2, 0, 3], talk, step, fixed) == order


def test_sorting_leaves_open_slots_and_who_was_on_where_they_are():
    assert sorted_by([9, 3, 0, 2, 1], {1: "a", 2: "b", 3: "c"}, {9}) == [9, 1, 0, 2, 3]


def test_a_shuffle_follows_from_seed_and_talks_alone():
    first = shuffled([1, 2, 3, 4, 5, 6, 7, 8], NAMES, "seed", ())
    assert first == shuffled([8, 3, 6, 7, 1, 2, 5, 4], NAMES, "seed", ()) == [4, 7, 5, 1, 8, 2, 3, 6]
    assert shuffled([1, 2, 3, 4, 5, 6, 7, 8], NAMES, "another", ()) != first
    assert shuffled([4, 0, 8, 3], NAMES, "seed", {4}) == [4, 0, 8, 3]


@pytest.mark.parametrize(
    ("order", "fixed", "after", "is_open"),
    [
        ([1, 0, 2, 0, 3], (), [1, 2, 3, 0, 0], True),
        ([0, 1, 0, 2], (1,), [0, 1, 2, 0], True),
        ([1, 2, 0], (), [1, 2, 0], False),
        ([], (), [], False),
    ],
)
def test_gaps_close_behind_who_was_on(order, fixed, after, is_open):
    assert (closed_up(order, fixed), has_gap(order)) == (after, is_open)


def test_who_was_on_is_moved_by_force_only():
    assert moved_by_force([1, 2, 3], [1, 3, 2], {1}) == []
    assert moved_by_force([1, 2, 3], [2, 1, 3], {1}) == [1]
    assert moved_by_force([1, 2, 3], [2, 3], {1}) == [1]


def test_an_order_is_read_as_it_is_written():
    assert read_order(write_order([12, 0, 7])) == [12, 0, 7]
    assert read_order("") == []


@pytest.mark.parametrize("text", ["a", "1,,2", "-1", "1 2", "٣", "9" * 19])
def test_what_is_no_order_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        read_order(text)
