"""The admin's base classes: the only place that names the theme, so that it can be swapped."""

from unfold.admin import ModelAdmin as ThemedModelAdmin
from unfold.admin import StackedInline as ThemedStackedInline
from unfold.admin import TabularInline as ThemedTabularInline


class ModelAdmin(ThemedModelAdmin):
    """One page for one model."""

    warn_unsaved_form = True
    compressed_fields = True
    list_per_page = 50


class TabularInline(ThemedTabularInline):
    """Rows inside another model's page."""

    extra = 0


class StackedInline(ThemedStackedInline):
    """Blocks inside another model's page."""

    extra = 0
