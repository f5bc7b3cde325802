"""The buttons of an event: publish, postpone, cancel; each says what will happen before it does."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.admin import ActionVariant, page_action
from core.errors import RuleViolation
from events.admin.telling import telling_of, with_status
from events.models import Event, Session
from events.notice_letters import snapshot
from events.rules import may_step
from events.services.events import cancel_event, postpone_event, publish_event

UNSPOKEN = (Session.Kind.BREAK, Session.Kind.SOCIAL, Session.Kind.LIGHTNING)


@dataclass(frozen=True)
class Step:
    """One button: the service it calls, the status it leads to, and the words of its page."""

    name: str
    service: Callable[..., Event]
    status: str
    question: Any
    done: Any
    consequences: Callable[[Event], list[str]]


def _of_publishing(event: Event) -> list[str]:
    texts = [_("Everybody who has its address can read its page and its programme, and subscribe to its calendar.")]
    if event.group.is_listed:
        texts.append(_("It is listed on the home page, on the group's page, and in the group's calendar."))
    else:
        texts.append(_("Its group is not listed, so nobody finds it who lacks the address."))
    texts.append(_("It can be postponed or cancelled afterwards, but not become a draft again."))
    return texts


def _of_postponing(event: Event) -> list[str]:
    return [
        _("Its page stays, and says that the date is not valid any more."),
        _("Calendars that subscribe to it show it as postponed when they next look."),
        _("Move it and publish it again as soon as there is a new date."),
    ]


def _of_cancelling(event: Event) -> list[str]:
    return [
        _("Its page stays, and says that the event is off."),
        _("Calendars that subscribe to it show it as cancelled when they next look."),
        _("It can be published again if you change your mind."),
    ]


STEPS = {
    step.name: step
    for step in (
        Step(
            "publish",
            publish_event,
            Event.Status.PUBLISHED,
            gettext_lazy("Publish “%(event)s”?"),
            gettext_lazy("“%(event)s” is public now."),
            _of_publishing,
        ),
        Step(
            "postpone",
            postpone_event,
            Event.Status.POSTPONED,
            gettext_lazy("Postpone “%(event)s”?"),
            gettext_lazy("“%(event)s” is postponed."),
            _of_postponing,
        ),
        Step(
            "cancel",
            cancel_event,
            Event.Status.CANCELLED,
            gettext_lazy("Cancel “%(event)s”?"),
            gettext_lazy("“%(event)s” is cancelled."),
            _of_cancelling,
        ),
    )
}


def event_on_page(page: Any, request: Any, object_id: Any) -> Event | None:
    """The event whose page it is, for its buttons: asked for once a request."""
    known: dict[Any, Event | None] = request.__dict__.setdefault("admin_event", {})
    if object_id not in known:
        known[object_id] = page.get_object(request, object_id)
    return known[object_id]


class StepsMixin:
    """For the event's ModelAdmin: its buttons and their pages."""

    actions_detail = ("publish", "postpone", "cancel")

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """The steps that are possible from where the event is."""
        event = event_on_page(self, request, object_id)
        if event is None:
            return []
        actions = super().get_actions_detail(request, object_id)  # type: ignore[misc]
        return [one for one in actions if one.path not in STEPS or may_step(event.status, STEPS[one.path].status)]

    @page_action(description=gettext_lazy("Publish"), url_path="publish", variant=ActionVariant.PRIMARY)
    def publish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show it to everybody."""
        return self._take(request, object_id, STEPS["publish"])

    @page_action(description=gettext_lazy("Postpone"), url_path="postpone")
    def postpone(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Keep it without a valid date."""
        return self._take(request, object_id, STEPS["postpone"])

    @page_action(description=gettext_lazy("Cancel event"), url_path="cancel", variant=ActionVariant.DANGER)
    def cancel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Call it off."""
        return self._take(request, object_id, STEPS["cancel"])

    def _take(self: Any, request: HttpRequest, object_id: str, step: Step) -> HttpResponse:
        event = self.get_object(request, object_id)
        if event is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_change_permission(request, event):
            raise PermissionDenied
        if may_step(event.status, step.status) and request.method != "POST":
            return self._ask(request, event, step)
        self._do(request, event, step)
        return HttpResponseRedirect(reverse("admin:events_event_change", args=[event.pk]))

    def _do(self: Any, request: Any, event: Event, step: Step) -> None:
        if request.method != "POST":
            messages.error(request, _("This event is %(status)s already.") % {"status": event.get_status_display()})
            return
        try:
            step.service(event=event, now=timezone.now(), by=request.user)
        except RuleViolation as refusal:
            messages.error(request, refusal.message)
            return
        self.log_change(request, event, [{"changed": {"fields": ["status"]}}])
        messages.success(request, step.done % {"event": event})

    def _ask(self: Any, request: HttpRequest, event: Event, step: Step) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": step.question % {"event": event},
            "opts": self.opts,
            "original": event,
            "step": step.name,
            "consequences": [*step.consequences(event), *_telling(event, step.status)],
            "gaps": list(gaps(event)) if step.status == Event.Status.PUBLISHED else [],
        }
        return TemplateResponse(request, "admin/events/event/step.html", context)


def _telling(event: Event, status: str) -> list[str]:
    """Who hears of it, and when."""
    if event.status == Event.Status.DRAFT:
        return []
    return telling_of(with_status(event, status), snapshot(event), timezone.now())


def gaps(event: Event) -> Iterator[str]:
    """What an organiser may want to fill in first; nothing of it stands in the way."""
    if event.is_over(now=timezone.now()):
        yield _("It is over already.")
    if event.venue is None and event.format != Event.Format.ONLINE:
        yield _("It has no venue.")
    sessions = event.sessions.filter(status=Session.Status.PLANNED)
    untimed = sessions.filter(Q(starts_at=None) | Q(minutes=None)).count()
    if untimed:
        yield ngettext("%d session has no time yet.", "%d sessions have no time yet.", untimed) % untimed
    unspoken = sessions.exclude(kind__in=UNSPOKEN).filter(session_speakers=None).count()
    if unspoken:
        yield ngettext("%d session has no speaker yet.", "%d sessions have no speaker yet.", unspoken) % unspoken
    if not sessions.exists():
        yield _("Its programme is empty.")
