"""Answers that hold until the next commit."""

from collections.abc import Callable

import pytest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.test import RequestFactory
from django.utils import translation

from core.answer_memory import AnswerMemory, answers, while_unchanged
from core.http_cache import rendered, respond, strong_etag
from speakers.models import Topic
from tests.factories import TopicFactory

pytestmark = pytest.mark.django_db(transaction=True)


class Topics:
    """A view that counts how often it has to look."""

    def __init__(self) -> None:
        self.looked = 0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.looked += 1
        names = ",".join(Topic.objects.values_list("name", flat=True))
        return respond(request, etag=strong_etag(names), content_type="text/plain", render=lambda: names)


@pytest.fixture(autouse=True)
def empty_memories() -> None:
    rendered.clear()
    answers.clear()


@pytest.fixture
def topics() -> Topics:
    return Topics()


@pytest.fixture
def ask(topics: Topics) -> Callable[..., HttpResponse]:
    view = while_unchanged(topics)

    def get(path: str = "/topics/", method: str = "get", **headers: str) -> HttpResponse:
        return view(getattr(RequestFactory(), method)(path, headers=headers))

    return get


def test_one_tiny_query_answers_until_something_is_committed(
    ask: Callable[..., HttpResponse], topics: Topics, django_assert_num_queries
) -> None:
    TopicFactory(name="XLA")
    first = ask()
    with django_assert_num_queries(1):
        second = ask()
    TopicFactory(name="Android")
    third = ask()

    assert [response.content for response in (first, second, third)] == [b"XLA", b"XLA", b"Android,XLA"]
    assert dict(second.headers) == dict(first.headers)
    assert topics.looked == 2


def test_a_304_and_a_head_come_from_memory_too(ask: Callable[..., HttpResponse], topics: Topics) -> None:
    TopicFactory(name="XLA")
    etag = ask()["ETag"]

    unchanged, head = ask(**{"If-None-Match": etag}), ask(method="head")

    assert (unchanged.status_code, unchanged.content, unchanged["ETag"]) == (304, b"", etag)
    assert (head.content, head["Content-Length"]) == (b"", "3")
    assert topics.looked == 1


def test_a_304_is_remembered_as_such_and_never_given_to_who_has_nothing(
    ask: Callable[..., HttpResponse], topics: Topics
) -> None:
    TopicFactory(name="XLA")
    etag = ask()["ETag"]
    rendered.clear()
    answers.clear()

    assert [ask(**{"If-None-Match": etag}).status_code for _ in range(2)] == [304, 304]
    assert topics.looked == 2
    assert (ask().status_code, ask().content) == (200, b"XLA")


def test_a_body_let_go_of_is_rendered_again(ask: Callable[..., HttpResponse], topics: Topics) -> None:
    TopicFactory(name="XLA")
    ask()
    rendered.clear()

    assert ask().content == b"XLA"
    assert topics.looked == 2


@pytest.mark.parametrize(
    "headers", [{"Authorization": "Bearer x"}, {"Cookie": "sessionid=1"}, {"Cookie": "a=b; messages=1"}]
)
def test_who_is_known_is_never_answered_from_memory(
    ask: Callable[..., HttpResponse], topics: Topics, headers: dict[str, str]
) -> None:
    TopicFactory()
    ask()
    ask(**headers)
    ask(**headers)

    assert topics.looked == 3


def test_address_accept_header_and_language_are_kept_apart(ask: Callable[..., HttpResponse], topics: Topics) -> None:
    TopicFactory()
    for _ in range(2):
        ask("/topics/?a=1")
        ask("/topics/?a=2")
        ask(Accept="text/plain")
        with translation.override("zh-hans"):
            ask()

    assert topics.looked == 4


def test_long_addresses_are_not_remembered(ask: Callable[..., HttpResponse], topics: Topics) -> None:
    for _ in range(2):
        ask("/topics/?" + "a" * 500)

    assert topics.looked == 2


def test_an_answer_that_depends_on_the_time_holds_for_its_moment(topics: Topics) -> None:
    moments = iter(["19:00", "19:00", "19:01"])
    view = while_unchanged(topics, moment=lambda: next(moments))

    for _ in range(3):
        view(RequestFactory().get("/topics/"))

    assert topics.looked == 2


@pytest.mark.parametrize("kind", ["private", "without a tag", "with a cookie", "with a form", "an error"])
def test_what_is_not_for_everybody_is_not_remembered(kind: str) -> None:
    looked = []

    @while_unchanged
    def view(request: HttpRequest) -> HttpResponse:
        looked.append(kind)
        response = HttpResponse("x", headers={"Cache-Control": "public", "ETag": '"x"'})
        rendered.put('"x"', b"x")
        if kind == "private":
            response["Cache-Control"] = "private"
        elif kind == "without a tag":
            del response["ETag"]
        elif kind == "with a cookie":
            response.set_cookie("a", "b")
        elif kind == "with a form":
            get_token(request)
        else:
            response.status_code = 404
        return response

    for _ in range(2):
        view(RequestFactory().get("/"))

    assert len(looked) == 2


def test_memory_is_bounded(topics: Topics) -> None:
    memory = AnswerMemory(max_answers=2)
    for path in ("/a", "/b", "/c"):
        request = RequestFactory().get(path)
        memory.recall(request)
        memory.remember(request, topics(request))

    known = [path for path in ("/a", "/b", "/c") if memory.recall(RequestFactory().get(path))]

    assert known == ["/b", "/c"]


def test_a_transaction_that_has_written_sees_its_own_rows() -> None:
    view = while_unchanged(Topics())
    with transaction.atomic():
        view(RequestFactory().get("/topics/"))
        TopicFactory(name="XLA")

        assert view(RequestFactory().get("/topics/")).content == b"XLA"
