"""Who may see and change registrations."""

from events.models import Event
from events.permissions import Person, hosted_groups, organised_groups
from registrations.models import Place, Registration
from registrations.states import State


def may_manage_registrations(person: Person, event: Event) -> bool:
    """Organisers of the event's group: the list, approval, priority, export."""
    return organised_groups(person).filter(pk=event.group_id).exists()


def may_run_door(person: Person, event: Event) -> bool:
    """Organisers and hosts of the event's group."""
    return hosted_groups(person).filter(pk=event.group_id).exists()


def is_own(person: Person, registration: Registration) -> bool:
    """Whether this registration is the person's."""
    return registration.user_id is not None and registration.user_id == getattr(person, "pk", None)


def may_join_online(registration: Registration) -> bool:
    """Whether this person takes part online, and is confirmed; reads the event. Asked again at every click."""
    event = registration.event
    is_online = registration.place == Place.ONLINE or event.format == Event.Format.ONLINE
    is_on = event.status == Event.Status.PUBLISHED and bool(event.online_url)
    return is_online and is_on and registration.state in (State.GOING, State.CHECKED_IN)
