"""What happened in rounds, to be read: the stage with its commands, draws that were held, words that speakers share."""

import datetime as dt
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.admin import ReadOnly, ReadOnlyRows, display
from events.admin.scoping import GroupFilter, ScopedAdmin
from events.admin.words import local_time
from events.models import Event
from lightning.models import Block, Draw, Feedback, Stage, StageLog


class RoundGroupFilter(GroupFilter):
    """By the group of the round's event."""

    group_path = "block__session__event__group"


class OfRound(ReadOnly, ScopedAdmin):
    """A list and pages about rounds of the groups somebody organises."""

    group_path = "block__session__event__group"
    list_filter: Any = (RoundGroupFilter,)
    empty_value_display = "–"

    @display(description=_("event"))
    def event(self, row: Any) -> Event:
        """Whose programme it is in."""
        return row.block.session.event

    def local(self, block: Block, instant: dt.datetime | None) -> str | None:
        """By the event's clock."""
        return local_time(instant, block.session.event.zone)


class StageLogInline(ReadOnlyRows):
    """Every command that was carried out, the latest last."""

    model = StageLog
    verbose_name_plural = _("commands")
    fields = ("version", "when", "command", "talk", "who", "is_undone")
    readonly_fields = ("when", "who")

    def get_queryset(self, request: HttpRequest) -> QuerySet[StageLog]:
        rows = super().get_queryset(request)
        return rows.select_related("talk", "by", "link", "stage__block__session__event").order_by("version")

    @display(description=_("when"))
    def when(self, row: StageLog) -> str:
        """To the second, by the event's clock."""
        return f"{row.at.astimezone(row.stage.block.session.event.zone):%Y-%m-%d %H:%M:%S}"

    @display(description=_("by"))
    def who(self, row: StageLog) -> str:
        """A person, or whom the stage link was made for."""
        return str(row.by or row.link or "–")


@admin.register(Stage)
class StageAdmin(OfRound):
    """Where a round stands; it is commanded from the remote."""

    inlines = (StageLogInline,)
    list_display = ("block", "event", "state", "talk", "changed")
    list_select_related = ("block__session__event__group", "talk")
    search_fields = ("block__session__title", "block__session__event__title")
    ordering = ("-changed_at", "-id")
    fields = ("block", "event", ("state", "talk"), ("version", "changed"))
    readonly_fields = ("event", "changed")

    @display(description=_("changed"), ordering="changed_at")
    def changed(self, stage: Stage) -> str | None:
        """By the last command."""
        return self.local(stage.block, stage.changed_at)


@admin.register(Draw)
class DrawAdmin(OfRound):
    """A draw that was held; anybody can hold it again."""

    list_display = ("block", "event", "drawn", "drawn_by", "slots")
    list_select_related = ("block__session__event__group", "drawn_by")
    search_fields = ("block__session__title", "block__session__event__title")
    fields = (
        "block",
        "event",
        ("drawn", "drawn_by"),
        ("slots", "first_timer_slots", "most_per_organisation"),
        "seed",
        "result_",
        "page",
    )
    readonly_fields = ("event", "drawn", "result_", "page")

    @display(description=_("drawn"), ordering="drawn_at")
    def drawn(self, draw: Draw) -> str | None:
        """When."""
        return self.local(draw.block, draw.drawn_at)

    @display(description=_("result"))
    def result_(self, draw: Draw) -> str:
        """In figures."""
        values = {"entries": len(draw.entries), "won": min(draw.slots, len(draw.result))}
        return gettext("%(entries)d talks in the draw, %(won)d slots given at most") % values

    @display(description=_("public page"))
    def page(self, draw: Draw) -> str:
        """With all that it takes to hold it again."""
        address = reverse("draw", args=[draw.block.session.event.slug, draw.block_id])
        return format_html('<a href="{}" class="text-link">{}</a>', address, address)


class FeedbackGroupFilter(GroupFilter):
    """By the group of the talk's event."""

    group_path = "talk__block__session__event__group"


@admin.register(Feedback)
class FeedbackAdmin(ReadOnly, ScopedAdmin):
    """Words that speakers share. All others are between them and who wrote."""

    group_path = "talk__block__session__event__group"
    list_display = ("talk", "event", "name", "text", "given")
    list_filter = (FeedbackGroupFilter,)
    list_select_related = ("talk__block__session__event__group",)
    search_fields = ("text", "talk__title", "talk__talk_speakers__speaker__name")
    ordering = ("-given_at", "-id")
    empty_value_display = "–"
    fields = ("talk", "event", "name", "text", "given")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(shared_at__isnull=False)

    @display(description=_("event"))
    def event(self, feedback: Feedback) -> Event:
        """Whose programme the talk was in."""
        return feedback.talk.block.session.event

    @display(description=_("given"), ordering="given_at")
    def given(self, feedback: Feedback) -> str | None:
        """By the event's clock."""
        return local_time(feedback.given_at, feedback.talk.block.session.event.zone)
