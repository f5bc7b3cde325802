"""Stars over the API: idempotent, bounded, of published things alone, each person's own."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts import stars
from accounts.models import Star, User
from accounts.stars import change_stars
from events.models import Session
from lightning.models import Talk
from tests.api.cast import NOW, Cast, bearer
from tests.api.conftest import Read, Send
from tests.factories import BlockFactory, EventFactory, SessionFactory, TalkFactory

pytestmark = pytest.mark.django_db
PATH = "me/stars/"


@pytest.fixture
def keynote(cast: Cast) -> Session:
    session: Session = SessionFactory(event=cast.event, title="Keynote")
    return session


@pytest.fixture
def talk(cast: Cast) -> Talk:
    talk: Talk = TalkFactory(block=BlockFactory(session__event=cast.event, session__kind="lightning"))
    return talk


def marked(user: User) -> list[UUID]:
    return list(Star.objects.filter(user=user).values_list("uid", flat=True))


def test_what_is_marked_here_is_read_there_and_said_twice_is_said_once(
    cast: Cast, keynote: Session, talk: Talk, read: Read, send: Send
) -> None:
    device = bearer(cast.bo, "rsvp")
    uids = [str(keynote.ical_uid), str(talk.ical_uid)]
    first = send("post", PATH, {"add": uids}, **device)
    again = send("post", PATH, {"add": uids, "remove": [str(uuid4())]}, **device)
    elsewhere = read(PATH, **bearer(cast.bo, "read"))
    assert first.json() == again.json() == elsewhere
    assert [one["uid"] for one in elsewhere["stars"]] == uids
    assert {one["starred_at"] for one in elsewhere["stars"]} == {"2026-11-17T18:00:00Z"}
    assert first["Cache-Control"] == "no-store"


def test_one_alone_is_put_and_deleted(cast: Cast, keynote: Session, send: Send) -> None:
    path, device = f"{PATH}{keynote.ical_uid}/", bearer(cast.bo, "rsvp")
    seen = []
    for method in ("put", "put", "delete", "delete"):
        send(method, path, status=204, **device)
        seen.append(marked(cast.bo))
    assert seen == [[keynote.ical_uid]] * 2 + [[]] * 2


def test_everybody_has_their_own_and_a_name_for_themselves(
    cast: Cast, keynote: Session, read: Read, send: Send
) -> None:
    send("put", f"{PATH}{keynote.ical_uid}/", status=204, **bearer(cast.bo, "rsvp"))
    send("delete", f"{PATH}{keynote.ical_uid}/", status=204, **bearer(cast.cy, "rsvp"))
    bo, cy = read(PATH, **bearer(cast.bo, "read")), read(PATH, **bearer(cast.cy, "read"))
    assert (len(bo["stars"]), cy["stars"], bo["owner"] == cy["owner"]) == (1, [], False)
    assert str(cast.bo.pk) != bo["owner"]


@pytest.mark.parametrize("what", ["unknown", "draft", "no slot", "event"])
def test_what_is_not_published_cannot_be_marked_but_unmarked(cast: Cast, send: Send, what: str) -> None:
    block = BlockFactory(session__event=cast.event, session__kind="lightning")
    uid = {
        "unknown": uuid4(),
        "draft": SessionFactory(event=EventFactory(status="draft")).ical_uid,
        "no slot": TalkFactory(block=block, state="submitted").ical_uid,
        "event": cast.event.ical_uid,
    }[what]
    device = bearer(cast.bo, "rsvp")
    problem = send("post", PATH, {"add": [str(uid)]}, status=400, **device).json()
    assert problem["errors"] == [{"field": "add.0", "detail": f"No published session or talk has the UID {uid}."}]
    send("put", f"{PATH}{uid}/", status=404, **device)
    send("delete", f"{PATH}{uid}/", status=204, **device)
    assert marked(cast.bo) == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"add": ["x"]}, "add.0"),
        ({"add": [7]}, "add.0"),
        ({"add": "x"}, "add"),
        ({"add": ["0" * 32] * 501}, "add"),
        ({"stars": []}, "stars"),
        ({"add": [], "remove": [None]}, "remove.0"),
    ],
)
def test_what_is_not_understood_names_its_field(cast: Cast, send: Send, body: Any, field: str) -> None:
    problem = send("post", PATH, body, status=400, **bearer(cast.bo, "rsvp")).json()
    assert [error["field"] for error in problem["errors"]] == [field]


def test_a_uid_in_both_lists_is_refused(cast: Cast, keynote: Session, send: Send) -> None:
    body = {"add": [str(keynote.ical_uid)], "remove": [str(keynote.ical_uid)]}
    problem = send("post", PATH, body, status=400, **bearer(cast.bo, "rsvp")).json()
    assert (problem["errors"][0]["field"], marked(cast.bo)) == ("remove", [])


def test_beyond_the_bound_nothing_changes(
    cast: Cast, keynote: Session, talk: Talk, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stars, "MOST", 1)
    change_stars(user=cast.bo, add=[talk.ical_uid], now=NOW)
    problem = send("post", PATH, {"add": [str(keynote.ical_uid)]}, status=409, **bearer(cast.bo, "rsvp")).json()
    assert (problem["code"], marked(cast.bo)) == ("too_many_stars", [talk.ical_uid])
    send("put", f"{PATH}{keynote.ical_uid}/", status=409, **bearer(cast.bo, "rsvp"))


@pytest.mark.parametrize(
    ("scope", "statuses"),
    [("", (401, 401, 401, 401)), ("read", (200, 403, 403, 403)), ("rsvp", (403, 200, 204, 204))],
)
def test_reading_and_changing_need_their_scopes(
    cast: Cast, keynote: Session, send: Send, scope: str, statuses: tuple[int, ...]
) -> None:
    header = bearer(cast.bo, scope) if scope else {}
    one = f"{PATH}{keynote.ical_uid}/"
    doors: list[tuple[str, str, Any]] = [("get", PATH, None), ("post", PATH, {}), ("put", one, None)]
    for (method, path, body), status in zip([*doors, ("delete", one, None)], statuses, strict=True):
        send(method, path, body, status=status, **header)


def test_a_signed_in_browser_gets_the_cookie_with_which_it_may_change_them(cast: Cast, keynote: Session) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.bo)
    body = json.dumps({"add": [str(keynote.ical_uid)]})
    forged = browser.post(f"/api/v1/{PATH}", body, content_type="application/json")
    answer = browser.get(f"/api/v1/{PATH}")
    token = {"X-CSRFToken": browser.cookies["csrftoken"].value}
    own = browser.post(f"/api/v1/{PATH}", body, content_type="application/json", headers=token)
    assert [forged.status_code, answer.status_code, own.status_code] == [403, 200, 200]
    assert (answer["Cache-Control"], marked(cast.bo)) == ("private, no-cache", [keynote.ical_uid])


@pytest.mark.parametrize("number", [1, 3])
def test_reading_takes_two_queries_and_changing_a_constant_number(
    cast: Cast, client: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    uids = [str(SessionFactory(event=cast.event).ical_uid) for _one in range(number)]
    header = bearer(cast.bo, "read", "rsvp")
    client.get(f"/api/v1/{PATH}", headers=header)
    with django_assert_num_queries(9):
        client.post(f"/api/v1/{PATH}", json.dumps({"add": uids}), content_type="application/json", headers=header)
    with django_assert_num_queries(2):
        client.get(f"/api/v1/{PATH}", headers=header)
