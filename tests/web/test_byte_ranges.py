"""One part of a file, or all of it where the question is not understood."""

import pytest

from web.byte_ranges import NotSatisfiable, asked_range


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-99", range(100)),
        ("bytes=900-", range(900, 1000)),
        ("bytes=-50", range(950, 1000)),
        ("bytes=-5000", range(1000)),
        ("bytes=990-5000", range(990, 1000)),
        ("", None),
        ("bytes=-", None),
        ("bytes=5-4", None),
        ("bytes=0-1,5-6", None),
        ("items=0-1", None),
        ("bytes=٣-", None),
        ("bytes=" + "9" * 400 + "-", None),
    ],
)
def test_the_part_that_is_asked_for(header: str, part: range | None) -> None:
    assert asked_range(header, 1000) == part


@pytest.mark.parametrize(("header", "size"), [("bytes=1000-", 1000), ("bytes=-0", 1000), ("bytes=0-", 0)])
def test_a_part_behind_the_end(header: str, size: int) -> None:
    with pytest.raises(NotSatisfiable):
        asked_range(header, size)
