"""Who changed what and when: read-only, and only of what the reader may see today."""

from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from simple_history.admin import SimpleHistoryAdmin


class HistoryMixin(SimpleHistoryAdmin):
    """The history of a row, by the rights to the row as it is now: a past version may have belonged to others."""

    def may_see_history(self, request: HttpRequest, row: Any) -> bool:
        """Whether this person may read it."""
        return self.has_view_permission(request, row)

    def has_view_history_or_change_history_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Asked about the past version; the row as it is now was asked about before."""
        return True

    def has_change_history_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The past is not changed; going back is a change like any other, made in the form."""
        return False

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """All versions."""
        self._row_or_404(request, object_id)
        context = {} if request.user.is_superuser else {"admin_user_view": "no-link"}
        return super().history_view(request, object_id, context | (extra_context or {}))

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """One version, to look at."""
        self._row_or_404(request, object_id)
        if request.method not in ("GET", "HEAD") or not version_id.isdecimal():
            raise PermissionDenied
        return super().history_form_view(request, object_id, version_id, extra_context)

    def _row_or_404(self, request: HttpRequest, object_id: str) -> None:
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if not self.may_see_history(request, row):
            raise PermissionDenied
