"""The shared vocabulary: organisers see it and add to it, superusers keep it in order."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from events.admin.scoping import SharedAdmin, scope_of
from speakers.admin import TopicPage
from speakers.models import Topic


@admin.register(Topic)
class TopicAdmin(TopicPage, SharedAdmin):
    """One topic."""

    def may_change(self, request: Any, row: Topic) -> bool:
        """A topic is everybody's, so no organiser's alone."""
        return scope_of(request).everything

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return scope_of(request).everything
