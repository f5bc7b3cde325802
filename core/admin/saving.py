"""Saving through services: an admin page translates in, makes one call, and shows what was refused, on the form."""

import datetime as dt
import zoneinfo
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.admin.forms import RowForm, errors_of
from core.changes import RowChange, RowRefused
from core.errors import RuleViolation

# PostgreSQL's lock_not_available, deadlock_detected and query_canceled: somebody else is writing
BUSY = {"55P03", "40P01", "57014"}


class Refusal(Exception):
    """What a service refused: errors by field, for the form with this prefix (empty for the page's own form)."""

    def __init__(self, prefix: str, errors: dict[str | None, list[str]]) -> None:
        super().__init__(prefix, errors)
        self.prefix = prefix
        self.errors = errors


class ServiceMixin:
    """For a ModelAdmin: `create_row`, `revise_row` and `remove_row` name the services that write."""

    form = RowForm

    def create_row(self, request: HttpRequest, values: dict[str, Any], now: dt.datetime) -> Any:
        """Make the row; raises RuleViolation or ValidationError."""
        raise NotImplementedError

    def revise_row(self, request: HttpRequest, row: Any, values: dict[str, Any], now: dt.datetime) -> Any:
        """Write the fields that were changed; raises RuleViolation or ValidationError."""
        raise NotImplementedError

    def remove_row(self, request: HttpRequest, row: Any, now: dt.datetime) -> None:
        """Take the row away; raises RuleViolation."""
        raise NotImplementedError

    def refuse_removal(self, row: Any) -> None:
        """Raise RuleViolation for what can be known before anybody is asked whether they are sure."""

    def zone_for(self, request: HttpRequest, object_id: str | None) -> zoneinfo.ZoneInfo | None:
        """The zone in which this page's times are shown and entered; None for UTC."""
        return None

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The form; when a service refuses, the same form again with its reason, and nothing changed."""
        zone = self.zone_for(request, object_id)
        with timezone.override(zone) if zone else nullcontext():
            response = self._form_or_refusal(request, object_id, form_url, extra_context)
            if hasattr(response, "render"):
                response.render()  # here, where the zone is active
        return response

    def _form_or_refusal(self, request: Any, *view: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *view)  # type: ignore[misc]
        except Refusal as refusal:
            request.refusal = refusal
        except (IntegrityError, OperationalError) as error:
            request.refusal = _clash(error)
        return super().changeform_view(request, *view)  # type: ignore[misc]

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        """The second time, with what was refused."""
        form = super().get_form(request, obj, change=change, **kwargs)  # type: ignore[misc]
        refusal = getattr(request, "refusal", None)
        form.refusal = refusal.errors if refusal and not refusal.prefix else {}
        return form

    def _create_formsets(self, request: Any, obj: Any = None, change: bool = False) -> Any:  # noqa: FBT001, FBT002
        formsets, inlines = super()._create_formsets(request, obj, change)  # type: ignore[misc]
        for formset, inline in zip(formsets, inlines, strict=True):
            formset.inline = inline
            if hasattr(request, "refusal"):
                _show_refusal(request, formset, request.refusal)
        return formsets, inlines

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        """Hand the changed fields to one service."""
        values, now = form.service_values(), timezone.now()
        with refusing(""):
            if not change:
                obj.pk = self.create_row(request, values, now).pk
            elif values:
                self.revise_row(request, obj, values, now)
        obj.refresh_from_db()

    def save_related(self, request: HttpRequest, form: Any, formsets: list[Any], change: bool) -> None:  # noqa: FBT001
        """Hand each inline's rows to one service; what others may still stand on goes last, in reverse order."""
        now = timezone.now()
        ordered = sorted(formsets, key=lambda formset: formset.inline.saving_order)
        todo = [(formset.inline, row_changes(formset)) for formset in ordered]
        for inline, changes in todo:
            inline.save_now(request, form.instance, [c for c in changes if not inline.goes_last(c)], now)
        for inline, changes in reversed(todo):
            inline.save_now(request, form.instance, [c for c in changes if inline.goes_last(c)], now)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Through the service."""
        self.remove_row(request, obj, timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """Through the service, all or none."""
        for row in queryset:
            self.remove_row(request, row, timezone.now())

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Ask, then delete; what cannot be deleted says so, and what to do instead."""
        row = self.get_object(request, unquote(object_id))  # type: ignore[attr-defined]
        try:
            if row is not None and self.has_delete_permission(request, row):  # type: ignore[attr-defined]
                self.refuse_removal(row)
            return super().delete_view(request, object_id, extra_context)  # type: ignore[misc]
        except RuleViolation as refusal:
            messages.error(request, refusal.message)
        opts = self.model._meta  # type: ignore[attr-defined]
        return HttpResponseRedirect(reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[object_id]))

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        """Only what our own filters and the drill-down by date ask; made-up lookups are refused with 400."""
        by_date = {f"{self.date_hierarchy}__{part}" for part in ("year", "month", "day")}  # type: ignore[attr-defined]
        named = {one if isinstance(one, str) else one[0] for one in self.list_filter if not isinstance(one, type)}  # type: ignore[attr-defined]
        is_ours = "__" not in lookup or lookup in by_date or lookup.split("__", maxsplit=1)[0] in named
        return is_ours and super().lookup_allowed(lookup, value, request)  # type: ignore[misc]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list; an action that a service refuses changes nothing and says why."""
        try:
            with transaction.atomic() if request.method == "POST" else nullcontext():
                return super().changelist_view(request, extra_context)  # type: ignore[misc]
        except RuleViolation as refusal:
            messages.error(request, refusal.message)
        return HttpResponseRedirect(request.get_full_path())


class RowsMixin:
    """For an inline: `save_rows` names the service that writes its rows."""

    form = RowForm
    saving_order = 50
    removes_last = False  # its rows are taken away only after the other inlines' rows were moved off them

    def save_rows(self, request: HttpRequest, parent: Any, changes: list[RowChange], now: dt.datetime) -> None:
        """Write the rows; raises RowRefused or RuleViolation."""
        raise NotImplementedError

    def save_now(self, request: HttpRequest, parent: Any, changes: list[RowChange], now: dt.datetime) -> None:
        """Write the rows, if any; a refusal names the row."""
        if not changes:
            return
        with refusing(changes[0].key):
            self.save_rows(request, parent, changes, now)

    def goes_last(self, change: RowChange) -> bool:
        """Whether this one waits until everything else is written."""
        return self.removes_last and change.values is None


def row_changes(formset: Any) -> list[RowChange]:
    """What a valid formset says shall become of its rows; nothing is written."""
    formset.save(commit=False)  # fills in what the page's log tells of
    for form in formset.initial_forms:
        if form.instance._state.adding:  # its id is another page's: moved away meanwhile, or made up
            raise Refusal(form.prefix, {None: [_("This row is not part of the page any more. Load the page again.")]})
    return list(_changes(formset.forms, formset.deleted_forms))


def _changes(forms: Iterable[Any], gone: list[Any]) -> Iterator[RowChange]:
    for form in forms:
        is_new = form.instance._state.adding
        if form in gone:
            if not is_new:
                yield RowChange(form.instance, None, form.prefix)
        elif form.has_changed():
            yield RowChange(None if is_new else form.instance, form.service_values(), form.prefix)


@contextmanager
def refusing(prefix: str) -> Iterator[None]:
    """Turn what a service refuses into a Refusal of the form with this prefix, or of the row it names."""
    try:
        yield
    except RowRefused as refused:
        raise Refusal(refused.key or prefix, errors_of(refused.reason)) from refused
    except (RuleViolation, ValidationError) as reason:
        raise Refusal(prefix, errors_of(reason)) from reason


def _show_refusal(request: HttpRequest, formset: Any, refusal: Refusal) -> None:
    """On its row, and above all tabs; a row that was to be deleted is drawn without errors, so its table says it."""
    if not refusal.prefix.startswith(f"{formset.prefix}-"):
        return
    texts = [text for messages_ in refusal.errors.values() for text in messages_]
    messages.error(request, " ".join(texts))
    form = next((form for form in formset.forms if form.prefix == refusal.prefix), None)
    if form is None or f"{form.prefix}-DELETE" in request.POST:
        formset.clean = partial(_raise, ValidationError(texts))
    else:
        form.refusal = refusal.errors


def _raise(error: Exception) -> None:
    raise error


def _clash(error: Exception) -> Refusal:
    """For a constraint nobody explained, or a lock somebody else holds: true, and the cure is to look again."""
    cause = error.__cause__
    if isinstance(error, OperationalError) and getattr(cause, "sqlstate", None) not in BUSY:
        raise error
    return Refusal("", {None: [_("Somebody else changed this at the same moment. Look at it again, then save.")]})
