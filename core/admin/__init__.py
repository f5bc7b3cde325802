"""What every admin page is made of: the theme's classes, fields, access, and saving through services."""

from core.admin.access import SuperusersOnly
from core.admin.forms import RowForm, SluggedForm
from core.admin.history import HistoryMixin
from core.admin.saving import RowsMixin, ServiceMixin
from core.admin.theme import (
    ActionVariant,
    ChoicesDropdownFilter,
    DropdownFilter,
    EmailWidget,
    InstantField,
    LinesField,
    ManyAutocompleteWidget,
    ModelAdmin,
    NonrelatedTabularInline,
    OneAutocompleteWidget,
    OpenInlineMixin,
    RelatedDropdownFilter,
    SearchableSelectWidget,
    SelectWidget,
    StackedInline,
    TabularInline,
    display,
    grouped,
    page_action,
    zone_choices,
)

__all__ = [
    "ActionVariant",
    "ChoicesDropdownFilter",
    "DropdownFilter",
    "EmailWidget",
    "HistoryMixin",
    "InstantField",
    "LinesField",
    "ManyAutocompleteWidget",
    "ModelAdmin",
    "NonrelatedTabularInline",
    "OneAutocompleteWidget",
    "OpenInlineMixin",
    "RelatedDropdownFilter",
    "RowForm",
    "RowsMixin",
    "SearchableSelectWidget",
    "SelectWidget",
    "ServiceMixin",
    "SluggedForm",
    "StackedInline",
    "SuperusersOnly",
    "TabularInline",
    "display",
    "grouped",
    "page_action",
    "zone_choices",
]
