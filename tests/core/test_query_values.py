"""Reading values out of a query string."""

import datetime as dt

import pytest
from django.http import QueryDict

from core.query_values import QueryErrors, choices, instant, number, text, texts, words


def test_values_are_trimmed_each_once_and_in_order() -> None:
    assert texts(QueryDict("a=2&a= 1 &a=2&a=&b=3"), "a") == ("2", "1")


def test_one_value_is_one_value() -> None:
    assert (text(QueryDict("a=1&a=1"), "a"), text(QueryDict(""), "a")) == ("1", "")
    with pytest.raises(QueryErrors) as refusal:
        text(QueryDict("a=1&a=2"), "a")

    assert refusal.value.errors == {"a": "Give this once."}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-03-19", dt.datetime(2026, 3, 19)),
        ("2026-03-19T19:00:00%2B08:00", dt.datetime(2026, 3, 19, 11)),
        ("2026-03-19T19:00:00+08:00", dt.datetime(2026, 3, 19, 11)),
        ("2026-03-19T19:00%2B0800", dt.datetime(2026, 3, 19, 11)),
        ("2026-03-19T19:00:00.25-05:30", dt.datetime(2026, 3, 20, 0, 30, 0, 250_000)),
        ("2026-03-19T19:00Z", dt.datetime(2026, 3, 19, 19)),
    ],
)
def test_dates_and_times_become_instants_in_utc(written: str, read: dt.datetime) -> None:
    assert instant(QueryDict(f"at={written}"), "at") == read.replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "written",
    ["noon", "19.3.2026", "2026-3-9", "2026-02-30", "2026-03-19T19:00", "2026-03-19 19:00", "2026-03-19T25:00Z",
     "1899-12-31", "2200-01-01", "0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00", "٢٠٢٦-٠٣-١٩"],
)  # fmt: skip
def test_an_impossible_time_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(QueryErrors) as refusal:
        instant(QueryDict(f"at={written}"), "at")

    assert refusal.value.errors == {
        "at": "Write a date like 2026-03-19, or a time with an offset like 2026-03-19T19:00:00+08:00."
    }


@pytest.mark.parametrize("written", ["0", "101", "-1", "1.5", "1e1", "٣", "9" * 30, "%2B5", "0x10"])
def test_a_number_out_of_bounds_or_shape_is_refused(written: str) -> None:
    with pytest.raises(QueryErrors) as refusal:
        number(QueryDict(f"n={written}"), "n", default=50, low=1, high=100)

    assert refusal.value.errors == {"n": "Give a whole number from 1 to 100."}


def test_numbers_words_and_choices_are_read() -> None:
    query = QueryDict("n=100&search=big  data&format=online&format=hybrid")

    assert number(query, "n", default=50, low=1, high=100) == 100
    assert number(query, "m", default=50, low=1, high=100) == 50
    assert words(query, "search") == ("big", "data")
    assert choices(query, "format", ("online", "hybrid", "x")) == ("online", "hybrid")


def test_an_error_tells_all_that_is_wrong() -> None:
    assert str(QueryErrors({"a": "No.", "b": "Never."})) == "a: No. b: Never."
