"""Mail preferences: defaults without a row, part by part, quiet hours with two ends."""

import datetime as dt
from typing import Any

import pytest

from accounts.mail_preferences import change_mail_preferences, mail_preferences_of
from accounts.models import MailPreferences, User
from core.errors import RuleViolation
from tests.factories import UserFactory

NAMES = ("week_before", "day_before", "hour_before", "digest", "digest_time", "quiet_from", "quiet_until", "calendar")
DEFAULTS = (True, True, True, "none", dt.time(8), None, None, "auto")


@pytest.fixture
def bo(db: None) -> User:
    return UserFactory(name="Bo")


def chosen(user: User) -> tuple[Any, ...]:
    return tuple(getattr(mail_preferences_of(user), name) for name in NAMES)


def test_who_chose_nothing_gets_every_reminder_at_once_and_has_no_row(bo: User) -> None:
    assert (chosen(bo), MailPreferences.objects.count()) == (DEFAULTS, 0)


def test_what_is_left_out_stays(bo: User, now: dt.datetime) -> None:
    change_mail_preferences(user=bo, now=now, quiet_from=dt.time(22), quiet_until=dt.time(7), digest="daily")
    change_mail_preferences(user=bo, now=now + dt.timedelta(days=1), hour_before=False, calendar="feed")

    assert chosen(bo) == (True, True, False, "daily", dt.time(8), dt.time(22), dt.time(7), "feed")
    assert MailPreferences.objects.get().changed_at == now + dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("choices", "code", "field"),
    [
        ({"quiet_from": dt.time(22)}, "quiet_hours_are_open", "quiet_until"),
        ({"quiet_until": dt.time(7)}, "quiet_hours_are_open", "quiet_from"),
        ({"quiet_from": dt.time(7), "quiet_until": dt.time(7)}, "quiet_hours_are_endless", "quiet_until"),
        ({"digest": "hourly"}, "choice_is_unknown", "digest"),
        ({"calendar": ""}, "choice_is_unknown", "calendar"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    bo: User, now: dt.datetime, choices: Any, code: str, field: str
) -> None:
    with pytest.raises(RuleViolation) as refusal:
        change_mail_preferences(user=bo, now=now, week_before=False, **choices)

    assert (refusal.value.code, refusal.value.field, chosen(bo)) == (code, field, DEFAULTS)


def test_quiet_hours_are_taken_away_with_both_ends(bo: User, now: dt.datetime) -> None:
    change_mail_preferences(user=bo, now=now, quiet_from=dt.time(22), quiet_until=dt.time(7))
    change_mail_preferences(user=bo, now=now, quiet_from=None, quiet_until=None)

    assert chosen(bo) == DEFAULTS
