"""One lightning talk with all that the running order has no space for."""

import datetime as dt
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from core.admin import ChoicesDropdownFilter, HistoryMixin, RowForm, display
from core.changes import RowChange
from events.admin.rows import appended
from events.admin.scoping import GroupFilter, Rows, ScopedAdmin
from events.admin.words import WhenFilter, local_time
from events.models import Event
from lightning.models import Talk, TalkResource, TalkSpeaker
from lightning.selectors.audience import applause_count
from lightning.services.lineup import add_talk, change_talk_rows, delete_talk, revise_talk


class TalkRows(Rows):
    """Rows of a talk that are shown in an order of their own."""

    tab = True
    ordering_field = "position"
    hide_ordering_field = True

    def save_rows(self, request: HttpRequest, parent: Talk, changes: list[RowChange], now: dt.datetime) -> None:
        taken = self.model.objects.filter(talk=parent).values_list("position", flat=True)
        change_talk_rows(talk=parent, model=self.model, changes=appended(changes, taken), now=now)


class TalkSpeakerInline(TalkRows):
    """Who gives it, and from where."""

    model = TalkSpeaker
    fields = ("speaker", "affiliation", "position")
    autocomplete_fields = ("speaker",)


class TalkResourceInline(TalkRows):
    """Slides, video, code."""

    model = TalkResource
    fields = ("kind", "title", "url", "position")


class TalkWhenFilter(WhenFilter):
    """By the event of its block."""

    event_path = "block__session__event__"


class TalkGroupFilter(GroupFilter):
    """By the group of its block's event."""

    group_path = "block__session__event__group"


@admin.register(Talk)
class TalkAdmin(HistoryMixin, ScopedAdmin):
    """Five minutes of somebody's."""

    group_path = "block__session__event__group"
    form = RowForm
    inlines = (TalkSpeakerInline, TalkResourceInline)
    list_display = ("__str__", "speakers_", "event", "state", "place")
    list_filter = (("state", ChoicesDropdownFilter), TalkWhenFilter, TalkGroupFilter, "is_first_talk")
    list_select_related = ("block__session__event__group",)
    search_fields = ("title", "notes", "talk_speakers__speaker__name", "block__session__event__title")
    ordering = ("-block__session__event__starts_at", "block", "position", "id")
    empty_value_display = "–"
    autocomplete_fields = ("block", "topics")
    fieldsets = (
        (None, {"fields": (("block", "place"), ("title", "state"), "notes", "topics", ("language", "is_first_talk"))}),
        (_("Slides and audience"), {"fields": ("deck_", "applause_", "told_"), "classes": ("tab",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With speakers; one query more."""
        return super().get_queryset(request).prefetch_related("talk_speakers__speaker")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A talk stays in its block; its place is changed where the others can be seen."""
        read = ("place", "deck_", "applause_", "told_")
        return ("block", *read) if obj else read

    @display(description=_("speakers"))
    def speakers_(self, talk: Talk) -> str:
        """By name."""
        return ", ".join(part.speaker.name for part in talk.talk_speakers.all()) or self.get_empty_value_display()

    @display(description=_("event"), ordering="block__session__event__title")
    def event(self, talk: Talk) -> Event:
        """Whose programme it is in."""
        return talk.block.session.event

    @display(description=pgettext_lazy("in the running order", "place"), ordering="position")
    def place(self, talk: Talk) -> str | None:
        """In the running order, counted from one."""
        return None if talk.position is None else f"{talk.position + 1}."

    @display(description=_("slides"))
    def deck_(self, talk: Talk) -> str | None:
        """What was uploaded; organisers may look before everybody may."""
        deck = getattr(talk, "deck", None) if talk.pk else None
        if deck is None:
            return None
        pages = ngettext("%d page", "%d pages", deck.pages) % deck.pages
        words = f"{deck.get_kind_display()}, {pages}, {filesizeformat(deck.size)}"
        return format_html('<a href="{}" class="text-link">{}</a>', reverse("deck", args=[talk.code]), words)

    @display(description=_("applause"))
    def applause_(self, talk: Talk) -> int | None:
        """How many people."""
        return applause_count(talk) if talk.pk else None

    @display(description=_("told"))
    def told_(self, talk: Talk) -> str | None:
        """The last that the speakers heard of, and when."""
        if not talk.told_state:
            return None
        when = local_time(talk.told_at, talk.block.session.event.zone)
        return ", ".join(filter(None, (str(Talk.State(talk.told_state).label), when)))

    def create_row(self, request: HttpRequest, values: dict[str, Any], now: dt.datetime) -> Talk:
        return add_talk(now=now, **values)

    def revise_row(self, request: HttpRequest, row: Talk, values: dict[str, Any], now: dt.datetime) -> Talk:
        return revise_talk(talk=row, now=now, **values)

    def remove_row(self, request: HttpRequest, row: Talk, now: dt.datetime) -> None:
        delete_talk(talk=row)
