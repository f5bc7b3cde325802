"""Text, links and coordinates made safe for iCalendar."""

from collections.abc import Callable

import pytest

from events.ical_text import clean, clean_line, decimal, safe_geo, safe_url


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://meet.example/a?b=c&d=e#f", "https://meet.example/a?b=c&d=e#f"),
        (" http://meet.example ", "http://meet.example"),
        ("HTTPS://Meet.Example/A", "https://meet.example/A"),
        ("https://meet.example/%E5%A4%A9?q=天 津", "https://meet.example/%E5%A4%A9?q=%E5%A4%A9%20%E6%B4%A5"),
        ('https://meet.example/"<>\\^`{|}', "https://meet.example/%22%3C%3E%5C%5E%60%7B%7C%7D"),
        ("https://天津.example/", "https://xn--rssy87b.example/"),
        ("https://user:pass@meet.example:8000/x", "https://meet.example:8000/x"),
        ("http://[::1]:8000/x", "http://[::1]:8000/x"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//meet.example/x", ""),
        ("/events/x", ""),
        ("https://", ""),
        ("https:///path", ""),
        ("https://meet.example/\r\nATTENDEE:x", ""),
        ("https://[broken/", ""),
        ("https://meet.example:port/", ""),
        ("https://a b.example/", ""),
        ("https://" + "a" * 70 + ".example/", ""),
        ("https://meet.example/\ud800", ""),
        ("feed:https://meet.example", ""),
        ("", ""),
    ],
)
def test_only_web_addresses_become_links(value: str, expected: str) -> None:
    assert safe_url(value) == expected


@pytest.mark.parametrize(
    ("point", "expected"),
    [
        ((1.5, 103.5), (1.5, 103.5)),
        ((-90.0, 180.0), (-90.0, 180.0)),
        ((90.1, 0.0), None),
        ((0.0, -180.5), None),
        ((float("nan"), 0.0), None),
        ((0.0, float("inf")), None),
        (None, None),
    ],
)
def test_only_places_on_earth_have_coordinates(
    point: tuple[float, float] | None, expected: tuple[float, float] | None
) -> None:
    assert safe_geo(point) == expected


@pytest.mark.parametrize(
    ("degrees", "written"), [(0.00001, "0.00001"), (-0.0000001, "0"), (103.0, "103"), (-1.5, "-1.5")]
)
def test_coordinates_have_no_exponent_and_no_minus_zero(degrees: float, written: str) -> None:
    assert decimal(degrees) == written


@pytest.mark.parametrize("cleaner", [clean, clean_line])
def test_long_text_is_cut_with_an_ellipsis(cleaner: Callable[..., str]) -> None:
    assert (cleaner("abcdef", limit=6), cleaner("abcdefg", limit=6)) == ("abcdef", "abcde…")
