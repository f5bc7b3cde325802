"""What services wrote, to be read: nobody types anything in."""

from typing import Any

from django.http import HttpRequest

from core.admin.theme import TabularInline


class ReadOnly:
    """Mixed into a ModelAdmin or rows of one; who may look is for them to say."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyRows(ReadOnly, TabularInline):
    """A table on a page; whoever sees the page sees it."""

    can_delete = False
    hide_title = True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True
