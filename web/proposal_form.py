"""The form of a talk that is proposed or changed, with a sentence on each field that is wrong."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.names import LONGEST_NAME, clean_name
from core.errors import RuleViolation
from lightning.proposal import (
    LONGEST_KEY,
    LONGEST_NOTES,
    LONGEST_TITLE,
    Proposal,
    clean_email,
    clean_link,
    clean_notes,
    clean_title,
)
from speakers.models import Topic

STEP_ONE = ("name", "title", "link", "is_first_talk", "topics", "notes", "key")


class ProposalForm(forms.Form):
    """Title, link, first talk, topics, notes; the name of who is not known, and the address in a step of its own."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        topics: Iterable[Topic],
        asks_name: bool = False,
        asks_email: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(data, auto_id="talk-%s", **options)
        self.offered = {str(topic.pk): topic for topic in topics}
        if asks_name:
            self.fields["name"] = _line(_("Your name"), autocomplete="name", maxlength=LONGEST_NAME)
        self.fields["title"] = _line(_("Talk title"), maxlength=LONGEST_TITLE)
        self.fields["link"] = _line(
            _("Link"), inputmode="url", autocomplete="url", placeholder=_("Slides, code or a website")
        )
        self.fields["is_first_talk"] = forms.BooleanField(label=_("This is my first talk"), required=False)
        if self.offered:
            self.fields["topics"] = _choice_of_topics(self.offered)
        self.fields["notes"] = _text(_("Notes"))
        self.fields["key"] = forms.CharField(required=False, max_length=LONGEST_KEY, widget=forms.HiddenInput)
        if asks_email:
            self.fields["email"] = _line(_("Your email"), type="email", autocomplete="email", dir="ltr")

    def clean_name(self) -> str:
        return self._as_services_want("name", clean_name)

    def clean_title(self) -> str:
        return self._as_services_want("title", clean_title)

    def clean_link(self) -> str:
        return self._as_services_want("link", clean_link)

    def clean_notes(self) -> str:
        return self._as_services_want("notes", clean_notes)

    def clean_email(self) -> str:
        return self._as_services_want("email", clean_email)

    def _as_services_want(self, name: str, clean: Callable[[str], str]) -> str:
        """With their sentence."""
        try:
            return clean(self.cleaned_data[name])
        except RuleViolation as refusal:
            raise forms.ValidationError(refusal.message, code=refusal.code) from refusal

    def wish(self) -> Proposal:
        """What they propose."""
        said = self.cleaned_data
        return Proposal(
            title=said["title"],
            name=said.get("name", ""),
            email=said.get("email", ""),
            link=said["link"],
            notes=said["notes"],
            topics=tuple(self.offered[pk] for pk in said.get("topics", ())),
            is_first_talk=said["is_first_talk"],
            language=get_language() or "",
            key=said["key"],
        )

    def refuse(self, refusal: RuleViolation) -> None:
        """Put a service's refusal where the reader looks for it."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)

    @property
    def wrong_fields(self) -> list[forms.BoundField]:
        """For the sentence above the form, which leads to them."""
        return [self[name] for name in self.fields if name in self.errors]

    @property
    def email_is_wrong_alone(self) -> bool:
        """Whether everything of the first step is right."""
        return not any(name in self.errors for name in STEP_ONE)


def _line(label: str, **attributes: Any) -> forms.CharField:
    """Not cleaned here: the services say what is wrong."""
    kind = attributes.pop("type", "text")
    widget = forms.EmailInput if kind == "email" else forms.TextInput
    return forms.CharField(label=label, required=False, strip=False, widget=widget({"class": "input", **attributes}))


def _text(label: str) -> forms.CharField:
    widget = forms.Textarea({"class": "input", "rows": 3, "maxlength": LONGEST_NOTES})
    return forms.CharField(label=label, required=False, strip=False, widget=widget)


def _choice_of_topics(offered: Mapping[str, Topic]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Topics"),
        required=False,
        choices=[(pk, topic.name) for pk, topic in offered.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose among the topics offered.")},
    )
