"""What anybody may know of an event's RSVP: whether it is open, what it asks, how many seats are left."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from rest_framework import serializers

from api.fields import absolute
from core.zones import local_text
from registrations.models import Place, Question, RegistrationPlan, Seats
from registrations.rules import admission
from registrations.states import Command
from registrations.window import Closed, closed_because

CLOSED = [closed.value for closed in Closed]


class PlaceNumbers(serializers.Serializer):
    """The seats of one place."""

    capacity = serializers.IntegerField(allow_null=True, help_text="Null where there is no limit.")
    left = serializers.IntegerField(
        allow_null=True, help_text="Seats a newcomer can have now: 0 while others wait; null where there is no limit."
    )
    waiting = serializers.IntegerField(help_text="Registrations on the waitlist.")


class Places(serializers.Serializer):
    """Where one can take part."""

    room = PlaceNumbers(allow_null=True, help_text="Null where there is no room.")
    online = PlaceNumbers(allow_null=True, help_text="Null where nothing is online.")


class QuestionItem(serializers.Serializer):
    """Something organisers ask who registers."""

    id = serializers.IntegerField()
    text = serializers.CharField()
    kind = serializers.ChoiceField(Question.Kind.values)
    choices = serializers.ListField(child=serializers.CharField(), help_text="What may be answered to a choice.")
    is_required = serializers.BooleanField()


class Rsvp(serializers.Serializer):
    """Whether and how one can register."""

    is_open = serializers.BooleanField()
    closed_because = serializers.ChoiceField(CLOSED, allow_null=True, help_text="Null while it is open.")
    closing_note = serializers.CharField(help_text="Why it closes when it does, in the organisers' words, or empty.")
    opens_at = serializers.DateTimeField(allow_null=True, help_text="Null: it has been open all along.")
    closes_at = serializers.DateTimeField()
    admission = serializers.ChoiceField(RegistrationPlan.Admission.values, help_text="Who may come.")
    waiting_list = serializers.ChoiceField(RegistrationPlan.Queue.values, help_text="Who gets a seat that comes free.")
    max_guests = serializers.IntegerField(help_text="How many people one may bring.")
    places = Places()
    questions = QuestionItem(many=True)
    url = serializers.URLField(help_text="Where to register.")


def rsvp_facts(plan: RegistrationPlan, *, now: datetime) -> dict[str, Any]:
    """As Rsvp describes it: the plan's rules and public numbers; nobody's name and no online address."""
    event = plan.event
    closed = closed_because(
        status=event.status,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        opens_at=plan.opens_at,
        closes_at=plan.closes_at,
        now=now,
    )
    seats = {one.place: place_numbers(one) for one in plan.seats.all()}
    return {
        "is_open": closed is None,
        "closed_because": closed,
        "closing_note": plan.closes_because,
        "opens_at": local_text(plan.opens_at, event.zone) if plan.opens_at else None,
        "closes_at": local_text(min(plan.closes_at or event.ends_at, event.ends_at), event.zone),
        "admission": plan.admission,
        "waiting_list": plan.waiting_list,
        "max_guests": plan.max_guests,
        "places": {place: seats.get(place) for place in Place.values},
        "questions": plan.questions.all(),
        "url": absolute(reverse("api-registrations", args=[event.slug])),
    }


def place_numbers(seats: Seats) -> dict[str, int | None]:
    """As a newcomer meets them: a free seat that somebody waits for is not free."""
    count = seats.count
    is_full = admission(count, 1) is Command.QUEUE
    return {"capacity": count.capacity, "left": 0 if is_full else count.free, "waiting": count.waiting}
