"""A page that asks before something happens, and takes a reason where one is needed: opening it changes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from core.admin import NumberWidget, TextareaWidget, TextWidget
from core.errors import RuleViolation

LONGEST_REASON = 160  # what is written before it fits into the history's column, too


@dataclass(frozen=True)
class Question:
    """What the page says: the question, what follows from a yes, the button, and where a no leads."""

    title: str
    button: str
    back: str
    consequences: Iterable[str] = ()
    is_danger: bool = False


class ReasonForm(forms.Form):
    """Why; kept in the history."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        widget=TextWidget(),
        help_text=_("Kept in the history; organisers read it."),
    )


class OptionalReasonForm(ReasonForm):
    """Why, if there is something to say."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = False


class PriorityForm(ReasonForm):
    """A place in the queue, and why."""

    priority = forms.IntegerField(
        label=_("Priority"),
        min_value=-100,
        max_value=100,
        widget=NumberWidget(),
        help_text=_("Higher comes first; 0 is usual, and among equals who came first."),
    )
    field_order = ("priority", "reason")


class InviteForm(forms.Form):
    """Pasted addresses."""

    emails = forms.CharField(
        label=_("Email addresses"),
        max_length=100_000,
        widget=TextareaWidget(attrs={"rows": 10}),
        help_text=_("One to a line, or parted by commas, as mail programs copy them; names beside them do no harm."),
    )


def ask(page: Any, request: HttpRequest, row: Any, question: Question, form: forms.Form | None = None) -> HttpResponse:
    """The page, inside the admin's frame."""
    context = {
        **page.admin_site.each_context(request),
        "title": question.title,
        "opts": page.opts,
        "original": row,
        "question": question,
        "form": form,
    }
    status = 400 if form is not None and form.errors else 200
    return TemplateResponse(request, "admin/ask.html", context, status=status)


def add_refusal(form: forms.Form, refusal: RuleViolation) -> None:
    """On its field, or above all of them."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
