"""One's mail choices over the API: part by part, on the same rows as the page."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import MailPreferences
from outbox.models import Suppression
from outbox.selectors import suppressed_scopes
from outbox.services import suppress
from outbox.unsubscribing import address_digest
from tests.api.cast import NOW, Cast, bearer
from tests.api.conftest import Read, Send
from tests.factories import GroupFactory, MembershipFactory

pytestmark = pytest.mark.django_db
PATH = "me/mail/"
DEFAULTS = {
    "reminders": True,
    "week_before": True,
    "day_before": True,
    "hour_before": True,
    "digest": "none",
    "digest_time": "08:00",
    "quiet_from": None,
    "quiet_until": None,
    "calendar": "auto",
}


def without_groups(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != "groups"}


def test_who_chose_nothing_reads_what_holds(cast: Cast, read: Read) -> None:
    found = read(PATH, **bearer(cast.bo, "read"))
    group = cast.event.group
    assert without_groups(found) == DEFAULTS
    assert found["groups"] == [
        {"slug": "dl", "name": group.name, "url": "https://lectern.example/groups/dl/", "reminders": True}
    ]


def test_what_is_sent_changes_and_the_rest_stays(cast: Cast, read: Read, send: Send) -> None:
    token = bearer(cast.bo, "read", "rsvp")
    quiet = {"quiet_from": "22:00", "quiet_until": "06:30", "digest": "daily"}
    send("patch", PATH, quiet, **token)
    changed = send("patch", PATH, {"hour_before": False, "digest_time": "07:15", "calendar": "feed"}, **token).json()
    expected = DEFAULTS | quiet | {"hour_before": False, "digest_time": "07:15", "calendar": "feed"}
    assert without_groups(changed) == without_groups(read(PATH, **token)) == expected


def test_reminders_of_groups_are_unsubscriptions(cast: Cast, read: Read, send: Send) -> None:
    MembershipFactory(user=cast.bo, group=GroupFactory(slug="other", name="Other"))
    token = bearer(cast.bo, "read", "rsvp")
    off = send("patch", PATH, {"groups": [{"slug": "dl", "reminders": False}], "reminders": False}, **token).json()
    scope = f"reminders:group:{cast.event.group_id}"
    assert suppressed_scopes("bo@example.org") == {scope, "reminders"}
    assert (off["reminders"], {one["slug"]: one["reminders"] for one in off["groups"]}) == (
        False,
        {"dl": False, "other": True},
    )
    on = send("patch", PATH, {"groups": [{"slug": "dl", "reminders": True}], "reminders": True}, **token).json()
    assert (on["reminders"], Suppression.objects.count(), MailPreferences.objects.count()) == (True, 0, 0)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"quiet_from": "22:00"}, "quiet_until"),
        ({"quiet_from": "07:00", "quiet_until": "07:00"}, "quiet_until"),
        ({"quiet_from": "25:00", "quiet_until": "07:00"}, "quiet_from"),
        ({"quiet_from": 7, "quiet_until": "07:00"}, "quiet_from"),
        ({"digest": "hourly"}, "digest"),
        ({"digest_time": None}, "digest_time"),
        ({"calendar": 1}, "calendar"),
        ({"week_before": "true"}, "week_before"),
        ({"reminders": None}, "reminders"),
        ({"groups": [{"slug": "gdg", "reminders": False}]}, "groups.0.slug"),
        ({"groups": [{"slug": "dl"}]}, "groups.0.reminders"),
        ({"groups": ["dl"]}, "groups.0"),
        ({"email": "x@example.org"}, "email"),
    ],
)
def test_what_cannot_be_names_its_field_and_changes_nothing(cast: Cast, send: Send, body: Any, field: str) -> None:
    wish = {"groups": [{"slug": "dl", "reminders": False}]} | body
    problem = send("patch", PATH, wish, status=400, **bearer(cast.bo, "rsvp")).json()
    found = [error["field"] for error in problem["errors"]]
    assert (found, Suppression.objects.count(), MailPreferences.objects.count()) == ([field], 0, 0)


@pytest.mark.parametrize(("scope", "statuses"), [("", (401, 401)), ("read", (200, 403)), ("rsvp", (403, 200))])
def test_reading_and_changing_need_their_scopes(cast: Cast, send: Send, scope: str, statuses: tuple[int, int]) -> None:
    header = bearer(cast.bo, scope) if scope else {}
    send("get", PATH, status=statuses[0], **header)
    send("patch", PATH, {}, status=statuses[1], **header)


def test_somebody_elses_choices_are_not_seen(cast: Cast, read: Read, send: Send) -> None:
    suppress(digest=address_digest("cy@example.org"), scope="reminders", reason=Suppression.Reason.MANUAL, now=NOW)
    send("patch", PATH, {"digest": "weekly"}, **bearer(cast.cy, "rsvp"))
    assert without_groups(read(PATH, **bearer(cast.bo, "read"))) == DEFAULTS


@pytest.mark.parametrize("number", [1, 3])
def test_reading_takes_five_queries(
    cast: Cast, client: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _group in range(number):
        MembershipFactory(user=cast.bo, group=GroupFactory())
    header = bearer(cast.bo, "read")
    client.get(f"/api/v1/{PATH}", headers=header)
    with django_assert_num_queries(5):
        client.get(f"/api/v1/{PATH}", headers=header)
