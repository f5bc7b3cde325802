"""A group's mails: which are in its own words, and how they will look."""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.admin import HistoryMixin, RowForm, SelectWidget, TextareaWidget, TextWidget
from events.admin.scoping import ScopedAdmin, scope_of
from events.mail_previews import preview
from events.mail_texts import MEANINGS, MailKind, mail_kind, mail_kinds, mail_texts_of
from events.models import Group, MailText
from events.services.mail_texts import create_mail_text, delete_mail_text, revise_mail_text
from outbox.writers import Letter

# The letter may style itself; `sandbox` takes its scripts, forms and origin, and its links lead nowhere.
LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
LONGEST_UNSAVED = 5_000


def kind_choices() -> list[tuple[str, Any]]:
    """All mails that know what to do with other words."""
    return [(kind.name, kind.label) for kind in mail_kinds()]


class MailTextForm(RowForm):
    """Subject and opening; which mail they are for is chosen once."""

    kind = forms.ChoiceField(label=_("Mail"), choices=kind_choices, widget=SelectWidget())

    class Meta:
        model = MailText
        fields = ("group", "kind", "language", "subject", "text")
        widgets = {"subject": TextWidget(), "text": TextareaWidget(attrs={"rows": 8})}
        help_texts = {
            "subject": _("Left empty, the built-in one."),
            "text": _(
                "Plain text, a blank line between paragraphs; it stands in the place of greeting and first sentence. "
                "Facts, buttons and links stay as they are."
            ),
        }


@admin.register(MailText)
class MailTextAdmin(HistoryMixin, ScopedAdmin):
    """One mail in one language."""

    form = MailTextForm
    change_form_template = "admin/events/mailtext/change_form.html"
    fields = ("group", "kind", "language", "subject", "text")
    search_fields = ("kind",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Words stay with their mail."""
        return ("group", "mail", "language") if obj else ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("group", "mail", "language", "subject", "text") if obj else self.fields

    @admin.display(description=_("mail"))
    def mail(self, row: MailText) -> str:
        """As organisers call it."""
        known = mail_kind(row.kind)
        return str(known.label) if known else row.kind

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.preview_view)
        return [path("preview/", view, name="events_mailtext_preview"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Every mail of one group: built in, or in its own words."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        groups = self._groups(request)
        group = _chosen(groups, request.GET.get("group"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": self.opts.verbose_name_plural,
            "groups": groups,
            "group": group,
            "languages": [name for _code, name in settings.LANGUAGES],
            "rows": list(self._rows(group)) if group else [],
        }
        return TemplateResponse(request, "admin/events/mailtext/list.html", context)

    def _rows(self, group: Group) -> Any:
        own = mail_texts_of(group)
        for kind in mail_kinds():
            cells = [_cell(group, kind, code, own.get((kind.name, code))) for code, _name in settings.LANGUAGES]
            yield {"label": kind.label, "cells": cells}

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The form, with what its mail can fill in, and a preview beside it."""
        row = self.get_object(request, object_id) if object_id else None
        given = request.POST or request.GET
        kind = mail_kind(row.kind if row else given.get("kind", ""))
        address = reverse("admin:events_mailtext_preview")
        context = {
            "placeholders": _placeholders(kind),
            "tells_news": bool(kind and kind.tells_news),
            "preview_url": address,
            "preview_first": _preview_address(row.group_id, row.kind, row.language) if row else "",
        }
        return super().changeform_view(request, object_id, form_url, context | (extra_context or {}))

    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """The letter as the words in the form would make it; nothing is saved, by whatever method it is asked."""
        given = request.POST if request.method == "POST" else request.GET
        group = _chosen(self._groups(request), given.get("group")) if given.get("group") else None
        kind, language = mail_kind(given.get("kind", "")), given.get("language", "")
        if group is None or kind is None or language not in dict(settings.LANGUAGES):
            raise Http404
        saved = mail_texts_of(group).get((kind.name, language)) or MailText()
        words = given if request.method == "POST" else {"subject": saved.subject, "text": saved.text}
        letter = preview(
            kind,
            group,
            language=language,
            subject=words.get("subject", "")[:LONGEST_UNSAVED],
            text=words.get("text", "")[:LONGEST_UNSAVED],
            now=timezone.now(),
        )
        return letter_response(letter, as_text=given.get("part") == "text")

    def _groups(self, request: HttpRequest) -> list[Group]:
        scope = scope_of(request)
        groups = Group.objects.order_by("name", "id")
        return list(groups if scope.everything else groups.filter(pk__in=scope.groups))

    def create_row(self, request: HttpRequest, values: dict[str, Any], now: dt.datetime) -> MailText:
        return create_mail_text(**values)

    def revise_row(self, request: HttpRequest, row: MailText, values: dict[str, Any], now: dt.datetime) -> MailText:
        return revise_mail_text(mail_text=row, **values)

    def remove_row(self, request: HttpRequest, row: MailText, now: dt.datetime) -> None:
        delete_mail_text(mail_text=row)


def _chosen(groups: list[Group], pk: str | None) -> Group | None:
    """The group that is asked for, the first when none is; a 404 for one that is not theirs."""
    if not pk:
        return groups[0] if groups else None
    for group in groups:
        if str(group.pk) == pk:
            return group
    raise Http404


def _cell(group: Group, kind: MailKind, language: str, row: MailText | None) -> dict[str, Any]:
    new = f"{reverse('admin:events_mailtext_add')}?group={group.pk}&kind={kind.name}&language={language}"
    return {
        "is_own": row is not None,
        "address": reverse("admin:events_mailtext_change", args=[row.pk]) if row else new,
        "preview": _preview_address(group.pk, kind.name, language),
    }


def _preview_address(group: int, kind: str, language: str) -> str:
    return f"{reverse('admin:events_mailtext_preview')}?group={group}&kind={kind}&language={language}"


def _placeholders(kind: MailKind | None) -> list[tuple[str, Any]]:
    return [(f"{{{name}}}", MEANINGS.get(name, "")) for name in kind.placeholders] if kind else []


def letter_response(letter: Letter, *, as_text: bool) -> HttpResponse:
    """A letter alone, for a frame."""
    if as_text:
        response = HttpResponse(f"{letter.subject}\n\n{letter.text}", content_type="text/plain; charset=utf-8")
    else:
        response = HttpResponse(letter.html)
    response.headers["Content-Security-Policy"] = LETTER_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response
