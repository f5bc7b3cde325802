"""The forms of an event's RSVP tab: rules with seats by place, and questions."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.admin import LinesField, NumberWidget, RowForm, TextareaWidget, TickWidget
from registrations.models import Place

MOST_SEATS = 1_000_000


def seats_field(label: Any) -> forms.IntegerField:
    """How many."""
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=MOST_SEATS,
        widget=NumberWidget(),
        help_text=_("Empty: no limit."),
    )


class PlanForm(RowForm):
    """The seats of a place stand beside whether there is such a place."""

    proposed: Mapping[str, int | None] = {Place.ROOM.value: None}  # seats of a plan that is added

    has_room = forms.BooleanField(label=_("In the room"), required=False, widget=TickWidget())
    room_seats = seats_field(_("Seats in the room"))
    has_online = forms.BooleanField(label=_("Online"), required=False, widget=TickWidget())
    online_seats = seats_field(_("Places online"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place, capacity in self._seats_before().items():
            self.initial[f"has_{place}"], self.initial[f"{place}_seats"] = True, capacity

    def _seats_before(self) -> Mapping[str, int | None]:
        """As they are, or as they are proposed."""
        if self.instance.pk:
            return {seats.place: seats.capacity for seats in self.instance.seats.all()}
        return self.proposed

    def has_changed(self) -> bool:
        """Somebody who adds RSVP and changes nothing wants just what is proposed."""
        return bool(self.instance._state.adding or super().has_changed())

    def service_values(self) -> dict[str, Any]:
        """The rules, and all seats when any of them changed."""
        values = super().service_values()
        if self.instance._state.adding or {"has_room", "room_seats", "has_online", "online_seats"} & {
            *self.changed_data
        }:
            said = self.cleaned_data
            values["seats"] = {place: said[f"{place}_seats"] for place in Place.values if said[f"has_{place}"]}
        return values


class QuestionForm(RowForm):
    """Choices are written one to a line."""

    choices = LinesField(
        max_length=80,
        required=False,
        label=_("choices"),
        widget=TextareaWidget(attrs={"rows": 2}),
        help_text=_("One to a line."),
    )
