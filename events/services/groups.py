"""Groups and who belongs to them; a group never loses its last organiser."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.changes import RowChange, change_rows, insert_rows, set_related, write_fields
from core.errors import RuleViolation
from events.models import Group, GroupLink, Membership
from events.selectors.groups import organised_alone_by
from speakers.models import Topic


@transaction.atomic
def create_group(
    *,
    organiser: User | None = None,
    topics: Iterable[Topic] = (),
    links: Iterable[dict[str, str]] = (),
    **fields: Any,
) -> Group:
    """A new group; its first organiser belongs to it at once. `links` are {title, url}."""
    group = Group()
    write_fields(group, fields)
    group.topics.set(topics)
    insert_rows(GroupLink(group=group, position=i, **link) for i, link in enumerate(links))
    if organiser:
        set_role(group=group, user=organiser, role=Membership.Role.ORGANISER)
    return group


@transaction.atomic
def revise_group(*, group: Group, topics: Iterable[Topic] | None = None, **fields: Any) -> Group:
    """Change a group; its feed carries its name, so the feed moves, too."""
    stored = Group.objects.select_for_update().get(pk=group.pk)
    write_fields(stored, fields)
    set_related(stored, "topics", topics)
    return stored


@transaction.atomic
def change_group_links(*, group: Group, changes: Iterable[RowChange]) -> None:
    """Add, change and take away a group's links; RowRefused says which one cannot be."""
    stored = Group.objects.select_for_update().get(pk=group.pk)
    change_rows(GroupLink, changes, group=stored)


@transaction.atomic
def delete_group(*, group: Group) -> None:
    """Remove a group that never held anything."""
    stored = Group.objects.select_for_update().get(pk=group.pk)
    if stored.events.exists():
        raise RuleViolation("group_has_events", _("This group has events. Make it unlisted instead."))
    stored.delete()


@transaction.atomic
def set_role(*, group: Group, user: User, role: str) -> Membership:
    """Make a person member, host or organiser; refused when the group would lose its last organiser.

    Whoever organises may open the admin site. They keep that when they stop, and find nothing there.
    """
    Group.objects.select_for_update().get(pk=group.pk)
    membership = Membership.objects.filter(group=group, user=user).first() or Membership(group=group, user=user)
    if role != Membership.Role.ORGANISER:
        refuse_to_lose_last_organiser(membership)
    write_fields(membership, {"role": role})
    if role == Membership.Role.ORGANISER:
        User.objects.filter(pk=user.pk, is_staff=False).update(is_staff=True)
    return membership


@transaction.atomic
def remove_member(*, membership: Membership) -> None:
    """Let somebody go; refused for the last organiser."""
    Group.objects.select_for_update().get(pk=membership.group_id)
    refuse_to_lose_last_organiser(membership)
    membership.delete()


def refuse_to_leave_groups_alone(user: User) -> None:
    """Raise, naming them, when groups would lose their last organiser with this person; locks all they organise."""
    organised = Membership.objects.filter(user=user, role=Membership.Role.ORGANISER)
    list(Group.objects.select_for_update().filter(pk__in=organised.values("group")).order_by("pk"))
    if groups := organised_alone_by(user):
        names = ", ".join(group.name for group in groups)
        message = _("You are the last organiser of %(groups)s. Make somebody else organiser first, then come back.")
        raise RuleViolation("last_organiser", message % {"groups": names})


def refuse_to_lose_last_organiser(membership: Membership) -> None:
    """Raise when this membership is what keeps the group organised; the group's row is locked by the caller."""
    organisers = Membership.objects.filter(group_id=membership.group_id, role=Membership.Role.ORGANISER)
    if membership.pk and organisers.filter(pk=membership.pk).exists() and organisers.count() == 1:
        raise RuleViolation(
            "last_organiser", _("This is the group's last organiser. Make somebody else organiser first."), field="role"
        )
