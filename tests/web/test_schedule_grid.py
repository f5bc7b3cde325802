"""Laying out a programme: bands, columns, rows and the line that shows where we are."""

import datetime as dt

import pytest

from web.schedule_grid import Column, Item, lay_out, style_rules

START = dt.datetime(2026, 3, 19, 11, 0, tzinfo=dt.UTC)


def item(key: str, starts: int, ends: int, room: str = "", *, has_list: bool = False) -> Item:
    """Minutes after the start."""
    return Item(key, START + dt.timedelta(minutes=starts), START + dt.timedelta(minutes=ends), room, has_list)


def test_nothing_to_lay_out_gives_no_grid() -> None:
    assert lay_out([]) is None


def test_the_day_is_cut_wherever_nothing_runs_across() -> None:
    grid = lay_out([item("a", 0, 30), item("b", 30, 60), item("c", 45, 90), item("d", 100, 110)])
    assert grid is not None
    assert [[box.item.key for box in band.boxes] for band in grid.bands] == [["a"], ["b", "c"], ["d"]]
    assert [band.marks for band in grid.bands] == [(0, 30), (30, 45, 90), (100, 110)]
    assert [band.name for band in grid.bands] == ["b0", "b30", "b100"]


def test_what_is_alone_in_its_time_spans_all_columns() -> None:
    grid = lay_out([item("keynote", 0, 30, "hall"), item("x", 30, 60, "hall"), item("y", 30, 60, "lab")])
    assert grid is not None
    assert [box.column for band in grid.bands for box in band.boxes] == [None, 0, 1]
    assert [band.spans_all for band in grid.bands] == [True, False]


def test_once_anything_runs_in_parallel_every_room_in_use_has_its_column() -> None:
    items = [
        item("keynote", 0, 30, "hall"),
        item("x", 30, 60, "codelab"),
        item("y", 30, 60, "hacker"),
        item("round", 60, 90, "hall", has_list=True),
    ]
    grid = lay_out(items, rooms=["hall", "codelab", "attic", "hacker"])
    assert grid is not None
    assert grid.columns == (Column("hall"), Column("codelab"), Column("hacker"))
    assert [box.column for band in grid.bands for box in band.boxes] == [None, 1, 2, None]


def test_rooms_used_one_after_the_other_need_no_columns() -> None:
    grid = lay_out([item("x", 0, 30, "hall"), item("y", 30, 60, "lab")], rooms=["hall", "lab"])
    assert grid is not None
    assert grid.columns == ()


def test_columns_stand_in_the_order_of_the_rooms() -> None:
    grid = lay_out([item("x", 0, 30, "lab"), item("y", 0, 30, "hall")], rooms=["hall", "lab"])
    assert grid is not None
    assert grid.columns == (Column("hall"), Column("lab"))
    assert [box.item.key for box in grid.bands[0].boxes] == ["y", "x"]


def test_parallel_sessions_of_one_room_get_a_lane_each() -> None:
    grid = lay_out([item("x", 0, 60, "hall"), item("y", 0, 30, "hall"), item("z", 30, 60, "hall")])
    assert grid is not None
    assert grid.rooms == [("hall", 2)]
    assert {box.item.key: box.column for box in grid.bands[0].boxes} == {"y": 0, "x": 1, "z": 0}


def test_something_without_a_room_beside_others_gets_a_column_of_its_own() -> None:
    grid = lay_out([item("tour", 0, 60), item("talk", 0, 60, "hall")], rooms=["hall"])
    assert grid is not None
    assert grid.rooms == [("hall", 1), ("", 1)]


def test_a_box_runs_to_the_next_start_in_its_column() -> None:
    grid = lay_out([item("x", 0, 20, "hall"), item("y", 0, 60, "lab"), item("z", 40, 60, "hall")])
    assert grid is not None
    assert {box.item.key: (box.starts, box.ends) for box in grid.bands[0].boxes} == {
        "x": (0, 40),
        "y": (0, 60),
        "z": (40, 60),
    }


def test_an_item_without_length_still_has_a_row() -> None:
    grid = lay_out([item("gong", 10, 10)])
    assert grid is not None
    assert grid.bands[0].marks == (0, 1)


def test_a_night_across_midnight_is_counted_in_minutes_not_in_clock_times() -> None:
    grid = lay_out([item("party", 0, 300), item("talk", 240, 270, "hall")])
    assert grid is not None
    assert grid.bands[0].marks == (0, 240, 300)


def test_the_head_of_a_round_takes_a_row_of_no_minutes() -> None:
    grid = lay_out([item("round", 0, 60, "hall", has_list=True), item("lab", 0, 60, "lab")], rooms=["hall", "lab"])
    assert grid is not None
    rules = style_rules(grid)
    assert "#b0 { grid-template-rows: [h0] auto [t0] minmax(auto, 60fr) [t60]; }" in rules
    assert "#round { grid-area: h0 / c0 / t60 / span 1; }" in rules
    assert "#lab { grid-area: h0 / c1 / t60 / span 1; }" in rules
    assert "#b0 .at-0 { grid-row: h0 / span 2; }" in rules
    assert "[c0] minmax(0, var(--round)) [c1] minmax(0, 1fr) [end]" in rules


def test_a_box_that_ends_where_a_round_begins_ends_at_its_head() -> None:
    items = [item("talk", 0, 30, "hall"), item("round", 30, 60, "hall", has_list=True), item("long", 0, 60, "lab")]
    grid = lay_out(items, rooms=["hall", "lab"])
    assert grid is not None
    assert "#talk { grid-area: t0 / c0 / h30 / span 1; }" in style_rules(grid)


@pytest.mark.parametrize(
    ("minute", "rule"),
    [
        (0, "#b0 .nowline { grid-area: t0 / 1 / t40 / -1; inset-block-start: 0.0%; }"),
        (10, "#b0 .nowline { grid-area: t0 / 1 / t40 / -1; inset-block-start: 25.0%; }"),
        (45, "#b0 .nowline { grid-area: t40 / 1 / t60 / -1; inset-block-start: 25.0%; }"),
    ],
)
def test_the_line_lies_where_the_minutes_of_its_row_have_passed(minute: int, rule: str) -> None:
    grid = lay_out([item("x", 0, 60, "lab"), item("z", 40, 60, "hall")])
    assert grid is not None
    assert rule in style_rules(grid, now=START + dt.timedelta(minutes=minute))


def test_there_is_no_line_before_and_after() -> None:
    grid = lay_out([item("x", 0, 60)])
    assert grid is not None
    assert ".nowline" not in style_rules(grid, now=START - dt.timedelta(minutes=1))
    assert ".nowline" not in style_rules(grid, now=START + dt.timedelta(minutes=60))
    assert ".nowline" not in style_rules(grid)


def test_more_than_five_columns_scroll_sideways() -> None:
    five = lay_out([item(f"x{n}", 0, 60, f"room {n}") for n in range(5)])
    six = lay_out([item(f"x{n}", 0, 60, f"room {n}") for n in range(6)])
    assert five is not None
    assert six is not None
    assert (five.is_wide, six.is_wide) == (False, True)
    assert "minmax(13rem, 1fr)" in style_rules(six)


def test_rules_hold_nothing_that_people_wrote() -> None:
    grid = lay_out([item("session-1", 0, 60, "</style><script>"), item("session-2", 0, 60, "}")])
    assert grid is not None
    rules = style_rules(grid)
    assert "<" not in rules
    assert rules.count("{") == rules.count("}")
