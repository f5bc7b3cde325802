"""The shape of the stage document for OpenAPI; lightning/stage_types.py is the same for the type checker."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from api.strict_input import StrictInput, WholeNumberField
from api.v1.schedule_shapes import PATH, InstantField
from lightning.models import Talk
from lightning.stage_round import Command, State


class StageSpeakerItem(serializers.Serializer):
    """Who gives a talk."""

    name = serializers.CharField()
    affiliation = serializers.CharField(help_text="At the time.")


class StageTalkItem(serializers.Serializer):
    """A talk of the running order or of the queue."""

    id = serializers.IntegerField()
    slot = serializers.IntegerField(allow_null=True, help_text="1 is the first; null for who stands by.")
    title = serializers.CharField(help_text="May still be empty.")
    speakers = StageSpeakerItem(many=True)
    state = serializers.ChoiceField(choices=[*Talk.IN_LINEUP, Talk.State.STAND_BY])
    starts_at = InstantField(allow_null=True, help_text="As planned.")
    expected_at = InstantField(allow_null=True, help_text="As things went so far; null for what is over.")
    started_at = InstantField(allow_null=True, help_text="When it went on.")
    ended_at = InstantField(allow_null=True, help_text="When it came off.")
    is_first = serializers.BooleanField(help_text="The speaker’s first talk ever.")
    is_here = serializers.BooleanField(help_text="Somebody saw the speaker in the room.")
    url = serializers.CharField(help_text=f"Its short link. {PATH}")


class Stage(serializers.Serializer):
    """A round on stage. Instants are in UTC with milliseconds."""

    event = serializers.CharField(help_text="Short name of the event.")
    event_title = serializers.CharField()
    event_url = serializers.CharField(help_text=PATH)
    block = serializers.IntegerField()
    title = serializers.CharField()
    room = serializers.CharField(help_text="Name of the room, or empty.")
    time_zone = serializers.CharField(help_text="IANA name.")
    version = serializers.IntegerField(help_text="Rises by one with every command.")
    state = serializers.ChoiceField(choices=[state.value for state in State])
    talk = serializers.IntegerField(
        allow_null=True, help_text="Who is on (on, paused) or comes next (ready, between); null when nobody is left."
    )
    started_at = InstantField(allow_null=True, help_text="When who is on went on.")
    paused_at = InstantField(allow_null=True, help_text="Since when the clock stands.")
    paused_ms = serializers.IntegerField(help_text="How long it stood before.")
    extra_ms = serializers.IntegerField(help_text="Minutes that were added or taken.")
    length_ms = serializers.IntegerField(
        help_text="How long a talk is. Left: length_ms + extra_ms − ((paused_at or now) − started_at − paused_ms)."
    )
    question_ms = serializers.IntegerField(help_text="For questions, once a talk’s time is over.")
    changeover_ms = serializers.IntegerField(help_text="From the end of one speaker’s time to the start of the next.")
    slot_ms = serializers.IntegerField(help_text="From one talk’s planned start to the next.")
    late_ms = serializers.IntegerField(
        allow_null=True, help_text="How much later than planned the next talk begins; negative when early."
    )
    starts_at = InstantField(allow_null=True, help_text="The round, as planned.")
    slots = serializers.IntegerField(allow_null=True)
    open_slots = serializers.IntegerField(allow_null=True)
    propose_url = serializers.CharField(help_text=f"Where talks are proposed, or empty. {PATH}")
    talks = StageTalkItem(many=True, help_text="The running order.")
    stand_by = StageTalkItem(many=True, help_text="The queue; empty but for who may command the stage.")


class StageOrder(StrictInput):
    """A command, with the version it was given for."""

    command = serializers.ChoiceField(choices=[command.value for command in Command])
    version = WholeNumberField(min_value=0, help_text="Of the stage that was seen; 0 before the first command.")
    talk = WholeNumberField(
        required=False,
        min_value=1,
        help_text="With `bring_in` who comes in. Otherwise who was seen on stage or coming next: where that is "
        "somebody else by now, the command is stale.",
    )

    def validate(self, order: dict[str, Any]) -> dict[str, Any]:
        """Somebody has to be named to be brought in."""
        if order["command"] == Command.BRING_IN.value and "talk" not in order:
            raise serializers.ValidationError({"talk": [_("Say which talk of the queue comes in: its id.")]})
        return order
