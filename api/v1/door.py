"""The door: who is expected, who is here, and what hosts' phones did, also without network."""

import datetime as dt
from typing import Any, ClassVar, cast
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import ApiToken, User
from api.errors import Problem, problem, refused_field
from api.permissions import has_scope
from api.strict_input import LineField, StrictInput
from api.views import PublicRead
from core.errors import RuleViolation
from core.zones import local_text
from events.models import Event
from events.selectors.events import published_event
from registrations.models import CheckIn, Place
from registrations.permissions import may_run_door
from registrations.selectors.door import CODE_LENGTH, DoorPerson, door_list, door_person
from registrations.services.door import LONGEST_DOOR, MISSES_A_MINUTE, Answer, Result, Scan, record_scans
from registrations.services.walk_in import Arrival, walk_in
from registrations.states import State

MOST_ACTS = 200
LONGEST_TICKET = 300  # a ticket's address with its code


class MayUseDoor(IsAuthenticated):
    """A signed-in person, or the bearer of a token with the scope `stage` or `organise`."""

    message = "This token lacks the scope “stage” or “organise”."

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether it may be tried; the view asks whether this person stands at this door."""
        scopes = (ApiToken.Scope.STAGE, ApiToken.Scope.ORGANISE)
        return super().has_permission(request, view) and any(has_scope(request, scope) for scope in scopes)


class DoorPersonItem(serializers.Serializer):
    """One registration as a host sees it: a name, never an address."""

    id = serializers.UUIDField(help_text="Of the registration.")
    name = serializers.CharField(help_text="Empty when none was given.")
    guests = serializers.IntegerField(help_text="How many people come along.")
    state = serializers.ChoiceField(choices=[state.value for state in State])
    place = serializers.ChoiceField(choices=Place.values)
    code = serializers.CharField(help_text=f"The first {CODE_LENGTH} characters of the ticket.")
    is_walk_in = serializers.BooleanField()
    in_at = serializers.DateTimeField(allow_null=True, help_text="When they came in, on the clock of the event.")
    in_door = serializers.CharField(help_text="At which door, or empty.")
    in_by = serializers.CharField(help_text="The host's name, or empty.")


class DoorDocument(serializers.Serializer):
    """Everybody at once, so that a phone can go on without network."""

    here = serializers.IntegerField(help_text="Heads in the room, guests included.")
    expected = serializers.IntegerField(help_text="Heads with a seat in the room, here or not.")
    walk_ins = serializers.IntegerField(help_text="Heads among them who came without a seat.")
    people = DoorPersonItem(many=True)


class DoorAct(StrictInput):
    """One act: name a `ticket` (its code, the first 8 characters of it, or its address) or a `registration`."""

    id = serializers.UUIDField(help_text="Made by the client: the same id again changes nothing.")
    action = serializers.ChoiceField(choices=CheckIn.Action.values)
    at = serializers.DateTimeField(help_text="When it was done, by the client's clock.")
    ticket = LineField(required=False, max_length=LONGEST_TICKET)
    registration = serializers.UUIDField(required=False)
    door = LineField(required=False, allow_blank=True, max_length=LONGEST_DOOR)

    def validate(self, act: dict[str, Any]) -> dict[str, Any]:
        """One of the two names."""
        if ("ticket" in act) == ("registration" in act):
            raise serializers.ValidationError({"ticket": [_("Send either a ticket or a registration.")]})
        return act


class DoorActs(StrictInput):
    """What one phone did, oldest first."""

    acts = serializers.ListField(child=DoorAct(), allow_empty=False, max_length=MOST_ACTS)


class DoorArrival(StrictInput):
    """Somebody without a seat: a `name`, with an e-mail if they want to be known, or a `registration`."""

    id = serializers.UUIDField(help_text="Made by the client: the same id again changes nothing.")
    name = LineField(required=False, max_length=120)
    email = LineField(required=False, allow_blank=True, max_length=254)
    registration = serializers.UUIDField(required=False)
    door = LineField(required=False, allow_blank=True, max_length=LONGEST_DOOR)

    def validate(self, arrival: dict[str, Any]) -> dict[str, Any]:
        """One of the two names."""
        if ("name" in arrival) == ("registration" in arrival):
            raise serializers.ValidationError({"name": [_("Send either a name or a registration.")]})
        return arrival


class OtherEvent(serializers.Serializer):
    """The event a ticket is for."""

    title = serializers.CharField()
    starts_at = serializers.DateTimeField()


class DoorResult(serializers.Serializer):
    """What became of an act."""

    id = serializers.UUIDField()
    result = serializers.ChoiceField(choices=[result.value for result in Result])
    at = serializers.DateTimeField(allow_null=True, help_text="Of the check-in or undoing that stands.")
    door = serializers.CharField(help_text="Where that was, or empty.")
    by = serializers.CharField(help_text="The host's name, or empty.")
    person = DoorPersonItem(allow_null=True, help_text="As they are now; null when the ticket is not for this event.")
    event = OtherEvent(allow_null=True, help_text="For wrong_event, where that event is public.")


class DoorResults(serializers.Serializer):
    """One result for each act, in the same order."""

    now = serializers.DateTimeField(help_text="The server's clock, for phones whose own is wrong.")
    results = DoorResult(many=True)


class Door(PublicRead):
    """What both addresses of the door share."""

    permission_classes = (MayUseDoor,)  # type: ignore[assignment]
    may_be_remembered: ClassVar[bool] = False  # it depends on who asks

    @property
    def host(self) -> User:
        """Who asks; the permission has seen to it that it is somebody."""
        return cast("User", self.request.user)

    def find(self) -> Event:
        """Two queries. Raises DoesNotExist for a draft, PermissionDenied for who is no host of its group."""
        event = published_event(self.kwargs["slug"])
        if not may_run_door(self.request.user, event):
            raise PermissionDenied
        return event


class EventDoor(Door):
    """The list, and what is done with it."""

    @extend_schema(
        operation_id="get_door",
        summary="The door's list",
        description="Everybody of one event by name, for organisers and hosts of its group, and for scopes `stage` or "
        "`organise`. Ask again with If-None-Match when the live stream says `door`.",
        tags=["door"],
        responses=DoorDocument,
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """Four queries and those of signing in."""
        event = self.get_object()
        found = door_list(event)
        content = {
            "here": found.here_count,
            "expected": found.expected_count,
            "walk_ins": found.walk_in_count,
            "people": [person_item(person, event.zone) for person in found.people],
        }
        return Response(content, headers={"Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"})

    @extend_schema(
        operation_id="record_door_acts",
        summary="Check in and undo",
        description=f"At most {MOST_ACTS} acts, oldest first, each on its own: what one of them meets does not stop "
        "the others. Send acts again when no answer came. An act that waited on a phone does not overrule what was "
        f"done since. After {MISSES_A_MINUTE} unknown tickets in a minute those left are answered `later`, and 429 "
        "when there are no others.",
        tags=["door"],
        request=DoorActs,
        responses=DoorResults,
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """Fourteen queries an act that changes something."""
        event, now = self.get_object(), timezone.now()
        asked = DoorActs(data=request.data)
        asked.is_valid(raise_exception=True)
        scans = [scan(act) for act in asked.validated_data["acts"]]
        answers = record_scans(event=event, scans=scans, by=self.host, now=now)
        if all(answer.result is Result.LATER for answer in answers):
            message = _("Too many unknown tickets. Wait a minute, or look for the names in the list.")
            return problem(429, message, code="too_many_unknown", headers=until_next_minute(now))
        held_back = any(answer.result is Result.LATER for answer in answers)
        content = {
            "now": now,
            "results": [result_item(s.id, a, event.zone) for s, a in zip(scans, answers, strict=True)],
        }
        return Response(content, headers=until_next_minute(now) if held_back else None)


class EventDoorWalkIns(Door):
    """People without a seat."""

    http_method_names = ["post", "options"]

    @extend_schema(
        operation_id="let_in_walk_in",
        summary="Let somebody in",
        description="A free seat for who has none, and a check-in; refused with 409 and the cure when there is none. "
        "Who is registered already, by e-mail, is checked in as who they are.",
        tags=["door"],
        request=DoorArrival,
        responses=DoorResults,
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """The same answer as for one act."""
        event, now = self.get_object(), timezone.now()
        asked = DoorArrival(data=request.data)
        asked.is_valid(raise_exception=True)
        arrival = Arrival(**asked.validated_data)
        try:
            answer = walk_in(event=event, arrival=arrival, by=self.host, now=now)
        except RuleViolation as refusal:
            raise _named(refusal) from refusal
        return Response({"now": now, "results": [result_item(arrival.id, answer, event.zone)]})


def _named(refusal: RuleViolation) -> Exception:
    """400 for what is wrong with a field, 409 (by itself) for what is not possible as things stand."""
    problem: Problem | RuleViolation = refused_field(refusal, refusal.field) if refusal.field else refusal
    return problem


def scan(act: dict[str, Any]) -> Scan:
    """An act of the body as the service knows it."""
    return Scan(
        id=act["id"],
        action=act["action"],
        at=act["at"],
        ticket=act.get("ticket", ""),
        registration=act.get("registration"),
        door=act.get("door", ""),
    )


def person_item(person: DoorPerson, zone: ZoneInfo) -> dict[str, Any]:
    """As DoorPersonItem describes it; by hand, since there may be hundreds."""
    return {
        "id": str(person.id),
        "name": person.name,
        "guests": person.guests,
        "state": person.state,
        "place": person.place,
        "code": person.code,
        "is_walk_in": person.is_walk_in,
        "in_at": local_text(person.in_at, zone) if person.in_at else None,
        "in_door": person.in_door,
        "in_by": person.in_by,
    }


def result_item(act_id: object, answer: Answer, zone: ZoneInfo) -> dict[str, Any]:
    """As DoorResult describes it."""
    since, other = answer.since, answer.other
    named = other is not None and other.status != Event.Status.DRAFT and other.group.is_listed
    return {
        "id": str(act_id),
        "result": answer.result,
        "at": local_text(since.at, zone) if since else None,
        "door": since.door if since else "",
        "by": since.by.name if since and since.by else "",
        "person": person_item(door_person(answer.registration), zone) if answer.registration else None,
        "event": {"title": other.title, "starts_at": local_text(other.starts_at, other.zone)}
        if named and other
        else None,
    }


def until_next_minute(now: dt.datetime) -> dict[str, str]:
    """When unknown tickets are counted anew."""
    return {"Retry-After": str(60 - now.second)}
