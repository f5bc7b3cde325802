"""Which mails somebody gets: reminders, when, of which groups, and their calendar; for them alone."""

import datetime as dt
import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.mail_preferences import change_mail_preferences
from accounts.models import MailPreferences, User
from events.models import Group
from outbox.models import Suppression
from outbox.selectors import suppressed_scopes
from outbox.services import suppress
from outbox.unsubscribing import address_digest
from tests.factories import (
    BlockFactory,
    EventFactory,
    GroupFactory,
    MembershipFactory,
    SessionFactory,
    SpeakerFactory,
    TalkFactory,
    UserFactory,
)
from tests.factories.registrations import RegistrationFactory
from tests.web.conftest import TUESDAY_EVENING

PATH = "/me/mail/"
DEFAULTS: dict[str, Any] = {
    "reminders": "on",
    "week_before": "on",
    "day_before": "on",
    "hour_before": "on",
    "digest": "none",
    "digest_time": "08:00",
    "quiet_from": "",
    "quiet_until": "",
    "calendar": "auto",
}


@pytest.fixture
def group(bo: User) -> Group:
    group: Group = GroupFactory(name="XLA Singapore")
    MembershipFactory(user=bo, group=group)
    return group


def stop(address: str, scope: str, reason: Suppression.Reason = Suppression.Reason.UNSUBSCRIBED) -> None:
    suppress(digest=address_digest(address), scope=scope, reason=reason, now=TUESDAY_EVENING)


def checked(client: Client) -> list[str]:
    """The names, and the values of groups, of the boxes that are ticked."""
    boxes = re.findall(r'<input type="checkbox" name="(\w+)"(?: value="(\d+)")?[^>]* checked', page(client))
    return [value or name for name, value in boxes]


def page(client: Client) -> str:
    return str(client.get(PATH).content.decode())


def test_who_chose_nothing_gets_all_reminders_of_all_groups(as_bo: Client, group: Group) -> None:
    assert checked(as_bo) == ["reminders", "week_before", "day_before", "hour_before", str(group.pk)]
    assert MailPreferences.objects.count() == 0


def test_everything_is_kept_and_shown_again(as_bo: Client, bo: User, group: Group) -> None:
    wishes = {"digest": "weekly", "digest_time": "07:30", "quiet_from": "22:00", "quiet_until": "06:30"}
    data = DEFAULTS | wishes | {"calendar": "feed"}
    del data["hour_before"], data["reminders"]
    response = as_bo.post(PATH, data)
    kept = MailPreferences.objects.get(user=bo)
    assert (response.status_code, response["Location"]) == (302, PATH)
    assert (kept.digest, kept.digest_time, kept.calendar) == ("weekly", dt.time(7, 30), "feed")
    assert (kept.quiet_from, kept.quiet_until, kept.changed_at) == (dt.time(22), dt.time(6, 30), TUESDAY_EVENING)
    assert checked(as_bo) == ["week_before", "day_before"]
    assert re.findall(r'type="time" name="\w+" value="([^"]*)"', page(as_bo)) == ["07:30", "22:00", "06:30"]
    assert suppressed_scopes("bo@example.org") == {"reminders", f"reminders:group:{group.pk}"}


def test_an_unsubscription_is_taken_back_at_every_address(as_bo: Client, bo: User, group: Group) -> None:
    scope = f"reminders:group:{group.pk}"
    EmailAddress.objects.create(user=bo, email="bo@work.example", verified=True)
    stop("bo@work.example", scope)
    assert str(group.pk) not in checked(as_bo)
    as_bo.post(PATH, DEFAULTS | {"groups": [group.pk]})
    assert (str(group.pk) in checked(as_bo), Suppression.objects.count()) == (True, 0)
    as_bo.post(PATH, DEFAULTS)
    assert [suppressed_scopes(address) for address in ("bo@example.org", "bo@work.example")] == [{scope}] * 2


def test_an_address_that_is_not_confirmed_is_left_alone(as_bo: Client, bo: User, group: Group) -> None:
    EmailAddress.objects.create(user=bo, email="dee@example.org", verified=False)
    as_bo.post(PATH, {name: value for name, value in DEFAULTS.items() if name != "reminders"})
    assert (suppressed_scopes("dee@example.org"), "reminders" in suppressed_scopes("bo@example.org")) == (set(), True)


def test_groups_are_those_somebody_has_to_do_with(as_bo: Client, bo: User, group: Group) -> None:
    speaker = SpeakerFactory(user=bo)
    registered = RegistrationFactory(user=bo, event=EventFactory(group=GroupFactory(name="Bees")))
    SessionFactory(event=EventFactory(group=GroupFactory(name="Ants")), speakers=[speaker])
    block = BlockFactory(session__event=EventFactory(group=GroupFactory(name="Cats")))
    TalkFactory(block=block, speakers=[speaker])
    left = GroupFactory(name="Dogs, unsubscribed from")
    stop("bo@example.org", f"reminders:group:{left.pk}")
    RegistrationFactory(user=bo, event=registered.event.__class__.objects.exclude(pk=registered.event_id).first())
    GroupFactory(name="Nobody’s")
    found = re.findall(r'name="groups".*?<span[^>]*>([^<]*)</span>', page(as_bo))
    assert found == ["Ants", "Bees", "Cats", "Dogs, unsubscribed from", "XLA Singapore"]


@pytest.mark.parametrize(
    ("data", "words", "field"),
    [
        ({"quiet_from": "22:00"}, "Quiet hours need both a beginning and an end.", "quiet_until"),
        ({"quiet_from": "07:00", "quiet_until": "07:00"}, "Choose another end.", "quiet_until"),
        ({"quiet_from": "25:00", "quiet_until": "07:00"}, "Write a time of day, such as 22:00.", "quiet_from"),
        ({"digest_time": ""}, "Write a time of day, such as 08:00.", "digest_time"),
        ({"digest": "hourly"}, "Choose one of those offered.", "digest"),
        ({"calendar": "pigeon"}, "Choose one of those offered.", "calendar"),
        ({"groups": ["999999"]}, "One of these groups is not yours any more.", "groups"),
    ],
)
def test_what_cannot_be_is_said_on_its_field_and_changes_nothing(
    as_bo: Client, group: Group, data: dict[str, Any], words: str, field: str
) -> None:
    response = as_bo.post(PATH, DEFAULTS | {"week_before": "", "groups": []} | data)
    body = response.content.decode()
    assert (response.status_code, MailPreferences.objects.count(), Suppression.objects.count()) == (400, 0, 0)
    assert words in body.partition(f'id="id_{field}_error"')[2].partition("</p>")[0]
    assert "Nothing was saved." in body


def test_mails_that_came_back_are_said_and_their_owner_may_have_them_again(as_bo: Client, bo: User) -> None:
    stop("bo@example.org", "", Suppression.Reason.BOUNCED)
    stop("dee@example.org", "", Suppression.Reason.BOUNCED)
    assert "Emails to bo@example.org came back" in page(as_bo)
    for address in ("dee@example.org", "bo@example.org"):
        as_bo.post(PATH, {"write_again": address})
    assert ("came back" in page(as_bo), suppressed_scopes("dee@example.org")) == (False, {""})


@pytest.mark.parametrize(
    ("zone", "words"),
    [("", "On the clock of each event’s place"), ("Asia/Singapore", "On your own clock: Singapore time.")],
)
def test_the_page_says_whose_clock_it_is(as_bo: Client, zone: str, words: str) -> None:
    User.objects.update(time_zone=zone)
    assert words in page(as_bo)


def test_the_page_is_linked_and_says_what_always_comes(as_bo: Client) -> None:
    assert f'href="{PATH}"' in as_bo.get("/me/").content.decode()
    assert "A new time or place of what you go to, and cancellations." in page(as_bo)


def test_another_persons_choices_are_theirs(as_bo: Client, bo: User, group: Group) -> None:
    dee = UserFactory(email="dee@example.org")
    change_mail_preferences(user=dee, now=TUESDAY_EVENING, week_before=False)
    stop("dee@example.org", "reminders")
    assert checked(as_bo) == ["reminders", "week_before", "day_before", "hour_before", str(group.pk)]
    as_bo.post(PATH, DEFAULTS | {"digest": "daily"})
    assert (MailPreferences.objects.get(user=dee).digest, suppressed_scopes("dee@example.org")) == (
        "none",
        {"reminders"},
    )


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_however_many_groups(as_bo: Client, bo: User, number: int) -> None:
    for _group in range(number):
        MembershipFactory(user=bo, group=GroupFactory())
        RegistrationFactory(user=bo)
    as_bo.get(PATH)
    with CaptureQueriesContext(connection) as captured:
        as_bo.get(PATH)
    assert len(captured) == 6
