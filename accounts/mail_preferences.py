"""Which reminders somebody wants and when, and how invitations reach their calendar."""

from datetime import datetime, time
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import MailPreferences, User
from core.errors import RuleViolation


class MailChoices(TypedDict, total=False):
    """What may be chosen; what is left out stays as it is."""

    week_before: bool
    day_before: bool
    hour_before: bool
    digest: str
    digest_time: time
    quiet_from: time | None
    quiet_until: time | None
    calendar: str


def mail_preferences_of(user: User) -> MailPreferences:
    """What somebody chose, or what holds until they do; one query."""
    return MailPreferences.objects.filter(user=user).first() or MailPreferences(user=user, digest_time=time(8))


@transaction.atomic
def change_mail_preferences(*, user: User, now: datetime, **choices: Unpack[MailChoices]) -> MailPreferences:
    """Keep what somebody chose. Raises RuleViolation for quiet hours with one end and for words that are no choice."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    preferences = mail_preferences_of(user)
    for name, value in choices.items():
        setattr(preferences, name, value)
    _refuse_what_cannot_be(preferences)
    preferences.changed_at = now
    preferences.save()
    return preferences


def _refuse_what_cannot_be(chosen: MailPreferences) -> None:
    if chosen.digest not in MailPreferences.Digest.values:
        raise RuleViolation("choice_is_unknown", _("Choose one of those offered."), field="digest")
    if chosen.calendar not in MailPreferences.Calendar.values:
        raise RuleViolation("choice_is_unknown", _("Choose one of those offered."), field="calendar")
    if (chosen.quiet_from is None) != (chosen.quiet_until is None):
        missing = "quiet_until" if chosen.quiet_until is None else "quiet_from"
        words = _("Quiet hours need both a beginning and an end. Fill in both, or neither.")
        raise RuleViolation("quiet_hours_are_open", words, field=missing)
    if chosen.quiet_from is not None and chosen.quiet_from == chosen.quiet_until:
        words = _("Quiet hours that end when they begin would be the whole day. Choose another end.")
        raise RuleViolation("quiet_hours_are_endless", words, field="quiet_until")
