"""The pages of speakers and topics, but for who may open them.

Rights follow from groups, which this floor does not know: events and lightning, above, register these pages.
"""

import datetime as dt
from typing import Any, ClassVar

from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.admin import (
    HistoryMixin,
    ModelAdmin,
    OpenInlineMixin,
    RowsMixin,
    ServiceMixin,
    SluggedForm,
    TabularInline,
    display,
)
from core.changes import RowChange
from speakers.models import Affiliation, Speaker, SpeakerLink, Topic
from speakers.services import (
    change_speaker_rows,
    create_speaker,
    create_topic,
    delete_speaker,
    delete_topic,
    revise_speaker,
    revise_topic,
)

PRIVATE = ("email", "user")


class SpeakerRows(OpenInlineMixin, RowsMixin, TabularInline):
    """Rows of a profile."""

    tab = True

    def save_rows(self, request: HttpRequest, parent: Speaker, changes: list[RowChange], now: dt.datetime) -> None:
        change_speaker_rows(speaker=parent, model=self.model, changes=changes)


class AffiliationInline(SpeakerRows):
    """Where they work or study, and since when."""

    model = Affiliation
    fields = ("organisation", "role", "since_date", "until_date")


class SpeakerLinkInline(SpeakerRows):
    """Their public addresses."""

    model = SpeakerLink
    fields = ("title", "url", "position")


class SpeakerPage(HistoryMixin, ServiceMixin, ModelAdmin):
    """A person on stage. The email is shown to those alone who may change the profile, and so is its history."""

    form = SluggedForm
    inlines = (AffiliationInline, SpeakerLinkInline)
    list_display = ("name", "tagline", "town", "appearances", "is_claimed", "is_listed")
    list_filter = ("is_listed", "takes_remote")
    search_fields = ("name", "slug", "tagline", "town", "affiliations__organisation")
    ordering = ("name", "id")
    autocomplete_fields: ClassVar[Any] = ("topics", "user")
    prepopulated_fields = {"slug": ("name",)}
    empty_value_display = "–"
    fieldsets: ClassVar[Any] = (
        (None, {"fields": (("name", "slug"), "tagline", "biography", "photo", "topics")}),
        (_("Directory"), {"fields": ("town", "languages", "takes_remote", "is_listed"), "classes": ("tab",)}),
        (_("Private"), {"fields": PRIVATE, "classes": ("tab",)}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Without what is private, for those who may only look."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        return [one for one in fieldsets if one[1]["fields"] != PRIVATE]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Who a profile belongs to is decided by claiming it; a superuser may help."""
        return () if request.user.is_superuser else ("user",)

    def may_see_history(self, request: HttpRequest, row: Any) -> bool:
        return self.has_change_permission(request, row)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what the list counts."""
        sessions = Count("session_speakers", distinct=True)
        return super().get_queryset(request).annotate(appearances=sessions + Count("talk_speakers", distinct=True))

    @display(description=_("appearances"), ordering="appearances")
    def appearances(self, speaker: Any) -> int:
        """In programmes and lightning rounds."""
        return speaker.appearances

    @display(description=_("claimed"), boolean=True)
    def is_claimed(self, speaker: Speaker) -> bool:
        """Whether somebody signs in as them."""
        return speaker.user_id is not None

    def create_row(self, request: HttpRequest, values: dict[str, Any], now: dt.datetime) -> Speaker:
        return create_speaker(**values)

    def revise_row(self, request: HttpRequest, row: Speaker, values: dict[str, Any], now: dt.datetime) -> Speaker:
        return revise_speaker(speaker=row, **values)

    def remove_row(self, request: HttpRequest, row: Speaker, now: dt.datetime) -> None:
        delete_speaker(speaker=row)


class TopicPage(ServiceMixin, ModelAdmin):
    """A node of the shared vocabulary."""

    form = SluggedForm
    list_display = ("name", "parent", "slug")
    list_select_related = ("parent",)
    search_fields = ("name", "slug")
    autocomplete_fields = ("parent",)
    prepopulated_fields = {"slug": ("name",)}
    empty_value_display = "–"
    fields = ("name", "slug", "parent", "description")

    def create_row(self, request: HttpRequest, values: dict[str, Any], now: dt.datetime) -> Topic:
        return create_topic(**values)

    def revise_row(self, request: HttpRequest, row: Topic, values: dict[str, Any], now: dt.datetime) -> Topic:
        return revise_topic(topic=row, **values)

    def remove_row(self, request: HttpRequest, row: Topic, now: dt.datetime) -> None:
        delete_topic(topic=row)
