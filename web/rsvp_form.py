"""The RSVP form of one event: what its plan asks, with a sentence on each field that is wrong."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _

from accounts.names import clean_name
from core.errors import RuleViolation
from registrations.models import Question, RegistrationPlan
from registrations.services.answers import LONGEST
from registrations.services.wishes import Wish, most_guests_sentence

NAME_LENGTH = 120
ANSWER = re.compile(r"question-([0-9]{1,18})")


def checked_email(form: forms.Form) -> str:
    """What stands before the @ in letters every mail server takes."""
    email: str = form.cleaned_data["email"]
    if not email.rpartition("@")[0].isascii():
        raise forms.ValidationError(form.fields["email"].error_messages["invalid"], code="invalid")
    return email


class AddressForm(forms.Form):
    """The address somebody registered with."""

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, auto_id="rsvp-%s")
        self.fields["email"] = email_field()

    def clean_email(self) -> str:
        return checked_email(self)


class RsvpForm(forms.Form):
    """Name, address (of strangers only), place, guests, answers; refusals of the services land on their fields too."""

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, plan: RegistrationPlan, is_stranger: bool, **options: Any
    ) -> None:
        super().__init__(data, auto_id="rsvp-%s", **options)
        self.plan = plan
        self.fields["name"] = name_field()
        if is_stranger:
            self.fields["email"] = email_field()
        self.fields["place"] = place_field(plan)
        self.fields["guests"] = guests_field(plan)
        for question in plan.questions.all():
            self.fields[f"question-{question.pk}"] = answer_field(question)
        if plan.event.series_id and not is_stranger:
            self.fields["series"] = series_field()

    def clean_name(self) -> str:
        """As the services want it, with their sentence."""
        try:
            return clean_name(self.cleaned_data["name"])
        except RuleViolation as refusal:
            raise forms.ValidationError(refusal.message, code=refusal.code) from refusal

    def clean_email(self) -> str:
        return checked_email(self)

    def wish(self) -> Wish:
        """What they ask for; answers to questions that nobody asked are kept, so that the service refuses them."""
        names = [name for name in self.data if name.startswith("question-")]
        given = {name: str(self.cleaned_data.get(name, self.data[name])) for name in names}
        return Wish(
            name=self.cleaned_data["name"],
            place=self.cleaned_data["place"],
            guests=self.cleaned_data["guests"] or 0,
            answers={_number(name): value for name, value in given.items()},
        )

    def refuse(self, refusal: RuleViolation) -> None:
        """Put a service's refusal where the reader looks for it."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)

    @property
    def everybodys_errors(self) -> list[str]:
        """What is wrong with no field one can see."""
        hidden = [] if self.shows_place else ["place"]
        hidden += [] if self.shows_guests else ["guests"]
        return [*self.non_field_errors(), *(error for name in hidden for error in self.errors.get(name, []))]

    @property
    def shows_place(self) -> bool:
        """One place is no choice."""
        return len(self.plan.seats.all()) > 1

    @property
    def shows_guests(self) -> bool:
        """Where people come alone, nobody is asked."""
        return bool(self.plan.max_guests)

    @property
    def questions(self) -> list[forms.BoundField]:
        """The organisers' own."""
        return [self[name] for name in self.fields if name.startswith("question-")]


def name_field() -> forms.CharField:
    """Not cleaned here: the service says what is wrong with a name."""
    attributes = {"class": "input", "maxlength": NAME_LENGTH, "autocomplete": "name"}
    missing = _("The name is empty. Write what people call you.")
    return forms.CharField(
        label=_("Name"), strip=False, widget=forms.TextInput(attributes), error_messages={"required": missing}
    )


def email_field() -> forms.EmailField:
    """One address, and nothing beside it."""
    wrong = _("This is not one email address. Write it like name@example.org.")
    missing = _("The email is empty. Write where we can reach you.")
    field = forms.EmailField(
        label=_("Email"),
        max_length=254,
        widget=forms.EmailInput({"class": "input", "autocomplete": "email", "dir": "ltr"}),
        error_messages={"required": missing, "invalid": wrong, "max_length": wrong},
    )
    field.validators = [one for one in field.validators if not isinstance(one, EmailValidator)]
    field.validators.append(EmailValidator(wrong))
    return field


def place_field(plan: RegistrationPlan) -> forms.ChoiceField:
    """The room, or online."""
    unknown = _("This event has no such place. Choose another.")
    return forms.ChoiceField(
        label=_("Where"),
        choices=[(seats.place, seats.get_place_display()) for seats in plan.seats.all()],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": unknown, "required": _("Choose where you take part.")},
    )


def guests_field(plan: RegistrationPlan) -> forms.IntegerField:
    """How many come along."""
    most = plan.max_guests
    return forms.IntegerField(
        label=_("Guests"),
        required=False,
        min_value=0,
        max_value=most,
        widget=forms.NumberInput({"class": "input", "inputmode": "numeric"}),
        error_messages={
            "invalid": _("Write a whole number, such as 1."),
            "min_value": _("Write 0 when you come alone."),
            "max_value": most_guests_sentence(most),
        },
    )


def series_field() -> forms.ChoiceField:
    """Once, or until they leave."""
    return forms.ChoiceField(
        label=_("For"),
        required=False,
        choices=[("", _("This event")), ("1", _("All future events of this series, until I leave"))],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose one of the two.")},
    )


def answer_field(question: Question) -> forms.Field:
    """A line of text, or one of several answers."""
    missing = _("This needs an answer.")
    if question.kind == Question.Kind.TEXT:
        too_long = _("This is longer than 500 characters. Shorten it.")
        return forms.CharField(
            label=question.text,
            required=question.is_required,
            max_length=LONGEST,
            widget=forms.TextInput({"class": "input"}),
            error_messages={"required": missing, "max_length": too_long},
        )
    return forms.ChoiceField(
        label=question.text,
        required=question.is_required,
        choices=_choices(question),
        widget=forms.RadioSelect,
        error_messages={"required": missing, "invalid_choice": _("Choose one of the answers offered.")},
    )


def _choices(question: Question) -> list[tuple[str, str]]:
    """What the service takes, and what people read."""
    choices = [("yes", _("Yes")), ("no", _("No"))]
    if question.kind == Question.Kind.CHOICE:
        choices = [(choice, choice) for choice in question.choices]
    return choices if question.is_required else [*choices, ("", _("No answer"))]


def _number(name: str) -> int:
    """The question's id; 0, which is nobody's, for what is none."""
    match = ANSWER.fullmatch(name)
    return int(match[1]) if match else 0
