"""Lightning blocks: how a session is cut into slots, and the running order of its talks."""

import datetime as dt
import zoneinfo
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.admin import HistoryMixin, NonrelatedTabularInline, OpenInlineMixin, RowForm, RowsMixin, display
from core.changes import RowChange, naming_the_row
from events.admin.events import EventAdmin
from events.admin.programme import PeopleField, PeopleForm
from events.admin.scoping import ChoicesInScope, GroupFilter, Rows, ScopedAdmin
from events.admin.words import WhenFilter, local_time
from events.models import Event, Session
from lightning.admin.block_words import warnings_of, ways_of
from lightning.admin.calls import CallInline, DrawMixin, OfferInline
from lightning.models import Block, Talk, TalkSpeaker
from lightning.selectors.dashboard import with_fill
from lightning.services.lineup import change_lineup, create_block, delete_block, revise_block


class TalkForm(PeopleForm):
    """One row of the running order; where it comes is worked out for all rows together."""

    parts = "talk_speakers"
    people = PeopleField(Talk)

    def _get_validation_exclusions(self) -> set[str]:
        """Two talks may claim one place while rows are dragged about."""
        return {*super()._get_validation_exclusions(), "position"}  # type: ignore[misc]


class TalkInline(Rows):
    """The running order: drag to sort; who has no slot comes last."""

    model = Talk
    form = TalkForm
    fields = ("title", "people", "state", "planned", "details", "position")
    readonly_fields = ("planned", "details")
    ordering_field = "position"
    hide_ordering_field = True
    hide_title = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With speakers; a constant number of queries."""
        parts = TalkSpeaker.objects.select_related("speaker").order_by("position", "id")
        rows = super().get_queryset(request).select_related("block__session__event")
        return rows.prefetch_related(Prefetch("talk_speakers", queryset=parts))

    @display(description=_("planned for"))
    def planned(self, talk: Talk) -> str:
        """“3. 19:12”: its place, counted from one, and its time by the event's clock."""
        if talk.position is None or not talk.pk:
            return "–"
        session = talk.block.session
        if session.starts_at is None:
            return f"{talk.position + 1}."
        starts_at = talk.block.times.planned_start(session.starts_at, talk.position)
        return f"{talk.position + 1}. {starts_at.astimezone(session.event.zone):%H:%M}"

    @display(description=_("more"))
    def details(self, talk: Talk) -> str:
        """Notes, topics, links and affiliations have a page of their own."""
        if not talk.pk:
            return ""
        address = reverse("admin:lightning_talk_change", args=[talk.pk])
        label = gettext("Details of %(talk)s") % {"talk": talk}
        return format_html('<a href="{}" aria-label="{}" class="text-link">{}</a>', address, label, gettext("Details"))

    def save_rows(self, request: HttpRequest, parent: Block, changes: list[RowChange], now: dt.datetime) -> None:
        change_lineup(block=parent, changes=changes, now=now)


class BlockForm(RowForm):
    """A block is cut out of a session of kind lightning that has none yet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields.get("session")
        if field and self.instance.pk:
            field.disabled = True
            field.choices = [(self.instance.session_id, str(self.instance.session))]
        elif field:
            field.queryset = field.queryset.filter(kind=Session.Kind.LIGHTNING, block=None)


class BlockWhenFilter(WhenFilter):
    """By the event of its session."""

    event_path = "session__event__"


class BlockGroupFilter(GroupFilter):
    """By the group of its session's event."""

    group_path = "session__event__group"


@admin.register(Block)
class BlockAdmin(DrawMixin, HistoryMixin, ScopedAdmin):
    """One lightning round."""

    group_path = "session__event__group"
    form = BlockForm
    inlines = (TalkInline, CallInline, OfferInline)
    list_display = ("session", "event", "starts", "fill_")
    list_filter = (BlockWhenFilter, BlockGroupFilter)
    list_select_related = ("session__event__group", "session__room", "call")
    search_fields = ("session__title", "session__event__title")
    ordering = ("-session__event__starts_at", "-session__starts_at", "id")
    empty_value_display = "–"
    fields = ("session", ("talk_minutes", "question_minutes", "changeover_minutes"), "fill_")
    readonly_fields = ("fill_",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what the list counts."""
        return with_fill(super().get_queryset(request))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A block stays with its session."""
        return ("session", "fill_", "ways", "warnings") if obj else ("fill_",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What is there already can be arranged."""
        return (*self.fields, "ways", "warnings") if obj else self.fields

    def zone_for(self, request: HttpRequest, object_id: str | None) -> zoneinfo.ZoneInfo | None:
        """The event's."""
        block = self.get_object(request, unquote(object_id)) if object_id else None
        return block.session.event.zone if block else None

    @display(description=_("event"), ordering="session__event__title")
    def event(self, block: Block) -> Event:
        """Whose programme it is in."""
        return block.session.event

    @display(description=_("starts"), ordering="session__starts_at")
    def starts(self, block: Block) -> str | None:
        """By the event's own clock."""
        return local_time(block.session.starts_at, block.session.event.zone)

    @display(description=_("talks"))
    def fill_(self, block: Any) -> str:
        """Against the slots."""
        return fill_of(block) if block.pk else "–"

    @display(description=_("arrange"))
    def ways(self, block: Block) -> str:
        """The pages outside the admin."""
        return ways_of(block)

    @display(description=_("worth a look"))
    def warnings(self, block: Any) -> str:
        """They stand in the way of nothing; a page asks three times."""
        if not hasattr(block, "warnings_shown"):
            block.warnings_shown = warnings_of(block, timezone.now())
        return block.warnings_shown

    def create_row(self, request: HttpRequest, values: dict[str, Any], now: dt.datetime) -> Block:
        return create_block(**values)

    def revise_row(self, request: HttpRequest, row: Block, values: dict[str, Any], now: dt.datetime) -> Block:
        return revise_block(block=row, now=now, **values)

    def remove_row(self, request: HttpRequest, row: Block, now: dt.datetime) -> None:
        delete_block(block=row)


class BlockInline(ChoicesInScope, OpenInlineMixin, RowsMixin, NonrelatedTabularInline):
    """The lightning rounds of an event, as a tab of its page."""

    model = Block
    form = BlockForm
    tab = True
    verbose_name_plural = _("lightning rounds")
    fields = ("session", "talk_minutes", "question_minutes", "changeover_minutes", "fill_", "details")
    readonly_fields = ("fill_", "details")
    hide_title = True
    saving_order = 40

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Only this event's sessions can be chosen; who changes just the session of a block has a page for it."""
        formset = super().get_formset(request, obj, **kwargs)
        field = formset.form.base_fields.get("session")
        if field:
            field.queryset = Session.objects.filter(event=obj) if obj else Session.objects.none()
            field.widget = getattr(field.widget, "widget", field.widget)
        return formset

    def get_form_queryset(self, obj: Event) -> QuerySet[Any]:
        blocks = with_fill(Block.objects.filter(session__event=obj)).select_related("session__event")
        return blocks.order_by("session__starts_at", "id")

    def save_new_instance(self, parent: Event, instance: Block) -> None:
        """Nothing: the service makes it."""

    def fill_(self, block: Any) -> str:
        return fill_of(block) if block.pk else "–"

    fill_.short_description = _("talks")  # type: ignore[attr-defined]

    @display(description=_("more"))
    def details(self, block: Block) -> str:
        """The running order has a page of its own."""
        if not block.pk:
            return ""
        address = reverse("admin:lightning_block_change", args=[block.pk])
        lineup = reverse("lineup", args=[block.session.event.slug, block.pk])
        link = '<a href="{}" class="text-link">{}</a> · <a href="{}" class="text-link">{}</a>'
        return format_html(link, address, gettext("Running order"), lineup, gettext("Line-up"))

    def save_rows(self, request: HttpRequest, parent: Event, changes: list[RowChange], now: dt.datetime) -> None:
        for change in changes:
            with naming_the_row(change):
                self._save(change, now)

    def _save(self, change: RowChange, now: dt.datetime) -> None:
        if isinstance(change.row, Block):
            if change.values is None:
                delete_block(block=change.row)
            else:
                revise_block(block=change.row, now=now, **change.values)
        elif change.values:
            create_block(**change.values)


EventAdmin.inlines.insert(1, BlockInline)  # the event's page is built below, where nobody knows of lightning rounds


def fill_of(block: Any) -> str:
    """“18 of 20 slots, 3 waiting”."""
    if block.slots is None:
        text = gettext("%(placed)d talks") % {"placed": block.placed}
    else:
        text = gettext("%(placed)d of %(slots)d slots") % {"placed": block.placed, "slots": block.slots}
    return f"{text}, {gettext('%d waiting') % block.waiting}" if block.waiting else text
