"""The forms of somebody's own page: preferences, what stands in their calendar, deleting themselves."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.text import clean_line
from core.zones import zones_by_region
from web.personal_calendar import DEFAULT_ROLES

ALARMS = [
    ("", _("no reminder")),
    ("10", _("10 minutes before")),
    ("30", _("30 minutes before")),
    ("60", _("an hour before")),
    ("1440", _("a day before")),
]


class FeedForm(forms.Form):
    """What a calendar address is asked to show; it becomes the address's query."""

    roles = forms.MultipleChoiceField(
        label=_("Show"),
        widget=forms.CheckboxSelectMultiple,
        initial=list(DEFAULT_ROLES),
        error_messages={
            "required": _("Choose at least one: an empty calendar helps nobody."),
            "invalid_choice": _("Choose some of those offered."),
        },
    )
    alarm = forms.ChoiceField(
        label=_("Ring"), choices=ALARMS, required=False, widget=forms.Select(attrs={"class": "select"})
    )

    def __init__(self, data: Any = None, *, organises: bool) -> None:
        super().__init__(data, auto_id="feed-%s")
        choices = [("going", _("What I go to")), ("waiting", _("What I wait for"))]
        choices += [("organising", _("What my groups organise"))] if organises else []
        choices += [("speaking", _("When I speak")), ("starred", _("Sessions and talks I starred"))]
        self.fields["roles"].choices = choices  # type: ignore[attr-defined]

    def query(self) -> dict[str, str]:
        """What stands behind the question mark, in a fixed order; call it on a valid form."""
        alarm = self.cleaned_data["alarm"]
        return {"roles": ",".join(self.cleaned_data["roles"])} | ({"alarm": alarm} if alarm else {})


class PreferencesForm(forms.Form):
    """Name, language, time zone."""

    name = forms.CharField(
        label=_("Name"),
        required=False,
        strip=False,
        help_text=_("What people call you. It stands on new tickets and in the lists of organisers."),
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "name", "maxlength": 120}),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        help_text=_("Of these pages, and of the emails we send you."),
        widget=forms.Select(attrs={"class": "select"}),
        error_messages={"invalid_choice": _("This language is not offered. Choose another.")},
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        required=False,
        help_text=_("Your home clock, for your own calendar. Events keep the time of the place where they happen."),
        widget=forms.Select(attrs={"class": "select"}),
        error_messages={"invalid_choice": _("This is not a time zone. Choose one from the list.")},
    )

    def __init__(self, data: Any = None, *, user: User) -> None:
        stored = {"name": user.name, "language": user.language, "time_zone": user.time_zone}
        super().__init__(data, initial=stored)
        languages = [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]
        self.fields["language"].choices = [("", _("as my browser asks")), *languages]  # type: ignore[attr-defined]
        self.fields["time_zone"].choices = [("", _("not set")), *_zones(user.time_zone)]  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        """One line without control characters."""
        name = clean_line(self.cleaned_data["name"])
        if len(name) > 120:
            raise forms.ValidationError(_("The name is longer than 120 characters. Shorten it."))
        return name


class DeleteForm(forms.Form):
    """Typing the address is the confirmation."""

    email = forms.CharField(
        label=_("Type your email address to confirm"),
        strip=True,
        error_messages={"required": _("Type your email address to confirm.")},
        widget=forms.TextInput(
            attrs={"class": "input", "autocomplete": "off", "dir": "ltr", "inputmode": "email", "spellcheck": "false"}
        ),
    )

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        self.user = user

    def clean_email(self) -> str:
        """The account's own address, whatever its case."""
        typed = str(self.cleaned_data["email"])
        if typed.lower() != self.user.email.lower():
            raise forms.ValidationError(_("This is not the address of this account. Nothing was deleted."))
        return typed


def _zones(current: str) -> list[Any]:
    """By region; a zone that is stored under an old name stays on offer."""
    regions = zones_by_region()
    known = {name for names in regions.values() for name in names}
    old = [(current, current)] if current and current not in known else []
    return old + [
        (region, [(name, name.partition("/")[2].replace("_", " ") or name) for name in names])
        for region, names in regions.items()
    ]
