"""Which letter a change of a registration causes; it is queued in the change's own transaction and written when sent.

So nobody waits for templates while seats are locked, and a letter that is no longer true is not sent.
"""

import datetime as dt

from django.conf import settings
from django.utils import formats, translation
from django.utils.translation import gettext as _

from events.models import Event
from outbox.models import Message, Priority
from outbox.rendering import render_letter
from outbox.services import enqueue_message
from outbox.writers import Letter, Skip
from registrations.links import confirmation_code, manage_path
from registrations.models import Registration
from registrations.states import State

CONFIRM = "registration_confirm"
ADMITTED = "registration_admitted"
PROMOTED = "registration_promoted"
OFFER_EXPIRED = "registration_offer_expired"
CANCELLED = "registration_cancelled"
RECONFIRM = "registration_reconfirm"
KINDS = (CONFIRM, ADMITTED, PROMOTED, OFFER_EXPIRED, CANCELLED, RECONFIRM)

# What a letter says follows from the state that its change led to.
WORDS = {
    (CONFIRM, State.PENDING): "registration_confirm",
    (CONFIRM, State.GOING): "registration_going",
    (CONFIRM, State.WAITING): "registration_waiting",
    (CONFIRM, State.REQUESTED): "registration_requested",
    (CONFIRM, State.OFFERED): "registration_offered",
    (ADMITTED, State.GOING): "registration_going",
    (ADMITTED, State.WAITING): "registration_waiting",
    (ADMITTED, State.REQUESTED): "registration_requested",
    (PROMOTED, State.GOING): "registration_promoted",
    (PROMOTED, State.OFFERED): "registration_offered",
    (OFFER_EXPIRED, State.CANCELLED): "registration_offer_expired",
    (CANCELLED, State.CANCELLED): "registration_cancelled",
    (CANCELLED, State.DECLINED): "registration_cancelled",
    (RECONFIRM, State.GOING): "registration_reconfirm",
}


def confirmation_asked(registration: Registration, *, now: dt.datetime) -> Message | None:
    """The mail that proves an address, or says where they stand; one a day and event, whoever asks for it."""
    return _queue(CONFIRM, registration, now=now, step=f"{now:%Y-%m-%d}")


def registration_admitted(registration: Registration, *, version: int, now: dt.datetime) -> Message | None:
    """A seat, a place in the queue, or a request that organisers will answer: what `version` turns out to be."""
    return _queue(ADMITTED, registration, now=now, version=version)


def registration_promoted(registration: Registration, *, now: dt.datetime) -> Message | None:
    """The seat they waited for: theirs, or held until they answer."""
    return _queue(PROMOTED, registration, now=now, version=registration.version)


def offer_accepted(registration: Registration, *, now: dt.datetime) -> Message | None:
    """They took the offer."""
    return _queue(ADMITTED, registration, now=now, version=registration.version)


def offer_expired(registration: Registration, *, now: dt.datetime) -> Message | None:
    """Nobody answered in time."""
    return _queue(OFFER_EXPIRED, registration, now=now, version=registration.version)


def registration_cancelled(registration: Registration, *, now: dt.datetime) -> Message | None:
    """They are out, whoever said so."""
    return _queue(CANCELLED, registration, now=now, version=registration.version)


def reconfirmation_asked(registration: Registration, *, now: dt.datetime) -> Message | None:
    """Still coming? One click keeps the seat; asked once for each start."""
    step = f"{registration.event.starts_at.astimezone(dt.UTC):%Y%m%dT%H%MZ}"
    return _queue(RECONFIRM, registration, now=now, version=registration.version, step=step)


def _queue(
    kind: str, registration: Registration, *, now: dt.datetime, version: int | None = None, step: str = ""
) -> Message | None:
    """Nobody is written to who has deleted their account; a letter is of no use once the event is over."""
    user, event = registration.user, registration.event
    if user is None or event.ends_at <= now:
        return None
    return enqueue_message(
        kind=kind,
        dedupe_key=f"{kind}:{registration.pk}:{step or f'v{version}'}",
        address=user.email,
        recipient_id=user.pk,
        payload={"registration": registration.pk, "version": version},
        language=user.language,
        is_secret=True,  # its link opens the registration
        priority=Priority.NOW,
        now=now,
        expires_at=event.ends_at,
    )


def write_letter(message: Message, now: dt.datetime) -> Letter | Skip:
    """The words for what is the case now; a later change has a letter of its own."""
    rows = Registration.objects.select_related("event__group", "event__venue", "user")
    registration = rows.filter(pk=message.payload["registration"]).first()
    if registration is None or registration.user is None:
        return Skip("the registration is gone")
    if registration.event.status in (Event.Status.CANCELLED, Event.Status.DRAFT):
        return Skip(f"the event is {registration.event.status}")
    version = message.payload["version"]
    if version is not None and version != registration.version:
        return Skip(f"the registration is {registration.state} since")
    words = WORDS.get((message.kind, State(registration.state)))
    if words is None:
        return Skip(f"the registration is {registration.state}")
    with translation.override(message.language or settings.LANGUAGE_CODE):
        return render_letter(words, letter_values(registration))


def letter_values(registration: Registration) -> dict[str, object]:
    """What the templates of all these letters may name."""
    event = registration.event
    starts_at, ends_at = event.starts_at.astimezone(event.zone), event.ends_at.astimezone(event.zone)
    offer = registration.offer_until
    return {
        "registration": registration,
        "event": event,
        "date": formats.date_format(starts_at, "l, j F Y"),
        "starts": f"{starts_at:%H:%M}",
        "ends": f"{ends_at:%H:%M}",
        "zone": _("%(town)s time") % {"town": event.time_zone.rpartition("/")[2].replace("_", " ")},
        "offer_until": formats.date_format(offer.astimezone(event.zone), "l, j F, H:i") if offer else "",
        "event_url": settings.SITE_URL + event.get_absolute_url(),
        "code": confirmation_code(registration),
        "manage_url": settings.SITE_URL + manage_path(registration),
    }
