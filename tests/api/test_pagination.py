"""Pages by cursor."""

import base64
import datetime as dt
import json

import pytest

from tests.api.conftest import Read
from tests.factories import EventFactory, GroupFactory

pytestmark = pytest.mark.django_db

EVENING = dt.datetime(2026, 3, 19, 11, 0, tzinfo=dt.UTC)
SITE = "https://lectern.example/api/v1/"


def walk(read: Read, path: str) -> list[list[str]]:
    """The short names on all pages from this one on."""
    pages = []
    while path:
        page = read(path)
        pages.append([item["slug"] for item in page["results"]])
        path = (page["next"] or "").removeprefix(SITE)
    return pages


def test_pages_follow_each_other_without_gap_or_overlap_also_among_equal_times(read: Read) -> None:
    for number in range(5):
        EventFactory(slug=f"e{number}", starts_at=EVENING + dt.timedelta(days=number // 3))

    assert walk(read, "events/?page_size=2") == [["e4", "e3"], ["e2", "e1"], ["e0"]]
    assert walk(read, "events/?page_size=2&ordering=starts_at") == [["e0", "e1"], ["e2", "e3"], ["e4"]]


def test_a_full_last_page_is_the_last(read: Read) -> None:
    EventFactory.create_batch(2)

    assert read("events/?page_size=2")["next"] is None


def test_names_in_any_script_can_be_paged_through(read: Read) -> None:
    for number, name in enumerate(["Ähre", "ähre", "天津", "zeta", "Zeta"]):
        GroupFactory(name=name, slug=f"g{number}")

    assert walk(read, "groups/?page_size=1") == [["g3"], ["g4"], ["g0"], ["g1"], ["g2"]]


def test_a_row_that_vanished_between_two_pages_takes_none_along(read: Read) -> None:
    events = [EventFactory(slug=f"e{number}") for number in range(3)]
    second = read("events/?page_size=1")["next"].removeprefix(SITE)
    events[2].delete()

    assert walk(read, second) == [["e1"], ["e0"]]


def test_the_next_page_keeps_the_filters(read: Read) -> None:
    EventFactory.create_batch(2, format="online")
    EventFactory()

    assert [len(page) for page in walk(read, "events/?page_size=1&format=online")] == [1, 1]


def cursor(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


@pytest.mark.parametrize(
    "value",
    [
        "x",
        "%F0%9F%8E%A4",
        "A" * 1001,
        cursor(),
        cursor(1, 2),
        cursor("2026-03-19", 1),
        cursor("2026-03-19T11:00:00", 1),
        cursor("0001-01-01T00:00:00+08:00", 1),
        cursor("9999-12-31T23:59:59-08:00", 1),
        cursor("2026-03-19T11:00:00+00:00", 2**63),
        cursor("2026-03-19T11:00:00+00:00", -(2**63) - 1),
        cursor("2026-03-19T11:00:00+00:00", "1"),
        cursor("2026-03-19T11:00:00+00:00", True),
        cursor("2026-03-19T11:00:00+00:00", 1.5),
        cursor("2026-03-19T11:00:00+00:00", 1, 1),
        base64.urlsafe_b64encode(b"[" * 600).decode(),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    ],
)
def test_a_cursor_of_ones_own_making_is_refused(read: Read, value: str) -> None:
    assert read(f"events/?cursor={value}", status=400)["errors"][0]["field"] == "cursor"


@pytest.mark.parametrize("value", ["\0", "\ud800"])
def test_a_cursor_with_impossible_text_is_refused(read: Read, value: str) -> None:
    assert read(f"groups/?cursor={cursor(value, 1)}", status=400)["errors"][0]["field"] == "cursor"
