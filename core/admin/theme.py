"""The admin's base classes and fields: the only module that names the theme, so that it can be swapped."""

import datetime as dt
import zoneinfo
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin as ThemedModelAdmin
from unfold.admin import StackedInline as ThemedStackedInline
from unfold.admin import TabularInline as ThemedTabularInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter, RelatedDropdownFilter
from unfold.contrib.inlines.admin import NonrelatedTabularInline as ThemedNonrelatedTabularInline
from unfold.decorators import action as page_action
from unfold.decorators import display
from unfold.enums import ActionVariant
from unfold.widgets import (
    DATETIME_CLASSES,
    UnfoldAdminEmailInputWidget,
    UnfoldAdminExpandableTextareaWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelect2Widget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

__all__ = [
    "ActionVariant",
    "ChoicesDropdownFilter",
    "DropdownFilter",
    "EmailWidget",
    "InstantField",
    "LinesField",
    "ManyAutocompleteWidget",
    "ModelAdmin",
    "NonrelatedTabularInline",
    "NumberWidget",
    "OneAutocompleteWidget",
    "OpenInlineMixin",
    "RelatedDropdownFilter",
    "SearchableSelectWidget",
    "SelectWidget",
    "StackedInline",
    "TabularInline",
    "TextWidget",
    "TextareaWidget",
    "TickWidget",
    "display",
    "grouped",
    "page_action",
    "zone_choices",
]

EmailWidget = UnfoldAdminEmailInputWidget
SelectWidget = UnfoldAdminSelectWidget
NumberWidget = UnfoldAdminIntegerFieldWidget
TextareaWidget = UnfoldAdminTextareaWidget
TextWidget = UnfoldAdminTextInputWidget
TickWidget = UnfoldBooleanWidget
SearchableSelectWidget = UnfoldAdminSelect2Widget
EARLIEST = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)
LATEST = dt.datetime(2200, 1, 1, tzinfo=dt.UTC)


Overrides = dict[Any, dict[str, Any]]


class InstantWidget(forms.DateTimeInput):
    """The browser's own picker for date and time: one control, also on phones; nothing about the visitor's zone."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": " ".join([*DATETIME_CLASSES, "max-w-2xl"]), **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        """Minutes; seconds only where there are any, so that saving a form loses none."""
        if not isinstance(value, dt.datetime):
            return value or None
        return value.isoformat(timespec="seconds" if value.second else "minutes")


class InstantField(forms.DateTimeField):
    """An instant on the wall clock of the active time zone, which its help text names."""

    widget = InstantWidget

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.help_text = self.help_text or _("Time in %(zone)s.") % {"zone": timezone.get_current_timezone_name()}

    def clean(self, value: Any) -> dt.datetime | None:
        """Also refuses what no calendar could be drawn for."""
        try:
            instant: dt.datetime | None = super().clean(value)
            if instant is None or EARLIEST <= instant < LATEST:
                return instant
        except OverflowError:
            pass
        raise forms.ValidationError(_("Choose a year between 1900 and 2199."), code="year")


class LinesField(forms.CharField):
    """A list of texts, one to a line."""

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        kwargs.setdefault("widget", UnfoldAdminTextareaWidget(attrs={"rows": 4}))
        super().__init__(**kwargs)
        self.longest_line = max_length

    def prepare_value(self, value: Any) -> Any:
        """The list as it is shown."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """The lines that say something."""
        return [line.strip() for line in (super().to_python(value) or "").splitlines() if line.strip()]

    def validate(self, value: Any) -> None:
        """Each line on its own."""
        super().validate(value)
        if any(len(line) > self.longest_line for line in value):
            message = _("Keep each line below %(count)d characters.")
            raise forms.ValidationError(message, code="max_length", params={"count": self.longest_line})

    def has_changed(self, initial: Any, data: Any) -> bool:
        """By content, not by white space."""
        return bool((initial or []) != self.to_python(data))


class _Suggestions:
    """What both autocomplete widgets share: only keys that are numbers are looked up, whatever was posted."""

    labels: Mapping[str, str] = {}  # key to text, which spares a query a form for what is chosen already

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> list[Any]:
        """The chosen ones only; the others come by typing."""
        chosen = [str(one) for one in value if str(one).isdecimal()]
        if not chosen or not set(chosen) <= self.labels.keys():
            return super().optgroups(name, chosen, attr)  # type: ignore[misc]
        make: Any = self
        options = [
            make.create_option(name, key, self.labels[key], selected=True, index=i) for i, key in enumerate(chosen)
        ]
        return [(None, options, 0)]


class OneAutocompleteWidget(_Suggestions, AutocompleteSelect):
    """One of many, found by typing."""


class ManyAutocompleteWidget(_Suggestions, AutocompleteSelectMultiple):
    """Several of many, found by typing."""


def zone_choices() -> list[tuple[str, str]]:
    """Every IANA time zone, for a SearchableSelectWidget."""
    return [("", ""), *((name, name) for name in sorted(zoneinfo.available_timezones()))]


class OpenInlineMixin:
    """Whoever may change the page may change the rows in it."""

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return True

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return True

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return True


class ModelAdmin(ThemedModelAdmin):
    """One page for one model."""

    warn_unsaved_form = True
    compressed_fields = True
    list_per_page = 50
    list_filter_submit = True
    formfield_overrides: ClassVar[Overrides] = {
        ArrayField: {"widget": UnfoldAdminTextInputWidget},
        models.DateTimeField: {"form_class": InstantField, "widget": InstantWidget},
    }


class TabularInline(ThemedTabularInline):
    """Rows inside another model's page."""

    extra = 0
    formfield_overrides: ClassVar[Overrides] = {
        **ThemedTabularInline.formfield_overrides,
        models.DateTimeField: {"form_class": InstantField, "widget": InstantWidget},
        models.TextField: {"widget": UnfoldAdminExpandableTextareaWidget},
    }


class StackedInline(ThemedStackedInline):
    """Blocks inside another model's page."""

    extra = 0
    formfield_overrides: ClassVar[Overrides] = {
        **ThemedStackedInline.formfield_overrides,
        models.DateTimeField: {"form_class": InstantField, "widget": InstantWidget},
    }


class NonrelatedTabularInline(ThemedNonrelatedTabularInline):
    """Rows inside the page of a model they do not point to."""

    extra = 0


def grouped(choices: Iterable[tuple[str, tuple[Any, str]]]) -> list[tuple[str, list[tuple[Any, str]]]]:
    """Choices under headings, in the order they come: (heading, (value, label))."""
    groups: dict[str, list[tuple[Any, str]]] = {}
    for heading, choice in choices:
        groups.setdefault(heading, []).append(choice)
    return list(groups.items())
