"""The shapes of registrations: what a person sees of their own, what organisers see of others, what either may send."""

import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import ApiToken
from api.fields import LocalTime, absolute
from api.permissions import has_scope
from api.strict_input import LineField, StrictInput, WholeNumberField, YesField
from api.v1.references import EventReference
from events.event_filters import STATUSES
from registrations.links import join_path, manage_path
from registrations.models import Place, Registration
from registrations.permissions import may_join_online
from registrations.services.answers import LONGEST
from registrations.states import State
from registrations.tickets import ticket_code

STATES = [state.value for state in State]
HAS_A_TICKET = frozenset({State.GOING, State.CHECKED_IN})
MOST_ANSWERS = 100
QUESTION_ID = re.compile(r"[0-9]{1,18}")
OWN_STATES = ("going", "cancelled", "declined")
DECISIONS = ("approve", "refuse", "promote", "prioritise")
NEEDS_A_REASON = ("refuse", "prioritise")
LONGEST_REASON = 160


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string", "maxLength": LONGEST}})
class AnswersField(serializers.DictField):
    """Answers by the question's id."""

    child = LineField(allow_blank=True, max_length=LONGEST)
    default_error_messages = {
        "not_a_dict": gettext_lazy('Send an object: the question’s id, then the answer {{"7": …}}.')
    }

    def to_internal_value(self, data: Any) -> dict[int, str]:
        """Ids as numbers; raises ValidationError for what can be the id of no question."""
        if isinstance(data, dict) and len(data) > MOST_ANSWERS:
            raise serializers.ValidationError(_("Answer at most %(most)d questions.") % {"most": MOST_ANSWERS})
        found = super().to_internal_value(data)
        unknown = [name for name in found if not QUESTION_ID.fullmatch(name)]
        if unknown:
            cure = _("This is the id of no question. `rsvp.questions` of the event names them.")
            raise serializers.ValidationError({name[:80] or "(empty)": [cure] for name in unknown[:20]})
        return {int(name): value for name, value in found.items()}


class RsvpInput(StrictInput):
    """What somebody asks for."""

    name = LineField(required=False, max_length=120, help_text="Left out: the name of the account.")
    place = serializers.ChoiceField(
        Place.values, required=False, help_text="Left out: the room, or online where there is no room."
    )
    guests = WholeNumberField(required=False, default=0, min_value=0, help_text="People who come along.")
    answers = AnswersField(required=False, help_text="Answers by the question's id; yes or no where that is asked.")


class OwnChange(StrictInput):
    """What somebody says about their own registration: one of the two."""

    state = serializers.ChoiceField(OWN_STATES, required=False, help_text="going takes the seat that is offered.")
    reconfirmed = YesField(required=False, help_text="They still come.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One at a time."""
        if len(attrs) != 1:
            raise serializers.ValidationError({"state": [_("Send either a state or reconfirmed.")]})
        return attrs


class Decision(StrictInput):
    """What an organiser decides."""

    command = serializers.ChoiceField(DECISIONS)
    reason = LineField(
        required=False,
        max_length=LONGEST_REASON,
        help_text="For the history, where organisers read it; refuse and prioritise need one.",
    )
    priority = WholeNumberField(
        required=False, min_value=-100, max_value=100, help_text="For prioritise: higher comes first in the queue."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """What weighs on somebody has a reason; only the queue knows priorities."""
        command, errors = attrs["command"], {}
        if command in NEEDS_A_REASON and "reason" not in attrs:
            errors["reason"] = [_("Say why: the reason is kept in the history.")]
        if command == "prioritise" and "priority" not in attrs:
            errors["priority"] = [_("Send the new priority.")]
        if command != "prioritise" and "priority" in attrs:
            errors["priority"] = [_("Only prioritise takes this. Leave it out.")]
        if errors:
            raise serializers.ValidationError(errors)
        return attrs


class RegistrationBase(serializers.Serializer):
    """What both sides see."""

    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField()
    state = serializers.ChoiceField(STATES)
    place = serializers.ChoiceField(Place.values)
    guests = serializers.IntegerField(help_text="People who come along.")
    queue_position = serializers.IntegerField(
        allow_null=True, help_text="1 for who is next; null for who does not wait."
    )
    offer_until = serializers.DateTimeField(allow_null=True, help_text="How long the seat is held for their answer.")
    reconfirm_asked_at = serializers.DateTimeField(allow_null=True)
    reconfirmed_at = serializers.DateTimeField(allow_null=True)
    answers = serializers.SerializerMethodField(help_text="By the question's id.")
    created_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
    def get_answers(self, row: Any) -> dict[str, str]:
        """As they were sent."""
        return {str(answer["question"]): answer["value"] for answer in row.answer_list}


class RegistrationEvent(EventReference):
    """The event of a registration."""

    status = serializers.ChoiceField(choices=STATUSES)
    starts_at = LocalTime()
    ends_at = LocalTime()
    time_zone = serializers.CharField(help_text="IANA name, such as Asia/Singapore.")


class OwnRegistration(RegistrationBase):
    """Somebody's own registration, with its ticket and links."""

    event = RegistrationEvent()
    ticket = serializers.SerializerMethodField(help_text="The code the door reads; null for who is not going.")
    join_url = serializers.SerializerMethodField(
        help_text="The person's own way in, for who is going and takes part online; else null."
    )
    manage_url = serializers.SerializerMethodField(
        help_text="Opens this registration for whoever has it; null for tokens without the scope rsvp."
    )

    @extend_schema_field({"type": ["string", "null"]})
    def get_ticket(self, row: Registration) -> str | None:
        """As printed."""
        return ticket_code(row) if row.state in HAS_A_TICKET else None

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_join_url(self, row: Registration) -> str | None:
        """Never the online address itself."""
        return absolute(join_path(row)) if may_join_online(row) else None

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_manage_url(self, row: Registration) -> str | None:
        """It lets its holder leave, so a token that may only read does not get it."""
        may_change = has_scope(self.context["request"], ApiToken.Scope.RSVP)
        return absolute(manage_path(row)) if may_change else None


class Attendee(RegistrationBase):
    """A registration as organisers of the group see it."""

    email = serializers.SerializerMethodField(help_text="Null for who deleted their account.")
    priority = serializers.IntegerField(help_text="Higher comes first in the queue.")
    source = serializers.ChoiceField(  # type: ignore[assignment]  # a field of ours, not the one inside DRF
        Registration.Source.values, help_text="How they came to register."
    )

    @extend_schema_field({"type": ["string", "null"], "format": "email"})
    def get_email(self, row: Registration) -> str | None:
        """To organisers alone."""
        return row.user.email if row.user else None


class Standing(serializers.Serializer):
    """Where a registration stands after a decision; nothing about the person, since this answer may be kept a while."""

    id = serializers.UUIDField(source="public_id")
    state = serializers.ChoiceField(STATES)
    place = serializers.ChoiceField(Place.values)
    priority = serializers.IntegerField()
    offer_until = serializers.DateTimeField(allow_null=True)
    changed_at = serializers.DateTimeField()
