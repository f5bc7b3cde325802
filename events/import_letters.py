"""What organisers are told about invitations that came by mail."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from events.letters import Link, event_letter, event_values, plain_name
from events.models import Event, ImportedEvent, Membership
from outbox.models import Message, Priority
from outbox.services import enqueue_message
from outbox.writers import Letter, Skip

DRAFTED = "import_drafted"
CHANGED = "import_changed"
KINDS = (DRAFTED, CHANGED)
USEFUL = dt.timedelta(days=7)


def tell_organisers(kind: str, imported: ImportedEvent, *, now: dt.datetime) -> None:
    """One letter to each, once for each message of the other calendar."""
    role = Membership.Role.ORGANISER
    rows = Membership.objects.filter(group=imported.group_id, role=role, user__is_active=True).select_related("user")
    for user in [row.user for row in rows.order_by("id")]:
        stamp = f"{imported.sequence}:{imported.stamped_at:%Y%m%dT%H%M%SZ}"
        enqueue_message(
            kind=kind,
            dedupe_key=f"{kind}:{imported.pk}:{stamp}:{user.pk}",
            address=user.email,
            recipient_id=user.pk,
            payload={"imported": imported.pk},
            language=user.language,
            priority=Priority.NORMAL,
            now=now,
            expires_at=now + USEFUL,
        )


def write_import(message: Message, now: dt.datetime) -> Letter | Skip:
    """The words, unless a draft was deleted or published meanwhile."""
    rows = ImportedEvent.objects.select_related("event__group", "event__venue")
    imported = rows.filter(pk=message.payload["imported"]).first()
    if imported is None or imported.event is None:
        return Skip("the draft is deleted")
    if message.kind == DRAFTED and imported.event.status != Event.Status.DRAFT:
        return Skip("the draft is published")
    with translation.override(message.language or settings.LANGUAGE_CODE):
        return event_letter(message.kind, _values(imported, imported.event))


def _values(imported: ImportedEvent, event: Event) -> dict[str, Any]:
    page = settings.SITE_URL + reverse("admin:events_event_change", args=[event.pk])
    values = event_values(event, buttons=[Link(_("Open it in the admin"), page)])
    return values | {"group": plain_name(event.group.name), "is_off": imported.called_off_at is not None}
