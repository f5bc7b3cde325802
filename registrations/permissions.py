"""Who may see and change registrations."""

from events.models import Event
from events.permissions import Person, hosted_groups, organised_groups
from registrations.models import Registration


def may_manage_registrations(person: Person, event: Event) -> bool:
    """Organisers of the event's group: the list, approval, priority, export."""
    return organised_groups(person).filter(pk=event.group_id).exists()


def may_run_door(person: Person, event: Event) -> bool:
    """Organisers and hosts of the event's group."""
    return hosted_groups(person).filter(pk=event.group_id).exists()


def is_own(person: Person, registration: Registration) -> bool:
    """Whether this registration is the person's."""
    return registration.user_id is not None and registration.user_id == getattr(person, "pk", None)
