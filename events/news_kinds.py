"""Mails about calendars and changes that a group may put words of its own in front of."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from events.letters import event_values, when
from events.mail_texts import Sample, register_mail_kind
from events.models import Event

LABELS: dict[str, tuple[Promise, dict[str, Any]]] = {
    "calendar_invite": (_("invitation to the calendar"), {"change": "invited", "is_asked": True}),
    "calendar_update": (_("update of the calendar"), {"change": "date"}),
    "calendar_cancel": (_("cancellation in the calendar"), {"change": "called_off", "is_off": True}),
    "change_notice": (_("news of a change"), {"news": "new_date"}),
}


def register_kinds() -> None:
    """All of them tell news, which a group's words cannot replace."""
    for kind, (label, values) in LABELS.items():
        register_mail_kind(kind, label, ("name",), sample=_sampler(values), tells_news=True)


def _sampler(values: dict[str, Any]) -> Sample:
    def sample(event: Event) -> dict[str, Any]:
        known = event_values(event)
        told = {"name": "Bo", "entry": {"summary": known["title"]}, "told_date": when(event).headline}
        return known | told | values

    return sample
