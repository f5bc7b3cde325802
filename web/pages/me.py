"""The page of whoever is signed in: their events, series and talks, and the key of their own calendar."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.feed_keys import make_feed_key, revoke_feed_key
from accounts.models import User
from accounts.selectors import feed_key_of
from events.models import Membership
from lightning.links import proposal_path
from registrations.models import SeriesRegistration
from registrations.selectors.personal import my_page_registrations, my_series
from registrations.services.series import leave_series
from web.calendar_menu import subscribe_links
from web.head import Page, absolute
from web.my_events import my_events
from web.my_forms import FeedForm
from web.private import for_oneself, unlisted
from web.reads.proposals import talks_in_hand
from web.reads.speakers import Appearance, appearances_of

PAST_TALKS_SHOWN = 12


@for_oneself
def me(request: HttpRequest, user: User) -> HttpResponse:
    """`/me/`."""
    return render(request, "me/me.html", _context(user, FeedForm(organises=_organises(user))))


@for_oneself
def make_feed(request: HttpRequest, user: User) -> HttpResponse:
    """POST `/me/calendar/`: a new key, shown this once; the one before stops working at once."""
    if request.method != "POST":
        return HttpResponseRedirect(f"{reverse('me')}#calendar")
    form = FeedForm(request.POST, organises=_organises(user))
    if not form.is_valid():
        return render(request, "me/me.html", _context(user, form), status=400)
    key = make_feed_key(user=user, now=timezone.now())
    feed = absolute(reverse("calendar_personal", args=[key]))
    url = f"{feed}?{urlencode(form.query(), safe=',')}"
    context = {"page": _page(_("Your calendar")), "feed": feed, "url": url, "form": form}
    context["menu"] = subscribe_links(url, _("My events"))
    return unlisted(render(request, "me/calendar.html", context))


@for_oneself
def revoke_feed(request: HttpRequest, user: User) -> HttpResponse:
    """POST `/me/calendar/revoke/`: no feed at all; calendars that still ask are told that it is gone."""
    if revoke_feed_key(user=user, now=timezone.now()):
        messages.success(request, _("Your calendar address is gone. Calendars that have it stop getting your events."))
    return HttpResponseRedirect(f"{reverse('me')}#calendar")


@for_oneself
def leave(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """POST `/me/series/<id>/leave/`: no more of it, and the places in what is still to come are given up."""
    member = SeriesRegistration.objects.select_related("series").filter(pk=pk, user=user).first()
    if member is None:
        raise Http404
    leave_series(series=member.series, user=user, now=timezone.now())
    messages.success(request, _("You left “%(series)s”.") % {"series": member.series.title})
    return HttpResponseRedirect(reverse("me"))


def _context(user: User, form: FeedForm) -> dict[str, Any]:
    now = timezone.now()
    talks = _talks(user)
    return {
        "page": _page(_("My page")),
        "mine": my_events(list(my_page_registrations(user)), now=now),
        "series": list(my_series(user)),
        "talks": [talk for talk in reversed(talks) if not talk.event.is_over(now=now)],
        "past_talks": [talk for talk in talks if talk.event.is_over(now=now)][:PAST_TALKS_SHOWN],
        "speaker": getattr(user, "speaker", None),
        "in_hand": [{"talk": talk, "path": proposal_path(talk)} for talk in talks_in_hand(user)],
        "feed": feed_key_of(user),
        "feed_form": form,
        "zone": user.time_zone or "UTC",
    }


def _organises(user: User) -> bool:
    return Membership.objects.filter(user=user, role=Membership.Role.ORGANISER).exists()


def _talks(user: User) -> list[Appearance]:
    speaker = getattr(user, "speaker", None)
    return appearances_of([speaker.pk]).get(speaker.pk, []) if speaker else []


def _page(title: str) -> Page:
    return Page(title=title, section="me")
