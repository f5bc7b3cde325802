"""Times, lengths, places, names and languages as the pages say them."""

import datetime as dt

import pytest
from django.utils.translation import override

from core import time_words
from web import wording

EVENING = dt.datetime(2019, 2, 26, 11, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(5, "5 min"), (60, "60 min"), (90, "90 min"), (120, "2 h"), (135, "2 h 15 min"), (0, "0 min")],
)
def test_lengths(minutes: int, words: str) -> None:
    assert wording.length(minutes) == words


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Martin Andrews", "MA"),
        ("Ta", "TA"),
        ("“Ta”", "TA"),
        ("李茵", "李"),
        ("Sumit Bam Shrestha", "SS"),
        ("!", "?"),
        ("", "?"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert wording.initials(name) == letters


@pytest.mark.parametrize(
    ("text", "tag"),
    [("TF 2019 Summit Recap：轻量化", "zh-Hans"), ("ニューラル", "ja"), ("한국", "ko"), ("Über", "en"), ("", "en")],
)
def test_languages_are_told_by_their_script(text: str, tag: str) -> None:
    assert wording.language_of(text) == tag


def test_dates_are_those_of_the_zone() -> None:
    late = dt.datetime(2019, 2, 26, 17, 0, tzinfo=dt.UTC)
    assert time_words.long_date(late, "Asia/Singapore") == "Wednesday 27 February 2019"
    assert time_words.short_date(late, "America/New_York") == "26 February 2019"


def test_dates_follow_the_language() -> None:
    with override("zh-hans"):
        assert time_words.long_date(EVENING, "Asia/Singapore") == "2019年2月26日 星期二"
        assert time_words.month_and_year(EVENING, "Asia/Singapore") == "2019年2月"
        assert time_words.zone_name("Asia/Singapore") == "新加坡时间"


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("Asia/Singapore", "Singapore time"),
        ("Asia/Shanghai", "China time"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires time"),
        ("UTC", "UTC"),
    ],
)
def test_zones_have_the_name_of_their_place(zone: str, name: str) -> None:
    assert time_words.zone_name(zone) == name


@pytest.mark.parametrize(
    ("zone", "letters"),
    [
        ("Asia/Singapore", "UTC+8"),
        ("Asia/Kolkata", "IST"),
        ("Asia/Kathmandu", "UTC+5:45"),
        ("America/Sao_Paulo", "UTC−3"),
        ("UTC", "UTC"),
    ],
)
def test_zones_have_a_short_form(zone: str, letters: str) -> None:
    assert time_words.zone_abbreviation(EVENING, zone) == letters


@pytest.mark.parametrize(("hours", "words"), [(-30, ""), (1, "today"), (24, "tomorrow"), (24 * 7, "in 7 days")])
def test_days_until(hours: int, words: str) -> None:
    assert wording.days_until(EVENING + dt.timedelta(hours=hours), now=EVENING, zone="Asia/Singapore") == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (-1, ""),
        (0, ""),
        (0.5, "in 1 minute"),
        (59, "in 59 minutes"),
        (60, "in about 1 hour"),
        (170, "in about 3 hours"),
        (12 * 60, "tomorrow"),
        (3 * 24 * 60, "in 3 days"),
    ],
)
def test_time_until(minutes: float, words: str) -> None:
    assert wording.time_until(EVENING + dt.timedelta(minutes=minutes), now=EVENING, zone="Asia/Singapore") == words


def test_an_instant_at_the_edge_of_the_calendar_has_a_time() -> None:
    assert time_words.local(dt.datetime(9999, 12, 31, 23, tzinfo=dt.UTC), "Asia/Singapore").year == 9999


def test_addresses_are_bared_for_paper() -> None:
    assert wording.bare_address("https://www.github.com/mdda/") == "github.com/mdda"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- one\n- two\n\n- three\n- four\n- five", False),
        ("- one\n- two\n- three\n- four\n- five\n- six", True),
        ("x" * 399, False),
        ("x" * 400, True),
        ("字" * 199, False),
        ("字" * 200, True),
        ("", False),
    ],
)
def test_long_is_what_takes_more_than_five_lines(text: str, expected: bool) -> None:
    assert wording.is_long(text) is expected


def test_a_link_without_a_title_is_called_by_its_site() -> None:
    assert wording.host("https://www.tensorflow.org/tutorials/wide_and_deep") == "tensorflow.org"
    assert wording.host("/media/slides.pdf") == "/media/slides.pdf"
