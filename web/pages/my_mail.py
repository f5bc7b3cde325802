"""Which mails somebody gets: what they may choose, and honest words about what always comes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from registrations.selectors.mail_choices import mail_standing
from registrations.services.mail_choices import write_again
from web.head import Page
from web.my_mail import MailForm
from web.private import for_oneself


@for_oneself
def mail_preferences(request: HttpRequest, user: User) -> HttpResponse:
    """`/me/mail/`."""
    if request.method == "POST" and "write_again" in request.POST:
        return _write_again(request, user)
    standing = mail_standing(user)
    form = MailForm(request.POST if request.method == "POST" else None, user=user, standing=standing)
    if request.method == "POST" and form.is_valid() and form.save(now=timezone.now()):
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("mail_preferences"))
    context = {"page": Page(title=_("Emails and calendar"), section="me"), "form": form, "standing": standing}
    context |= {"groups": list(zip(form["groups"], standing.groups, strict=True)), "zone": user.time_zone}
    return render(request, "me/mail.html", context, status=400 if form.is_bound else 200)


def _write_again(request: HttpRequest, user: User) -> HttpResponse:
    if write_again(user=user, address=request.POST["write_again"]):
        messages.success(request, _("We write to this address again."))
    return HttpResponseRedirect(reverse("mail_preferences"))
