"""Conditional requests and remembered bytes."""

import datetime as dt

import pytest
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.test import RequestFactory

from core.http_cache import ByteCache, body_etag, rendered, respond, strong_etag

ETAG = '"abc"'
CHANGED_AT = dt.datetime(2026, 3, 19, 11, 0, 0, 900_000, tzinfo=dt.UTC)
LAST_MODIFIED = "Thu, 19 Mar 2026 11:00:00 GMT"


class Pen:
    """Renders, and counts how often."""

    def __init__(self, body: bytes | str = b"programme") -> None:
        self.body = body
        self.used = 0

    def __call__(self) -> bytes | str:
        self.used += 1
        return self.body


@pytest.fixture(autouse=True)
def empty_memory() -> None:
    rendered.clear()


@pytest.fixture
def pen() -> Pen:
    return Pen()


def ask(pen: Pen, *, method: str = "get", personal: bool = False, cookies: str = "", **headers: str) -> HttpResponse:
    request: HttpRequest = getattr(RequestFactory(), method)("/events/x/", headers=headers)
    if cookies:
        request.COOKIES = dict(part.split("=") for part in cookies.split("; "))
    return respond(
        request, etag=ETAG, content_type="text/plain", render=pen, last_modified=CHANGED_AT, personal=personal
    )


def test_the_first_visitor_gets_the_body_its_tag_and_leave_to_keep_it(pen: Pen) -> None:
    response = ask(pen)

    assert (response.status_code, response.content) == (200, b"programme")
    assert dict(response.headers) == {
        "Content-Type": "text/plain",
        "Cache-Control": "public, max-age=0, must-revalidate",
        "ETag": ETAG,
        "Last-Modified": LAST_MODIFIED,
        "Content-Length": "9",
    }


def test_the_second_visitor_is_answered_from_memory(pen: Pen) -> None:
    assert [ask(pen).content, ask(pen).content] == [b"programme", b"programme"]
    assert pen.used == 1


def test_text_is_sent_as_utf_8() -> None:
    response = ask(Pen("节目"))

    assert (response.content, response["Content-Length"]) == ("节目".encode(), "6")


@pytest.mark.parametrize("tags", ['"abc"', 'W/"abc"', '"old", "abc"', '"old",W/"abc"', "*", ' "abc" '])
def test_who_holds_the_representation_gets_a_304_without_rendering(pen: Pen, tags: str) -> None:
    response = ask(pen, **{"If-None-Match": tags})

    assert (response.status_code, response.content, pen.used) == (304, b"", 0)
    assert dict(response.headers) == {
        "Cache-Control": "public, max-age=0, must-revalidate",
        "ETag": ETAG,
        "Last-Modified": LAST_MODIFIED,
    }


@pytest.mark.parametrize("tags", ['"other"', "abc", '"ab', "", '"*"', '"a,bc"', "W/abc"])
def test_any_other_tag_gets_the_body(pen: Pen, tags: str) -> None:
    assert ask(pen, **{"If-None-Match": tags}).status_code == 200


@pytest.mark.parametrize(
    ("since", "status"),
    [
        (LAST_MODIFIED, 304),
        ("Thu, 19 Mar 2026 11:00:01 GMT", 304),
        ("Thu, 19 Mar 2026 10:59:59 GMT", 200),
        ("yesterday", 200),
        ("Thu, 99 Mar 2026 10:59:59 GMT", 200),
    ],
)
def test_without_a_tag_the_date_decides(pen: Pen, since: str, status: int) -> None:
    assert ask(pen, **{"If-Modified-Since": since}).status_code == status


def test_a_date_is_ignored_beside_a_tag(pen: Pen) -> None:
    response = ask(pen, **{"If-None-Match": '"other"', "If-Modified-Since": LAST_MODIFIED})

    assert response.status_code == 200


def test_head_says_the_length_and_sends_nothing(pen: Pen) -> None:
    response = ask(pen, method="head")

    assert (response.status_code, response.content, response["Content-Length"]) == (200, b"", "9")


@pytest.mark.parametrize("cookies", ["sessionid=1", "messages=1"])
def test_who_is_known_is_not_answered_from_memory_nor_remembered(pen: Pen, cookies: str) -> None:
    ask(pen, cookies=cookies)
    response = ask(pen, cookies=cookies)

    assert (pen.used, response["Cache-Control"], response["ETag"]) == (2, "private, no-cache", ETAG)
    ask(pen)
    assert pen.used == 3


def test_a_token_makes_the_answer_private(pen: Pen) -> None:
    response = ask(pen, Authorization="Bearer x")

    assert (response["Cache-Control"], rendered.size) == ("private, no-cache", 0)


def test_a_page_with_the_readers_name_carries_no_tag_and_is_never_a_304(pen: Pen) -> None:
    response = ask(pen, personal=True, cookies="sessionid=1", **{"If-None-Match": ETAG})

    assert dict(response.headers) == {
        "Content-Type": "text/plain",
        "Cache-Control": "private, no-cache",
        "Vary": "Cookie",
        "Content-Length": "9",
    }


def test_a_page_that_differs_by_reader_says_so_to_strangers_too(pen: Pen) -> None:
    assert ask(pen, personal=True)["Vary"] == "Cookie"
    assert ask(pen, personal=True, **{"If-None-Match": ETAG})["Vary"] == "Cookie"


def test_a_page_with_a_forms_token_is_not_remembered() -> None:
    request = RequestFactory().get("/")

    respond(request, etag=ETAG, content_type="text/html", render=lambda: get_token(request))

    assert rendered.size == 0


def test_parts_of_a_tag_are_kept_apart() -> None:
    assert strong_etag("a", "bc") != strong_etag("ab", "c")
    assert strong_etag("schedule", 1, None) == strong_etag("schedule", 1, None) == '"84bd45eac52de490bea5108388b34d4b"'
    assert body_etag(b"x") == '"2d711642b726b04401627ca9fbac32f5"'


def test_memory_lets_go_of_what_was_not_used_for_longest() -> None:
    memory = ByteCache(max_bytes=12)
    for name in "abc":
        memory.put(name, b"123")
    memory.put("d", b"123")
    memory.get("a")
    memory.put("e", b"123")

    assert [name for name in "abcde" if memory.get(name)] == ["a", "c", "d", "e"]
    assert memory.size == 12


def test_memory_counts_a_replaced_body_once_and_refuses_a_huge_one() -> None:
    memory = ByteCache(max_bytes=12)
    memory.put("a", b"123")
    memory.put("a", b"12")
    memory.put("huge", b"1234")

    assert (memory.size, memory.get("a"), memory.get("huge")) == (2, b"12", None)
