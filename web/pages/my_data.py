"""What somebody may do with themselves: say how they are called, take everything along, be forgotten."""

import json

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import change_preferences
from core.errors import RuleViolation
from events.selectors.groups import organised_alone_by
from registrations.selectors.personal import my_page_registrations
from registrations.states import IS_OVER
from web.forgetting import delete_person
from web.head import Page
from web.my_forms import DeleteForm, PreferencesForm
from web.personal_data import personal_data
from web.private import for_oneself


@for_oneself
def preferences(request: HttpRequest, user: User) -> HttpResponse:
    """`/me/preferences/`."""
    form = PreferencesForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        change_preferences(user=user, **form.cleaned_data)
        return _saved(request, form.cleaned_data["language"])
    page = Page(title=_("Preferences"), section="me")
    return render(request, "me/preferences.html", {"page": page, "form": form}, status=400 if form.is_bound else 200)


def _saved(request: HttpRequest, language: str) -> HttpResponse:
    """Back, in the language that was chosen: the same cookie as the switch at the foot of each page."""
    with translation.override(language or translation.get_language()):
        messages.success(request, _("Saved."))
    response = HttpResponseRedirect(reverse("preferences"))
    if language:
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, samesite="Lax")
    else:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
    return response


@for_oneself
def download(request: HttpRequest, user: User) -> HttpResponse:
    """`/me/data.json`: everything about them, in one file."""
    body = json.dumps(personal_data(user), ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": 'attachment; filename="lectern-my-data.json"'}
    return HttpResponse(body + "\n", content_type="application/json", headers=headers)


@for_oneself
def delete(request: HttpRequest, user: User) -> HttpResponse:
    """`/me/delete/`: says what stays, and does it once the address is typed."""
    form = DeleteForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            delete_person(user=user, now=timezone.now())
        except RuleViolation as refusal:
            form.add_error(None, refusal.message)
        else:
            return _gone(request)
    now = timezone.now()
    to_come = [row for row in my_page_registrations(user) if not row.event.is_over(now=now)]
    context = {
        "page": Page(title=_("Delete my account"), section="me"),
        "form": form,
        "groups": organised_alone_by(user),
        "places": sum(row.state not in IS_OVER for row in to_come),
    }
    return render(request, "me/delete.html", context, status=400 if form.is_bound else 200)


def _gone(request: HttpRequest) -> HttpResponse:
    language = translation.get_language()
    logout(request)
    with translation.override(language):
        messages.success(request, _("You are deleted: your account, your name and your answers are gone."))
    return HttpResponseRedirect(reverse("home"))
