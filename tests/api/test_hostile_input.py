"""Whatever somebody writes into an address, the answer is a clear refusal, never a fault of ours."""

from itertools import product
from urllib.parse import quote

import pytest
from django.test import Client

from tests.factories import EventFactory

pytestmark = pytest.mark.django_db

TEXTS = [
    "%00", "a%00b", "%ED%A0%80", "%ff%fe", "%", "%zz", "%0d%0aX-Evil:1", "%2F..%2F", "..", quote("٣"), quote("İ"),
    "9" * 5000, "-1", "1e400", "NaN", "0000-00-00", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00%2B14:00",
    "2026-02-30", "2026-03-19T24:00:00Z", "(a%2B)%2B$", "%25%25", "%5C%5C", "_", "'%22%3Cscript%3E", "a" * 4000,
]  # fmt: skip
PLACES = [
    "{}/", "{}", "groups/{}/", "groups/{}", "events/{}/", "events/{}/schedule/", "events/{}/schedule",
    "events/{}/live/", "events/x/schedule/{}", "sessions/{}/", "talks/{}/", "speakers/{}/", "venues/{}/", "series/{}/",
    "events/{}/stages/1/", "events/x/stages/{}/",
    "registrations/{}/", "registrations/{}/commands/", "events/{}/registrations/", "me/{}/",
    "me/stars/{}/",
]  # fmt: skip
LISTS = [
    "",
    "groups/",
    "events/",
    "speakers/",
    "topics/",
    "events/x/live/",
    "events/x/schedule/",
    "me/",
    "docs/",
    "me/registrations/",
    "me/stars/",
    "me/mail/",
]
PARAMETERS = [
    "group", "topic", "city", "format", "status", "starts_after", "starts_before", "search", "ordering", "cursor",
    "page_size", "at", "language", "takes_remote", "state", "place", "{}",
]  # fmt: skip


@pytest.fixture(autouse=True)
def many_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "api.throttling.AnonymousThrottle.THROTTLE_RATES", dict.fromkeys(("anon", "screens"), "1000000/min")
    )
    EventFactory(slug="x")


def refusal_or_answer(client: Client, path: str) -> bool:
    """Whether the path was answered, led on, or refused by a problem document."""
    response = client.get(f"/api/v1/{path}")
    if response.status_code in (200, 308):
        return True
    return 400 <= response.status_code < 500 and response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("place", PLACES)
def test_no_name_breaks_an_address(client: Client, place: str) -> None:
    assert [text for text in TEXTS if not refusal_or_answer(client, place.format(text))] == []


@pytest.mark.parametrize("path", LISTS)
def test_no_value_breaks_a_parameter(client: Client, path: str) -> None:
    tried = (f"{path}?{name.format(text)}={text}" for name, text in product(PARAMETERS, TEXTS))

    assert [address[:200] for address in tried if not refusal_or_answer(client, address)] == []


@pytest.mark.parametrize(
    "headers",
    [
        {"If-None-Match": '"' * 5000},
        {"If-None-Match": "W/" * 3000},
        {"If-Modified-Since": "x"},
        {"Accept": "a/b;q=x," * 500},
        {"Accept": ";;;"},
        {"Accept-Language": "x-" * 4000},
        {"Cookie": "sessionid=\xff; a"},
        {"Cookie": "django_language=../../x"},
        {"Authorization": "Bearer \xff"},
        {"X-Forwarded-For": "x" * 500},
        {"X-Forwarded-Host": "evil.example"},
    ],
)
@pytest.mark.parametrize("path", ["events/", "events/x/schedule/", "me/"])
def test_no_header_breaks_a_read(client: Client, path: str, headers: dict[str, str]) -> None:
    for method in (client.get, client.head, client.options, client.post, client.trace):
        assert method(f"/api/v1/{path}", headers=headers).status_code in (200, 401, 405, 406)
