"""The call of a round on the page of its block: window and policy, the offers that were made, and the draw."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.admin import (
    ActionVariant,
    NonrelatedTabularInline,
    NumberWidget,
    ReadOnly,
    RowForm,
    RowsMixin,
    display,
    page_action,
)
from core.changes import RowChange, naming_the_row
from core.errors import RuleViolation
from core.time_words import moment
from events.admin.scoping import Blocks
from events.admin.words import local_time
from lightning.draw import digest_of
from lightning.models import Block, Call, SlotOffer, Talk
from lightning.selectors.calls import draw_of, times_of, window_of
from lightning.services.calls import create_call, delete_call, revise_call
from lightning.services.drawing import hold_draw

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
LONGEST = 3650


class CallForm(RowForm):
    """People think of windows in days and hours."""

    extra_values = {"opens_days": "opens_before", "closes_hours": "closes_before"}

    opens_days = forms.DecimalField(
        label=_("Opens, days before the round"),
        required=False,
        min_value=0,
        max_value=LONGEST,
        max_digits=8,
        decimal_places=2,
        widget=NumberWidget(attrs={"step": "any"}),
        help_text=_("Empty: as soon as the event is public."),
    )
    closes_hours = forms.DecimalField(
        label=_("Closes, hours before the round"),
        min_value=0,
        max_value=24 * LONGEST,
        max_digits=8,
        decimal_places=2,
        initial=2,
        widget=NumberWidget(attrs={"step": "any"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            opens, closes = self.instance.opens_before, self.instance.closes_before
            self.initial["opens_days"] = None if opens is None else round(opens / DAY, 2)
            self.initial["closes_hours"] = round(closes / HOUR, 2)

    def has_changed(self) -> bool:
        """Somebody who adds a call and changes nothing wants just what is proposed."""
        return bool(self.instance._state.adding or super().has_changed())

    def service_values(self) -> dict[str, Any]:
        """Lengths of time."""
        values = super().service_values()
        if values.get("opens_before") is not None:
            values["opens_before"] = DAY * float(values["opens_before"])
        if "closes_before" in values:
            values["closes_before"] = HOUR * float(values["closes_before"])
        return values

    def _value(self, name: str) -> Any:
        return self.cleaned_data[name] if name in self.extra_values else super()._value(name)


class CallInline(Blocks):
    """When talks may be proposed, and who gets a slot."""

    model = Call
    form = CallForm
    tab = True
    verbose_name = verbose_name_plural = _("call for talks")
    saving_order = 20
    readonly_fields = ("standing", "seal")
    fields = (
        "standing",
        "policy",
        ("opens_days", "closes_hours"),
        "is_open_on_the_night",
        ("first_timer_percent", "most_per_organisation"),
        "seal",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what the window depends on."""
        return super().get_queryset(request).select_related("block__session__event")

    @display(description=_("now"))
    def standing(self, call: Call) -> str:
        """Open until when, or closed until when."""
        if not call.pk:
            return "–"
        found, zone = window_of(call, now=timezone.now()), call.block.session.event.time_zone
        until = moment(found.changes_at, zone) if found.changes_at else ""
        address = reverse("propose", args=[call.block.session.event.slug])
        if found.is_open:
            words = gettext("Open until %(moment)s.") % {"moment": until}
        else:
            words = gettext("Closed; opens %(moment)s.") % {"moment": until} if until else gettext("Closed.")
        return format_html('{} <a href="{}" class="text-link">{}</a>', words, address, gettext("Form"))

    @display(description=_("draw"))
    def seal(self, call: Call) -> str:
        """The public page, and what it shows from the first day."""
        if not call.pk or call.policy != Call.Policy.DRAW:
            return "–"
        address = reverse("draw", args=[call.block.session.event.slug, call.block_id])
        words = gettext("SHA-256 of the seed: %(digest)s…") % {"digest": digest_of(call.seed)[:16]}
        return format_html('{} <a href="{}" class="text-link">{}</a>', words, address, gettext("Public page"))

    def save_rows(self, request: HttpRequest, parent: Block, changes: list[RowChange], now: dt.datetime) -> None:
        for change in changes:
            with naming_the_row(change):
                if not isinstance(change.row, Call):
                    create_call(block=parent, **(change.values or {}))
                elif change.values is None:
                    delete_call(call=change.row)
                else:
                    revise_call(call=change.row, **change.values)


class OfferInline(ReadOnly, RowsMixin, NonrelatedTabularInline):
    """Slots that were held for who stands by: to be read."""

    model = SlotOffer
    tab = True
    can_delete = False
    hide_title = True
    verbose_name_plural = _("offers to stand-by")
    fields = ("talk", "state", "offered", "expires")
    readonly_fields = ("talk", "state", "offered", "expires")

    def get_form_queryset(self, obj: Block) -> QuerySet[SlotOffer]:
        """The latest first."""
        return SlotOffer.objects.filter(talk__block=obj).select_related("talk__block__session__event")

    def save_new_instance(self, parent: Block, instance: SlotOffer) -> None:
        """Nothing: the queue makes them."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    @display(description=_("offered"))
    def offered(self, offer: SlotOffer) -> str | None:
        """By the event's clock."""
        return local_time(offer.offered_at, offer.talk.block.session.event.zone)

    @display(description=_("expires"))
    def expires(self, offer: SlotOffer) -> str | None:
        """By the event's clock."""
        return local_time(offer.expires_at, offer.talk.block.session.event.zone)


class DrawMixin:
    """For the block's ModelAdmin: the button that holds the draw, and the page that asks first."""

    actions_detail = ("hold_draw",)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Where slots are drawn, until they were."""
        actions = super().get_actions_detail(request, object_id)  # type: ignore[misc]
        call = Call.objects.filter(block=object_id).first() if str(object_id).isdecimal() else None
        if call is None or call.policy != Call.Policy.DRAW or draw_of(call.block):
            return [one for one in actions if one.path != "hold_draw"]
        return list(actions)

    @page_action(description=_("Hold the draw"), url_path="hold_draw", variant=ActionVariant.PRIMARY)
    def hold_draw(self: Any, request: Any, object_id: str) -> HttpResponse:
        """Once, after proposals are closed."""
        block: Block | None = self.get_object(request, object_id)
        if block is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_change_permission(request, block):
            raise PermissionDenied
        back = reverse("admin:lightning_block_change", args=[block.pk])
        if request.method != "POST":
            return self._ask_to_draw(request, block, back)
        try:
            held = hold_draw(block=block, by=request.user, now=timezone.now())
        except RuleViolation as refusal:
            messages.error(request, refusal.message)
        else:
            self.log_change(request, block, [{"added": {"name": str(_("draw")), "object": str(block)}}])
            count = len(held.entries)
            words = ngettext("%d talk was in the draw.", "%d talks were in the draw.", count) % count
            messages.success(request, f"{words} {gettext('Now look at the line-up, and inform the speakers.')}")
        return HttpResponseRedirect(back)

    def _ask_to_draw(self: Any, request: HttpRequest, block: Block, back: str) -> HttpResponse:
        waiting = block.talks.filter(state=Talk.State.SUBMITTED).count()
        call = Call.objects.filter(block=block.pk).first()
        texts = [
            ngettext("%d talk is in the draw.", "%d talks are in the draw.", waiting) % waiting,
            gettext("Slots are given by lot; everybody else stands by in the order of the draw."),
            gettext("The seed and all entries become public, so that anybody can hold it again."),
            gettext("It is held once. Nobody is told before you inform the speakers."),
        ]
        if call:
            call.block = block
            closes = moment(times_of(call).closes_at, block.session.event.time_zone)
            texts.insert(0, gettext("Proposals close on %(moment)s.") % {"moment": closes})
        question = {
            "title": gettext("Hold the draw of “%(round)s”?") % {"round": block},
            "button": gettext("Yes, hold it"),
            "back": back,
            "consequences": texts,
        }
        context = {**self.admin_site.each_context(request), "opts": self.opts, "original": block}
        context |= {"title": question["title"], "question": question, "form": None}
        return TemplateResponse(request, "admin/ask.html", context)
