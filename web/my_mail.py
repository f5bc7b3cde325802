"""The form of /me/mail/: which reminders somebody wants, when, from which groups, and their calendar."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.errors import RuleViolation
from registrations.selectors.mail_choices import MailStanding
from registrations.services.mail_choices import choose_mails

KINDS = ("week_before", "day_before", "hour_before")
CHOSEN = (*KINDS, "digest", "digest_time", "quiet_from", "quiet_until", "calendar")
OFFERED = {"invalid_choice": _("Choose one of those offered.")}
A_TIME = {"invalid": _("Write a time of day, such as 22:00."), "required": _("Write a time of day, such as 08:00.")}


def _time(label: Any, **options: Any) -> forms.TimeField:
    widget = forms.TimeInput(format="%H:%M", attrs={"class": "input", "type": "time", "step": 300})
    return forms.TimeField(label=label, error_messages=A_TIME, widget=widget, **options)


class MailForm(forms.Form):
    """Everything that may be chosen about mails, as it stands; `save` keeps it."""

    reminders = forms.BooleanField(
        label=_("Send me reminders"), required=False, help_text=_("Of what you go to, wait for, or speak at.")
    )
    week_before = forms.BooleanField(
        label=_("Days before"), required=False, help_text=_("Two days ahead or more: time to plan.")
    )
    day_before = forms.BooleanField(
        label=_("The day before"), required=False, help_text=_("From three hours to two days: time to say no.")
    )
    hour_before = forms.BooleanField(
        label=_("Shortly before"), required=False, help_text=_("Less than three hours: time to leave.")
    )
    digest = forms.ChoiceField(
        label=_("How"),
        choices=[
            ("none", _("each on its own, when it is due")),
            ("daily", _("together, one email a day")),
            ("weekly", _("together, one email a week, on Mondays")),
        ],
        help_text=_("Together, what would come shortly before is left out: it would come too late."),
        widget=forms.Select(attrs={"class": "select"}),
        error_messages=OFFERED,
    )
    digest_time = _time(_("Together at"), help_text=_("Only when they come together."))
    quiet_from = _time(_("Quiet from"), required=False)
    quiet_until = _time(_("Quiet until"), required=False)
    groups = forms.MultipleChoiceField(
        label=_("Remind me of events of"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("One of these groups is not yours any more. Look again, and save.")},
    )
    calendar = forms.ChoiceField(
        label=_("Invitations"),
        choices=[
            ("auto", _("by email, unless a calendar reads my feed")),
            ("mail", _("always by email")),
            ("feed", _("never by email: my feed is enough")),
        ],
        widget=forms.RadioSelect,
        error_messages=OFFERED,
    )

    def __init__(self, data: Any = None, *, user: User, standing: MailStanding) -> None:
        chosen = {name: getattr(standing.preferences, name) for name in CHOSEN}
        groups = [str(one.group.pk) for one in standing.groups if one.gets_reminders]
        super().__init__(data, initial=chosen | {"reminders": standing.gets_reminders, "groups": groups})
        self.user, self.standing = user, standing
        self.fields["groups"].choices = [(str(one.group.pk), one.group.name) for one in standing.groups]  # type: ignore[attr-defined]

    def save(self, *, now: dt.datetime) -> bool:
        """False, with the errors on their fields, when the choices do not go together; call it on a valid form."""
        wanted = set(self.cleaned_data["groups"])
        try:
            choose_mails(
                user=self.user,
                now=now,
                reminders=self.cleaned_data["reminders"],
                groups={one.group.pk: str(one.group.pk) in wanted for one in self.standing.groups},
                **{name: self.cleaned_data[name] for name in CHOSEN},
            )
        except RuleViolation as refusal:
            self.add_error(refusal.field, refusal.message)
            return False
        return True

    @property
    def kinds(self) -> list[forms.BoundField]:
        """The three switches, in the order of the time they come before."""
        return [self[name] for name in KINDS]

    @property
    def quiet(self) -> list[forms.BoundField]:
        """Both ends."""
        return [self["quiet_from"], self["quiet_until"]]
