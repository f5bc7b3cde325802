"""Every state and every command: the whole table, read from the outside."""

import pytest

from registrations.states import HOLDS_A_SEAT, IS_OVER, TABLE, Command, State, after

EXPECTED = """
            pending    requested  going       waiting    offered    declined   cancelled  checked_in  no_show
enter       going      going      -           going      -          going      going      -           -
queue       waiting    waiting    -           -          -          waiting    waiting    -           -
request     requested  -          -           -          -          requested  requested  -           -
offer       -          -          -           offered    -          -          -          -           -
accept      -          -          -           -          going      -          -          -           -
expire      cancelled  -          cancelled   -          cancelled  -          -          -           -
leave       cancelled  cancelled  cancelled   cancelled  cancelled  -          -          -           -
decline     declined   declined   declined    declined   declined   -          -          -           -
refuse      declined   declined   declined    declined   declined   -          -          -           -
check_in    -          -          checked_in  -          -          -          -          -           checked_in
undo_check_in -        -          -           -          -          -          -          going       -
miss        -          -          no_show     -          -          -          -          -           -
"""


def expected_pairs():
    """(state, command, state after or None) for each cell of the table above."""
    head, *rows = [line.split() for line in EXPECTED.strip().splitlines()]
    for command, *cells in rows:
        for state, cell in zip(head, cells, strict=True):
            yield State(state), Command(command), None if cell == "-" else State(cell)


@pytest.mark.parametrize(("state", "command", "expected"), list(expected_pairs()))
def test_each_command_leads_where_the_table_says(state, command, expected):
    assert after(state, command) == expected


def test_the_table_has_a_cell_for_every_pair():
    assert len(list(expected_pairs())) == len(State) * len(Command)


def test_every_state_can_be_left_for_good_or_is_the_end():
    assert {state for state in State if Command.LEAVE not in TABLE[state]} == {
        *IS_OVER,
        State.CHECKED_IN,
        State.NO_SHOW,
    }


def test_nobody_without_a_seat_is_checked_in():
    assert {state for state in State if after(state, Command.CHECK_IN)} <= HOLDS_A_SEAT
