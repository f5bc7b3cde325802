"""RSVP: asking for a seat, what became of it, giving it up; and what organisers decide about others."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, PolymorphicProxySerializer, extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import ApiToken
from api.errors import refused_field
from api.fields import absolute
from api.idempotency import KEY_PARAMETER, answered_once
from api.permissions import MayOrganise, MayRead, MayRsvp, has_scope, person_of
from api.throttling import AnonymousThrottle, PersonThrottle, RsvpThrottle
from api.v1.refusals import CHANGING, DECIDING, REGISTERING, conflicts
from api.v1.registration_shapes import (
    STATES,
    Attendee,
    Decision,
    OwnChange,
    OwnRegistration,
    RsvpInput,
    Standing,
)
from api.views import PersonalMixin, PublicList, PublicRead
from core.errors import RuleViolation
from core.query_values import choices
from events.models import Event
from registrations.models import Place, Registration, RegistrationPlan
from registrations.permissions import is_own, may_manage_registrations
from registrations.selectors.attendees import attendee_rows
from registrations.selectors.plans import plan_or_none
from registrations.selectors.resources import event_seen_by, own_registrations, registration_seen_by
from registrations.services.leaving import leave
from registrations.services.queue import accept_offer, change_priority, promote_by_hand
from registrations.services.reconfirming import reconfirm
from registrations.services.registering import approve, register
from registrations.services.seating import wrong_state
from registrations.services.wishes import Wish
from registrations.states import Command, State

NOT_AN_ORGANISER = (
    "Only organisers of the event’s group may do this. Your own registrations are at /api/v1/me/registrations/."
)
NOT_YOURS = "Only the person themselves may do this. Organisers decide at …/commands/."
APPROVED = frozenset({State.GOING, State.WAITING, State.OFFERED, State.CHECKED_IN})
THROTTLES = (AnonymousThrottle, PersonThrottle, RsvpThrottle)


class EventRegistrations(PersonalMixin, PublicList):
    """Who comes to an event."""

    throttle_classes = THROTTLES
    scopes = {"GET": MayOrganise, "POST": MayRsvp}
    serializer_class = Attendee
    parameters = ("state", "place")

    @extend_schema(
        operation_id="list_registrations",
        summary="Who comes",
        description="Everybody who ever registered for an event, in the order they did. For organisers of its "
        "group; a token of theirs needs the scope `organise`.",
        parameters=[
            OpenApiParameter("state", str, many=True, enum=STATES, description="Repeat it to widen the list."),
            OpenApiParameter("place", str, many=True, enum=Place.values, description="In the room, or online."),
        ],
        tags=["registrations"],
        responses=Attendee(many=True),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Three queries and those of signing in."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="register",
        summary="RSVP",
        description="Asks for a seat for the person whose session or token it is, with the scope `rsvp`. The same "
        "person twice is one registration: who is registered already gets it back unchanged, with status 200. "
        "`state` says what came of it: going, waiting, or requested where an organiser approves. What the event "
        "offers and asks is in `rsvp` of the event.",
        parameters=[KEY_PARAMETER],
        tags=["registrations"],
        request=RsvpInput,
        responses={
            201: OpenApiResponse(OwnRegistration, "Registered, or back again after leaving."),
            200: OpenApiResponse(OwnRegistration, "Registered already: nothing was changed."),
            409: conflicts(REGISTERING),
        },
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Validation first: what is not understood needs no key."""
        event, now = self._event(), timezone.now()
        asked = RsvpInput(data=request.data)
        asked.is_valid(raise_exception=True)
        return answered_once(request, lambda: self._register(event, asked.validated_data, now), now=now)

    def page_keys(self) -> Sequence[str]:
        """In the order of registering."""
        return ("id",)

    def get_queryset(self) -> QuerySet[Any]:
        """Raises PermissionDenied for who is no organiser of the group."""
        query = self.request.query_params
        event = self._event()
        if not may_manage_registrations(self.request.user, event):
            raise PermissionDenied(NOT_AN_ORGANISER)
        filters = {"state": choices(query, "state", STATES), "place": choices(query, "place", Place.values)}
        return attendee_rows(event).filter(**{f"{name}__in": given for name, given in filters.items() if given})

    def _event(self) -> Event:
        return event_seen_by(person_of(self.request), self.kwargs["slug"])

    def _register(self, event: Event, asked: dict[str, Any], now: datetime) -> Response:
        user, plan = person_of(self.request), plan_or_none(event)
        if plan is None:
            raise RuleViolation("no_rsvp", _("This event takes no RSVP here."))
        try:
            outcome = register(
                plan=plan, user=user, wish=wish(plan, user.name, asked), is_proven=True, now=now, by=user
            )
        except RuleViolation as refusal:
            raise _named(refusal) from refusal
        row = own_registrations(user).get(pk=outcome.registration.pk)
        shown = OwnRegistration(row, context={"request": self.request}).data
        address = absolute(reverse("api-registration", args=[row.public_id]))
        return Response(shown, status=201 if outcome.is_new else 200, headers={"Location": address})


def wish(plan: RegistrationPlan, name: str, asked: dict[str, Any]) -> Wish:
    """What was sent, and what follows from the account and the event where something was left out."""
    offered = plan.places
    return Wish(
        name=asked.get("name", name),
        place=asked.get("place", offered[0] if offered else Place.ROOM),
        guests=asked["guests"],
        answers=asked.get("answers", {}),
        source=Registration.Source.API,
    )


def _named(refusal: RuleViolation) -> Exception:
    """400 for what is wrong with a field, 409 (by itself) for what is not possible as things stand."""
    if refusal.field is None:
        return refusal
    return refused_field(refusal, refusal.field.replace("question-", "answers."))


class OneRegistration(PersonalMixin, PublicRead):
    """A registration, for its person and for organisers; nobody else learns that it exists."""

    throttle_classes = THROTTLES
    scopes = {"GET": MayRead, "PATCH": MayRsvp, "DELETE": MayRsvp}
    shapes: ClassVar = PolymorphicProxySerializer(
        "OwnRegistrationOrAttendee", [OwnRegistration, Attendee], resource_type_field_name=None
    )

    @extend_schema(
        operation_id="get_registration",
        summary="One registration",
        description="One’s own with ticket and links; that of somebody else as organisers of the event’s group see it, "
        "whose token needs the scope `organise`, too.",
        tags=["registrations"],
        responses=shapes,
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """One query and those of signing in."""
        return self._shown(self.get_object())

    @extend_schema(
        operation_id="change_registration",
        summary="Accept, give up, reconfirm",
        description="What somebody says about their own registration. `state`: going accepts the seat that is "
        "offered, cancelled gives the place up, declined says no. `reconfirmed`: true keeps the seat when the mail "
        "asks. Saying it twice is saying it once; there is nothing else to change.",
        tags=["registrations"],
        request=OwnChange,
        responses={200: OwnRegistration, 409: conflicts(CHANGING)},
    )
    def patch(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """One service, whose word on the state is final."""
        own, by, now = self._own(), person_of(request), timezone.now()
        asked = OwnChange(data=request.data)
        asked.is_valid(raise_exception=True)
        acts: dict[str, Callable[[], object]] = {
            "going": lambda: accept_offer(registration=own, now=now, by=by),
            "cancelled": lambda: leave(registration=own, now=now, by=by),
            "declined": lambda: leave(registration=own, now=now, by=by, command=Command.DECLINE),
            "reconfirmed": lambda: reconfirm(registration=own, now=now, by=by),
        }
        acts[asked.validated_data.get("state", "reconfirmed")]()
        return self._shown(self.get_object())

    @extend_schema(
        operation_id="leave",
        summary="Give the place up",
        description="The same as the state cancelled; leaving twice is leaving once. The next in line gets the place.",
        tags=["registrations"],
        request=None,
        responses={204: OpenApiResponse(description="The place is given up."), 409: conflicts(CHANGING)},
    )
    def delete(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """The row stays, cancelled: its history is the organisers'."""
        leave(registration=self._own(), now=timezone.now(), by=person_of(request))
        return Response(status=204)

    def find(self) -> Any:
        """One query."""
        as_organiser = has_scope(self.request, ApiToken.Scope.ORGANISE)
        return registration_seen_by(person_of(self.request), self.kwargs["public_id"], as_organiser=as_organiser)

    def _own(self) -> Any:
        found = self.get_object()
        if not is_own(self.request.user, found):
            raise PermissionDenied(NOT_YOURS)
        return found

    def _shown(self, row: Any) -> Response:
        shape = OwnRegistration if is_own(self.request.user, row) else Attendee
        return Response(shape(row, context={"request": self.request}).data)


class RegistrationCommands(PersonalMixin, GenericAPIView):
    """What organisers decide."""

    scopes = {"POST": MayOrganise}
    serializer_class = Standing

    @extend_schema(
        operation_id="decide_registration",
        summary="Approve, refuse, promote, prioritise",
        description="What organisers of the event’s group decide. `approve` a request; `refuse` whoever has or wants a "
        "seat; `promote` somebody from the queue, past the others, when the party fits; `prioritise` moves somebody "
        "in the queue and needs a `priority` and a `reason`. Each is written into the history, with the reason.",
        parameters=[KEY_PARAMETER],
        tags=["registrations"],
        request=Decision,
        responses={200: Standing, 409: conflicts(DECIDING)},
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Rights first, so that nobody is answered from a key whose rights are gone."""
        found, now = self._organised(), timezone.now()
        asked = Decision(data=request.data)
        asked.is_valid(raise_exception=True)
        return answered_once(request, lambda: self._decide(found, asked.validated_data, now), now=now)

    def _organised(self) -> Any:
        person = person_of(self.request)
        found = registration_seen_by(person, self.kwargs["public_id"], as_organiser=True)
        if not may_manage_registrations(person, found.event):
            raise PermissionDenied(NOT_AN_ORGANISER)
        return found

    def _decide(self, found: Any, asked: dict[str, Any], now: datetime) -> Response:
        by, reason = person_of(self.request), asked.get("reason", "")
        acts: dict[str, Callable[[], object]] = {
            "approve": lambda: _approve(found, by, now),
            "refuse": lambda: leave(registration=found, now=now, by=by, command=Command.REFUSE, reason=reason),
            "promote": lambda: promote_by_hand(registration=found, by=by, now=now),
            "prioritise": lambda: change_priority(
                registration=found, priority=asked["priority"], reason=reason, by=by, now=now
            ),
        }
        acts[asked["command"]]()
        found.refresh_from_db(fields=["state", "place", "priority", "offer_until", "changed_at"])
        return Response(Standing(found).data)


def _approve(found: Registration, by: Any, now: datetime) -> None:
    """Raises RuleViolation where there is nothing to approve; twice is once."""
    approved = approve(registration=found, by=by, now=now).registration
    if approved.state not in APPROVED:
        raise wrong_state(approved)
