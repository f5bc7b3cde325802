"""Who may do what: rights follow from a person's role in the group, and a superuser may do everything."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accounts.models import User
from events.models import Event, Group, Membership

Person = User | AnonymousUser

ORGANISERS = (Membership.Role.ORGANISER,)
STAGE_AND_DOOR = (Membership.Role.ORGANISER, Membership.Role.HOST)


def organised_groups(user: Person) -> QuerySet[Group]:
    """The groups whose content this person may see in full and change."""
    return _groups_with_role(user, ORGANISERS)


def hosted_groups(user: Person) -> QuerySet[Group]:
    """The groups for which this person may run stage and door."""
    return _groups_with_role(user, STAGE_AND_DOOR)


def may_organise(user: Person, group: Group) -> bool:
    """Whether this person organises this group."""
    return organised_groups(user).filter(pk=group.pk).exists()


def may_see_drafts_of(user: Person, event: Event) -> bool:
    """Whether this person may look at the event before it is published."""
    return may_organise(user, event.group)


def _groups_with_role(user: Person, roles: tuple[str, ...]) -> QuerySet[Group]:
    if isinstance(user, AnonymousUser) or not user.is_active:
        return Group.objects.none()
    if user.is_superuser:
        return Group.objects.all()
    memberships = Membership.objects.filter(user=user, role__in=roles)
    return Group.objects.filter(pk__in=memberships.values("group"))
